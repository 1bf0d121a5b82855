"""Why: the verdict in one sentence, the clause behind it, the events on a time line, and what would change it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core import times
from core.model.moment import Interval
from core.model.view import Explanation, UsedEvent
from gui.actions import Actions
from gui.panes.timeline import TimelineStrip, points
from gui.widgets.buttons import action_button
from gui.widgets.chip import VerdictChip
from gui.widgets.labels import ElidedLabel, PlainLabel, heading
from gui.words import channel_word, humane, tr

_OVERRIDES = {
    "applied": "A person's decision is in force.",
    "pending": "An include waits for a second person.",
    "rejected": "An include was asked for, but this clause cannot be overridden.",
    "stale": "A consent event arrived after the include was asked for, so it no longer stands.",
    "noop": "A person decided the same.",
}


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("kind", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 10, 12, 12)
    layout.setSpacing(6)
    return card, layout


class WhyPane(QScrollArea):
    """Built anew for each explanation: it is small, and its parts come and go."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.explanation: Explanation | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_explanation(self, told: Explanation) -> None:
        """Show one verdict's reasons."""
        self.explanation = told
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._verdict(told))
        layout.addLayout(self._buttons())
        if told.clause_text:
            layout.addWidget(self._clause(told))
        self._list(layout, tr("What would change this?"), told.changes, "–")
        self._list(layout, tr("Also found"), told.other_sentences, "–")
        if told.events:
            layout.addSpacing(4)
            layout.addWidget(heading(tr("Events used")))
            layout.addWidget(self._events(told.events))
        self._conventions(layout, told)
        layout.addWidget(PlainLabel(f"{tr('Policy')}: {', '.join(told.policies)}", tone="muted", size=-1, wrap=True))
        layout.addStretch(1)
        self.setWidget(body)

    def _verdict(self, told: Explanation) -> QWidget:
        card, layout = _card()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(VerdictChip(told.decision))
        row.addWidget(PlainLabel(humane(told.reason), tone="muted"))
        row.addStretch(1)
        row.addWidget(PlainLabel(told.clause, fixed=True, tone="muted"))
        layout.addLayout(row)
        layout.addWidget(PlainLabel(told.sentence, size=1, wrap=True))
        if told.override_status:
            tone = "undetermined" if told.override_status in ("pending", "stale", "rejected") else "info"
            layout.addWidget(PlainLabel(tr(_OVERRIDES[told.override_status]), tone=tone, wrap=True))
        if not told.events:
            layout.addWidget(PlainLabel(tr("No consent event on file bears on this record."), tone="muted", size=-1))
        strip = TimelineStrip()
        strip.show_points(points(told.events, told.sent or told.created))
        layout.addWidget(strip)
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        get = self._actions.get
        row.addWidget(action_button(get("review.exclude"), key="x", kind="danger", glyph="prohibit"))
        row.addWidget(action_button(get("review.include"), key="i", glyph="check-circle"))
        row.addStretch(1)
        return row

    def _clause(self, told: Explanation) -> QWidget:
        card, layout = _card()
        layout.addWidget(heading(f"{tr('Clause')} {told.clause}"))
        layout.addWidget(PlainLabel(told.clause_text, wrap=True, selectable=True))
        return card

    def _list(self, layout: QVBoxLayout, name: str, lines: Sequence[str], bullet: str) -> None:
        if not lines:
            return
        layout.addSpacing(4)
        layout.addWidget(heading(name))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for place, line in enumerate(lines):
            grid.addWidget(PlainLabel(bullet, tone="muted"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(line, wrap=True), place, 1)
        layout.addLayout(grid)

    def _conventions(self, layout: QVBoxLayout, told: Explanation) -> None:
        if not told.conventions:
            return
        layout.addSpacing(4)
        layout.addWidget(heading(tr("Conventions applied")))
        for code, text in told.conventions:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(PlainLabel(code, fixed=True, tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(PlainLabel(text, wrap=True), 1)
            layout.addLayout(row)

    def _events(self, events: Sequence[UsedEvent]) -> QWidget:
        """What was said and when it took effect; below it when it was learned and from where."""
        card, outer = _card()
        for place, event in enumerate(events):
            if place:
                outer.addSpacing(2)
            denied = event.action == "deny"
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(PlainLabel(channel_word(event.channel)))
            row.addWidget(
                PlainLabel(tr("denied") if denied else tr("allowed"), tone="not_eligible" if denied else "eligible")
            )
            row.addStretch(1)
            row.addWidget(PlainLabel(_when(event.effective), fixed=True))
            outer.addLayout(row)
            learned = (
                f"{tr('recorded')} {times.show(event.recorded)[:16].replace('T', ' ')}"
                if event.recorded
                else tr("recording time unknown")
            )
            note = " · ".join(part for part in (learned, event.event_id, event.source, event.evidence) if part)
            outer.addWidget(ElidedLabel(note, tone="muted", size=-1))
        return card


def _when(effective: Interval | None) -> str:
    """A moment to the minute; of a moment not known exactly the two days it lies between."""
    if effective is None:
        return tr("no time given")
    if effective.exact:
        return times.show(effective.lo)[:16].replace("T", " ")
    return f"{times.show(effective.lo)[:10]} – {times.show(effective.hi)[:10]}"
