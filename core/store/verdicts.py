"""Stored verdicts: derived answers that can be thrown away and decided again, and their roll-up by conversation."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from core.model.verdict import Finding, Verdict
from core.store.facts import packed
from core.store.records import CONVERSATION

WORKSPACE_POLICIES = "policies"
DEFAULT_POLICIES = ("seed-2023",)

Line = tuple[str, str, str, str, int, str, str, str, str, str]
"""record, conversation, account, product, decision, reason, clause, findings JSON, policies, events JSON"""


def workspace_policies(conn: sqlite3.Connection) -> tuple[str, ...]:
    """The policy list that stored verdicts are decided under."""
    row = conn.execute("SELECT value FROM setting WHERE key = ?", (WORKSPACE_POLICIES,)).fetchone()
    ids = tuple(name for name in (part.strip() for part in row[0].split(",")) if name) if row else ()
    return ids or DEFAULT_POLICIES


def set_workspace_policies(conn: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Choose the policy list; verdicts under another one are dropped, and everything must be decided again."""
    conn.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (WORKSPACE_POLICIES, ",".join(ids)))
    conn.execute("DELETE FROM verdict")
    conn.execute("DELETE FROM conversation_verdict")


def keep_policy(conn: sqlite3.Connection, policy: str, sha256: str, body: str, at: int) -> None:
    """Keep the text of a policy that verdicts were decided under, so that they can be read years later."""
    conn.execute(
        """
        INSERT INTO policy_text (id, sha256, body, stored_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, body = excluded.body, stored_at = excluded.stored_at
        WHERE sha256 <> excluded.sha256
        """,
        (policy, sha256, body, at),
    )


def pack_findings(findings: Iterable[Finding]) -> str:
    """Findings as JSON rows of reason, clause, decision, events, policy."""
    rows = [[f.reason, f.clause, int(f.decision), list(f.events), f.policy] for f in findings]
    return json.dumps(rows, separators=(",", ":"))


def store(conn: sqlite3.Connection, verdicts: Iterable[tuple[int, int, Verdict]], at: int) -> None:
    """Store verdicts given as (record, conversation, verdict), replacing what was stored for those records."""
    conn.executemany(
        "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                record, conversation, int(v.decision), v.reason, v.clause, pack_findings(v.findings),
                json.dumps(v.events, separators=(",", ":")), ",".join(v.policies), v.override_status,
                v.engine, v.digest, at,
            )
            for record, conversation, v in verdicts
        ),
    )  # fmt: skip


def store_rollups(conn: sqlite3.Connection, rows: Iterable[tuple[int, Verdict, Sequence[int]]]) -> None:
    """Store roll-ups given as (conversation, strictest verdict, records by decision: eligible, undetermined, not)."""
    conn.executemany(
        "INSERT OR REPLACE INTO conversation_verdict VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((row, int(top.decision), top.reason, top.clause, *counts) for row, top, counts in rows),
    )


def forget_replaced(conn: sqlite3.Connection) -> None:
    """Drop the verdicts of conversation versions that a newer version has replaced."""
    old = "(SELECT id FROM conversation WHERE current = 0)"
    conn.execute(f"DELETE FROM verdict WHERE conversation_id IN {old}")
    conn.execute(f"DELETE FROM conversation_verdict WHERE conversation_id IN {old}")


def forget(conn: sqlite3.Connection, conversations: Iterable[int]) -> None:
    """Drop the verdicts of these conversations: what rests on too little is no answer, and they count as undecided."""
    ids = packed(conversations)
    for table in ("verdict", "conversation_verdict"):
        conn.execute(f"DELETE FROM {table} WHERE conversation_id IN (SELECT value FROM json_each(?))", (ids,))


def stored_lines(conn: sqlite3.Connection) -> Iterator[Line]:
    """Every stored verdict of a current conversation in account and turn order."""
    yield from conn.execute(
        f"""
        SELECT r.source_id, {CONVERSATION}, c.account, c.product, v.decision, v.reason, v.clause, v.findings,
               v.policies, v.events
        FROM conversation c JOIN record r ON r.conversation_id = c.id JOIN verdict v ON v.record_id = r.id
        WHERE c.current = 1 ORDER BY c.account, c.source_id, r.seq
        """,
    )


def strictest_record(conn: sqlite3.Connection, conversation: int) -> int | None:
    """The record that decides a conversation: the first, in turn order, with the roll-up's decision and reason."""
    row = conn.execute(
        """
        SELECT r.id FROM record r LEFT JOIN verdict v ON v.record_id = r.id
        LEFT JOIN conversation_verdict t ON t.conversation_id = r.conversation_id
        WHERE r.conversation_id = ? AND r.part = 0
        ORDER BY (v.decision IS t.decision AND v.reason IS t.reason) DESC, coalesce(v.decision, 3) DESC, r.seq LIMIT 1
        """,
        (conversation,),
    ).fetchone()
    return None if row is None else int(row[0])
