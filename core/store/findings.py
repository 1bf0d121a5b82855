"""What the detector found, by text digest and detector version: the same words are never scanned twice.

A text is addressed by its SHA-256, so that edits, duplicates, re-imports and even redacted output share one cache.
Unscanned, scanned by an older detector and scanned are three different things here; only the last counts.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.model.span import REDACTED_TIERS, ScanResult, Span, Tier
from core.store.facts import packed


@dataclass(frozen=True, slots=True)
class StoredText:
    """One text of a conversation with the turn it belongs to (``record_id`` 0 for the conversation's own texts)."""

    id: int
    record_id: int
    field: str
    body: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One turn of a conversation, in tree order."""

    record_id: int
    role: str
    visible: bool
    hidden_kind: str
    assets: bool


@dataclass(frozen=True, slots=True)
class ScanState:
    """What is on file about one text under one detector version. ``by`` is the person who stands for it, if any."""

    scanned: bool = False
    language: str = ""
    covered: bool = False
    by: str = ""


def pending(
    conn: sqlite3.Connection, detector: str, conversations: Collection[int] | None = None
) -> list[tuple[int, int]]:
    """One text row for each distinct text of current conversations not yet scanned: (row id, length), by row id.

    A text whose time ran out is tried again: the machine may be less busy now.
    """
    return conn.execute(
        f"""
        SELECT min(t.id), length(t.body) FROM text t JOIN conversation c ON c.id = t.conversation_id
        WHERE c.current = 1 {_within(conversations)}
          AND NOT EXISTS (SELECT 1 FROM scan s WHERE s.text_sha = t.sha256 AND s.detector = :detector
                          AND s.state <> 'timeout')
        GROUP BY t.sha256 ORDER BY 1
        """,
        {"detector": detector, "ids": packed(conversations or ())},
    ).fetchall()


def distinct_texts(conn: sqlite3.Connection, conversations: Collection[int] | None = None) -> int:
    """How many different texts the current conversations hold."""
    row = conn.execute(
        f"""
        SELECT count(DISTINCT t.sha256) FROM text t JOIN conversation c ON c.id = t.conversation_id
        WHERE c.current = 1 {_within(conversations)}
        """,
        {"ids": packed(conversations or ())},
    ).fetchone()
    return int(row[0])


def by_entity(conn: sqlite3.Connection, detector: str, conversations: Collection[int] | None = None) -> dict[str, int]:
    """Findings of this detector in the different texts of current conversations, by entity, most frequent first."""
    return dict(
        conn.execute(
            f"""
            SELECT f.entity, count(*) FROM finding f WHERE f.detector = :detector AND f.text_sha IN (
                SELECT t.sha256 FROM text t JOIN conversation c ON c.id = t.conversation_id
                WHERE c.current = 1 {_within(conversations)})
            GROUP BY f.entity ORDER BY 2 DESC, 1
            """,
            {"detector": detector, "ids": packed(conversations or ())},
        ).fetchall()
    )


def _within(conversations: Collection[int] | None) -> str:
    return "" if conversations is None else "AND c.id IN (SELECT value FROM json_each(:ids))"


def bodies(conn: sqlite3.Connection, texts: Sequence[int]) -> list[tuple[bytes, str]]:
    """Digest and body of these text rows."""
    return conn.execute(
        "SELECT sha256, body FROM text WHERE id IN (SELECT value FROM json_each(?)) ORDER BY length(body)",
        (packed(texts),),
    ).fetchall()


def store(conn: sqlite3.Connection, detector: str, results: Iterable[tuple[bytes, ScanResult]], at: int) -> None:
    """Store what a scan found, replacing an earlier result for the same text and detector."""
    for sha, result in results:
        conn.execute("DELETE FROM finding WHERE text_sha = ? AND detector = ?", (sha, detector))
        redacted = sum(span.tier in REDACTED_TIERS for span in result.spans)
        conn.execute(
            """
            INSERT OR REPLACE INTO scan (text_sha, detector, language, covered, state, redacted_spans, scanned_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (sha, detector, result.language, result.covered, result.state, redacted, at),
        )
        conn.executemany(
            """
            INSERT INTO finding (text_sha, detector, start, end, entity, score, source, tier)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            ((sha, detector, s.start, s.end, s.entity, s.score, s.detector, s.tier) for s in result.spans),
        )


def used(conn: sqlite3.Connection, detector: str) -> bool:
    """Whether this detector version has scanned anything here."""
    return conn.execute("SELECT 1 FROM scan WHERE detector = ? LIMIT 1", (detector,)).fetchone() is not None


def unscanned(conn: sqlite3.Connection, detector: str, shas: Iterable[bytes]) -> set[bytes]:
    """Of these texts those with no scan of this detector that came to its end."""
    known = "SELECT 1 FROM scan WHERE text_sha = ? AND detector = ? AND state <> 'timeout'"
    return {sha for sha in set(shas) if conn.execute(known, (sha, detector)).fetchone() is None}


def spans(conn: sqlite3.Connection, detector: str, shas: Iterable[bytes]) -> dict[bytes, tuple[Span, ...]]:
    """The findings of this detector by text, in text order; texts without any have no entry."""
    found: defaultdict[bytes, list[Span]] = defaultdict(list)
    for sha in set(shas):
        for start, end, entity, score, source, tier in conn.execute(
            """
            SELECT start, end, entity, score, source, tier FROM finding WHERE text_sha = ? AND detector = ?
            ORDER BY start, end
            """,
            (sha, detector),
        ):
            found[sha].append(Span(start, end, entity, score, source, Tier(tier)))
    return {sha: tuple(held) for sha, held in found.items()}


def states(conn: sqlite3.Connection, detector: str, shas: Iterable[bytes]) -> dict[bytes, ScanState]:
    """Scan and review of each text under this detector."""
    found = {}
    for sha in set(shas):
        scan = conn.execute(
            "SELECT state, language, covered FROM scan WHERE text_sha = ? AND detector = ?", (sha, detector)
        ).fetchone()
        review = conn.execute(
            """
            SELECT t.by FROM text_review t WHERE t.text_sha = ? AND t.detector = ? AND t.undoes IS NULL
              AND NOT EXISTS (SELECT 1 FROM text_review u WHERE u.undoes = t.id) LIMIT 1
            """,
            (sha, detector),
        ).fetchone()
        found[sha] = ScanState(
            scanned=scan is not None and scan[0] == "scanned",
            language=scan[1] if scan else "",
            covered=bool(scan and scan[2]),
            by=review[0] if review else "",
        )
    return found


def turns(conn: sqlite3.Connection, conversation: int) -> list[StoredTurn]:
    """All turns of a conversation in tree order, parts of requests included."""
    rows = conn.execute(
        """
        SELECT id, role, visible, hidden_kind, assets NOT IN ('', '[]') FROM record
        WHERE conversation_id = ? ORDER BY seq
        """,
        (conversation,),
    )
    return [StoredTurn(row, role, bool(seen), kind, bool(assets)) for row, role, seen, kind, assets in rows]


def texts(conn: sqlite3.Connection, conversation: int) -> list[StoredText]:
    """All texts of a conversation, its own first, then in tree order."""
    rows = conn.execute(
        """
        SELECT t.id, coalesce(t.record_id, 0), t.field, t.body, t.sha256 FROM text t
        LEFT JOIN record r ON r.id = t.record_id WHERE t.conversation_id = ? ORDER BY coalesce(r.seq, -1), t.id
        """,
        (conversation,),
    )
    return [StoredText(*row) for row in rows]


def wholly_scanned(conn: sqlite3.Connection, detector: str, conversations: Sequence[int]) -> list[int]:
    """Of these conversations those of which every text was scanned by this detector, in the order given."""
    rows = conn.execute(
        """
        SELECT DISTINCT t.conversation_id FROM text t
        WHERE t.conversation_id IN (SELECT value FROM json_each(:ids))
          AND NOT EXISTS (SELECT 1 FROM scan s WHERE s.text_sha = t.sha256 AND s.detector = :detector)
        """,
        {"ids": packed(conversations), "detector": detector},
    )
    open_ones = {row for (row,) in rows}
    return [row for row in conversations if row not in open_ones]
