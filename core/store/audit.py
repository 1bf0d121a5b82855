"""The audit trail: one chained event for every act of a person, written in the transaction of the act.

The hash covers the exact stored bytes, never a re-serialised copy. ``leaf = SHA-256(0x00 || body)`` (the leaf hash
of RFC 6962), ``link = SHA-256(prev || leaf)``, and the first ``prev`` is 32 zero bytes. What a person wrote lives in
``free_text``; an event holds only ``HMAC-SHA-256(salt, words)``, so deleting the row erases the words and the chain
stays whole. A cut tail or a wholly rewritten chain shows only against a head that somebody kept outside.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence

from core import times
from core.model.review import AuditCheck

FIRST = bytes(32)
SCHEMA = 1
_GUARDS = 3  # no UPDATE, no DELETE, and an INSERT that demands the next number and the last link


def leaf_of(body: str) -> bytes:
    """The leaf hash of an event's stored text (32 bytes)."""
    return hashlib.sha256(b"\x00" + body.encode()).digest()


def link_of(prev: bytes, leaf: bytes) -> bytes:
    """The chain value after an event (32 bytes)."""
    return hashlib.sha256(prev + leaf).digest()


def commitment(salt: bytes, body: str) -> str:
    """What an event says of a free text: it can be tested only by someone who has the salt (hex)."""
    return hmac.new(salt, body.encode(), hashlib.sha256).hexdigest()


def keep_text(conn: sqlite3.Connection, body: str) -> tuple[int, str]:
    """Store what a person wrote under a fresh random salt; its row id and its commitment (hex)."""
    salt = secrets.token_bytes(32)
    row = conn.execute("INSERT INTO free_text (salt, body) VALUES (?, ?)", (salt, body)).lastrowid
    return int(row or 0), commitment(salt, body)


def append(
    conn: sqlite3.Connection,
    *,
    actor: str,
    act: str,
    obj: str,
    at: int,
    detail: Mapping[str, str | int] | None = None,
    free_text_ids: Sequence[int] = (),
) -> int:
    """Add one event inside the caller's transaction and return its number (from 1).

    ``obj`` names what was acted on by id; ``detail`` holds ids, counts and codes, never record text or a person's
    words: those go through :func:`keep_text` and are named in ``free_text_ids``. ``at`` is microseconds UTC; where
    the clock stands before the last event's, the event says so.
    """
    last = conn.execute("SELECT seq, body, link FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev = (last[0] + 1, bytes(last[2])) if last else (1, FIRST)
    event: dict[str, object] = {
        "schema": SCHEMA,
        "seq": seq,
        "at": times.show_exact(at),
        "actor": actor,
        "act": act,
        "object": obj,
    }
    if detail:
        event["detail"] = dict(detail)
    if free_text_ids:
        event["free_text"] = [_commitment_of(conn, row) for row in free_text_ids]
    if last and str(event["at"]) < json.loads(last[1])["at"]:
        event["clock_went_back"] = True
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = leaf_of(body)
    conn.execute(
        "INSERT INTO audit_event (seq, body, leaf, prev, link) VALUES (?, ?, ?, ?, ?)",
        (seq, body, leaf, prev, link_of(prev, leaf)),
    )
    return int(seq)


def _commitment_of(conn: sqlite3.Connection, row: int) -> str:
    salt, body = conn.execute("SELECT salt, body FROM free_text WHERE id = ?", (row,)).fetchone()
    return commitment(salt, body)


def head(conn: sqlite3.Connection) -> tuple[int, str]:
    """How many events there are and the hex of the last link; ``(0, "")`` for an empty trail."""
    last = conn.execute("SELECT seq, link FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(last[0]), bytes(last[1]).hex()) if last else (0, "")


def verify(conn: sqlite3.Connection, expected: tuple[int, str] | None = None) -> AuditCheck:
    """Walk the whole trail; ``expected`` is a head kept outside: a size and the first digits of its link (hex)."""
    broken = _first_broken(conn)
    size, top = head(conn)
    findings = [broken] if broken else []
    guards = conn.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'",
    ).fetchone()[0]
    if guards < _GUARDS:
        findings.append("The guards that keep audit events from being changed are missing from the workspace file.")
    if not broken and (altered := _altered_words(conn)):
        findings.append(f"{altered} written reason(s) do not match any audit event.")
    if expected is not None and not broken:
        findings.extend(_against(conn, *expected))
    return AuditCheck(ok=not findings, events=size, head=top, findings=tuple(findings))


def _first_broken(conn: sqlite3.Connection) -> str:
    prev = FIRST
    due = 1
    for seq, body, leaf, stored_prev, link in conn.execute(
        "SELECT seq, body, leaf, prev, link FROM audit_event ORDER BY seq",
    ):
        if seq != due:
            return f"Event {due} is missing."
        if leaf_of(body) != leaf:
            return f"Event {seq} does not say what it said when it was written."
        if stored_prev != prev or link != link_of(prev, leaf):
            return f"Event {seq} does not follow from the event before it."
        if json.loads(body).get("seq") != seq:
            return f"Event {seq} stands in another event's place."
        prev, due = link, due + 1
    return ""


def _altered_words(conn: sqlite3.Connection) -> int:
    """Free texts that no event commits to; a deleted one is an erasure and no fault."""
    known: set[str] = set()
    for (body,) in conn.execute("SELECT body FROM audit_event WHERE body LIKE '%\"free_text\"%'"):
        known.update(json.loads(body).get("free_text", ()))
    rows = conn.execute("SELECT salt, body FROM free_text")
    return sum(commitment(salt, body) not in known for salt, body in rows)


def _against(conn: sqlite3.Connection, size: int, digits: str) -> list[str]:
    if not digits:
        return ["The head to compare with names no digits."]
    row = conn.execute("SELECT link FROM audit_event WHERE seq = ?", (size,)).fetchone()
    if row is None:
        return [f"The trail was at least {size} events long when its head was written down, and is shorter now."]
    if not bytes(row[0]).hex().startswith(digits.lower()):
        return [f"Event {size} is not the one whose head was written down."]
    return []


def lines(conn: sqlite3.Connection, limit: int) -> list[tuple[int, str]]:
    """The newest events, newest first, as (number, stored JSON text)."""
    return conn.execute("SELECT seq, body FROM audit_event ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()


def decision_seq(conn: sqlite3.Connection, decision: int) -> int:
    """The number of the event that recorded an override, 0 where there is none."""
    row = conn.execute(
        "SELECT max(seq) FROM audit_event WHERE json_extract(body, '$.detail.decision') = ?", (decision,)
    ).fetchone()
    return int(row[0] or 0)


def approval_seq(conn: sqlite3.Connection, set_id: int) -> int:
    """The number of the newest event that approved or confirmed a set, 0 where there is none."""
    row = conn.execute(
        "SELECT max(seq) FROM audit_event WHERE json_extract(body, '$.object') = ?", (f"set:{set_id}",)
    ).fetchone()
    return int(row[0] or 0)
