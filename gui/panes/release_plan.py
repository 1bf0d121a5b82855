"""What would be written, to whom, for what, as of when; and the button that says what it will do."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core import times
from core.model.release import ApprovedSet, Gate, SetState
from gui.panes.release_words import FORBIDDEN, PURPOSES, plan_words
from gui.widgets.buttons import button
from gui.widgets.combo import Combo
from gui.widgets.labels import PlainLabel
from gui.words import count, humane, number, tr


class PlanPane(QFrame):
    """``asked`` tells that purpose or cut-off are different; ``write_asked`` that the person wants it written."""

    asked = Signal()
    write_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._set: ApprovedSet | None = None
        self._gates: tuple[Gate, ...] | None = None
        self._busy = ""
        self.recipient = QLineEdit()
        self.recipient.setPlaceholderText(tr("Who receives the bundle"))
        self.purpose = Combo()
        self._fill_purposes()
        self.as_of = QLineEdit()
        self.as_of.setPlaceholderText(tr("now, or 2023-09-01"))
        self.sentence = PlainLabel("", size=1, wrap=True)
        self.why_not = PlainLabel("", tone="muted", wrap=True)
        self.write = button("", kind="primary", glyph="export")
        self._build()
        self.recipient.textChanged.connect(self._show)
        self.purpose.currentIndexChanged.connect(self._on_asked)
        self.as_of.editingFinished.connect(self._on_asked)
        self.as_of.textChanged.connect(self._show)
        self.write.clicked.connect(self.write_asked)
        self._was = (self.purpose_id, "")

    def _fill_purposes(self) -> None:
        for purpose in PURPOSES:
            suffix = f" ({tr('forbidden by clause C0')})" if purpose in FORBIDDEN else ""
            self.purpose.addItem(humane(purpose) + suffix, purpose)
        model = self.purpose.model()
        if isinstance(model, QStandardItemModel):
            for row, purpose in enumerate(PURPOSES):
                model.item(row).setEnabled(purpose not in FORBIDDEN)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        fields = ((tr("&Recipient"), self.recipient), (tr("&Purpose"), self.purpose), (tr("&As of"), self.as_of))
        for column, (name, field) in enumerate(fields):
            label = PlainLabel(name, tone="muted", size=-1)
            label.setBuddy(field)
            field.setAccessibleName(name.replace("&", ""))
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, (4, 4, 3)[column])
        last = QHBoxLayout()
        last.setSpacing(12)
        last.addWidget(self.why_not, 1)
        last.addWidget(self.write, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(tr("Release"), bold=True, size=1))
        layout.addLayout(grid)
        layout.addWidget(self.sentence)
        layout.addLayout(last)

    @property
    def purpose_id(self) -> str:
        """The purpose chosen."""
        return str(self.purpose.currentData())

    @property
    def cut_off(self) -> int | None:
        """The cut-off, None for now or where the text is no time."""
        text = self.as_of.text().strip()
        return None if text in {"", tr("now")} else times.instant(text)

    @property
    def _wrong_time(self) -> bool:
        text = self.as_of.text().strip()
        return text not in {"", tr("now")} and self.cut_off is None

    def show_set(self, found: ApprovedSet, recipient: str = "") -> None:
        """Show another set's plan; a recipient that was typed stays."""
        self._set, self._gates = found, None
        if recipient and not self.recipient.text():
            self.recipient.setText(recipient)
        self._show()

    def show_gates(self, gates: tuple[Gate, ...] | None) -> None:
        """Show what the gates allow; None while they are not known."""
        self._gates = gates
        self._show()

    def show_busy(self, why: str) -> None:
        """Keep the button off while something runs, and say what; empty when it has ended."""
        self._busy = why
        self._show()

    @Slot()
    def _on_asked(self) -> None:
        now = (self.purpose_id, self.as_of.text().strip())
        self._show()
        if now != self._was and not self._wrong_time:
            self._was = now
            self.asked.emit()

    @Slot()
    def _show(self) -> None:
        if self._set is None:
            return
        recipient = self.recipient.text().strip()
        self.sentence.setText(plan_words(self._set, recipient, self.purpose_id, self.cut_off))
        write = tr("Write again:") if self._set.state is SetState.RELEASED else tr("Write")
        rows = count(self._set.conversations, "row", "rows")
        to = f" {tr('to')} {recipient}" if recipient else ""
        self.write.setText(f"{write} {rows}{to}…")
        why = self.why()
        self.why_not.setText(why or tr("All gates are green. You choose the folder next."))
        self.why_not.set_tone("muted" if not why or self._gates is None else "undetermined")
        self.write.setEnabled(not why)
        self.write.setToolTip(why)

    def why(self) -> str:
        """Why nothing can be written now; empty if it can."""
        if self._busy:
            return self._busy
        if self._wrong_time:
            return tr("The cut-off is no time: write a date such as 2023-09-01, or leave it empty for now.")
        if self._gates is None:
            return tr("The gates are not checked yet.")
        red = sum(not gate.ok for gate in self._gates)
        if red == 1 and self._set is not None and self._set.state is SetState.DRAFT:
            return tr("One gate is red: a second person has to approve the set.")
        if red:
            words = tr("{n}, so nothing can be written.")
            return words.format(n=tr("One gate is red") if red == 1 else f"{number(red)} {tr('gates are red')}")
        if not self.recipient.text().strip():
            return tr("Name the recipient.")
        return ""
