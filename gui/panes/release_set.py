"""One approved set: what it holds and who stands for it, its gates, and the plan to write it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from core import times
from core.model.release import ApprovedSet, Gate, SetState
from core.progress import Progress
from core.text import display
from gui.panes.release_gates import GatesPane
from gui.panes.release_plan import PlanPane
from gui.panes.release_words import set_counts, set_people, set_state
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.widgets.pill import Pill
from gui.words import number, tr


class SetPane(QScrollArea):
    """``second_asked`` tells that a second person wants to approve; ``stop_asked`` that writing should stop."""

    second_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: ApprovedSet | None = None
        self.name = ElidedLabel("", size=3, bold=True)
        self.pill = Pill()
        self.about = ElidedLabel("", tone="muted")
        self.asked = ElidedLabel("", tone="muted", size=-1)
        self.second = button(tr("Second approval…"), glyph="users", tip=tr("A second person approves this set"))
        self.second.clicked.connect(self.second_asked)
        self.gates = GatesPane()
        self.plan = PlanPane()
        self._writing = QFrame()
        self._bar = QProgressBar()
        self._phase = PlainLabel("")
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.second)
        head.addWidget(self.pill)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self.about)
        words.addWidget(self.asked)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(words)
        layout.addWidget(self.gates)
        layout.addWidget(self.plan)
        layout.addWidget(self._build_writing())
        layout.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)

    def _build_writing(self) -> QFrame:
        self._writing.setProperty("kind", "card")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Writing the bundle"))
        self.stop = button(tr("Cancel"), kind="quiet", tip=tr("Stop; nothing half-written is left"))
        self.stop.clicked.connect(self.stop_asked)
        row = QHBoxLayout()
        row.addWidget(self._phase, 1)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self._writing)
        layout.setContentsMargins(16, 8, 12, 12)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._bar)
        self._writing.hide()
        return self._writing

    def show_set(self, found: ApprovedSet, gates: tuple[Gate, ...] | None, recipient: str = "") -> None:
        """Show a set."""
        self.found = found
        self.name.setText(found.name)
        self.about.setText(f"{set_counts(found)} · {set_people(found)} · {times.show(found.created)[:10]}")
        self.asked.setText(f"{tr('Asked for')}: {display(found.query, 400)}")
        self.second.setVisible(found.state is SetState.DRAFT)
        self.plan.show_set(found, recipient)
        self.show_state(gates)

    def show_state(self, gates: tuple[Gate, ...] | None) -> None:
        """Show the set's state, which the gates are part of."""
        if self.found is not None:
            self.pill.show_state(*set_state(self.found, gates))
        self.plan.show_gates(gates)
        if gates is not None:
            self.gates.show_gates(gates)

    def show_writing(self, progress: Progress | None, *, on: bool) -> None:
        """Show how far the writing of the bundle is, or that none is written."""
        self._writing.setVisible(on)
        self.plan.show_busy(tr("A bundle is being written.") if on else "")
        if not on:
            return
        total = progress.total if progress and progress.total else 0
        self._bar.setRange(0, total)
        self._bar.setValue(progress.done if progress else 0)
        phase = progress.phase if progress else tr("Starting")
        of = f" · {number(progress.done)} {tr('of')} {number(total)}" if progress and total else ""
        rate = f" · {progress.rate:.0f}/s" if progress and progress.rate else ""
        left = ""
        if progress and progress.seconds_left:
            left = f" · {tr('about {n} s left').format(n=number(max(1, round(progress.seconds_left))))}"
        self._phase.setText(f"{phase}{of}{rate}{left}")
