"""Conversations as lists and details: the counts that everything else must add up to."""

import sqlite3
from collections.abc import Collection

from core.model.view import Counts
from core.store import audit

CONVERSATION = """CASE instr(',' || c.flags, ',thread:') WHEN 0 THEN c.source_id
    ELSE substr(',' || c.flags, instr(',' || c.flags, ',thread:') + 8) END"""
"""The name of a conversation ``c`` towards people and ledgers: a request's thread where it names one, else its id."""
HAS_ASSETS = (
    "EXISTS (SELECT 1 FROM record a WHERE a.conversation_id = c.id AND a.visible AND a.assets NOT IN ('', '[]'))"
)
"""Whether what is shown of a conversation ``c`` refers to a picture or a file, as the release gate asks."""
TO_REVIEW = """(v.decision = 1 OR c.id IN (
    SELECT d.conversation_id FROM decision d JOIN verdict o ON o.record_id = d.record_id
    WHERE o.override_status IN ('pending', 'stale')))"""


def current_detector(conn: sqlite3.Connection) -> str:
    """The detector version whose scans count: the one adopted last, else that of the newest scan, else empty.

    Scans of any other version are as good as none: a text they call clean may not be.
    """
    found = conn.execute(
        "SELECT value FROM setting WHERE key = 'detector'"
        " UNION ALL SELECT * FROM (SELECT detector FROM scan ORDER BY rowid DESC LIMIT 1) LIMIT 1",
    ).fetchone()
    return str(found[0]) if found else ""


def adopt_detector(conn: sqlite3.Connection, version: str, *, unless: Collection[str] = ()) -> None:
    """Make the scans of this detector version the ones that count, unless those of one of the others do already."""
    if current_detector(conn) not in {version, *unless}:
        conn.execute("INSERT OR REPLACE INTO setting (key, value) VALUES ('detector', ?)", (version,))


def data_version(conn: sqlite3.Connection) -> int:
    """A number that differs from the last one this connection gave if another connection has changed anything."""
    return int(conn.execute("PRAGMA data_version").fetchone()[0])


def counts(conn: sqlite3.Connection) -> Counts:
    """The counts of the status bar: current versions only, parts of a request not counted as records."""
    conversations, records = conn.execute(
        "SELECT count(*), coalesce(sum(records), 0) FROM conversation WHERE current = 1",
    ).fetchone()
    eligible, undetermined, not_eligible, to_review = conn.execute(
        f"""
        SELECT coalesce(sum(v.eligible), 0), coalesce(sum(v.undetermined), 0), coalesce(sum(v.not_eligible), 0),
               coalesce(sum({TO_REVIEW}), 0)
        FROM conversation_verdict v JOIN conversation c ON c.id = v.conversation_id WHERE c.current = 1
        """,
    ).fetchone()
    accounts = conn.execute(
        """
        SELECT count(*) FROM (
            SELECT account FROM conversation WHERE current = 1 UNION SELECT account FROM consent_event
            UNION SELECT account FROM account_line) WHERE account NOT IN ('', '*')
        """,
    ).fetchone()[0]
    texts, scanned = conn.execute(
        """
        SELECT count(*), count(s.text_sha) FROM text t JOIN conversation c ON c.id = t.conversation_id
        LEFT JOIN scan s ON s.text_sha = t.sha256 AND s.detector = ? WHERE c.current = 1
        """,
        (current_detector(conn),),
    ).fetchone()
    size, head = audit.head(conn)
    return Counts(
        conversations=conversations,
        accounts=accounts,
        records=records,
        eligible=eligible,
        undetermined=undetermined,
        not_eligible=not_eligible,
        undecided=records - eligible - undetermined - not_eligible,
        set_aside=conn.execute("SELECT count(*) FROM quarantine").fetchone()[0],
        texts=texts,
        texts_scanned=scanned,
        to_review=to_review,
        audit_size=size,
        audit_head=head,
    )
