"""Why records are what they are: reasons below their decision, and the open causes as a work list. All add up."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.model.insight import ReasonCount
from core.model.verdict import Decision
from core.model.view import Query
from gui.charts.bars import BarRow
from gui.widgets.buttons import button
from gui.widgets.chip import GLYPHS, VerdictChip
from gui.widgets.labels import PlainLabel
from gui.words import count, humane, number, tr

_UNCOVERED = frozenset({"LEDGER_GAP", "ACCOUNT_UNKNOWN"})
HEAD = 28
"""Height of a card's heading, the same on all cards."""


def _decision(label: str) -> Decision:
    return next(d for d in Decision if d.label == label)


class _List(QFrame):
    """A card with a heading, a remark at its right, and rows that scroll."""

    asked = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._remark = PlainLabel("", tone="muted")
        self._head = QHBoxLayout()
        self._head.addStrut(HEAD)
        self._head.addWidget(PlainLabel(title, bold=True, size=1))
        self._head.addStretch(1)
        self._head.addWidget(self._remark)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 8)
        layout.setSpacing(8)
        self._head.setContentsMargins(0, 0, 8, 0)
        layout.addLayout(self._head)
        layout.addWidget(self._scroll, 1)

    def _fresh(self) -> QVBoxLayout:
        """An empty body for the rows, in place of the former one."""
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(0)
        self._scroll.setWidget(body)
        body.setAutoFillBackground(False)  # the card shines through; the area switches it on for its widget
        self._scroll.viewport().setAutoFillBackground(False)
        return layout

    def _row(self, reason: ReasonCount, whole: int) -> BarRow:
        decision = _decision(reason.decision)
        words = humane(reason.reason)
        clause = f" · {tr('clause')} {reason.clause}" if reason.clause else ""
        tip = tr("{words}{clause}: show these records").format(words=words, clause=clause)
        row = BarRow(words, reason.records, whole, glyph=GLYPHS[decision], token=decision.label, tip=tip)
        query = Query(reasons=(reason.reason,), decisions=(decision,))
        row.clicked.connect(lambda: self.asked.emit(query))
        return row

    def rows(self) -> tuple[BarRow, ...]:
        """The rows shown, in order."""
        body = self._scroll.widget()
        return () if body is None else tuple(body.findChildren(BarRow))


class ReasonsPane(_List):
    """Records by primary reason, below the decision they led to. ``asked`` carries a query."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Reasons"), parent)

    def show_reasons(self, reasons: Sequence[ReasonCount]) -> None:
        """Show all of them: what is kept out at the left, what is open or let in at the right."""
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self._fresh().addLayout(columns)
        parts = {decision: [r for r in reasons if r.decision == decision.label] for decision in Decision}
        for side in ((Decision.NOT_ELIGIBLE,), (Decision.ELIGIBLE, Decision.UNDETERMINED)):
            column = QVBoxLayout()
            column.setSpacing(0)
            for decision in side:
                if parts[decision]:
                    self._add_group(column, decision, parts[decision])
            column.addStretch(1)
            if any(parts[decision] for decision in side):
                columns.addLayout(column, 1)
        sums = [number(sum(r.records for r in part)) for part in parts.values() if part]
        added = f"{' + '.join(sums)} = " if len(sums) > 1 else ""
        self._remark.setText(added + count(sum(r.records for r in reasons), "decided record", "decided records"))

    def _add_group(self, column: QVBoxLayout, decision: Decision, reasons: Sequence[ReasonCount]) -> None:
        """A decision's sum and its reasons; bars are shares of the decision's largest reason."""
        row = QHBoxLayout()
        row.setContentsMargins(2, 2, 8, 2)
        row.addWidget(VerdictChip(decision))
        row.addStretch(1)
        row.addWidget(PlainLabel(number(sum(reason.records for reason in reasons)), bold=True))
        column.addLayout(row)
        most = max(reason.records for reason in reasons)
        for reason in reasons:
            column.addWidget(self._row(reason, most))
        column.addSpacing(8)


class CausesPane(_List):
    """What is undetermined, by cause: a work list. ``asked`` carries a query."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Undetermined, by cause"), parent)
        self.everything = button(tr("Review all"), kind="link", tip=tr("All records that wait for a person"))
        self.everything.clicked.connect(lambda: self.asked.emit(Query(review="to_review")))
        self._head.addWidget(self.everything)
        self.ledger = button(tr("Import a consent ledger…"), kind="primary", glyph="download-simple")
        self.ledger.setToolTip(tr("Most records wait for one: without it nobody knows what their people allowed"))
        self.ledger.hide()
        self._body.addWidget(self.ledger)

    def show_causes(self, causes: Sequence[ReasonCount], decided: int = 0) -> None:
        """Show what is left to settle, of so many decided records."""
        uncovered = sum(cause.records for cause in causes if cause.reason in _UNCOVERED)
        self.ledger.setVisible(2 * uncovered > decided > 0)
        layout = self._fresh()
        most = max((cause.records for cause in causes), default=0)
        for cause in causes:
            layout.addWidget(self._row(cause, most))
        if not causes:
            layout.addWidget(PlainLabel(tr("Nothing is undetermined: every record has a clear verdict."), tone="muted"))
        layout.addStretch(1)
        self._remark.setText(count(sum(cause.records for cause in causes), "record", "records"))
