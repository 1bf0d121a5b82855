"""Scenario files: turns one scenario's JSON into the facts the engine takes (schema ``consent-scenarios/1``).

Times are read as the archive readers read them (K05 to K07). Whatever a scenario leaves out has the default that the
file's own notes name: consumer plan, adult, server clock, a ledger that is complete.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Refusal
from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Retraction
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import DAY, EARLIEST, LATEST, UNKNOWN_CREATION_FLOOR, Interval
from core.model.review import Override, OverrideAction
from core.policy.versions import FORM_PROCESSING_DAYS
from core.times import parse

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as the engine sees it. ``verified`` are records whose redaction a person has verified."""

    id: str
    title: str
    ledger: Ledger
    records: Mapping[str, RecordFacts]
    overrides: tuple[Override, ...]
    exports: Mapping[str, tuple[int, tuple[str, ...]]]
    verified: frozenset[str]
    policies: tuple[str, ...]
    purpose: str | None
    at: int
    known_at: int
    expected: Json


def read_scenario(data: Json, defaults: Json) -> Scenario:
    """The scenario of one JSON object. Raises Refusal, KeyError, TypeError or ValueError where it is not whole."""
    asked = {**defaults, **data.get("evaluate", {})}
    at = _instant(asked["at"], "evaluate.at")
    known = asked.get("known_at")
    accounts = _accounts(data)
    records = {
        facts.record: facts for talk in data.get("conversations", ()) for facts in _records(talk, frozenset(accounts))
    }
    return Scenario(
        id=str(data["id"]),
        title=str(data.get("title", "")),
        ledger=_ledger(data, accounts),
        records=records,
        overrides=tuple(_override(line) for line in data.get("overrides", ())),
        exports={
            str(line["id"]): (_instant(line["exported_at"], "exported_at"), tuple(map(str, line["records"])))
            for line in data.get("exports", ())
        },
        verified=frozenset(
            str(message["id"])
            for talk in data.get("conversations", ())
            for message in talk["messages"]
            if message.get("redaction_status") == "verified"
        ),
        policies=tuple(map(str, asked["policies"])),
        purpose=asked["purpose"],
        at=at,
        known_at=at if known is None else _instant(known, "evaluate.known_at"),
        expected=data["expected"],
    )


def _accounts(data: Json) -> dict[str, Json]:
    """Accounts by id: those listed, and those that events speak of. Any other account is an unknown one."""
    known: dict[str, Json] = {str(line["account"]): {} for line in data.get("events", ()) if line.get("account")}
    known.update({str(line["id"]): line for line in data.get("accounts", ())})
    return known


def _ledger(data: Json, accounts: Mapping[str, Json]) -> Ledger:
    events: dict[str, list[ConsentEvent]] = {}
    retractions: dict[str, list[Retraction]] = {}
    owner = {str(line["id"]): str(line.get("account")) for line in data.get("events", ()) if "retracts" not in line}
    for line in data.get("events", ()):
        if line.get("type") == "retraction" or "retracts" in line:
            account = str(line.get("account") or owner.get(str(line["retracts"]), ""))
            retractions.setdefault(account, []).append(
                Retraction(str(line["id"]), str(line["retracts"]), _recorded(line), str(line.get("reason", "")))
            )
        else:
            event = _event(line)
            events.setdefault(event.account, []).append(event)
    builders: dict[str, list[ConsentEvent]] = {}
    for event in (event for several in events.values() for event in several):
        if event.channel is Channel.BUILDER and event.gizmo_id is not None:
            builders.setdefault(event.gizmo_id, []).append(event)
    return Ledger(
        accounts={
            name: AccountLedger(
                account=name,
                events=tuple(events.get(name, ())),
                retractions=tuple(retractions.get(name, ())),
                coverage=(_coverage(name, line),),
                lines=(_account_line(name, line),),
            )
            for name, line in accounts.items()
        },
        builder={gizmo: tuple(several) for gizmo, several in builders.items()},
        builder_retractions=tuple(line for several in retractions.values() for line in several),
    )


def _event(line: Json) -> ConsentEvent:
    client = line.get("time_source") == "client"
    effective, processed_only = _time(line.get("effective_at"), client=client), False
    if effective is None and (processed := _time(line.get("processed_at"), client=client)) is not None:
        effective, processed_only = Interval(processed.lo - FORM_PROCESSING_DAYS * DAY, processed.hi), True
    return ConsentEvent(
        event_id=str(line["id"]),
        account=str(line["account"]),
        channel=Channel(line["channel"]),
        action=Action(line["action"]),
        effective=effective,
        recorded=_recorded(line),
        processed_only=processed_only,
        project=line.get("project"),
        gizmo_id=line.get("gizmo_id") or line.get("gpt_id"),
        purpose=line.get("purpose"),
    )


def _coverage(name: str, line: Json) -> Coverage:
    start, end = line.get("ledger_complete_from"), line.get("ledger_complete_through")
    return Coverage(
        name,
        EARLIEST if start is None else _instant(start, "ledger_complete_from"),
        LATEST if end is None else _instant(end, "ledger_complete_through"),
    )


def _account_line(name: str, line: Json) -> AccountLine:
    return AccountLine(
        account=name,
        plan=str(line.get("plan") or "consumer"),
        age_band=str(line.get("age_band") or "adult"),
        region=str(line.get("region") or ""),
        deleted=_time(line.get("deleted_at")),
        recorded=_recorded(line),
    )


def _records(talk: Json, known: frozenset[str]) -> Iterable[RecordFacts]:
    messages = talk["messages"]
    sent = [_time(one.get("sent_at"), client=one.get("time_source") == "client") for one in messages]
    timed = [when for when in sent if when is not None]
    created = _time(talk.get("created_at"), client=talk.get("time_source") == "client")
    if created is None:
        created = Interval(UNKNOWN_CREATION_FLOOR, min((when.hi for when in timed), default=LATEST))
    last = created
    for place, message in enumerate(messages):
        when = sent[place]
        if when is None:  # between what came before it and what came after (section 9)
            later = next((after.hi for after in sent[place + 1 :] if after is not None), last.hi)
            when = Interval(last.lo, max(last.lo, later))
        last = when
        candidates = tuple(map(str, message.get("account_candidates") or ()))
        account = _known(talk.get("account"), known)
        imported = message.get("origin") or ""
        author = message.get("account", None if imported else account)
        yield RecordFacts(
            record=str(message["id"]),
            conversation=str(talk["id"]),
            product=str(talk["product"]),
            account=None if candidates else account,
            created=created,
            sent=when,
            author=_known(author, known),
            candidates=candidates,
            plan=_plan(talk),
            temporary=talk.get("mode") == "temporary",
            saved=_time(talk.get("saved_at")),
            project=talk.get("project"),
            zdr=bool(talk.get("zdr")),
            gizmo_id=talk.get("gpt_id") or talk.get("gizmo_id"),
            builder_training=talk.get("gpt_builder_training"),
            feedback=_time(talk.get("feedback_at")),
            origin=str(imported),
            origin_created=_time(message.get("origin_created_at")),
            deleted=_earlier(_time(talk.get("deleted_at")), _time(message.get("deleted_at"))),
        )


def _plan(talk: Json) -> str:
    mark = str(talk.get("workspace") or "")
    return "" if mark == "personal" else mark


def _known(account: object, known: frozenset[str]) -> str | None:
    return str(account) if account is not None and str(account) in known else None


def _earlier(one: Interval | None, other: Interval | None) -> Interval | None:
    return min((when for when in (one, other) if when is not None), default=None)


def _override(line: Json) -> Override:
    return Override(
        id=str(line["id"]),
        record=str(line["record"]),
        action=OverrideAction(line["action"]),
        by=str(line.get("by") or ""),
        reason=str(line.get("reason") or ""),
        recorded=_instant(line["recorded_at"], "recorded_at"),
        second_by=str(line.get("second_by") or ""),
        evidence=str(line.get("evidence") or ""),
    )


def _time(value: object, *, client: bool = False) -> Interval | None:
    if value is None or value == "":
        return None
    when = parse(str(value), client=client)
    if when is None:
        raise Refusal(f"{value!r} is not a time.")
    return when


def _recorded(line: Json) -> int | None:
    when = _time(line.get("recorded_at"))
    return None if when is None else when.hi


def _instant(value: object, place: str) -> int:
    when = parse(str(value))
    if when is None or not when.exact:
        raise Refusal(f"{place} must be an exact time, not {value!r}.")
    return when.lo
