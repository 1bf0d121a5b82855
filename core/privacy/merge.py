"""From many overlapping guesses to one clean list of spans.

The order of trust: a validated rule, then any other rule, then the models; then the score, then the length. What a
weaker span covers beyond a stronger one stays covered, since a letter left over is a leak and a letter too many is
not.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.model.span import Span, Tier
from core.privacy.code import code_regions
from core.privacy.rules.negative import is_product, names_product, placeholders, shields
from core.text import grow

Region = tuple[int, int]
_RANK = {Tier.TOLD: 0, Tier.CERTAIN: 1, Tier.LIKELY: 2, Tier.MAYBE: 3}
_FIRM = 0.9  # a rule with this score has a fixed format or a validator and holds everywhere
_SHRED = 8  # characters up to which the rest of a number, key or address by a model is dropped
_SURE = 0.7  # support from which a name in lower case counts in a text that uses capitals
_JOIN = {
    "PERSON": re.compile(r"[ \t\u00a0]{1,2}|[.] ?|[-'’]|\. "),
    "LOCATION": re.compile(r"[\s,.;-]{1,3}"),
}
_WHOLE = frozenset({"URL", "EMAIL_ADDRESS"})  # never split by what is found inside
_NUMBERS = frozenset({"ID_NUMBER", "PHONE_NUMBER"})
_IDENTIFIER = re.compile(r"\w_\w|\b[a-z]+[A-Z]|\w\(\)")
_NAMED = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
_EDGE = " \t\r\n\u00a0,;:.!?\"'“”‘’()[]{}<>*`|"


class Regions:
    """Sorted spans of one text, asked whether they touch another."""

    def __init__(self, spans: Iterable[Region]) -> None:
        self._spans: list[Region] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))
        self._starts = [start for start, _ in self._spans]

    def touching(self, start: int, end: int) -> list[Region]:
        """The regions that share a character with ``[start, end)``."""
        first = max(0, bisect_right(self._starts, start) - 1)
        found = []
        for region in self._spans[first:]:
            if region[0] >= end:
                break
            if region[1] > start:
                found.append(region)
        return found

    def outside(self, start: int, end: int) -> list[Region]:
        """What of ``[start, end)`` lies in no region."""
        left: list[Region] = []
        for lo, hi in self.touching(start, end):
            if lo > start:
                left.append((start, lo))
            start = max(start, hi)
        return [*left, (start, end)] if start < end else left


def merge(text: str, rules: Sequence[Span], models: Sequence[Span] = ()) -> tuple[Span, ...]:
    """The spans of one text: sorted, apart from each other, on borders of visible characters, with one tier each."""
    marks = Regions(placeholders(text))
    hard = Regions([*shields(text), *code_regions(text)])
    named = {(s.start, s.end) for s in rules if s.entity == "PERSON"}
    companies = Regions((s.start, s.end) for s in rules if s.entity == "ORGANIZATION")
    cased = any(c.isupper() for c in text)
    kept = [(0, s) for s in rules if s.score >= _FIRM or not _touches(hard, s)]
    for span in models:
        word = _doubted(text, _to_words(text, span), cased=cased)
        value = text[word.start : word.end]
        if (word.start, word.end) not in named and _impossible(word.entity, value):
            continue
        if not (_touches(hard, span) or (word.entity in _NAMED and _inside(companies, word))):
            kept.append((1, word))
    return _join(text, _resolve(text, kept, marks))


def _doubted(text: str, span: Span, *, cased: bool) -> Span:
    """A name without a capital in a text that has some, or one spelt like code, is a suggestion unless it is sure."""
    value = text[span.start : span.end]
    if span.entity not in _NAMED or span.tier is not Tier.LIKELY:
        return span
    low = cased and span.score < _SURE and value.islower() and value.replace(" ", "").isalpha()
    identifier = span.entity == "PERSON" and _IDENTIFIER.search(value) is not None
    return replace(span, tier=Tier.MAYBE) if low or identifier else span


def _impossible(entity: str, value: str) -> bool:
    """Whether a model's guess cannot be: a number without digits, an address without a dot, a tool for a name."""
    if entity in _NUMBERS:
        return not any(c.isdigit() for c in value)
    if entity in _WHOLE:
        return "." not in value and "@" not in value
    return entity in _NAMED and (is_product(value) or (entity == "PERSON" and names_product(value)))


def _inside(regions: Regions, span: Span) -> bool:
    """Whether the span lies within one region (a company's name, which is a suggestion of its own)."""
    return any(lo <= span.start and span.end <= hi for lo, hi in regions.touching(span.start, span.end))


def _touches(regions: Regions, span: Span) -> bool:
    return bool(regions.touching(span.start, span.end))


def _to_words(text: str, span: Span) -> Span:
    """A model's span grown to whole words, since its tokens may be parts of words."""
    start, end = span.start, span.end
    while start and span.start - start < 40 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and end - span.end < 40 and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return replace(span, start=start, end=end)


def _trim(text: str, start: int, end: int) -> Region | None:
    """The region without white space and punctuation at its ends; None if no letter or digit is left."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def _resolve(text: str, spans: list[tuple[int, Span]], marks: Regions) -> list[Span]:
    """Non-overlapping spans by order of trust; the rest of a weaker span is kept where it holds a letter or digit."""
    order = sorted(
        spans,
        key=lambda item: (
            _RANK[item[1].tier],
            item[0],
            item[1].entity not in _WHOLE,
            -item[1].score,
            item[1].start - item[1].end,
            item[1].start,
        ),
    )
    taken = _Taken(marks)
    result: list[Span] = []
    for source, span in order:
        for lo, hi in taken.free(span.start, span.end):
            cut = (lo, hi) != (span.start, span.end)
            trimmed = _trim(text, lo, hi)
            region = trimmed if trimmed is None or cut or span.entity in _NAMED else (lo, hi)
            if region is None or (cut and not _worth(text[region[0] : region[1]], span, source)):
                continue
            piece = replace(span, start=region[0], end=region[1])
            taken.take(*region)
            result.append(piece)
    return result


def _worth(rest: str, span: Span, source: int) -> bool:
    """Whether what a stronger span leaves of a weaker one is kept; a model's idea of a number ends with its digits."""
    return source == 0 or span.entity in _NAMED or any(c.isdigit() for c in rest) or len(rest) > _SHRED


class _Taken:
    """The part of a text that is spoken for."""

    def __init__(self, marks: Regions) -> None:
        self._marks = marks
        self._starts: list[int] = []
        self._ends: list[int] = []

    def free(self, start: int, end: int) -> list[Region]:
        free: list[Region] = []
        for lo, hi in self._marks.outside(start, end):
            at = lo
            k = bisect_right(self._ends, lo)
            while k < len(self._starts) and self._starts[k] < hi:
                if self._starts[k] > at:
                    free.append((at, self._starts[k]))
                at = max(at, self._ends[k])
                k += 1
            if at < hi:
                free.append((at, hi))
        return free

    def take(self, start: int, end: int) -> None:
        k = bisect_right(self._starts, start)
        self._starts.insert(k, start)
        self._ends.insert(k, end)


def _join(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Neighbours of one kind become one span (a given name and a surname, the lines of an address)."""
    joined: list[Span] = []
    for found in sorted(spans):
        last = joined[-1] if joined else None
        start, end = grow(text, found.start, found.end)
        start = max(start, last.end) if last is not None else start
        if start >= end:
            continue
        span = replace(found, start=start, end=end)
        if last is not None and _belong(text, last, span):
            best = min(last, span, key=lambda s: (_RANK[s.tier], -s.score))
            joined[-1] = replace(best, start=last.start, end=span.end, score=max(last.score, span.score))
        else:
            joined.append(span)
    return tuple(joined)


def _belong(text: str, last: Span, span: Span) -> bool:
    pattern = _JOIN.get(span.entity)
    if last.entity != span.entity or pattern is None or (last.tier is Tier.MAYBE) != (span.tier is Tier.MAYBE):
        return False
    return last.end == span.start or pattern.fullmatch(text, last.end, span.start) is not None
