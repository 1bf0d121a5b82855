"""One ledger line, from JSONL or CSV alike, to what it says (section 8 of the conventions).

Both forms end in the same canonical content, so that the same event in a JSONL and in a CSV file is a duplicate.
A line that cannot be trusted raises :class:`BadLine` with the account it names: a possible opt-out is never dropped.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.archive import digest
from core.archive.chatgpt_tree import PLANS
from core.archive.fields import moment, name, text
from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, LedgerLine, Retraction
from core.model.moment import DAY, EARLIEST, LATEST, Interval

FORM_DELAY = 30 * DAY  # K06: only the processing time is known
EVENT_FIELDS = (
    "event_id", "account_id", "channel", "action", "effective_at", "recorded_at", "processed_at", "time_source",
    "project", "gizmo_id", "purpose", "policy_version", "source", "evidence",
)  # fmt: skip
REQUIRED = ("event_id", "account_id", "channel", "action", "effective_at", "recorded_at")
_PLANS = ("consumer", *PLANS)
_AGE_BANDS = ("adult", "13_17", "under_13")
_KNOWN = frozenset((*EVENT_FIELDS, "type"))


class BadLine(Exception):  # noqa: N818 - it is an answer about the data
    """Why a ledger line is set aside, one plain clause, and the account it names, if it names one."""

    def __init__(self, reason: str, account: str | None) -> None:
        super().__init__(reason)
        self.reason, self.account = reason, account


def read_line(line: Mapping[str, Any]) -> LedgerLine:
    """The meaning of one line; an absent ``type`` is an event. Raises :class:`BadLine`."""
    kind = line.get("type") or "event"
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadLine(f"its type is none of {', '.join(_READERS)}", account_of(line))
    return reader(line)


def account_of(line: Mapping[str, Any]) -> str | None:
    """The account that a line names, whatever else is wrong with it."""
    return name(line.get("account_id")) or None


def key_of(line: Mapping[str, Any]) -> str:
    """What a corrected line would have in common with this one: its event's id, or when its account was recorded.

    Empty where nothing tells: then no other line can settle what was set aside.
    """
    kind = line.get("type") or "event"
    if kind in ("event", "retraction") and (event_id := name(line.get("event_id"))):
        return f"event {event_id}"
    if kind == "account" and (recorded := moment(line.get("recorded_at"))) is not None:
        return f"account {recorded.lo}"  # an account line counts as recorded at the earlier end
    return ""


def _event(line: Mapping[str, Any]) -> ConsentEvent:
    account = _need(line, "account_id", line)
    event_id = _need(line, "event_id", line)
    channel, action = text(line.get("channel")), text(line.get("action"))
    if channel not in set(Channel):
        raise BadLine(f"its channel is none of {', '.join(Channel)}", account)
    if action not in set(Action):
        raise BadLine("its action is neither deny nor allow", account)
    source = text(line.get("time_source")) or "server"
    if source not in ("server", "client"):
        raise BadLine("its time_source is neither server nor client", account)
    gizmo = name(line.get("gizmo_id")) or None
    if channel == Channel.BUILDER and gizmo is None:
        raise BadLine("a builder's event names no gizmo_id", account)
    effective = _time(line, "effective_at", account, client=source == "client")
    processed = _time(line, "processed_at", account) if effective is None else None
    if processed is not None:
        effective = Interval(processed.lo - FORM_DELAY, processed.hi)
    recorded = _time(line, "recorded_at", account)
    event = ConsentEvent(
        event_id=event_id,
        account=account,
        channel=Channel(channel),
        action=Action(action),
        effective=effective,
        recorded=_recorded(recorded, early=action == Action.DENY),
        time_source=source,
        processed_only=processed is not None,
        project=name(line.get("project")) or None,
        gizmo_id=gizmo,
        purpose=text(line.get("purpose")) or None,
        policy_version=text(line.get("policy_version")),
        source=text(line.get("source")),
        evidence=_plain(line.get("evidence")),
    )
    return replace(
        event,
        effective_text=_plain(line.get("effective_at")) or _plain(line.get("processed_at")),
        evidence=_with_extras(event.evidence, line),
        digest=_digest(event),
    )


def _retraction(line: Mapping[str, Any]) -> Retraction:
    recorded = _time(line, "recorded_at", account_of(line))
    found = Retraction(
        event_id=_need(line, "event_id", line),
        retracts=_need(line, "retracts", line),
        recorded=_recorded(recorded, early=False),
        reason=text(line.get("reason")),
    )
    return replace(found, digest=_digest(found))


def _coverage(line: Mapping[str, Any]) -> Coverage:
    """The narrower reading of an uncertain end: silence counts only where the ledger is surely complete."""
    account = _need(line, "account_id", line)
    start = _time(line, "complete_from", account)
    end = _time(line, "complete_through", account)
    found = Coverage(
        account=account,
        complete_from=EARLIEST if start is None else start.hi,
        complete_through=LATEST if end is None else end.lo,
    )
    return replace(found, digest=_digest(found))


def _deletion(line: Mapping[str, Any]) -> Deletion:
    account = _need(line, "account_id", line)
    recorded = _recorded(_time(line, "recorded_at", account), early=True)
    deleted = _time(line, "deleted_at", account)
    if deleted is None:  # deleted it was; at the latest when that was recorded
        deleted = Interval(EARLIEST, LATEST if recorded is None else recorded)
    found = Deletion(
        account=account,
        conversation=_need(line, "conversation_id", line),
        deleted=deleted,
        recorded=recorded,
    )
    return replace(found, digest=_digest(found))


def _account(line: Mapping[str, Any]) -> AccountLine:
    account = _need(line, "account_id", line)
    plan, age = text(line.get("plan")), text(line.get("age_band"))
    if plan not in ("", *_PLANS):
        raise BadLine(f"its plan is none of {', '.join(_PLANS)}", account)
    if age not in ("", *_AGE_BANDS):
        raise BadLine(f"its age_band is none of {', '.join(_AGE_BANDS)}", account)
    found = AccountLine(
        account=account,
        plan=plan,
        age_band=age,
        region=text(line.get("region")),
        deleted=_time(line, "deleted_at", account),
        recorded=_recorded(_time(line, "recorded_at", account), early=True),
    )
    return replace(found, digest=_digest(found))


_READERS: dict[str, Callable[[Mapping[str, Any]], LedgerLine]] = {
    "event": _event, "retraction": _retraction, "coverage": _coverage, "deletion": _deletion, "account": _account,
}  # fmt: skip


def _need(line: Mapping[str, Any], key: str, whole: Mapping[str, Any]) -> str:
    found = name(line.get(key))
    if not found.strip():
        raise BadLine(f"it has no {key}", account_of(whole))
    return found


def _time(line: Mapping[str, Any], key: str, account: str | None, *, client: bool = False) -> Interval | None:
    value = line.get(key)
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None
    found = moment(value, client=client)
    if found is None:
        raise BadLine(f"its {key} is not a time that can be read, such as 2024-06-01T12:00:00Z or 2024-06-01", account)
    return found


def _recorded(found: Interval | None, *, early: bool) -> int | None:
    """Of an uncertain recording time the stricter end: a denial is known early, a permission late."""
    if found is None:
        return None
    return found.lo if early else found.hi


def _plain(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _with_extras(evidence: str, line: Mapping[str, Any]) -> str:
    """Columns and keys that the ledger does not know stay readable as evidence."""
    extras = {key: value for key, value in line.items() if key not in _KNOWN and value not in (None, "")}
    return "\n".join(x for x in (evidence, _plain(extras) if extras else "") if x)


def _digest(found: LedgerLine) -> bytes:
    """Over what the line means: two ways of writing one time are one content; unknown extra columns do not count."""
    return digest.of([type(found).__name__, found])
