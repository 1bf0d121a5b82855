"""The list of gates: icon and word, check, result, count, and the conversations that keep one red."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.model.release import Gate
from core.progress import Progress
from gui.icons import icon
from gui.panes.overview_reasons import HEAD
from gui.panes.release_words import gate_word
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.words import number, tr

ROW = 26


class GlyphLabel(PlainLabel):
    """An icon of the theme at the size of text."""

    def __init__(self, glyph: str, token: str, name: str) -> None:
        super().__init__("")
        self.setPixmap(icon(glyph, token).pixmap(16, 16))
        self.setAccessibleName(name)
        self.setFixedWidth(18)


class GatesPane(QFrame):
    """``shown`` carries a gate whose conversations are asked for; ``check_asked`` and ``cancel_asked`` nothing."""

    shown = Signal(object)
    check_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.result = PlainLabel("", tone="muted")
        self.check = button(tr("Check again"), kind="link", tip=tr("Decide, redact and scan this set again"))
        self.check.clicked.connect(self.check_asked)
        self.cancel = button(tr("Cancel"), kind="link", tip=tr("Stop checking"))
        self.cancel.clicked.connect(self.cancel_asked)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Checking the gates"))
        head = QHBoxLayout()
        head.addStrut(HEAD)
        head.setSpacing(8)
        head.addWidget(PlainLabel(tr("Gates"), bold=True, size=1))
        head.addWidget(self.result)
        head.addStretch(1)
        head.addWidget(self.cancel)
        head.addWidget(self.check)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 12, 12)
        self._layout.setSpacing(4)
        self._layout.addLayout(head)
        self._layout.addWidget(self._bar)
        self._body = QWidget()
        self._layout.addWidget(self._body)
        self.buttons: dict[str, QPushButton] = {}
        self._gates: tuple[Gate, ...] = ()
        self.show_waiting(None)

    def show_waiting(self, progress: Progress | None) -> None:
        """Show that the gates are being checked; what was known before stays, but is not vouched for."""
        self._bar.show()
        self.cancel.show()
        self.check.hide()
        self._bar.setRange(0, progress.total if progress and progress.total else 0)
        self._bar.setValue(progress.done if progress else 0)
        phase = progress.phase if progress else tr("Checking")
        of = f" {number(progress.done)} {tr('of')} {number(progress.total)}" if progress and progress.total else ""
        self._tell(f"{phase}{of} …", "muted")
        self._body.setEnabled(False)

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Show what the check found."""
        self._rest()
        red = sum(not gate.ok for gate in gates)
        said = tr("all {n} green") if not red else tr("{red} of {n} red")
        self._tell(said.format(red=number(red), n=number(len(gates))), "not_eligible" if red else "eligible")
        if tuple(gates) != self._gates:
            self._gates = tuple(gates)
            self._fill()
        self._body.setEnabled(True)

    def show_unknown(self, why: str) -> None:
        """Show no gates, and why."""
        self._rest()
        self._tell(why, "muted")
        self._gates = ()
        self._fill()

    def _rest(self) -> None:
        self._bar.hide()
        self.cancel.hide()
        self.check.show()

    def _tell(self, words: str, tone: str) -> None:
        self.result.setText(words)
        self.result.set_tone(tone)

    def _fill(self) -> None:
        old, self._body = self._body, QWidget()
        self.buttons = {}
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for row, gate in enumerate(self._gates):
            self._add(grid, row, gate)
        grid.setColumnStretch(2, 1)
        self._layout.replaceWidget(old, self._body)
        old.hide()
        old.deleteLater()

    def _add(self, grid: QGridLayout, row: int, gate: Gate) -> None:
        word = tr("Green") if gate.ok else tr("Red")
        grid.setRowMinimumHeight(row, ROW)
        state = QHBoxLayout()
        state.setSpacing(4)
        token = "eligible" if gate.ok else "not_eligible"
        state.addWidget(GlyphLabel("check-circle" if gate.ok else "x-circle", token, word))
        state.addWidget(PlainLabel(word, tone=token))
        state.addStretch(1)
        grid.addLayout(state, row, 0)
        grid.addWidget(PlainLabel(gate_word(gate.gate), bold=not gate.ok), row, 1)
        grid.addWidget(ElidedLabel(gate.sentence, tone="muted"), row, 2)
        if gate.ok:
            return
        number_of = PlainLabel(number(gate.count), bold=True)
        number_of.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(number_of, row, 3)
        if gate.conversations:
            show = button(tr("Show"), kind="link", tip=tr("The conversations that keep this gate red"))
            show.setAccessibleName(f"{tr('Show')}: {gate_word(gate.gate)}")
            show.clicked.connect(lambda: self.shown.emit(gate))
            self.buttons[gate.gate] = show
            grid.addWidget(show, row, 4)
