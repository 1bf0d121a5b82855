"""What a decision against a verdict needs: a reason, and for an include evidence and a second person."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from core.model.review import OverrideAction
from gui.widgets.buttons import button, button_row
from gui.widgets.labels import PlainLabel
from gui.words import count, tr

_SAYS = {
    OverrideAction.EXCLUDE: "One person is enough to keep a record out. You can undo it with u.",
    OverrideAction.INCLUDE: (
        "An include needs a second person, against a “not eligible” evidence as well, and some clauses never allow it. "
        "Without a second person it waits until one confirms it."
    ),
}


class OverrideDialog(QDialog):
    """``decided`` carries reason, evidence and the second person's name, all stripped.

    ``refused`` says that a verdict among those chosen is "not eligible": an include then needs evidence (K21).
    """

    decided = Signal(str, str, str)

    def __init__(
        self, action: OverrideAction, conversations: int, parent: QWidget | None = None, *, refused: bool = True
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        include = action is OverrideAction.INCLUDE
        what = count(conversations, "conversation", "conversations")
        title = tr("Request include of {what}") if include else tr("Exclude {what}")
        self.setWindowTitle(title.format(what=what))
        self.setFixedWidth(460)
        self.reason = QPlainTextEdit()
        self.reason.setProperty("kind", "input")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(76)
        self.reason.setPlaceholderText(tr("Why, in a sentence another reviewer will understand"))
        self.evidence = QLineEdit()
        self.evidence.setPlaceholderText(tr("File number, ticket, letter: what the reason rests on"))
        self.second = QLineEdit()
        self.second.setPlaceholderText(tr("Leave empty to let it wait"))
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for name, field in (
            (tr("&Reason"), self.reason),
            (tr("&Evidence"), self.evidence),
            (tr("&Second person"), self.second),
        ):
            label = PlainLabel(name)
            label.setBuddy(field)
            form.addRow(label, field)
        form.setRowVisible(self.evidence, include)
        form.setRowVisible(self.second, include)
        self.accept_button = button(title.format(what=what), kind="primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self._on_accepted)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(title.format(what=what), size=3, bold=True))
        layout.addWidget(PlainLabel(tr(_SAYS[action]), tone="muted", wrap=True))
        layout.addLayout(form)
        layout.addLayout(button_row(cancel, self.accept_button))
        self._need_evidence = include and refused
        self.reason.textChanged.connect(self._on_changed)
        self.evidence.textChanged.connect(self._on_changed)
        self._on_changed()
        self.reason.setFocus()

    @Slot()
    def _on_changed(self) -> None:
        said = bool(self.reason.toPlainText().strip())
        self.accept_button.setEnabled(said and (not self._need_evidence or bool(self.evidence.text().strip())))

    @Slot()
    def _on_accepted(self) -> None:
        texts = (self.reason.toPlainText().strip(), self.evidence.text().strip(), self.second.text().strip())
        self.accept()
        self.decided.emit(*texts)


class ConfirmDialog(QDialog):
    """The second person's name. ``decided`` carries it."""

    decided = Signal(str)

    def __init__(self, conversations: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(420)
        title = tr("Confirm include of {what}").format(what=count(conversations, "conversation", "conversations"))
        self.setWindowTitle(title)
        self.second = QLineEdit()
        self.second.setPlaceholderText(tr("Your name; not the one who asked"))
        self.accept_button = button(tr("Confirm as second person"), kind="primary")
        self.accept_button.setDefault(True)
        self.accept_button.setEnabled(False)
        self.second.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text.strip())))
        self.accept_button.clicked.connect(self._on_accepted)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(title, size=3, bold=True))
        layout.addWidget(self.second)
        layout.addLayout(button_row(cancel, self.accept_button))

    @Slot()
    def _on_accepted(self) -> None:
        name = self.second.text().strip()
        self.accept()
        self.decided.emit(name)
