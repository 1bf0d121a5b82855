"""One account's facts as lanes of a time line: bars for periods, marks for moments. Pure: no widget, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core import times
from core.model.moment import DAY, EARLIEST, LATEST, Interval
from core.model.view import AccountTimeline, UsedEvent
from core.text import display
from gui.words import channel_word, decision_token, decision_word, humane, product_word, tr

CHANNELS = ("toggle", "form", "guardian", "api_sharing", "workspace_sharing", "builder")
_SHORT = {"toggle": "Switch", "form": "Form", "guardian": "Guardian", "api_sharing": "API sharing",
          "workspace_sharing": "Workspace", "builder": "Builder"}  # fmt: skip
_ALWAYS = ("toggle", "form")
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A period, microseconds UTC: ``kind`` is deny, allow or covered; not ``sure`` where it may only have begun."""

    lo: int
    hi: int
    kind: str
    tip: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment: ``kind`` is deny, allow, override, release or a verdict's token; a click opens ``conversation``."""

    at: int
    kind: str
    tip: str
    conversation: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the time line. ``late`` lanes hold what people did long after the facts."""

    name: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    late: bool = False


def clock(at: int | None) -> str:
    """An instant to the minute, in UTC; an em dash where unknown."""
    return times.show(at).replace("T", " ")[:16]


def moment_words(moment: Interval | None) -> str:
    """When something took effect: an instant, a stretch, or that nobody knows."""
    if moment is None or (moment.lo <= EARLIEST and moment.hi >= LATEST):
        return tr("time unknown")
    if moment.exact:
        return clock(moment.lo)
    if moment.lo <= EARLIEST:
        return f"{tr('until')} {clock(moment.hi)}"
    if moment.hi >= LATEST:
        return f"{tr('from')} {clock(moment.lo)}"
    lo, hi = clock(moment.lo), clock(moment.hi)
    return f"{lo} {tr('to')} {hi[5:] if hi[:5] == lo[:5] else hi}"


def action_word(action: str) -> str:
    """What a person said."""
    return tr("Denied") if action == "deny" else tr("Allowed")


def lanes(timeline: AccountTimeline) -> tuple[Lane, ...]:
    """The lanes from top to bottom; channels that were never used are left out, but for switch and form."""
    made = []
    for channel in CHANNELS:
        mine = [event for event in timeline.events if event.channel == channel]
        if mine or channel in _ALWAYS:
            marks = tuple(Mark(e.effective.lo, e.action, _event_tip(e)) for e in mine if e.effective is not None)
            made.append(Lane(tr(_SHORT[channel]), tuple(_periods(mine)), marks))
    covered = tuple(Bar(c.lo, c.hi, "covered", _coverage_tip(c)) for c in timeline.coverage)
    made.append(Lane(tr("Coverage"), covered))
    talks = tuple(
        Mark(
            row.created, decision_token(row.decision),
            f"{clock(row.created)} · {product_word(row.product)}\n{' '.join(display(row.title, _TITLE).split())}\n"
            f"{decision_word(row.decision)}: {humane(row.reason)}", row.id,
        )
        for row in timeline.conversations if row.created is not None
    )  # fmt: skip
    made.append(Lane(tr("Conversations"), marks=talks))
    overrides = tuple(Mark(at, "override", f"{clock(at)}\n{what}") for at, what in timeline.overrides)
    made.append(Lane(tr("Overrides"), marks=overrides, late=True))
    releases = tuple(Mark(at, "release", f"{clock(at)}\n{tr('released to')} {to}") for at, to in timeline.releases)
    made.append(Lane(tr("Releases"), marks=releases, late=True))
    return tuple(made)


def _event_tip(event: UsedEvent) -> str:
    tip = f"{channel_word(event.channel)}: {action_word(event.action).lower()}\n{moment_words(event.effective)}"
    if event.recorded is not None:
        tip += f"\n{tr('recorded')} {clock(event.recorded)}"
    return f"{tip}\n{tr('event')} {display(event.event_id, _TITLE)}"


def _coverage_tip(covered: Interval) -> str:
    return f"{tr('The ledger is complete')}\n{moment_words(covered)}"


def _periods(events: Sequence[UsedEvent]) -> Iterator[Bar]:
    """For each event the stretch in which it may have begun, and the one in which it stood."""
    dated = sorted((e for e in events if e.effective is not None), key=_start)
    for place, event in enumerate(dated):
        began = event.effective
        if began is None:
            continue
        following = dated[place + 1].effective if place + 1 < len(dated) else None
        end = LATEST if following is None else following.lo
        if not began.exact:
            yield Bar(began.lo, min(began.hi, end), event.action, _event_tip(event), sure=False)
        if began.hi < end:
            yield Bar(began.hi, end, event.action, _event_tip(event))
    for event in events:
        if event.effective is None:
            yield Bar(EARLIEST, LATEST, event.action, _event_tip(event), sure=False)


def _start(event: UsedEvent) -> tuple[int, int]:
    return (event.effective.lo, event.effective.hi) if event.effective is not None else (EARLIEST, EARLIEST)


def span(shown: Sequence[Lane], *, whole: bool = False) -> tuple[int, int]:
    """The stretch that shows the facts, with a little room; with ``whole`` also what people did later."""
    ends = [mark.at for lane in shown if whole or not lane.late for mark in lane.marks]
    ends += [at for lane in shown for bar in lane.bars for at in (bar.lo, bar.hi)]
    ends = [at for at in ends if EARLIEST < at < LATEST] or [
        mark.at for lane in shown for mark in lane.marks if EARLIEST < mark.at < LATEST
    ]
    if not ends:
        return times.instant("2023-01-01") or 0, times.instant("2024-01-01") or DAY
    room = max(3 * DAY, (max(ends) - min(ends)) // 20)
    return min(ends) - room, max(ends) + room
