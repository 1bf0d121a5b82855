"""Text: the conversation as turns, hidden branches marked and foldable."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.model.view import ConversationView
from gui.panes.turns import conversation_segments
from gui.widgets.labels import PlainLabel
from gui.widgets.record_pane import RecordPane
from gui.widgets.record_text import Copier
from gui.words import tr


class TextPane(QWidget):
    """One conversation in one text view."""

    def __init__(self, copier: Copier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane = RecordPane(copier)
        self._view: ConversationView | None = None
        self._unfolded: frozenset[int] = frozenset()
        self._place = -1
        self._incomplete = PlainLabel("", tone="undetermined", wrap=True)
        self._incomplete.setContentsMargins(12, 6, 12, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._incomplete)
        layout.addWidget(self.pane)
        self._incomplete.hide()
        self.pane.view.pressed.connect(self._on_pressed)

    def show_conversation(self, view: ConversationView) -> None:
        """Show a conversation; the same one again stays where the reader was."""
        keep = self._view is not None and self._view.row.id == view.row.id
        if not keep:
            self._unfolded = frozenset()
            self._place = -1
        self._view = view
        self._incomplete.setText(tr("This record is not whole: {why}.").format(why=view.incomplete))
        self._incomplete.setVisible(bool(view.incomplete))
        self._lay_out(keep=keep)

    def clear(self) -> None:
        """Show nothing; no text stays behind."""
        self._view = None
        self.pane.view.show_segments(())

    def _lay_out(self, *, keep: bool) -> None:
        if self._view is not None:
            self.pane.view.show_segments(conversation_segments(self._view, self._unfolded), keep=keep)

    @Slot(int)
    def _on_pressed(self, index: int) -> None:
        segment = self.pane.view.sheet.placed[index].segment
        if segment.foldable:
            self._unfolded = self._unfolded ^ {segment.key}
            self._lay_out(keep=True)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) finding, round and round."""
        view = self.pane.view
        marks = [
            (index, mark)
            for index, place in enumerate(view.sheet.placed)
            if not place.segment.folded
            for mark in place.segment.marks
        ]
        if marks:
            self._place = (self._place + by) % len(marks) if self._place >= 0 else (0 if by > 0 else len(marks) - 1)
            index, mark = marks[self._place]
            view.reveal(index, mark.start, mark.end)
