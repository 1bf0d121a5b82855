"""Putting something else in place of what was found.

Whatever the style, the original value of a redacted finding does not survive in its conversation at token borders:
the value is also taken out where the detector did not see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.model.span import REDACTED_TIERS, Span, Tier
from core.privacy import values
from core.privacy.placeholders import Numbers
from core.privacy.surrogate import Surrogates
from core.text import grow

Style = Literal["placeholder", "tag", "mask", "surrogate", "remove"]
STYLES: tuple[Style, ...] = get_args(Style)
MASK = "*****"  # always as long, since a length can give a name away
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One replacement: ``[start, end)`` of the original became ``[new_start, new_end)`` of the redacted text."""

    start: int
    end: int
    new_start: int
    new_end: int
    entity: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text and its replacements, in order; all positions are code points."""

    text: str
    pieces: tuple[Piece, ...]


def redact_conversation(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    *,
    style: Style = "placeholder",
    secret: bytes = b"",
    conversation: str = "",
) -> list[Redacted]:
    """Redact the texts of one conversation together, so that numbers agree across them.

    Only spans of the tiers certain, likely and told count. ``secret`` and ``conversation`` seed the surrogates.
    """
    chosen = [_apart(text, found) for text, found in zip(texts, spans, strict=True)]
    chosen = _swept(texts, chosen)
    found = [(s.entity, text[s.start : s.end]) for text, part in zip(texts, chosen, strict=True) for s in part]
    writer = _Writer(texts, found, style, Surrogates(secret, conversation))
    return [_rewrite(text, part, writer) for text, part in zip(texts, chosen, strict=True)]


def _apart(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans to redact, without overlaps, on borders of visible characters and inside the text."""
    wanted = [s for s in spans if s.tier in REDACTED_TIERS and 0 <= s.start < s.end <= len(text)]
    result: list[Span] = []
    for span in sorted(wanted, key=lambda s: (s.start, -s.end)):
        start, end = grow(text, span.start, span.end)
        start = max(start, result[-1].end) if result else start
        if start < end:
            result.append(replace(span, start=start, end=end))
    return result


def _swept(texts: Sequence[str], chosen: list[list[Span]]) -> list[list[Span]]:
    """The spans, plus every other place of the conversation where one of their values stands."""
    entities: dict[str, str] = {}
    for text, spans in zip(texts, chosen, strict=True):
        for span in spans:
            value = values.stem(text[span.start : span.end])
            if values.weight(value) >= values.SHORTEST:
                entities.setdefault(value, span.entity)
    if not entities:
        return chosen
    finder = values.Finder(entities)
    result = []
    for text, spans in zip(texts, chosen, strict=True):
        added = [
            Span(start, end, entities[text[start:end]], 1.0, "propagated", Tier.TOLD)
            for start, end in finder.find(text)
        ]
        result.append(_apart(text, [*spans, *added]) if added else spans)
    return result


class _Writer:
    """Says what stands in place of a value."""

    def __init__(
        self, texts: Sequence[str], found: Sequence[tuple[str, str]], style: Style, surrogates: Surrogates
    ) -> None:
        self._style = style
        self._numbers = Numbers(texts, found)
        self._surrogates = surrogates
        self._real = {values.stem(value) for _, value in found}
        self._finder = values.Finder(v for v in self._real if values.weight(v) >= values.SHORTEST)
        self._texts = texts

    def replacement(self, entity: str, value: str) -> str:
        """The text to put in place of a value, which never holds a value that was taken out."""
        if self._style == "remove":
            return ""
        if self._style == "mask":
            return MASK
        if self._style == "surrogate":
            return self._surrogate(entity, value)
        number = f"_{self._numbers.number(entity, value)}" if self._style == "placeholder" else ""
        return self._safe(f"<{entity}{number}>") or MASK

    def _safe(self, text: str) -> str:
        return "" if next(self._finder.find(text), None) else text

    def _surrogate(self, entity: str, value: str) -> str:
        key = self._numbers.key(entity, value)
        part = self._numbers.part(value) if entity == "PERSON" else (0, 0)
        for salt in range(_TRIES):
            made = self._surrogates.make(entity, key, value, part, salt)
            if made != value and self._safe(made) and not any(made in text for text in self._texts):
                return made
        return f"<{entity}_{self._numbers.number(entity, value)}>"


def _rewrite(text: str, spans: Sequence[Span], writer: _Writer) -> Redacted:
    parts: list[str] = []
    pieces: list[Piece] = []
    done = at = 0
    for span in spans:
        kept = text[done : span.start]
        new = writer.replacement(span.entity, text[span.start : span.end])
        if not new and _would_fuse(text, span):
            new = " "
        parts += (kept, new)
        at += len(kept)
        pieces.append(Piece(span.start, span.end, at, at + len(new), span.entity, new))
        at += len(new)
        done = span.end
    parts.append(text[done:])
    return Redacted("".join(parts), tuple(pieces))


def _would_fuse(text: str, span: Span) -> bool:
    """Whether taking the span out would make one word of its neighbours."""
    if span.start == 0 or span.end == len(text):
        return False
    return values.is_word(text[span.start - 1]) and values.is_word(text[span.end])


def outside_replacements(redacted: Redacted, span: Span) -> Iterator[Span]:
    """The parts of a span of a redacted text that no replacement put there, as spans of the original.

    Each begins and ends with a letter or digit; a finding that is nothing but a replacement has none.
    """
    at, shift = span.start, 0
    for piece in (*redacted.pieces, None):
        stop = span.end if piece is None else min(piece.new_start, span.end)
        inner = [k for k in range(at, stop) if redacted.text[k].isalnum()]
        if inner:
            yield replace(span, start=inner[0] + shift, end=inner[-1] + 1 + shift)
        if piece is None or piece.new_start >= span.end:
            return
        at = max(at, piece.new_end)
        shift = piece.end - piece.new_end
