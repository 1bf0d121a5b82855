"""The counts at the bottom. They add up, and each is a link to its records."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from core.model.verdict import Decision
from core.model.view import Counts
from gui.icons import icon
from gui.widgets.buttons import button
from gui.widgets.chip import GLYPHS
from gui.widgets.labels import PlainLabel
from gui.words import decision_token, number, percent, tr


class StatusStrip(QFrame):
    """``chosen`` carries the decision asked for (None = all records); ``asked`` the id of an action."""

    chosen = Signal(object)
    asked = Signal(str)

    def __init__(self, jobs: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "foot")
        self.setFixedHeight(28)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(8, 0, 8, 0)
        self._layout.setSpacing(2)
        self.records = self._count(tr("All records"), lambda: self.chosen.emit(None))
        self._equals = self._word("=")
        self.by: dict[Decision, QPushButton] = {}
        for decision in Decision:
            if decision is not Decision.ELIGIBLE:
                self._word("+")
            made = self._count(tr("Show these records"), lambda _=False, d=decision: self.chosen.emit(d))
            made.setIcon(icon(GLYPHS[decision], decision_token(decision)))
            made.setIconSize(QSize(14, 14))
            self.by[decision] = made
        self._plus = self._word("+")
        self.undecided = self._count(
            tr("No run has decided these yet: decide again"), lambda: self.asked.emit("review.decide")
        )
        self._word("·")
        self.set_aside = self._count(tr("What could not be read"), lambda: self.asked.emit("file.set_aside"))
        self._word("·")
        self.scanned = self._count(tr("Texts scanned for personal information"), lambda: self.asked.emit("review.scan"))
        self._layout.addStretch(1)
        self.jobs = self._count(jobs.toolTip(), lambda: self.asked.emit("view.jobs"))
        self.jobs.setIcon(icon("hourglass"))
        self.jobs.setIconSize(QSize(14, 14))
        self.head = PlainLabel("", tone="muted", fixed=True)
        self.head.setContentsMargins(8, 0, 4, 0)
        self.head.setToolTip(tr("Audit trail: number of events and the first digits of its head"))
        self._layout.addWidget(self.head)
        self.show_jobs(0)
        self.show_counts(None)

    def _word(self, text: str) -> PlainLabel:
        made = PlainLabel(text, tone="muted")
        self._layout.addWidget(made)
        return made

    def _count(self, tip: str, act: object) -> QPushButton:
        made = button("", kind="link", tip=tip)
        made.clicked.connect(act)
        self._layout.addWidget(made)
        return made

    def show_counts(self, counts: Counts | None) -> None:
        """Show the counts of a workspace, or nothing."""
        for index in range(self._layout.count()):
            item = self._layout.itemAt(index)
            widget = item.widget() if item else None
            if widget is not None and widget is not self.jobs:
                widget.setVisible(counts is not None)
        if counts is None:
            return
        self.records.setText(f"{tr('records')} {number(counts.records)}")
        shown = {
            Decision.ELIGIBLE: (tr("eligible"), counts.eligible),
            Decision.UNDETERMINED: (tr("undetermined"), counts.undetermined),
            Decision.NOT_ELIGIBLE: (tr("not eligible"), counts.not_eligible),
        }
        for decision, (word, value) in shown.items():
            self.by[decision].setText(f"{word} {number(value)}")
        self.undecided.setText(f"{tr('not decided')} {number(counts.undecided)}")
        self.undecided.setVisible(counts.undecided > 0)
        self._plus.setVisible(counts.undecided > 0)
        self.set_aside.setText(f"{tr('set aside')} {number(counts.set_aside)}")
        self.scanned.setText(f"{tr('scanned')} {percent(counts.texts_scanned, counts.texts)}")
        self.head.setText(f"{number(counts.audit_size)}:{counts.audit_head[:8]}")

    def show_jobs(self, running: int) -> None:
        """Show how many jobs run."""
        self.jobs.setText(f"{tr('jobs')} {running}")
