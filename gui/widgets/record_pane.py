"""A record text view with its notices: what is not shown yet, and characters that cannot be seen."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.text import SHOWN_LIMIT
from gui.widgets.buttons import button
from gui.widgets.labels import PlainLabel
from gui.widgets.record_text import Copier, RecordTextView
from gui.words import count, number, tr


class RecordPane(QWidget):
    """The view and a line below it that appears when there is something to say."""

    def __init__(self, copier: Copier, *, narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = RecordTextView(copier, narrow=narrow)
        self._note = PlainLabel("", tone="undetermined")
        self.more = button(tr("Show all"), kind="quiet")
        self.more.clicked.connect(self.view.show_all)
        self._foot = QFrame()
        self._foot.setProperty("kind", "foot")
        line = QHBoxLayout(self._foot)
        line.setContentsMargins(12, 2, 8, 2)
        line.addWidget(self._note, 1)
        line.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._foot)
        self._foot.hide()
        self.view.laid_out.connect(self._on_laid_out)

    @Slot()
    def _on_laid_out(self) -> None:
        sheet = self.view.sheet
        parts = []
        if sheet.left_out:
            parts.append(
                tr("First {shown} characters; {rest} more.").format(
                    shown=number(SHOWN_LIMIT), rest=number(sheet.left_out)
                )
            )
        if sheet.boxed:
            parts.append(count(sheet.boxed, "hidden character, boxed", "hidden characters, boxed"))
        self._note.setText(" ".join(parts))
        self.more.setVisible(sheet.left_out > 0)
        self._foot.setVisible(bool(parts))
