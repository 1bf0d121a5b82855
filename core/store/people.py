"""Accounts and what happened to them and to a conversation, in order of time."""

import sqlite3
from collections.abc import Iterator, Sequence

from core import times
from core.model.consent import ConsentEvent
from core.model.moment import EARLIEST, Interval
from core.model.view import AccountRow, AccountTimeline, ConversationRow, HistoryLine, UsedEvent
from core.store import facts

VIEWED, COPIED = "viewed text", "copied text"
_ACCOUNTS = """
    SELECT account FROM conversation WHERE current = 1 UNION SELECT account FROM consent_event
    UNION SELECT account FROM account_line UNION SELECT account FROM evidence
"""
_STANDS = """
    EXISTS (SELECT 1 FROM consent_event d WHERE d.account = a.account AND d.channel IN ({channels})
        AND d.action = '{said}' AND coalesce(d.effective_lo, :now) <= :now
        AND NOT EXISTS (SELECT 1 FROM retraction r WHERE r.retracts = d.event_id)
        AND NOT EXISTS (SELECT 1 FROM consent_event g WHERE g.account = d.account AND g.channel = d.channel
            AND g.action = '{lifted}' AND g.effective_lo > d.effective_hi AND g.effective_hi <= :now
            AND NOT EXISTS (SELECT 1 FROM retraction r WHERE r.retracts = g.event_id)))
"""
_REFUSALS = "'toggle', 'form', 'guardian', 'api_sharing', 'workspace_sharing'"
_OPTED_OUT = _STANDS.format(channels=_REFUSALS, said="deny", lifted="allow")
_SHARES = _STANDS.format(channels="'api_sharing'", said="allow", lifted="deny")


def accounts(conn: sqlite3.Connection, search: str, limit: int, now: int) -> tuple[AccountRow, ...]:
    """Accounts whose id holds ``search``, those with most consent events first, then by id.

    Opted out: a denial of any channel stands at ``now``; shares: an API opt-in does. Both are for the eye alone:
    what a record's verdict rests on is the engine's to say.
    """
    found = conn.execute(
        f"""
        SELECT a.account,
               (SELECT count(*) FROM conversation c WHERE c.account = a.account AND c.current = 1),
               (SELECT count(*) FROM consent_event e WHERE e.account = a.account) AS events,
               coalesce(l.plan, ''), coalesce(l.age_band, ''), coalesce(l.region, ''), {_OPTED_OUT}, {_SHARES}
        FROM ({_ACCOUNTS}) a LEFT JOIN account_line l ON l.id = (
            SELECT id FROM account_line x WHERE x.account = a.account
            ORDER BY coalesce(x.recorded_at, :earliest) DESC, x.id DESC LIMIT 1)
        WHERE a.account NOT IN ('', '*') AND instr(lower(a.account), lower(:search)) > 0
        ORDER BY events DESC, a.account LIMIT :limit
        """,
        {"now": now, "search": search, "limit": limit, "earliest": EARLIEST},
    )
    return tuple(
        AccountRow(account, held, events, plan, age, region, bool(out), bool(shares))
        for account, held, events, plan, age, region, out, shares in found
    )


def conversations_of(conn: sqlite3.Connection, account: str) -> list[int]:
    """Current conversations of an account, oldest first."""
    found = conn.execute(
        "SELECT id FROM conversation WHERE account = ? AND current = 1 ORDER BY created_shown, id", (account,)
    )
    return [row for (row,) in found]


def timeline(conn: sqlite3.Connection, account: str, conversations: Sequence[ConversationRow]) -> AccountTimeline:
    """Everything on file for one account; ``conversations`` are its rows."""
    ledger = facts.ledger(conn, [account]).accounts[account]
    return AccountTimeline(
        account=account,
        events=tuple(_used(event) for event in sorted(ledger.events, key=_when)),
        coverage=tuple(sorted(Interval(c.complete_from, c.complete_through) for c in ledger.coverage)),
        conversations=tuple(conversations),
        releases=tuple(
            conn.execute(
                """
                SELECT DISTINCT l.released_at, l.recipient FROM released_row w JOIN release l ON l.id = w.release_id
                WHERE w.account = ? ORDER BY 1
                """,
                (account,),
            )
        ),
        overrides=tuple((line.at, f"{line.what} by {line.who}") for line in _decisions(conn, "c.account", account)),
        evidence=tuple(
            conn.execute("SELECT DISTINCT name, value FROM evidence WHERE account = ? ORDER BY 1, 2", (account,))
        ),
        faults=(*ledger.faults, *_contradictions(ledger.events)),
    )


def _contradictions(events: Sequence[ConsentEvent]) -> Iterator[str]:
    """Events that came in with several contents under one id, each told once."""
    first: dict[str, bytes] = {}
    told: set[str] = set()
    for event in events:
        if first.setdefault(event.event_id, event.digest) != event.digest and event.event_id not in told:
            told.add(event.event_id)
            yield f"event {event.event_id} came in with two different contents"


def history(conn: sqlite3.Connection, conversation_id: int) -> tuple[HistoryLine, ...]:
    """What happened to one conversation, newest first."""
    lines = [
        *_imports(conn, conversation_id),
        *_decisions(conn, "c.id", conversation_id),
        *_approvals(conn, conversation_id),
        *_releases(conn, conversation_id),
        *_looks(conn, conversation_id),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _used(event: ConsentEvent) -> UsedEvent:
    return UsedEvent(
        event.event_id, event.channel, event.action, event.effective, event.recorded, event.source, event.evidence
    )


def _when(event: ConsentEvent) -> tuple[int, int]:
    return (event.effective.lo if event.effective else EARLIEST, event.known)


def _decisions(conn: sqlite3.Connection, column: str, value: object) -> Iterator[HistoryLine]:
    found = conn.execute(
        f"""
        SELECT d.recorded_at, d.requested_by, coalesce(d.second_by, ''), d.action, d.confirms, d.undoes
        FROM decision d JOIN conversation c ON c.id = d.conversation_id WHERE {column} = ? ORDER BY d.id
        """,
        (value,),
    )
    for at, by, second, action, confirms, undoes in found:
        if undoes is not None:
            yield HistoryLine(at, by, f"undid: {action}")
        elif confirms is not None:
            yield HistoryLine(at, second, f"confirmed: {action}")
        else:
            yield HistoryLine(at, f"{by} and {second}" if second else by, action)


def _imports(conn: sqlite3.Connection, conversation_id: int) -> Iterator[HistoryLine]:
    found = conn.execute(
        "SELECT c.imported_at, i.path, c.version FROM conversation c JOIN import i ON i.id = c.import_id "
        "WHERE c.id = ?",
        (conversation_id,),
    )
    for at, path, version in found:
        name = str(path).replace("\\", "/").rsplit("/", 1)[-1]
        yield HistoryLine(at, "", f"imported from {name}" + (f" as version {version}" if version > 1 else ""))


def _approvals(conn: sqlite3.Connection, conversation_id: int) -> Iterator[HistoryLine]:
    found = conn.execute(
        """
        SELECT a.recorded_at, a.by, s.name FROM set_item i JOIN approved_set s ON s.id = i.set_id
        JOIN set_approval a ON a.set_id = s.id WHERE i.conversation_id = ?
        """,
        (conversation_id,),
    )
    for at, by, name in found:
        yield HistoryLine(at, by, f"approved in the set {name}")


def _releases(conn: sqlite3.Connection, conversation_id: int) -> Iterator[HistoryLine]:
    found = conn.execute(
        """
        SELECT DISTINCT l.released_at, l.recipient FROM released_row w JOIN release l ON l.id = w.release_id
        WHERE w.conversation_id = ?
        """,
        (conversation_id,),
    )
    for at, recipient in found:
        yield HistoryLine(at, "", f"released to {recipient}")


def _looks(conn: sqlite3.Connection, conversation_id: int) -> Iterator[HistoryLine]:
    """Who read or copied the text: these acts stand in the audit trail alone."""
    found = conn.execute(
        """
        SELECT json_extract(body, '$.at'), json_extract(body, '$.actor'), json_extract(body, '$.act')
        FROM audit_event WHERE json_extract(body, '$.object') = ? AND json_extract(body, '$.act') IN (?, ?)
        """,
        (f"conversation:{conversation_id}", VIEWED, COPIED),
    )
    for at, actor, act in found:
        yield HistoryLine(times.instant(at) or 0, actor, act)
