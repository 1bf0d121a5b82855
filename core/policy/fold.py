"""An account's ledger folded once for a question, so that many records can be decided quickly.

Folding applies what is known at ``known_at`` (K22), drops retracted events and duplicates, keeps both readings of a
conflicting event as separate worlds (the strictest world decides), and unites the coverage windows.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Retraction
from core.model.facts import AccountLedger
from core.model.moment import LATEST, Interval
from core.policy.timeline import EMPTY, Said, Track

_MAX_WORLDS = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a ledger: for which purpose, at which state of the world, on which state of knowledge."""

    purpose: str | None
    at: int
    known_at: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """An organisation's API statements as one project sees them.

    ``ours`` concern the project: those for all and those for it. ``joint`` is their track, ``wide`` that of the ones
    for all, ``own`` that of the ones for it alone, ``others`` that of all other projects' together.
    """

    ours: tuple[ConsentEvent, ...]
    joint: Track
    wide: Track
    own: Track
    others: Track


@dataclass(slots=True)
class World:
    """One consistent reading of an account's events.

    ``timed`` holds what counts for the question; ``untimed`` the denials without any time (K07).
    """

    timed: tuple[ConsentEvent, ...]
    untimed: tuple[ConsentEvent, ...]
    question: Question
    toggle: Track = field(init=False)
    form: Track = field(init=False)
    guardian: Track = field(init=False)
    workspace: Track = field(init=False)
    builder: Track = field(init=False)
    api: tuple[ConsentEvent, ...] = field(init=False)
    _sharing: dict[str | None, Sharing] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.toggle = self._track(Channel.TOGGLE)
        self.form = self._track(Channel.FORM)
        self.guardian = self._track(Channel.GUARDIAN)
        self.workspace = self._track(Channel.WORKSPACE_SHARING)
        self.builder = self._track(Channel.BUILDER)
        self.api = tuple(event for event in self.timed if event.channel is Channel.API_SHARING)

    def _track(self, channel: Channel) -> Track:
        events = [event for event in self.timed if event.channel is channel]
        return track(events, self.question.at) if events else EMPTY

    def sharing(self, project: str | None) -> Sharing:
        """What the organisation said of API sharing, as a record of ``project`` sees it."""
        known = self._sharing.get(project)
        if known is None:
            ours = tuple(event for event in self.api if event.project is None or event.project == project)
            at = self.question.at
            known = self._sharing[project] = Sharing(
                ours,
                track(ours, at),
                track((event for event in ours if event.project is None), at),
                track((event for event in ours if event.project is not None), at),
                track((event for event in self.api if event.project not in (None, project)), at),
            )
        return known

    def untimed_on(self, *channels: Channel) -> tuple[str, ...]:
        """Ids of the denials without a time on these channels."""
        return tuple(event.event_id for event in self.untimed if event.channel in channels)


def track(events: Iterable[ConsentEvent], at: int) -> Track:
    """A track of timed events; an allow that may lie after ``at`` is never certain, one that must lie there absent."""
    denials: list[Said] = []
    allows: list[Said] = []
    for event in events:
        when = event.effective
        if when is None:
            continue
        if event.action is Action.DENY:
            denials.append(Said(when.lo, when.hi, event.event_id))
        elif when.lo <= at:
            allows.append(Said(when.lo, when.hi if when.hi <= at else LATEST, event.event_id))
    return Track(denials, allows)


def visible(
    events: Sequence[ConsentEvent], retractions: Sequence[Retraction], known_at: int
) -> tuple[dict[str, list[ConsentEvent]], bool]:
    """Events by id as known at ``known_at``, without retracted ones and duplicates; and whether any id conflicts.

    Two contents under one id conflict whatever the difference, since nobody can tell which of them was meant.
    """
    hidden = {line.retracts for line in retractions if line.known <= known_at}
    readings: dict[str, list[ConsentEvent]] = {}
    for event in events:
        if event.known <= known_at and event.event_id not in hidden:
            kept = readings.setdefault(event.event_id, [])
            if not any(_same(event, other) for other in kept):
                kept.append(event)
    return readings, any(len(kept) > 1 for kept in readings.values())


def _same(one: ConsentEvent, other: ConsentEvent) -> bool:
    """Whether two events say the same: by the digest of their content, else by all that the content consists of."""
    if one.digest and other.digest:
        return one.digest == other.digest
    return _content(one) == _content(other)


def _content(event: ConsentEvent) -> ConsentEvent:
    return replace(event, imported=0, digest=b"", effective_text="")


def worlds(
    events: Sequence[ConsentEvent], retractions: Sequence[Retraction], question: Question
) -> tuple[tuple[World, ...], bool]:
    """Every consistent reading of the events for a question, and whether they conflict.

    With more combinations than can be tried, every allow of a conflicting id is dropped and every denial kept, which is
    at least as strict as each of them.
    """
    if not events:
        return (World((), (), question),), False
    readings, conflict = visible(events, retractions, question.known_at)
    if not conflict:
        return (_world([kept[0] for kept in readings.values()], question),), False
    count = 1
    for kept in readings.values():
        count *= len(kept)
    if count > _MAX_WORLDS:
        strict = [
            event for kept in readings.values() for event in kept if len(kept) == 1 or event.action is Action.DENY
        ]
        return (_world(strict, question),), True
    return tuple(_world(choice, question) for choice in itertools.product(*readings.values())), True


def _world(events: Iterable[ConsentEvent], question: Question) -> World:
    timed: list[ConsentEvent] = []
    untimed: list[ConsentEvent] = []
    for event in events:
        if event.action is Action.ALLOW and event.purpose is not None and event.purpose != question.purpose:
            continue
        if event.effective is not None:
            timed.append(event)
        elif event.action is Action.DENY:
            untimed.append(event)
    return World(tuple(timed), tuple(untimed), question)


class FoldedLedger:
    """One account's ledger, ready for any number of records under one question. Policies do not enter here."""

    __slots__ = (
        "_covered",
        "_dated",
        "_undated",
        "account",
        "birth_year",
        "complete",
        "conflict",
        "deleted",
        "deletions",
        "has_ages",
        "worlds",
    )

    def __init__(self, ledger: AccountLedger, question: Question) -> None:
        self.account = ledger.account
        self.birth_year = ledger.birth_year
        self.worlds, self.conflict = worlds(ledger.events, ledger.retractions, question)
        self.complete = not (ledger.faults or self.conflict)
        self._covered = _unite((line.complete_from, line.complete_through) for line in ledger.coverage)
        lines = [line for line in ledger.lines if line.recorded is None or line.recorded <= question.known_at]
        self._undated = tuple(line for line in lines if line.recorded is None)
        self._dated = tuple(sorted((line for line in lines if line.recorded is not None), key=_recorded))
        self.has_ages = ledger.birth_year is not None or any(line.age_band for line in lines)
        self.deleted = tuple(line.deleted for line in lines if line.deleted is not None)
        self.deletions: dict[str, tuple[Interval, ...]] = {}
        for line in ledger.deletions:
            if line.known <= question.known_at:
                self.deletions[line.conversation] = (*self.deletions.get(line.conversation, ()), line.deleted)

    def covers(self, when: Interval) -> bool:
        """Whether silence is an answer at every instant of ``when`` (K14)."""
        return self.complete and any(lo <= when.lo and when.hi <= hi for lo, hi in self._covered)

    def plans(self, when: Interval) -> set[str]:
        """Every plan the account may have had in ``when``; empty if no line states one."""
        return self._stated("plan", when)

    def age_bands(self, when: Interval) -> set[str]:
        """Every age band the account may have had in ``when``; empty if no line states one."""
        return self._stated("age_band", when)

    def _stated(self, name: str, when: Interval) -> set[str]:
        if not self._dated and not self._undated:
            return set()
        found = {str(getattr(line, name)) for line in self._undated}
        dated = [(_recorded(line), str(getattr(line, name))) for line in self._dated if getattr(line, name)]
        before = [moment for moment, _ in dated if moment <= when.lo]
        if dated:
            base = before[-1] if before else dated[0][0]
            found |= {value for moment, value in dated if moment == base or when.lo < moment <= when.hi}
        found.discard("")
        return found


def _recorded(line: AccountLine) -> int:
    return 0 if line.recorded is None else line.recorded


def _unite(windows: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Windows with inclusive ends, those that overlap or touch joined (section 9: windows of several lines unite)."""
    united: list[tuple[int, int]] = []
    for lo, hi in sorted(window for window in windows if window[0] <= window[1]):
        if united and lo <= united[-1][1] + 1:
            united[-1] = (united[-1][0], max(united[-1][1], hi))
        else:
            united.append((lo, hi))
    return tuple(united)
