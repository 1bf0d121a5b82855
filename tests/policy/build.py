"""Small facts for the policy engine's tests; made-up accounts, times in hours of June 2023."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, Retraction
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import EARLIEST, LATEST, SECOND, Interval
from core.model.review import Override, OverrideAction
from core.model.verdict import Verdict
from core.policy.decide import decide
from core.policy.versions import load

HOUR = 3600 * SECOND
START = 1_685_577_600 * SECOND  # 2023-06-01T00:00:00Z
NOW = 1000  # hours after START, the usual moment of evaluation
ME = "acct-fig"


def at(hours: float) -> int:
    """Hours after START in microseconds."""
    return START + int(hours * HOUR)


def exact(hours: float) -> Interval:
    return Interval(at(hours), at(hours))


def between(lo: float, hi: float) -> Interval:
    return Interval(at(lo), at(hi))


When = float | tuple[float, float]


def event(
    name: str,
    channel: str,
    action: str,
    when: When | None,
    *,
    recorded: float | None = 0,
    **more: Any,
) -> ConsentEvent:
    effective = None if when is None else between(*when) if isinstance(when, tuple) else exact(when)
    return ConsentEvent(
        event_id=name,
        account=more.pop("account", ME),
        channel=Channel(channel),
        action=Action(action),
        effective=effective,
        recorded=None if recorded is None else at(recorded),
        **more,
    )


def deny(name: str, channel: str, when: When | None, **more: Any) -> ConsentEvent:
    return event(name, channel, "deny", when, **more)


def allow(name: str, channel: str, when: When | None, **more: Any) -> ConsentEvent:
    return event(name, channel, "allow", when, **more)


def retraction(of: str, *, recorded: float = 0, name: str = "r1") -> Retraction:
    return Retraction(name, of, at(recorded))


ALWAYS_COVERED = (Coverage(ME, EARLIEST, LATEST),)


def account(
    *events: ConsentEvent,
    name: str = ME,
    coverage: Sequence[Coverage] = ALWAYS_COVERED,
    retractions: Sequence[Retraction] = (),
    deletions: Sequence[Deletion] = (),
    lines: Sequence[AccountLine] = (),
    faults: Sequence[str] = (),
    birth_year: int | None = None,
) -> AccountLedger:
    return AccountLedger(
        name,
        tuple(events),
        tuple(retractions),
        tuple(coverage),
        tuple(deletions),
        tuple(lines),
        tuple(faults),
        birth_year,
    )


def ledger(*accounts: AccountLedger, builder: Iterable[ConsentEvent] = ()) -> Ledger:
    gizmos: dict[str, tuple[ConsentEvent, ...]] = {}
    for one in builder:
        gizmos[str(one.gizmo_id)] = (*gizmos.get(str(one.gizmo_id), ()), one)
    return Ledger({one.account: one for one in accounts}, gizmos)


def record(
    sent: float | tuple[float, float] = 100, created: float | tuple[float, float] | None = None, **more: Any
) -> RecordFacts:
    def when(value: float | tuple[float, float]) -> Interval:
        return between(*value) if isinstance(value, tuple) else exact(value)

    plain = RecordFacts(
        record="m1",
        conversation="c1",
        product="chatgpt",
        account=ME,
        created=when(sent if created is None else created),
        sent=when(sent),
    )
    return replace(plain, **more)


def judge(
    facts: RecordFacts,
    on_file: Ledger,
    *,
    policies: Sequence[str] = ("seed-2023",),
    purpose: str | None = "model_improvement",
    now: float = NOW,
    known: float | None = None,
    overrides: Sequence[Override] = (),
) -> Verdict:
    return decide(
        facts,
        on_file,
        load(policies),
        purpose=purpose,
        at=at(now),
        known_at=at(now if known is None else known),
        overrides=overrides,
    )


def say(*events: ConsentEvent, **more: Any) -> Ledger:
    """A ledger of one account with these events."""
    return ledger(account(*events, **more))


def override(action: str = "include", **more: Any) -> Override:
    plain = Override("o1", "m1", OverrideAction(action), "Ada Quill", "seen the page", at(500), "Ben Moss", "letter 7")
    return replace(plain, **more)
