"""A name found once is hidden everywhere in its conversation: the answer repeats what the question said."""

from collections.abc import Sequence

from core.model.span import REDACTED_TIERS, Span, Tier
from core.privacy import values
from core.privacy.words import words

_PARTS = 3  # letters a part of a name needs to be looked for by itself
_WORDS = frozenset(
    words("""
    will mark may april june august grace hope faith rose bill art chase grant frank dean drew joy jack rich sue pat
    bob guy king prince lord lady young old white black brown green gray grey long short stone wood woods hill field
    rivers brook lake west east north south day love price best good hand hope gold silver sky summer autumn winter
    penny ginger ruby iris olive heather violet dawn eve crystal amber christian major duke baron earl miles chance
    mason carter cook baker smith taylor miller fisher hunter page rob harry van von der den del dos las the and for
    mister doctor professor miss madam sir jean maria
    """)
)


def propagate(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[tuple[Span, ...]]:
    """The spans of every text, plus every other place where a redacted value of the conversation stands.

    Names also count by their parts ("Jane" of "Jane Doe"), unless the part is an ordinary word. Added spans have tier
    ``told`` and detector ``propagated``; where they overlap a span that is only a suggestion they take its place.
    """
    exact: dict[str, str] = {}
    anycase: dict[str, str] = {}
    for text, found in zip(texts, spans, strict=True):
        for span in found:
            if span.tier in REDACTED_TIERS:
                _learn(text[span.start : span.end], span.entity, exact, anycase)
    if not exact and not anycase:
        return [tuple(found) for found in spans]
    finder = values.Finder(exact, anycase)
    return [_spread(text, found, finder, exact, anycase) for text, found in zip(texts, spans, strict=True)]


def _learn(value: str, entity: str, exact: dict[str, str], anycase: dict[str, str]) -> None:
    value = values.stem(value)
    if values.weight(value) < values.SHORTEST:
        return
    exact.setdefault(value, entity)
    if entity != "PERSON":
        return
    parts = value.split()
    if len(parts) > 1:
        anycase.setdefault(value.lower(), entity)
    for part in parts:
        name = part.strip(".,'’\"()")
        if values.weight(name) >= _PARTS and name.lower() not in _WORDS and "." not in name and name.isalpha():
            exact.setdefault(name, entity)
            if name[0].isupper() or len(parts) == 1:
                exact.setdefault(name.capitalize(), entity)
                exact.setdefault(name.upper(), entity)


def _spread(
    text: str, found: Sequence[Span], finder: values.Finder, exact: dict[str, str], anycase: dict[str, str]
) -> tuple[Span, ...]:
    firm = sorted((s.start, s.end) for s in found if s.tier in REDACTED_TIERS)
    added: list[Span] = []
    for start, end in sorted(finder.find(text), key=lambda place: (place[0] - place[1], place)):
        if any(lo < end and start < hi for lo, hi in firm):
            continue
        entity = exact.get(text[start:end]) or anycase[text[start:end].lower()]
        added.append(Span(start, end, entity, 1.0, "propagated", Tier.TOLD))
        firm.append((start, end))
    kept = [s for s in found if s.tier in REDACTED_TIERS or not any(a.start < s.end and s.start < a.end for a in added)]
    return tuple(sorted([*kept, *added]))
