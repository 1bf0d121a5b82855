"""The registry of releases, so that a later opt-out finds what went out, and what gates ask of a conversation."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from core.model.release import ReleaseRow


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One conversation as stored now, for the gates and the receipt. ``records`` counts are of rows, not of a cache.

    ``assets`` counts turns on the visible path that refer to a picture or a file.
    """

    id: int
    source_id: str
    account: str
    product: str
    current: bool
    content_sha: bytes
    incomplete: str
    records: int
    visible_records: int
    hidden_records: int
    hidden_turns: int
    assets: int


@dataclass(frozen=True, slots=True)
class OutRow:
    """One row of a bundle: which conversation it was, under which names and digests."""

    conversation_id: int
    account: str
    row_id: str
    row_sha256: str
    verdict_digest: str


def add(
    conn: sqlite3.Connection,
    *,
    set_id: int,
    recipient: str,
    purpose: str,
    as_of: int,
    at: int,
    profile: str,
    bundle: str,
    manifest_sha256: str,
    key_fingerprint: str,
    rows: Iterable[OutRow],
) -> int:
    """Register a bundle with its rows and return the release's row."""
    listed = list(rows)
    release = conn.execute(
        """
        INSERT INTO release (set_id, recipient, purpose, as_of, released_at, profile, rows, bundle, manifest_sha256,
                             key_fingerprint)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (set_id, recipient, purpose, as_of, at, profile, len(listed), bundle, manifest_sha256, key_fingerprint),
    ).lastrowid
    conn.executemany(
        """
        INSERT INTO released_row (release_id, row, conversation_id, account, row_id, row_sha256, verdict_digest)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (release, number, r.conversation_id, r.account, r.row_id, r.row_sha256, r.verdict_digest)
            for number, r in enumerate(listed)
        ),
    )
    return int(release or 0)


def every(conn: sqlite3.Connection) -> tuple[ReleaseRow, ...]:
    """All releases, newest first."""
    rows = conn.execute(
        """
        SELECT r.id, s.name, r.recipient, r.purpose, r.as_of, r.released_at, r.rows, r.bundle, r.manifest_sha256
        FROM release r JOIN approved_set s ON s.id = r.set_id ORDER BY r.id DESC
        """,
    )
    return tuple(ReleaseRow(*row) for row in rows)


def facts(conn: sqlite3.Connection, conversation: int) -> ReleaseFacts:
    """What is stored now of one conversation version."""
    c = conn.execute(
        """
        SELECT id, source_id, account, product, current, content_sha, incomplete FROM conversation WHERE id = ?
        """,
        (conversation,),
    ).fetchone()
    r = conn.execute(
        """
        SELECT coalesce(sum(part = 0), 0), coalesce(sum(part = 0 AND visible), 0),
               coalesce(sum(part = 0 AND NOT visible), 0), coalesce(sum(NOT visible OR hidden_kind <> ''), 0),
               coalesce(sum(visible AND assets NOT IN ('', '[]')), 0)
        FROM record WHERE conversation_id = ?
        """,
        (conversation,),
    ).fetchone()
    return ReleaseFacts(c[0], c[1], c[2], c[3], bool(c[4]), bytes(c[5]), c[6], *map(int, r))


def stamp(conn: sqlite3.Connection) -> tuple[int | str, ...]:
    """What changes with anything that a release rests on: facts, versions, accounts, decisions, reviews, policies."""
    tables = (
        "consent_event", "retraction", "coverage", "deletion", "account_line", "ledger_fault", "evidence",
        "conversation", "decision", "text_review",
    )  # fmt: skip
    tops = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in tables)
    others = """
        (SELECT count(*) FROM ledger_fault WHERE resolved_by IS NOT NULL),
        (SELECT coalesce(sum(imported + new_versions + quarantined), 0) FROM import),
        (SELECT coalesce(max(value), '') FROM setting WHERE key = 'policies')
    """
    return tuple(conn.execute(f"SELECT {tops}, {others}").fetchone())


def sources(conn: sqlite3.Connection) -> list[tuple[str, str, int, int, int, int]]:
    """Files taken in: digest, kind, seen, imported with new versions, duplicates, set aside; oldest first."""
    return conn.execute(
        """
        SELECT sha256, kind, seen, imported + new_versions, duplicates, quarantined FROM import
        WHERE status IN ('complete', 'partial') ORDER BY id
        """,
    ).fetchall()


def left_out_reasons(conn: sqlite3.Connection, set_id: int) -> tuple[tuple[str, int], ...]:
    """Current conversations outside a set, by the reason of their roll-up."""
    rows = conn.execute(
        """
        SELECT v.reason, count(*) FROM conversation_verdict v JOIN conversation c ON c.id = v.conversation_id
        WHERE c.current = 1 AND v.conversation_id NOT IN (SELECT conversation_id FROM set_item WHERE set_id = ?)
        GROUP BY v.reason ORDER BY v.reason
        """,
        (set_id,),
    )
    return tuple((reason, count) for reason, count in rows)


def excluded_by_people(conn: sqlite3.Connection) -> int:
    """Records of current conversations that a reviewer excluded."""
    row = conn.execute(
        """
        SELECT count(*) FROM verdict v JOIN conversation c ON c.id = v.conversation_id
        WHERE c.current = 1 AND v.reason = 'EXCLUDED_BY_OVERRIDE'
        """,
    ).fetchone()
    return int(row[0])


def latest_to(conn: sqlite3.Connection, recipient: str) -> str:
    """The manifest digest of the newest release to this recipient, empty for the first."""
    row = conn.execute(
        "SELECT manifest_sha256 FROM release WHERE recipient = ? ORDER BY id DESC LIMIT 1", (recipient,)
    ).fetchone()
    return str(row[0]) if row else ""
