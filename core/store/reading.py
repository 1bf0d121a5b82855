"""One conversation opened: its turns in tree order, their texts with findings and verdicts; and names of records."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.errors import Refusal
from core.model.moment import Interval
from core.model.span import Span, Tier
from core.model.verdict import Decision
from core.model.view import ConversationRow, ConversationView, Turn, TurnText
from core.store.records import CONVERSATION, current_detector

_CANDIDATES_SHOWN = 8


def conversation(conn: sqlite3.Connection, row: ConversationRow) -> ConversationView:
    """All of a conversation, as stored: nothing is left out, hidden branches included."""
    texts = _texts(conn, row.id)
    incomplete = conn.execute("SELECT incomplete FROM conversation WHERE id = ?", (row.id,)).fetchone()[0]
    return ConversationView(row, tuple(texts[None]), tuple(_turns(conn, row.id, texts)), incomplete)


def _turns(conn: sqlite3.Connection, conversation_id: int, texts: dict[int | None, list[TurnText]]) -> Iterator[Turn]:
    found = conn.execute(
        """
        SELECT r.id, r.source_id, r.node_id, r.parent_node, r.seq, r.role, r.author_name, r.sent_lo, r.sent_hi,
               r.sent_known, r.visible, r.hidden_kind, r.assets, r.flags, r.part, v.decision, v.reason
        FROM record r LEFT JOIN verdict v ON v.record_id = r.id WHERE r.conversation_id = ? ORDER BY r.seq, r.id
        """,
        (conversation_id,),
    ).fetchall()
    verdict: tuple[int | None, str | None] = (None, None)
    shared: dict[int, tuple[int | None, str | None]] = {}
    for row in found:  # the parts of a request show the verdict of its first turn
        verdict = verdict if row[14] else (row[15], row[16])
        shared[row[0]] = verdict
    nodes = [Node(row[0], row[2], row[3], bool(row[10])) for row in found]
    by_id = {row[0]: row for row in found}
    for record_id in tree_order(nodes):
        (_, source, _, _, _, role, author, lo, hi, known, visible, hidden_kind, assets, flags, *_) = by_id[record_id]
        decision, reason = shared[record_id]
        yield Turn(
            record_id=record_id,
            source_id=source,
            role=role,
            author_name=author,
            sent=Interval(lo, hi) if known else None,
            visible=bool(visible),
            hidden_kind=hidden_kind,
            assets=tuple(json.loads(assets)) if assets else (),
            texts=tuple(texts[record_id]),
            decision=None if decision is None else Decision(decision),
            reason=reason or "",
            flags=tuple(flags.split(",")) if flags else (),
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A record's place in its tree; ``node`` and ``parent`` are the source's names."""

    id: int
    node: str
    parent: str | None
    visible: bool


def record_ids(conn: sqlite3.Connection, conversations: Sequence[int]) -> list[int]:
    """The records of these conversations that a verdict is about, in turn order; no text is read."""
    found = conn.execute(
        "SELECT id FROM record WHERE part = 0 AND conversation_id IN (SELECT value FROM json_each(?))"
        " ORDER BY conversation_id, seq",
        (json.dumps(list(conversations)),),
    )
    return [row for (row,) in found]


def tree_order(nodes: Sequence[Node]) -> list[int]:
    """Ids in reading order: along the visible path, the hidden branches of a node right after it.

    ``nodes`` come in the source's order, which decides between siblings. A node without a known parent starts a tree
    of its own; a cycle is entered at its first node, so that every node comes exactly once.
    """
    known = {n.node for n in nodes}
    children: defaultdict[str | None, list[Node]] = defaultdict(list)
    for n in nodes:
        children[n.parent if n.parent in known and n.parent != n.node else None].append(n)
    for name, siblings in children.items():
        if name is not None:
            siblings.sort(key=lambda n: n.visible)
    order: list[int] = []
    seen: set[int] = set()
    for start in (*children[None], *nodes):
        waiting = [start]
        while waiting:
            n = waiting.pop()
            if n.id in seen:
                continue
            seen.add(n.id)
            order.append(n.id)
            waiting.extend(reversed(children[n.node]))
    return order


def _texts(conn: sqlite3.Connection, conversation_id: int) -> defaultdict[int | None, list[TurnText]]:
    """The texts by record (None: the conversation's own), in stored order, with findings of the current detector."""
    detector = current_detector(conn)
    spans = _spans(conn, conversation_id, detector)
    found = conn.execute(
        """
        SELECT t.record_id, t.id, t.field, t.body, t.sha256, s.language, s.covered,
               EXISTS (SELECT 1 FROM text_review w WHERE w.text_sha = t.sha256 AND w.detector = :detector
                       AND w.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM text_review u WHERE u.undoes = w.id))
        FROM text t LEFT JOIN scan s ON s.text_sha = t.sha256 AND s.detector = :detector
        WHERE t.conversation_id = :conversation ORDER BY t.id
        """,
        {"detector": detector, "conversation": conversation_id},
    )
    texts: defaultdict[int | None, list[TurnText]] = defaultdict(list)
    for record, text, name, body, sha, language, covered, reviewed in found:
        scanned = language is not None
        own = spans.get(bytes(sha), ())
        covers = bool(covered) if scanned else True
        texts[record].append(TurnText(text, name, body, own, scanned, language or "", covers, bool(reviewed)))
    return texts


def _spans(conn: sqlite3.Connection, conversation_id: int, detector: str) -> dict[bytes, tuple[Span, ...]]:
    found = conn.execute(
        """
        SELECT f.text_sha, f.start, f."end", f.entity, f.score, f.source, f.tier FROM finding f
        WHERE f.detector = ? AND f.text_sha IN (SELECT sha256 FROM text WHERE conversation_id = ?)
        ORDER BY f.text_sha, f.start, f."end", f.id
        """,
        (detector, conversation_id),
    )
    return {
        bytes(sha): tuple(Span(row[1], row[2], row[3], row[4], row[5], Tier(row[6])) for row in group)
        for sha, group in groupby(found, key=lambda row: row[0])
    }


class NoRecord(Refusal):
    """No record has the name that a person gave."""


def resolve_record(conn: sqlite3.Connection, name: str) -> int:
    """The row of the record named ``ID``, ``CONVERSATION/ID`` or ``ACCOUNT/CONVERSATION/ID`` by source ids.

    Ids are opaque and may hold slashes themselves, so every way to read the name is tried. Raises
    :class:`~core.errors.Refusal` where none or more than one current record has the name.
    """
    found: dict[int, str] = {}
    for account, source, record in _readings(name):
        for row, *full in conn.execute(
            f"""
            SELECT r.id, c.account, {CONVERSATION}, r.source_id FROM record r JOIN conversation c
              ON c.id = r.conversation_id
            WHERE r.source_id = :record AND r.part = 0 AND c.current = 1
              AND (:account IS NULL OR c.account = :account)
              AND (:source IS NULL OR c.source_id = :source
                   OR instr(',' || c.flags || ',', ',thread:' || :source || ',') > 0)
            ORDER BY r.id
            """,
            {"record": record, "source": source, "account": account},
        ):
            found[row] = "/".join(full).removeprefix("/")
    if not found:
        raise NoRecord(f"There is no record {name} in this workspace.")
    if len(found) > 1:
        shown = ", ".join(list(found.values())[:_CANDIDATES_SHOWN])
        more = f" and {len(found) - _CANDIDATES_SHOWN} more" if len(found) > _CANDIDATES_SHOWN else ""
        raise Refusal(f"{name} names {len(found)} records, so name one of them in full: {shown}{more}.")
    return next(iter(found))


def _readings(name: str) -> Iterator[tuple[str | None, str | None, str]]:
    yield None, None, name
    parts = name.split("/")
    for i in range(1, len(parts)):
        yield None, "/".join(parts[:i]), "/".join(parts[i:])
        for j in range(i + 1, len(parts)):
            yield "/".join(parts[:i]), "/".join(parts[i:j]), "/".join(parts[j:])
