"""Lists of conversations: which ones a query means, in order, their rows, and the facets beside them.

A list is an array of ids from one query; rows are fetched by id, a page at a time. Every value of a query is a bound
parameter, and the words of a search reach the index only as quoted strings.
"""

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from core import times
from core.model.moment import LATEST
from core.model.span import REDACTED_TIERS
from core.model.verdict import Decision
from core.model.view import ConversationRow, FacetCount, Facets, Query
from core.store.facts import packed
from core.store.records import HAS_ASSETS, TO_REVIEW, current_detector
from core.store.search import match_expression

REDACTED = "(" + ", ".join(f"'{tier}'" for tier in sorted(REDACTED_TIERS)) + ")"
_FINDINGS = (
    "(SELECT coalesce(sum(s.redacted_spans), 0) FROM text t JOIN scan s ON s.text_sha = t.sha256"
    " AND s.detector = :detector WHERE t.conversation_id = c.id)"
)
_TITLE = """coalesce(
    (SELECT t.body FROM text t WHERE t.conversation_id = c.id AND t.record_id IS NULL AND t.field = 'title'),
    (SELECT substr(t.body, 1, 120) FROM record r JOIN text t ON t.conversation_id = r.conversation_id
        AND t.record_id = r.id WHERE r.conversation_id = c.id AND r.visible = 1 AND r.role = 'user'
        AND t.field = 'content' ORDER BY r.seq LIMIT 1), '')"""
_TURNS = "(SELECT count(*) FROM record r WHERE r.conversation_id = c.id)"
_SORTS = {
    "created": "c.created_shown", "account": "c.account", "product": "c.product", "decision": "v.decision",
    "reason": "v.reason", "turns": _TURNS, "findings": _FINDINGS, "title": _TITLE,
}  # fmt: skip
_MONTH = "strftime('%Y-%m', c.created_shown / 1000000, 'unixepoch')"
_FROM = "FROM conversation c LEFT JOIN conversation_verdict v ON v.conversation_id = c.id"


@dataclass(slots=True)
class _Where:
    """Conditions and the values bound in them."""

    conditions: list[str]
    values: dict[str, object] = field(default_factory=dict)

    def add(self, condition: str, **values: object) -> None:
        self.conditions.append(condition)
        self.values.update(values)

    def any_of(self, column: str, name: str, chosen: Sequence[object]) -> None:
        """One value is compared by ``=``, so that an index gives the order too."""
        if len(chosen) == 1:
            self.add(f"{column} = :{name}", **{name: chosen[0]})
        elif chosen:
            marks = ", ".join(f":{name}{i}" for i in range(len(chosen)))
            self.add(f"{column} IN ({marks})", **{f"{name}{i}": value for i, value in enumerate(chosen)})

    def __str__(self) -> str:
        return " WHERE " + " AND ".join(self.conditions)


def ids(conn: sqlite3.Connection, query: Query, limit: int = -1) -> "array[int]":
    """Ids of the conversations that a query means, in its order (8 bytes each); ``limit`` -1 means all."""
    where = _where(conn, query)
    way = "DESC" if query.descending else "ASC"
    key = _SORTS.get(query.sort, _SORTS["created"])
    order = f" ORDER BY {key} {way}, c.id {way} LIMIT :limit"
    found = conn.execute(f"SELECT c.id {_FROM}{where}{order}", where.values | {"limit": limit})
    return array("q", chain.from_iterable(found))


def rows(conn: sqlite3.Connection, wanted: Sequence[int]) -> tuple[ConversationRow, ...]:
    """The rows of these conversations, in the order given; ids that do not exist are left out."""
    found = conn.execute(
        f"""
        SELECT c.id, c.source_id, c.account, c.product, c.created_shown, {_TITLE}, {_TURNS}, c.hidden_records,
               {_FINDINGS}, v.decision, v.reason, v.clause,
               EXISTS (SELECT 1 FROM verdict o WHERE o.conversation_id = c.id AND o.override_status = 'applied'),
               EXISTS (SELECT 1 FROM verdict o WHERE o.conversation_id = c.id AND o.override_status = 'pending'),
               NOT EXISTS (SELECT 1 FROM text t LEFT JOIN scan s ON s.text_sha = t.sha256 AND s.detector = :detector
                           WHERE t.conversation_id = c.id AND s.text_sha IS NULL)
        {_FROM} WHERE c.id IN (SELECT value FROM json_each(:ids))
        """,
        {"ids": packed(wanted), "detector": current_detector(conn)},
    )
    by_id = {row[0]: _row(row) for row in found}
    return tuple(by_id[i] for i in wanted if i in by_id)


def facets(conn: sqlite3.Connection, query: Query) -> Facets:
    """Each facet's values with the number of conversations they would leave, its own selection lifted."""
    decisions = _counted(conn, "v.decision", replace(query, decisions=()))
    return Facets(
        products=_counted(conn, "c.product", replace(query, products=())),
        decisions=tuple(FacetCount(Decision(int(f.value)).label, f.count) for f in decisions),
        reasons=_counted(conn, "v.reason", replace(query, reasons=())),
        entities=_entities(conn, replace(query, entities=())),
        months=tuple(sorted(_counted(conn, _MONTH, replace(query, month="")), key=lambda f: f.value)),
        to_review=_how_many(conn, replace(query, review="to_review")),
    )


def _row(row: tuple[Any, ...]) -> ConversationRow:
    (row_id, source, account, product, created, title, turns, hidden, findings, decision, reason, clause,
     overridden, pending, scanned) = row  # fmt: skip
    return ConversationRow(
        id=row_id,
        source_id=source,
        account=account or None,
        product=product,
        created=created,
        title=title,
        turns=turns,
        hidden_turns=hidden,
        findings=findings,
        decision=None if decision is None else Decision(decision),
        reason=reason or "",
        clause=clause or "",
        overridden=bool(overridden),
        pending=bool(pending),
        scanned=bool(scanned),
    )


def _counted(conn: sqlite3.Connection, column: str, query: Query) -> tuple[FacetCount, ...]:
    where = _where(conn, query)
    found = conn.execute(
        f"SELECT {column} AS value, count(*) {_FROM}{where} AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        where.values,
    )
    return tuple(FacetCount(str(value), count) for value, count in found)


def _entities(conn: sqlite3.Connection, query: Query) -> tuple[FacetCount, ...]:
    where = _where(conn, query)
    found = conn.execute(
        f"""
        SELECT f.entity, count(DISTINCT t.conversation_id) FROM finding f JOIN text t ON t.sha256 = f.text_sha
        WHERE f.detector = :detector AND f.tier IN {REDACTED} AND t.conversation_id IN (SELECT c.id {_FROM}{where})
        GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        where.values,
    )
    return tuple(FacetCount(str(value), count) for value, count in found)


def _how_many(conn: sqlite3.Connection, query: Query) -> int:
    where = _where(conn, query)
    return int(conn.execute(f"SELECT count(*) {_FROM}{where}", where.values).fetchone()[0])


def _where(conn: sqlite3.Connection, query: Query) -> _Where:
    where = _Where(["c.current = 1"], {"detector": current_detector(conn)})
    where.any_of("c.product", "product", query.products)
    where.any_of("v.decision", "decision", [int(d) for d in query.decisions])
    where.any_of("v.reason", "reason", query.reasons)
    where.any_of("c.account", "account", query.accounts)
    if query.entities:
        where.add(
            "c.id IN (SELECT t.conversation_id FROM finding f JOIN text t ON t.sha256 = f.text_sha WHERE f.detector = "
            f":detector AND f.tier IN {REDACTED} AND f.entity IN (SELECT value FROM json_each(:entities)))",
            entities=packed(query.entities),
        )
    if query.month:
        start, end = _month_bounds(query.month)
        where.add("c.created_shown >= :month_start AND c.created_shown < :month_end", month_start=start, month_end=end)
    if query.search.strip():
        _add_search(where, query.search)
    if query.review:
        where.add(_REVIEWS[query.review])
    for name in query.without:
        where.add(_WITHOUT[name])
    return where


def _month_bounds(month: str) -> tuple[int, int]:
    """The first instant of a month ``YYYY-MM`` and the first after it (microseconds UTC)."""
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + number // 12:04}-{number % 12 + 1:02}"
    return times.instant(f"{month}-01") or 0, times.instant(f"{following}-01") or LATEST


def _add_search(where: _Where, words: str) -> None:
    expression = match_expression(words)
    if expression is None:
        where.add("0")  # only punctuation: no text can hold it as a word
    else:
        where.add(
            "c.id IN (SELECT conversation_id FROM text WHERE id IN "
            "(SELECT rowid FROM text_fts WHERE text_fts MATCH :words))",
            words=expression,
        )


_WITHOUT = {
    "assets": f"NOT {HAS_ASSETS}",
    "incomplete": "c.incomplete = ''",
}
_REVIEWS = {
    "to_review": TO_REVIEW,
    "overridden": "c.id IN (SELECT d.conversation_id FROM decision d JOIN verdict o ON o.record_id = d.record_id"
    " WHERE o.override_status = 'applied')",
    "unreviewed_language": """c.id IN (
        SELECT t.conversation_id FROM scan s JOIN text t ON t.sha256 = s.text_sha
        JOIN record r ON r.id = t.record_id AND r.visible = 1 AND r.hidden_kind = ''
        WHERE s.detector = :detector AND s.covered = 0 AND t.field = 'content' AND t.body <> '' AND NOT EXISTS (
            SELECT 1 FROM text_review w WHERE w.text_sha = s.text_sha AND w.detector = :detector AND w.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM text_review u WHERE u.undoes = w.id)))""",
}
