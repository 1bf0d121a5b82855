"""From rows to the facts the policy engine takes: records with their times, and all that is on file for accounts.

Everything is read in batches of conversations, so that memory stays bounded by the batch. Ids of a batch travel as
one JSON array, which keeps a statement the same whatever the batch's size.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, Retraction
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import Interval
from core.store.records import CONVERSATION

EVERY = "*"
SETTING_OFF = "an export shows that training was switched off, and the ledger knows of no such choice"


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """The facts of one record with what only the store knows: its row, its conversation's row, its source ids."""

    id: int
    conversation_id: int
    source_id: str
    facts: RecordFacts


@dataclass(frozen=True, slots=True)
class Batch:
    """Some whole conversations: their records in order, and the ledger of every account they touch."""

    records: tuple[StoredRecord, ...]
    ledger: Ledger


def packed(ids: Iterable[int | str]) -> str:
    """Ids as the JSON array that ``json_each`` takes."""
    return json.dumps(list(ids))


def _interval(lo: int | None, hi: int | None) -> Interval | None:
    return None if lo is None or hi is None else Interval(lo, hi)


def conversation_batches(
    conn: sqlite3.Connection, size: int, *, only: Collection[int] | None = None
) -> Iterator[list[int]]:
    """Current conversations in account order, in lists of about ``size`` records (at least one conversation).

    ``only`` keeps to these conversations.
    """
    batch: list[int] = []
    held = 0
    where = "" if only is None else "AND id IN (SELECT value FROM json_each(:only))"
    rows = conn.execute(
        f"SELECT id, records FROM conversation WHERE current = 1 {where} ORDER BY account, source_id, id",
        {} if only is None else {"only": packed(only)},
    )
    for row, records in rows.fetchall():
        if batch and held + records > size:
            yield batch
            batch, held = [], 0
        batch.append(row)
        held += records
    if batch:
        yield batch


def touched(conn: sqlite3.Connection, accounts: Collection[str]) -> list[int]:
    """Current conversations whose verdict may rest on what is on file for these accounts (``*`` = all).

    They are the accounts' own, those they wrote messages in, and those with a custom GPT that they built.
    """
    if EVERY in accounts:
        return [row for (row,) in conn.execute("SELECT id FROM conversation WHERE current = 1 ORDER BY id")]
    names = packed(accounts)
    rows = conn.execute(
        """
        SELECT id FROM conversation WHERE current = 1 AND account IN (SELECT value FROM json_each(:names))
        UNION
        SELECT c.id FROM record r JOIN conversation c ON c.id = r.conversation_id
        WHERE c.current = 1 AND r.author_account IN (SELECT value FROM json_each(:names))
        UNION
        SELECT id FROM conversation WHERE current = 1 AND gizmo_id IN (
            SELECT gizmo_id FROM consent_event WHERE account IN (SELECT value FROM json_each(:names)))
        ORDER BY 1
        """,
        {"names": names},
    )
    return [row for (row,) in rows]


def batch(conn: sqlite3.Connection, conversations: Sequence[int]) -> Batch:
    """The records of these conversations, in account, conversation and turn order, with the ledger they need."""
    records = tuple(_records(conn, "c.id IN (SELECT value FROM json_each(?))", packed(conversations)))
    return Batch(records, ledger_for(conn, records))


def one(conn: sqlite3.Connection, record_id: int) -> Batch:
    """One record with its ledger; a part of a request stands for the request's first turn. Empty if there is none."""
    where = """r.id = (SELECT f.id FROM record p JOIN record f ON f.conversation_id = p.conversation_id AND f.part = 0
        WHERE p.id = ? AND f.seq <= p.seq AND (p.part = 1 OR f.id = p.id) ORDER BY f.seq DESC LIMIT 1)"""
    records = tuple(_records(conn, where, record_id))
    return Batch(records, ledger_for(conn, records))


def _records(conn: sqlite3.Connection, where: str, value: object) -> Iterator[StoredRecord]:
    rows = conn.execute(
        f"""
        SELECT r.id, c.id, r.source_id, {CONVERSATION}, c.product, c.account, c.created_lo, c.created_hi,
               r.sent_lo, r.sent_hi, r.author_account, c.is_group, c.plan, c.temporary, c.saved_lo, c.saved_hi,
               c.project, c.zdr, c.gizmo_id, c.builder_training, c.feedback_lo, c.feedback_hi,
               r.origin, r.origin_lo, r.origin_hi
        FROM conversation c JOIN record r ON r.conversation_id = c.id
        WHERE {where} AND r.part = 0 ORDER BY c.account, c.source_id, c.id, r.seq
        """,
        (value,),
    )
    for row in rows:
        yield StoredRecord(row[0], row[1], row[2], _facts(row))


def _facts(row: Sequence[object]) -> RecordFacts:
    (record, _, _, conversation, product, account, created_lo, created_hi, sent_lo, sent_hi, author, group, plan,
     temporary, saved_lo, saved_hi, project, zdr, gizmo, builder, feedback_lo, feedback_hi,
     origin, origin_lo, origin_hi) = row  # fmt: skip
    return RecordFacts(
        record=str(record),
        conversation=conversation,  # type: ignore[arg-type]
        product=product,  # type: ignore[arg-type]
        account=account or None,  # type: ignore[arg-type]
        created=Interval(created_lo, created_hi),  # type: ignore[arg-type]
        sent=Interval(sent_lo, sent_hi),  # type: ignore[arg-type]
        author=author or None,  # type: ignore[arg-type]
        group=bool(group),
        plan=plan,  # type: ignore[arg-type]
        temporary=bool(temporary),
        saved=_interval(saved_lo, saved_hi),  # type: ignore[arg-type]
        project=project,  # type: ignore[arg-type]
        zdr=bool(zdr),
        gizmo_id=gizmo,  # type: ignore[arg-type]
        builder_training=None if builder is None else bool(builder),
        feedback=_interval(feedback_lo, feedback_hi),  # type: ignore[arg-type]
        origin=origin,  # type: ignore[arg-type]
        origin_created=_interval(origin_lo, origin_hi),  # type: ignore[arg-type]
    )


def ledger_for(conn: sqlite3.Connection, records: Iterable[StoredRecord]) -> Ledger:
    """Everything the engine may look up for these records."""
    accounts: set[str] = set()
    gizmos: set[str] = set()
    for stored in records:
        accounts.update(name for name in (stored.facts.account, stored.facts.author) if name)
        if stored.facts.gizmo_id:
            gizmos.add(stored.facts.gizmo_id)
    return ledger(conn, accounts, gizmos)


def ledger(conn: sqlite3.Connection, accounts: Collection[str], gizmos: Collection[str] = ()) -> Ledger:
    """All that is on file for these accounts and custom GPTs; ``*`` coverage and faults are given to each account."""
    names = packed(sorted(accounts))
    events = _events(conn, "e.account IN (SELECT value FROM json_each(?))", names)
    retractions = _retractions(conn, (event.event_id for held in events.values() for event in held))
    coverage = _coverage(conn, names)
    deletions = _deletions(conn, names)
    account_lines = _account_lines(conn, names)
    faults = _faults(conn, names)
    birth_years = _birth_years(conn, names)
    settings_off = _settings_off(conn, names)
    known = {}
    for name in accounts:
        own = {event.event_id for event in events[name]}
        gone = {line.retracts for line in retractions}
        toggles = [e for e in events[name] if e.channel is Channel.TOGGLE and e.event_id not in gone]
        if any(_contradicts(seen, toggles, coverage[EVERY] + coverage[name]) for seen in settings_off[name]):
            faults[name].append(SETTING_OFF)
        known[name] = AccountLedger(
            account=name,
            events=tuple(events[name]),
            retractions=tuple(line for line in retractions if line.retracts in own),
            coverage=tuple(coverage[EVERY] + coverage[name]),
            deletions=tuple(deletions[name]),
            lines=tuple(account_lines[name]),
            faults=tuple(faults[EVERY] + faults[name]),
            birth_year=birth_years.get(name),
        )
    built = _events(conn, "e.gizmo_id IN (SELECT value FROM json_each(?))", packed(sorted(gizmos))) if gizmos else {}
    builder: defaultdict[str, list[ConsentEvent]] = defaultdict(list)
    for event in (event for held in built.values() for event in held if event.channel is Channel.BUILDER):
        builder[str(event.gizmo_id)].append(event)
    builder_events = (event.event_id for held in builder.values() for event in held)
    return Ledger(
        accounts=known,
        builder={gizmo: tuple(held) for gizmo, held in builder.items()},
        builder_retractions=_retractions(conn, builder_events) if builder else (),
    )


def _events(conn: sqlite3.Connection, where: str, names: str) -> defaultdict[str, list[ConsentEvent]]:
    rows = conn.execute(
        f"""
        SELECT e.event_id, e.account, e.channel, e.action, e.effective_lo, e.effective_hi, e.recorded_at,
               e.effective_text, e.time_source, e.processed_only, e.project, e.gizmo_id, e.purpose,
               e.policy_version, e.source, e.evidence, e.digest, e.imported_at
        FROM consent_event e WHERE {where} ORDER BY e.id
        """,
        (names,),
    )
    found: defaultdict[str, list[ConsentEvent]] = defaultdict(list)
    for row in rows:
        event = ConsentEvent(
            row[0], row[1], Channel(row[2]), Action(row[3]), _interval(row[4], row[5]), row[6],
            row[7], row[8], bool(row[9]), row[10], row[11], row[12], row[13], row[14], row[15], row[16], row[17],
        )  # fmt: skip
        found[event.account].append(event)
    return found


def _retractions(conn: sqlite3.Connection, event_ids: Iterable[str]) -> tuple[Retraction, ...]:
    rows = conn.execute(
        """
        SELECT event_id, retracts, recorded_at, reason, digest, imported_at FROM retraction
        WHERE retracts IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (packed(event_ids),),
    )
    return tuple(Retraction(*row) for row in rows)


def _coverage(conn: sqlite3.Connection, names: str) -> defaultdict[str, list[Coverage]]:
    found: defaultdict[str, list[Coverage]] = defaultdict(list)
    for account, start, end, digest in conn.execute(
        """
        SELECT account, from_at, through_at, digest FROM coverage
        WHERE account = '*' OR account IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (names,),
    ):
        found[account].append(Coverage(account, start, end, digest))
    return found


def _deletions(conn: sqlite3.Connection, names: str) -> defaultdict[str, list[Deletion]]:
    found: defaultdict[str, list[Deletion]] = defaultdict(list)
    for account, conversation, lo, hi, recorded, digest, imported in conn.execute(
        """
        SELECT account, conversation, deleted_lo, deleted_hi, recorded_at, digest, imported_at FROM deletion
        WHERE account IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (names,),
    ):
        found[account].append(Deletion(account, conversation, Interval(lo, hi), recorded, digest, imported))
    return found


def _account_lines(conn: sqlite3.Connection, names: str) -> defaultdict[str, list[AccountLine]]:
    found: defaultdict[str, list[AccountLine]] = defaultdict(list)
    for account, plan, age, region, lo, hi, recorded, digest, imported in conn.execute(
        """
        SELECT account, plan, age_band, region, deleted_lo, deleted_hi, recorded_at, digest, imported_at
        FROM account_line WHERE account IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (names,),
    ):
        line = AccountLine(account, plan, age, region, _interval(lo, hi), recorded, digest, imported)
        found[account].append(line)
    return found


def _faults(conn: sqlite3.Connection, names: str) -> defaultdict[str, list[str]]:
    """Open faults, and events that came in for two accounts under one id: either account's ledger is in doubt.

    Two contents within one account are the policy engine's to judge: only it knows which were known when.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for account, reason in conn.execute(
        """
        SELECT DISTINCT f.account, f.reason FROM ledger_fault f
        WHERE f.resolved_by IS NULL AND (f.account = '*' OR f.account IN (SELECT value FROM json_each(?)))
          AND NOT EXISTS (SELECT 1 FROM consent_event e
                          WHERE e.account = f.account AND f.key = 'event ' || e.event_id)
          AND NOT EXISTS (SELECT 1 FROM retraction r WHERE f.key LIKE 'event %' AND r.event_id = substr(f.key, 7))
          AND NOT EXISTS (SELECT 1 FROM account_line a
                          WHERE a.account = f.account AND f.key = 'account ' || a.recorded_at)
        ORDER BY f.id
        """,
        (names,),
    ):
        found[account].append(reason)
    for account, event_id in conn.execute(
        """
        SELECT DISTINCT e.account, e.event_id FROM consent_event e
        JOIN consent_event o ON o.event_id = e.event_id AND o.account <> e.account
        WHERE e.account IN (SELECT value FROM json_each(?))
        """,
        (names,),
    ):
        found[account].append(f"event {event_id} came in for two different accounts")
    return found


def _birth_years(conn: sqlite3.Connection, names: str) -> dict[str, int]:
    """The latest stated birth year of each account: of two statements the one that protects more."""
    found: dict[str, int] = {}
    for account, value in conn.execute(
        "SELECT account, value FROM evidence WHERE name = 'birth_year' AND account IN (SELECT value FROM json_each(?))",
        (names,),
    ):
        text = str(value).strip().strip('"')
        if text.isdecimal():
            found[account] = max(found.get(account, 0), int(text))
    return found


def _settings_off(conn: sqlite3.Connection, names: str) -> defaultdict[str, list[Interval]]:
    """When exports showed that an account had training switched off: evidence, never an event."""
    found: defaultdict[str, list[Interval]] = defaultdict(list)
    for account, lo, hi in conn.execute(
        """
        SELECT account, seen_lo, seen_hi FROM evidence
        WHERE name = 'training_allowed' AND lower(trim(value, ' "')) IN ('false', '0') AND seen_lo IS NOT NULL
          AND account IN (SELECT value FROM json_each(?))
        """,
        (names,),
    ):
        found[account].append(Interval(lo, hi))
    return found


def _contradicts(seen: Interval, toggles: Sequence[ConsentEvent], coverage: Sequence[Coverage]) -> bool:
    """Whether a ledger that claims to know the moment an export was made lacks the refusal that the export shows."""
    if not any(line.complete_from <= seen.lo and seen.hi <= line.complete_through for line in coverage):
        return False
    before = [e for e in toggles if e.effective is not None and e.effective.lo <= seen.hi]
    last = max(before, key=lambda e: (e.effective.hi, e.action is Action.DENY), default=None)  # type: ignore[union-attr]
    return last is None or last.action is Action.ALLOW
