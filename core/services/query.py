"""The written form of a query: what a person types into the search field, and what an approved set records.

``product:api decision:eligible reason:LEDGER_GAP entity:EMAIL account:a-1 month:2023-06 review:to_review
without:assets sort:-created words "a phrase"``.
A key given twice means either value, ``without`` both; values with blanks stand in double quotes, a quote inside is
doubled. Everything that is no known key is a word to search for.
"""

import re
from collections.abc import Iterator

from core.errors import Refusal
from core.model.verdict import Decision
from core.model.view import Query

SORTS = ("created", "account", "product", "title", "turns", "findings", "decision", "reason")
REVIEWS = ("to_review", "overridden", "unreviewed_language")
WITHOUTS = ("assets", "incomplete")
_LISTS = {
    "product": "products",
    "decision": "decisions",
    "reason": "reasons",
    "entity": "entities",
    "account": "accounts",
    "without": "without",
}
_KEYS = (*_LISTS, "month", "review", "sort", "text")
_TOKEN = re.compile(rf'(?:({"|".join(_KEYS)}):("(?:[^"]|"")*"|\S*))|"[^"]*"?|[^\s"]+')
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z", re.ASCII)
_PLAIN = re.compile(r'[^\s"]+\Z')


def parse(text: str) -> Query:
    """Read the written form. Raises :class:`~core.errors.Refusal` for a value that its key cannot have."""
    lists: dict[str, list[str]] = {name: [] for name in _LISTS.values()}
    single: dict[str, str] = {}
    words: list[str] = []
    for key, value in _tokens(text):
        if not key:
            words.append(value)
        elif key in _LISTS:
            lists[_LISTS[key]].append(value)
        else:
            single[key] = value
    sort = single.get("sort", "-created")
    return Query(
        products=tuple(lists["products"]),
        decisions=tuple(_decision(label) for label in lists["decisions"]),
        reasons=tuple(lists["reasons"]),
        entities=tuple(lists["entities"]),
        accounts=tuple(lists["accounts"]),
        month=_month(single.get("month", "")),
        search=" ".join(words) if words else single.get("text", ""),
        review=_one_of("review", single.get("review", ""), ("", *REVIEWS)),
        sort=_one_of("sort", sort.removeprefix("-"), SORTS),
        descending=sort.startswith("-"),
        without=tuple(_one_of("without", value, WITHOUTS) for value in lists["without"]),
    )


def show(query: Query) -> str:
    """The canonical text of a query: ``parse`` reads back an equal query, and equal queries have one text."""
    parts = [f"product:{_quoted(v)}" for v in query.products]
    parts += [f"decision:{v.label}" for v in query.decisions]
    for key, values in (("reason", query.reasons), ("entity", query.entities), ("account", query.accounts)):
        parts += [f"{key}:{_quoted(v)}" for v in values]
    if query.month:
        parts.append(f"month:{query.month}")
    if query.review:
        parts.append(f"review:{query.review}")
    parts += [f"without:{name}" for name in query.without]
    if (query.sort, query.descending) != ("created", True):
        parts.append(f"sort:{'-' if query.descending else ''}{query.sort}")
    if query.search:
        bare = list(_tokens(query.search))
        plain = all(not key for key, _ in bare) and " ".join(v for _, v in bare) == query.search
        parts.append(query.search if plain else f"text:{_always_quoted(query.search)}")
    return " ".join(parts)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of key and value; words have an empty key and keep their quotes."""
    for found in _TOKEN.finditer(text):
        key, value = found.group(1), found.group(2)
        if key is None:
            yield "", found.group(0)
        elif value.startswith('"') and value.endswith('"') and len(value) > 1:
            yield key, value[1:-1].replace('""', '"')
        else:
            yield key, value


def _quoted(value: str) -> str:
    return value if _PLAIN.match(value) else _always_quoted(value)


def _always_quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _decision(label: str) -> Decision:
    for decision in Decision:
        if decision.label == label:
            return decision
    raise Refusal(f"decision:{label} is none of {', '.join(d.label for d in Decision)}.")


def _month(value: str) -> str:
    if value and not _MONTH.match(value):
        raise Refusal(f"month:{value} is no month written as 2023-06.")
    return value


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Refusal(f"{key}:{value} is none of {', '.join(a for a in allowed if a)}.")
    return value
