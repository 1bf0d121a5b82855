"""A quiet table with fixed row heights, the same on every page."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget


def plain_table(
    model: QAbstractItemModel, name: str, *, stretch: int = -1, parent: QWidget | None = None
) -> QTableView:
    """A table of whole rows; the column ``stretch`` takes the room that is left."""
    made = QTableView(parent)
    made.setModel(model)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.setTabKeyNavigation(False)
    made.setAccessibleName(name)
    rows = made.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(made.fontMetrics().height() + 10)
    head = made.horizontalHeader()
    head.setHighlightSections(False)
    head.setMinimumSectionSize(40)
    if stretch >= 0:
        head.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return made
