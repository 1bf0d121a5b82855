"""Counts for the overview: activity, reasons, and how many records are left after each step of their journey."""

import sqlite3
from collections.abc import Iterator


def activity(conn: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    """Who created something: account, product, region (of the account's newest line), month ``YYYY-MM`` or empty."""
    yield from conn.execute(
        """
        SELECT DISTINCT c.account, c.product,
            coalesce((SELECT a.region FROM account_line a WHERE a.account = c.account AND a.region <> ''
                      ORDER BY coalesce(a.recorded_at, a.imported_at) DESC, a.id DESC LIMIT 1), ''),
            coalesce(strftime('%Y-%m', c.created_shown / 1000000, 'unixepoch'), '')
        FROM conversation c WHERE c.current = 1 AND c.account <> ''
        """,
    )


def accounts(conn: sqlite3.Connection) -> list[str]:
    """Accounts of current conversations."""
    rows = conn.execute("SELECT DISTINCT account FROM conversation WHERE current = 1 AND account <> '' ORDER BY 1")
    return [account for (account,) in rows]


def reasons(conn: sqlite3.Connection) -> list[tuple[str, str, int, int]]:
    """Primary reasons of current records: reason, clause, decision, records; most frequent first."""
    return conn.execute(
        """
        SELECT v.reason, v.clause, v.decision, count(*) FROM verdict v
        JOIN conversation c ON c.id = v.conversation_id WHERE c.current = 1
        GROUP BY v.reason, v.clause, v.decision ORDER BY 4 DESC, 1
        """,
    ).fetchall()


_OPEN_TEXTS = """
    SELECT t.conversation_id, max(s.text_sha IS NULL OR s.state <> 'scanned') AS unscanned FROM text t
    JOIN record r ON r.id = t.record_id AND r.visible = 1 AND r.hidden_kind = ''
    LEFT JOIN scan s ON s.text_sha = t.sha256 AND s.detector = :detector
    WHERE t.field = 'content' AND t.body <> '' AND (s.text_sha IS NULL OR s.state <> 'scanned' OR s.covered = 0)
      AND NOT EXISTS (SELECT 1 FROM text_review w WHERE w.text_sha = t.sha256 AND w.detector = :detector
                      AND w.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM text_review u WHERE u.undoes = w.id))
    GROUP BY t.conversation_id
"""


def journey(conn: sqlite3.Connection, detector: str) -> dict[str, int]:
    """How many records reach each step, every step among those of the step before.

    ``loaded``; ``eligible`` by their verdict; ``redacted``: every text that would go out is verified under
    ``detector``; ``approved``: in a set that two people approved; ``released``. Besides, of the eligible ones
    that are not redacted: ``unscanned`` and ``uncovered`` (a language without cover).
    """
    row = conn.execute(
        f"""
        WITH open_text AS ({_OPEN_TEXTS}),
        approved AS (
            SELECT DISTINCT i.conversation_id FROM set_item i
            WHERE (SELECT count(*) FROM set_approval a WHERE a.set_id = i.set_id) >= 2),
        out AS (SELECT DISTINCT conversation_id FROM released_row)
        SELECT sum(c.records), sum(v.eligible),
               sum(CASE WHEN o.conversation_id IS NULL THEN v.eligible END),
               sum(CASE WHEN o.unscanned = 1 THEN v.eligible END),
               sum(CASE WHEN o.unscanned = 0 THEN v.eligible END),
               sum(CASE WHEN o.conversation_id IS NULL AND a.conversation_id IS NOT NULL THEN v.eligible END),
               sum(CASE WHEN o.conversation_id IS NULL AND a.conversation_id IS NOT NULL
                         AND r.conversation_id IS NOT NULL THEN v.eligible END)
        FROM conversation c
        LEFT JOIN conversation_verdict v ON v.conversation_id = c.id
        LEFT JOIN open_text o ON o.conversation_id = c.id
        LEFT JOIN approved a ON a.conversation_id = c.id
        LEFT JOIN out r ON r.conversation_id = c.id
        WHERE c.current = 1
        """,
        {"detector": detector},
    ).fetchone()
    names = ("loaded", "eligible", "redacted", "unscanned", "uncovered", "approved", "released")
    return {name: int(value or 0) for name, value in zip(names, row, strict=True)}
