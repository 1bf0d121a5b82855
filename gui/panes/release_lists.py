"""The left of the releases page: approved sets with their state, releases, and ways to begin."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from core.model.release import ApprovedSet, Gate, ReleaseRow
from gui.delegates.twoline import HEIGHT
from gui.models.lines_model import Line, LinesModel
from gui.panes.release_words import release_line, set_counts, set_state
from gui.widgets.buttons import button
from gui.widgets.labels import PlainLabel, heading
from gui.widgets.lines import lines_view
from gui.words import number, tr


class ReleaseLists(QWidget):
    """``set_chosen`` and ``release_chosen`` carry a row number; ``new_asked`` and ``verify_asked`` nothing."""

    set_chosen = Signal(int)
    release_chosen = Signal(int)
    new_asked = Signal()
    verify_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sets = LinesModel(self)
        self.releases = LinesModel(self)
        self.sets_view = lines_view(self.sets, tr("Approved sets"))
        self.releases_view = lines_view(self.releases, tr("Releases"))
        self.new = button(tr("New approved set…"), kind="primary", glyph="plus")
        self.verify = button(tr("Verify a bundle…"), glyph="shield-check", tip=tr("Check any bundle by itself"))
        self._sets_head, self._releases_head = heading(""), heading("")
        self._none = PlainLabel(tr("No set yet: freeze the records you stand for."), tone="muted", wrap=True)
        self._none_out = PlainLabel(tr("Nothing was released yet."), tone="muted")
        self._build()
        self.new.clicked.connect(self.new_asked)
        self.verify.clicked.connect(self.verify_asked)
        self.sets_view.selectionModel().currentRowChanged.connect(self._on_set)
        self.releases_view.selectionModel().currentRowChanged.connect(self._on_release)

    def _build(self) -> None:
        self.setMinimumWidth(280)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(4)
        self._inset(layout, self.new)
        layout.addSpacing(8)
        self._inset(layout, self._sets_head)
        self._inset(layout, self._none)
        layout.addWidget(self.sets_view, 3)
        layout.addSpacing(8)
        self._inset(layout, self._releases_head)
        self._inset(layout, self._none_out)
        layout.addWidget(self.releases_view, 2)
        layout.addStretch(1)
        layout.addSpacing(4)
        self._inset(layout, self.verify)

    @staticmethod
    def _inset(layout: QVBoxLayout, widget: QWidget) -> None:
        line = QVBoxLayout()
        line.setContentsMargins(12, 0, 12, 0)
        line.addWidget(widget)
        layout.addLayout(line)

    def show_lists(
        self, sets: Sequence[ApprovedSet], releases: Sequence[ReleaseRow], gates: Mapping[int, tuple[Gate, ...]]
    ) -> None:
        """Show all; the chosen row of each list stays where it was."""
        self._put(self.sets, self.sets_view, [_set_line(each, gates.get(each.id)) for each in sets])
        self._put(
            self.releases,
            self.releases_view,
            [Line(f"{each.recipient}", release_line(each), "export", "eligible") for each in releases],
        )
        self._sets_head.setText(f"{tr('Approved sets')}  {number(len(sets))}")
        self._releases_head.setText(f"{tr('Releases')}  {number(len(releases))}")
        self._none.setVisible(not sets)
        self._none_out.setVisible(not releases)
        self.sets_view.setMaximumHeight(len(sets) * HEIGHT)
        self.releases_view.setMaximumHeight(len(releases) * HEIGHT)
        self.releases_view.setMinimumHeight(min(3, len(releases)) * HEIGHT)

    def _put(self, model: LinesModel, view: QListView, lines: Sequence[Line]) -> None:
        row = view.currentIndex().row()
        choice = view.selectionModel()
        choice.blockSignals(True)  # noqa: FBT003 - Qt takes no name here
        model.set_lines(lines)
        if 0 <= row < len(lines):
            choice.setCurrentIndex(model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        choice.blockSignals(False)  # noqa: FBT003 - Qt takes no name here
        view.viewport().update()

    def mark(self, view: QListView, row: int) -> None:
        """Choose a row of one list and nothing in the other; -1 chooses nothing at all."""
        for each, place in ((view, row), (self._other(view), -1)):
            choice = each.selectionModel()
            choice.blockSignals(True)  # noqa: FBT003 - Qt takes no name here
            if place < 0:
                choice.clear()
            else:
                choice.setCurrentIndex(each.model().index(place, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            choice.blockSignals(False)  # noqa: FBT003 - Qt takes no name here
            each.viewport().update()

    def _other(self, view: QListView) -> QListView:
        return self.releases_view if view is self.sets_view else self.sets_view

    @Slot(QModelIndex)
    def _on_set(self, index: QModelIndex) -> None:
        if index.isValid():
            self.set_chosen.emit(index.row())

    @Slot(QModelIndex)
    def _on_release(self, index: QModelIndex) -> None:
        if index.isValid():
            self.release_chosen.emit(index.row())


def _set_line(found: ApprovedSet, gates: tuple[Gate, ...] | None) -> Line:
    glyph, token, word = set_state(found, gates)
    return Line(found.name, f"{word} · {set_counts(found)}", glyph, "accent" if token == "info" else token)
