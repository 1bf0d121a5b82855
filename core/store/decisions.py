"""What people decided about records, append-only: overrides, second people's confirmations, undoings, reviews.

A row of ``decision`` is one of three: an override; a confirmation (``confirms`` names the override, ``second_by`` the
second person); an undoing (``undoes`` names an override or a confirmation). What is in force is folded from all rows.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from core.model.review import Override, OverrideAction, person
from core.store.facts import packed

ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One stored decision. ``reason`` and ``evidence`` are the words where they were not erased."""

    id: int
    batch: int
    record_id: int
    conversation_id: int
    action: str
    requested_by: str
    second_by: str
    reason_id: int
    reason: str
    evidence_id: int | None
    evidence: str
    verdict_digest: str
    confirms: int | None
    undoes: int | None
    recorded_at: int


_WORDS = f"""
    d.action, d.requested_by, coalesce(d.second_by, ''), d.reason_id, coalesce(r.body, '{ERASED}'), d.evidence_id,
    CASE WHEN d.evidence_id IS NULL THEN '' ELSE coalesce(e.body, '{ERASED}') END,
    d.verdict_digest, d.confirms, d.undoes, d.recorded_at
"""
_JOINS = "LEFT JOIN free_text r ON r.id = d.reason_id LEFT JOIN free_text e ON e.id = d.evidence_id"
_SELECT = f"SELECT d.id, d.batch, d.record_id, d.conversation_id, {_WORDS} FROM decision d {_JOINS}"
_SAME = "o.account IN (c.account, '') AND o.source_id = c.source_id AND o.product = c.product AND o.id <> c.id"
"""That ``o`` is another version of the conversation ``c``, or a copy that came in before its account was known."""


def of_conversations(conn: sqlite3.Connection, conversations: Collection[int]) -> list[DecisionLine]:
    """All decisions on records of these conversations, oldest first.

    An exclusion, or its undoing, of another version of a conversation is given as one of the record that has the same
    source id here: a longer copy of a conversation must not let in what a person left out. An include is bound to the
    words that two people saw, and stays with their version.
    """
    rows = conn.execute(
        f"""
        {_SELECT} WHERE d.conversation_id IN (SELECT value FROM json_each(:ids))
        UNION ALL
        SELECT d.id, d.batch, n.id, c.id, {_WORDS}
        FROM conversation c JOIN conversation o ON {_SAME}
        JOIN decision d ON d.conversation_id = o.id AND d.action = 'exclude'
        JOIN record p ON p.id = d.record_id
        JOIN record n ON n.conversation_id = c.id AND n.source_id = p.source_id AND n.part = 0 {_JOINS}
        WHERE c.id IN (SELECT value FROM json_each(:ids))
        ORDER BY 1
        """,
        {"ids": packed(conversations)},
    )
    return [DecisionLine(*row) for row in rows]


def current_versions(conn: sqlite3.Connection, conversations: Collection[int]) -> list[int]:
    """The versions in which these conversations, or others of their versions, stand now, in id order."""
    rows = conn.execute(
        f"""
        SELECT id FROM conversation WHERE current = 1 AND id IN (SELECT value FROM json_each(:ids))
        UNION
        SELECT c.id FROM conversation o JOIN conversation c ON {_SAME}
        WHERE c.current = 1 AND o.id IN (SELECT value FROM json_each(:ids)) ORDER BY 1
        """,
        {"ids": packed(conversations)},
    )
    return [row for (row,) in rows]


def of_batch(conn: sqlite3.Connection, batch: int) -> list[DecisionLine]:
    """All decisions of one act, oldest first."""
    return [DecisionLine(*row) for row in conn.execute(f"{_SELECT} WHERE d.batch = ? ORDER BY d.id", (batch,))]


def in_force(lines: Iterable[DecisionLine], known_at: int) -> dict[int, tuple[Override, ...]]:
    """The overrides in force by record, on what was recorded by ``known_at`` (microseconds).

    An undone row counts for nothing; a confirmed override carries its second person. Its time stays that of the
    first person's act, so that a consent event recorded between the two acts makes it stale.
    """
    known = [line for line in lines if line.recorded_at <= known_at]
    undone = {line.undoes for line in known if line.undoes is not None}
    seconds = {line.confirms: line.second_by for line in known if line.confirms is not None and line.id not in undone}
    found: defaultdict[int, list[Override]] = defaultdict(list)
    for line in known:
        if line.confirms is None and line.undoes is None and line.id not in undone:
            override = _override(line)
            found[line.record_id].append(replace(override, second_by=seconds.get(line.id, override.second_by)))
    return {record: tuple(held) for record, held in found.items()}


def _override(line: DecisionLine) -> Override:
    return Override(
        id=str(line.id),
        record=str(line.record_id),
        action=OverrideAction(line.action),
        by=line.requested_by,
        reason=line.reason,
        recorded=line.recorded_at,
        second_by=line.second_by,
        evidence=line.evidence,
        verdict_digest=line.verdict_digest,
    )


def next_batch(conn: sqlite3.Connection) -> int:
    """The number of the next act."""
    return int(conn.execute("SELECT coalesce(max(batch), 0) + 1 FROM decision").fetchone()[0])


def add(
    conn: sqlite3.Connection,
    *,
    batch: int,
    record_id: int,
    conversation_id: int,
    action: str,
    requested_by: str,
    reason_id: int,
    verdict_digest: str,
    recorded_at: int,
    second_by: str = "",
    evidence_id: int | None = None,
    confirms: int | None = None,
    undoes: int | None = None,
) -> int:
    """Append one decision and return its row."""
    row = conn.execute(
        """
        INSERT INTO decision (batch, record_id, conversation_id, action, requested_by, second_by, reason_id,
                              evidence_id, verdict_digest, confirms, undoes, recorded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (batch, record_id, conversation_id, action, requested_by, second_by or None, reason_id,
         evidence_id, verdict_digest, confirms, undoes, recorded_at),
    ).lastrowid  # fmt: skip
    return int(row or 0)


def undoable(conn: sqlite3.Connection, actor: str) -> list[int]:
    """Acts of this person that are not wholly undone yet, newest first.

    An override is the first person's act, a confirmation the second's.
    """
    rows = conn.execute(
        """
        SELECT DISTINCT d.batch, CASE WHEN d.confirms IS NULL THEN d.requested_by ELSE d.second_by END
        FROM decision d
        WHERE d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)
        ORDER BY d.batch DESC
        """,
    )
    return [batch for batch, by in rows if person(by) == person(actor)]


def record_places(conn: sqlite3.Connection, records: Sequence[int]) -> dict[int, tuple[int, str, int]]:
    """By record given: the record that carries its verdict, that record's source id, and its conversation."""
    rows = conn.execute(
        """
        SELECT r.id, f.id, f.source_id, r.conversation_id FROM record r JOIN record f
          ON f.conversation_id = r.conversation_id AND f.part = 0 AND f.seq <= r.seq AND (r.part = 1 OR f.id = r.id)
        WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY r.id, f.seq
        """,
        (packed(records),),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def review_text(
    conn: sqlite3.Connection, *, text_sha: bytes, detector: str, by: str, at: int, undoes: int | None = None
) -> None:
    """Append that a person stands for a text's redaction by this detector, or takes it back."""
    conn.execute(
        "INSERT INTO text_review (text_sha, detector, by, recorded_at, undoes) VALUES (?, ?, ?, ?, ?)",
        (text_sha, detector, by, at, undoes),
    )


def standing_reviews(conn: sqlite3.Connection, conversation: int, detector: str) -> dict[bytes, list[tuple[int, str]]]:
    """By text digest of a conversation: the reviews (row, person) under this detector that were not taken back."""
    rows = conn.execute(
        """
        SELECT t.text_sha, t.id, t.by FROM text_review t
        WHERE t.detector = ? AND t.undoes IS NULL
          AND t.text_sha IN (SELECT sha256 FROM text WHERE conversation_id = ?)
          AND NOT EXISTS (SELECT 1 FROM text_review u WHERE u.undoes = t.id)
        """,
        (detector, conversation),
    )
    found: defaultdict[bytes, list[tuple[int, str]]] = defaultdict(list)
    for sha, row, by in rows:
        found[bytes(sha)].append((row, by))
    return found


def sets_resting_on(conn: sqlite3.Connection, conversations: Collection[int] | None, since: int) -> list[str]:
    """Names of sets that two people approved and that were frozen at or after ``since`` (microseconds).

    ``conversations`` keeps to sets that hold any of these; None takes every set, as an exclusion shapes each set that
    was frozen after it by what it left out.
    """
    held = (
        "1"
        if conversations is None
        else """EXISTS (SELECT 1 FROM set_item i WHERE i.set_id = s.id
            AND i.conversation_id IN (SELECT value FROM json_each(:ids)))"""
    )
    rows = conn.execute(
        f"""
        SELECT s.name FROM approved_set s
        WHERE s.created_at >= :since AND {held}
          AND (SELECT count(*) FROM set_approval a WHERE a.set_id = s.id) >= 2
        ORDER BY s.id
        """,
        {"since": since, "ids": packed(conversations or ())},
    )
    return [name for (name,) in rows]


def undone_in(conn: sqlite3.Connection, lines: Sequence[int]) -> set[int]:
    """Of these decision rows those that were undone."""
    rows = conn.execute(
        "SELECT undoes FROM decision WHERE undoes IN (SELECT value FROM json_each(?))", (packed(lines),)
    )
    return {row for (row,) in rows}
