"""The register of imports: what was taken in, when, with which counts, and what it touched."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from core.model.view import FileReport, QuarantineRow
from core.store import facts, verdicts
from core.store.writer import transact

EVERY = "*"
NOT_WHOLE = "a ledger file was not read whole"
RUNNING, COMPLETE, PARTIAL = "running", "complete", "partial"
REFUSED, CANCELLED, INTERRUPTED = "refused", "cancelled", "interrupted"
_REPORT = "path, kind, status, seen, imported, duplicates, new_versions, quarantined, reason"


@dataclass(frozen=True, slots=True)
class Touched:
    """What imports changed that no verdict rests on yet: conversations, accounts (``*`` = all), the last import."""

    conversations: tuple[int, ...]
    accounts: tuple[str, ...]
    last_import: int


def begin(
    conn: sqlite3.Connection, *, path: str, sha256: str, size: int, kind: str, account: str | None, at: int
) -> int:
    """Register a file whose import starts; its row id."""
    row = conn.execute(
        "INSERT INTO import (path, sha256, size, kind, account, status, reason, started_at, seen, imported, duplicates,"
        " new_versions, quarantined, resume) VALUES (?, ?, ?, ?, ?, 'running', '', ?, 0, 0, 0, 0, 0, 0)",
        (path, sha256, size, kind, account, at),
    ).lastrowid
    return int(row or 0)


def close(
    conn: sqlite3.Connection, import_id: int, *, status: str, reason: str, at: int, replaces: Collection[str] = ()
) -> None:
    """End an import. A ledger that was read to its end no longer holds every account back.

    ``replaces`` names the sources (by digest) that this file begins with, such as a copy of it that was cut short:
    each of their lines was judged again as a line of this file, so that their faults no longer count.
    """
    conn.execute(
        "UPDATE import SET status = ?, reason = ?, finished_at = ? WHERE id = ?", (status, reason, at, import_id)
    )
    if status == COMPLETE:
        conn.execute(
            "UPDATE ledger_fault SET resolved_by = ? WHERE account = '*' AND reason = ? AND source_sha256 = ? "
            "AND resolved_by IS NULL",
            (import_id, NOT_WHOLE, sha256(conn, import_id)),
        )
        conn.executemany(
            "UPDATE ledger_fault SET resolved_by = ? WHERE source_sha256 = ? AND resolved_by IS NULL",
            [(import_id, source) for source in replaces],
        )


def settle_interrupted(conn: sqlite3.Connection, at: int) -> int:
    """Mark the imports of a dead process; what they committed stays, running them again adds the rest. How many."""
    if conn.execute("SELECT 1 FROM import WHERE status = 'running'").fetchone() is None:
        return 0
    reason = "The program ended during this import; import the file again to add the rest."
    return transact(
        conn,
        lambda c: (
            c.execute(
                "UPDATE import SET status = 'interrupted', reason = ?, finished_at = ? WHERE status = 'running'",
                (reason, at),
            ).rowcount
        ),
    )


def report(conn: sqlite3.Connection, import_id: int) -> FileReport:
    """What became of one import."""
    return FileReport(*conn.execute(f"SELECT {_REPORT} FROM import WHERE id = ?", (import_id,)).fetchone())


def reports(conn: sqlite3.Connection) -> tuple[FileReport, ...]:
    """All imports, newest first."""
    return tuple(FileReport(*row) for row in conn.execute(f"SELECT {_REPORT} FROM import ORDER BY id DESC"))


def running(conn: sqlite3.Connection) -> int | None:
    """The import that is not closed yet, if there is one; there is never more than one."""
    found = conn.execute("SELECT max(id) FROM import WHERE status = 'running'").fetchone()[0]
    return None if found is None else int(found)


def sha256(conn: sqlite3.Connection, import_id: int) -> str:
    """The digest (hex) of an imported file."""
    return str(conn.execute("SELECT sha256 FROM import WHERE id = ?", (import_id,)).fetchone()[0])


def quarantine(conn: sqlite3.Connection) -> tuple[QuarantineRow, ...]:
    """Everything set aside, in the order it came."""
    rows = conn.execute('SELECT id, file, member, idx, line, "offset", reason FROM quarantine ORDER BY id')
    return tuple(QuarantineRow(*row) for row in rows)


def quarantine_raw(conn: sqlite3.Connection, row: int) -> bytes | None:
    """The first bytes of something set aside; None if there is no such row."""
    found = conn.execute("SELECT raw FROM quarantine WHERE id = ?", (row,)).fetchone()
    return None if found is None else bytes(found[0])


def cut_short(conn: sqlite3.Connection) -> dict[str, int]:
    """Digest and size in bytes of each ledger file that was not read whole and still holds accounts back."""
    rows = conn.execute(
        "SELECT DISTINCT f.source_sha256, i.size FROM ledger_fault f JOIN import i ON i.id = f.import_id "
        "WHERE f.account = '*' AND f.resolved_by IS NULL",
    )
    return dict(rows.fetchall())


def touched(conn: sqlite3.Connection) -> Touched:
    """What the imports since the last :func:`settled` one changed, an interrupted one's part included."""
    since, newest = decided_through(conn), last(conn)
    conversations = conn.execute(
        "SELECT c.id FROM conversation c LEFT JOIN conversation_verdict v ON v.conversation_id = c.id "
        "WHERE c.current = 1 AND (v.conversation_id IS NULL OR c.import_id > ?) ORDER BY c.id",
        (since,),
    )
    accounts = conn.execute(
        """
        SELECT account FROM consent_event WHERE import_id > :since
        UNION SELECT e.account FROM consent_event e JOIN retraction r ON r.retracts = e.event_id
              WHERE r.import_id > :since
        UNION SELECT account FROM coverage WHERE import_id > :since
        UNION SELECT account FROM deletion WHERE import_id > :since
        UNION SELECT account FROM account_line WHERE import_id > :since
        UNION SELECT account FROM evidence WHERE import_id > :since
        UNION SELECT account FROM ledger_fault
              WHERE (import_id > :since OR resolved_by > :since) AND resolved_by IS NOT import_id
        UNION SELECT account FROM import WHERE id > :since AND account IS NOT NULL
        """,
        {"since": since},
    )
    return Touched(tuple(row[0] for row in conversations), tuple(row[0] for row in accounts), newest)


def due(conn: sqlite3.Connection, what: Touched) -> list[int]:
    """Current conversations whose verdicts rest on less than these imports brought, in id order."""
    return sorted({*what.conversations, *facts.touched(conn, what.accounts)})


def forget_overtaken(conn: sqlite3.Connection) -> None:
    """Drop verdicts that an import has overtaken whose end nobody saw: undecided is true, eligible may not be."""
    if last(conn) > decided_through(conn):
        transact(conn, lambda c: verdicts.forget(c, due(c, touched(c))))


def last(conn: sqlite3.Connection) -> int:
    """The newest import, 0 for none."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM import").fetchone()[0])


def decided_through(conn: sqlite3.Connection) -> int:
    """The import up to which verdicts rest on what came in."""
    return int(conn.execute("SELECT value FROM setting WHERE key = 'decided_through'").fetchone()[0])


def settled(conn: sqlite3.Connection, last_import: int) -> None:
    """Note that the verdicts rest on every import up to this one."""
    conn.execute("UPDATE setting SET value = ? WHERE key = 'decided_through'", (str(last_import),))
