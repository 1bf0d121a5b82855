"""Approved sets: frozen lists of conversation versions and the people who approved them, append-only."""

import sqlite3
from collections.abc import Iterable, Sequence

from core.model.release import ApprovedSet, SetState
from core.model.review import person
from core.store.facts import packed
from core.store.records import HAS_ASSETS


def add(
    conn: sqlite3.Connection,
    *,
    name: str,
    query: str,
    at: int,
    items: Sequence[tuple[int, bytes]],
    records: int,
    left_out: int,
) -> int:
    """Freeze a set of (conversation, content digest) and return its row."""
    row = conn.execute(
        """
        INSERT INTO approved_set (name, query, created_at, conversations, records, left_out)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (name, query, at, len(items), records, left_out),
    ).lastrowid
    conn.executemany(
        "INSERT INTO set_item (set_id, conversation_id, content_sha) VALUES (?, ?, ?)",
        ((row, conversation, sha) for conversation, sha in items),
    )
    return int(row or 0)


def approve(conn: sqlite3.Connection, set_id: int, by: str, at: int) -> None:
    """Append one person's approval."""
    conn.execute("INSERT INTO set_approval (set_id, by, recorded_at) VALUES (?, ?, ?)", (set_id, by, at))


def every(conn: sqlite3.Connection) -> tuple[ApprovedSet, ...]:
    """All sets, newest first."""
    rows = conn.execute("SELECT id FROM approved_set ORDER BY id DESC").fetchall()
    return tuple(_read(conn, row) for (row,) in rows)


def named(conn: sqlite3.Connection, name: str) -> ApprovedSet | None:
    """The set of this name, None if there is none."""
    row = conn.execute("SELECT id FROM approved_set WHERE name = ?", (name,)).fetchone()
    return None if row is None else _read(conn, row[0])


def _read(conn: sqlite3.Connection, set_id: int) -> ApprovedSet:
    row = conn.execute(
        "SELECT id, name, query, created_at, conversations, records, left_out FROM approved_set WHERE id = ?", (set_id,)
    ).fetchone()
    people = distinct(
        by for (by,) in conn.execute("SELECT by FROM set_approval WHERE set_id = ? ORDER BY id", (set_id,))
    )
    out = conn.execute("SELECT 1 FROM release WHERE set_id = ?", (set_id,)).fetchone() is not None
    state = SetState.RELEASED if out else SetState.APPROVED if len(people) > 1 else SetState.DRAFT
    return ApprovedSet(
        id=row[0],
        name=row[1],
        query=row[2],
        state=state,
        approved_by=people[0] if people else "",
        second_by=people[1] if len(people) > 1 else "",
        created=row[3],
        conversations=row[4],
        records=row[5],
        left_out=row[6],
    )


def distinct(names: Iterable[str]) -> list[str]:
    """The names without those that name a person already named."""
    found: dict[str, str] = {}
    for name in names:
        if person(name):
            found.setdefault(person(name), name)
    return list(found.values())


def items(conn: sqlite3.Connection, set_id: int) -> list[tuple[int, bytes]]:
    """The frozen (conversation, content digest) pairs, in conversation order."""
    return conn.execute(
        "SELECT conversation_id, content_sha FROM set_item WHERE set_id = ? ORDER BY conversation_id", (set_id,)
    ).fetchall()


def with_assets(conn: sqlite3.Connection, set_id: int) -> int:
    """How many conversations of a set refer to pictures or files in what would go out."""
    found = conn.execute(
        f"""
        SELECT count(*) FROM conversation c JOIN set_item i ON i.conversation_id = c.id
        WHERE i.set_id = ? AND {HAS_ASSETS}
        """,
        (set_id,),
    ).fetchone()
    return int(found[0])


def eligible_versions(conn: sqlite3.Connection, conversations: Sequence[int]) -> tuple[list[tuple[int, bytes]], int]:
    """Of these current conversations the wholly eligible ones with their digests, and how many records they hold."""
    rows = conn.execute(
        """
        SELECT c.id, c.content_sha, c.records FROM conversation c
        JOIN conversation_verdict v ON v.conversation_id = c.id
        WHERE c.current = 1 AND v.decision = 0 AND v.undetermined = 0 AND v.not_eligible = 0
          AND v.eligible = c.records AND c.records > 0
          AND c.id IN (SELECT value FROM json_each(?))
        ORDER BY c.id
        """,
        (packed(conversations),),
    ).fetchall()
    return [(row, sha) for row, sha, _ in rows], sum(records for _, _, records in rows)


def current_conversations(conn: sqlite3.Connection) -> list[int]:
    """The current version of every conversation."""
    return [row for (row,) in conn.execute("SELECT id FROM conversation WHERE current = 1 ORDER BY id")]


def named_conversations(conn: sqlite3.Connection, name: str) -> list[tuple[int, str]]:
    """Current conversations that ``CONVERSATION`` or ``ACCOUNT/CONVERSATION`` may mean: (id, account/conversation)."""
    rows = conn.execute(
        """
        SELECT id, account || '/' || source_id FROM conversation
        WHERE current = 1 AND source_id = :name
        UNION
        SELECT id, account || '/' || source_id FROM conversation
        WHERE current = 1 AND instr(:name, '/') > 0 AND account || '/' || source_id = :name
        ORDER BY 2
        """,
        {"name": name},
    )
    return rows.fetchall()
