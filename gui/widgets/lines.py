"""A list of two-line items, the same everywhere."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QListView, QWidget

from gui.delegates.twoline import TwoLineDelegate


def lines_view(model: QAbstractItemModel, name: str, parent: QWidget | None = None) -> QListView:
    """A view of a :class:`~gui.models.lines_model.LinesModel`."""
    made = QListView(parent)
    made.setModel(model)
    made.setItemDelegate(TwoLineDelegate(made))
    made.setUniformItemSizes(True)
    made.setAccessibleName(name)
    return made
