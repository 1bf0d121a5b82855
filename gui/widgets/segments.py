"""How texts become one document: segments, what is marked in them, and the way back to the stored text.

Positions of spans are code points of the stored text; positions in the document are Qt's UTF-16 units. All converting
goes through :class:`core.text.Display`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.text import SHOWN_LIMIT, Display


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to mark: code points of the stored text; ``style`` is a tier's name or ``replaced``."""

    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One text of a turn. ``label`` stands in the gutter, ``glyph`` beside it.

    ``hidden`` segments are off the visible path. A ``folded`` one shows ``summary`` instead of its text.
    ``first`` is False for a further text of the same turn.
    """

    key: int
    label: str
    glyph: str
    body: str
    marks: tuple[Mark, ...] = ()
    hidden: bool = False
    foldable: bool = False
    folded: bool = False
    summary: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a segment lies in the document: first and last block, and its UTF-16 start and end."""

    segment: Segment
    shown: Display
    block: int
    last_block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BlockMark:
    """A marked stretch of one block, in UTF-16 units of the block."""

    start: int
    length: int
    style: str


@dataclass(slots=True)
class Sheet:
    """A document made of segments. ``left_out`` counts stored code points beyond the limit, ``boxed`` hidden ones."""

    text: str = ""
    placed: list[Placed] = field(default_factory=list)
    marks: dict[int, list[BlockMark]] = field(default_factory=dict)
    dim: set[int] = field(default_factory=set)
    left_out: int = 0
    boxed: int = 0

    def at_block(self, block: int) -> int:
        """Index of the segment a block belongs to, the gap below included; -1 for an empty sheet."""
        return bisect_right([place.block for place in self.placed], block) - 1

    def stored(self, start: int, end: int) -> str:
        """The stored text under a selection of the document, segments parted by an empty line."""
        parts = []
        for place in self.placed:
            lo, hi = max(start, place.start), min(end, place.end)
            if lo < hi and not place.segment.folded:
                first, last = place.shown.from_qt(lo - place.start, hi - place.start)
                parts.append(place.segment.body[first:last])
        return "\n\n".join(parts)

    def position(self, index: int, start: int, end: int) -> tuple[int, int]:
        """Document positions of a span of a segment's stored text."""
        place = self.placed[index]
        first, last = place.shown.to_qt(start, end)
        return place.start + first, place.start + last


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def lay_out(segments: Sequence[Segment], limit: int | None = SHOWN_LIMIT) -> Sheet:
    """Put segments one below the other, an empty block between two, at most ``limit`` stored code points in all."""
    sheet = Sheet()
    pieces: list[str] = []
    block = at = 0
    budget = limit
    for segment in segments:
        body = segment.summary if segment.folded else segment.body
        if budget is not None and budget <= 0:
            sheet.left_out += len(body)
            continue
        shown = Display(body, budget)
        if budget is not None:
            sheet.left_out += max(0, len(body) - budget)
            budget -= min(len(body), budget)
        lines = shown.text.split("\n")
        length = _units(shown.text)
        place = Placed(segment, shown, block, block + len(lines) - 1, at, at + length)
        sheet.placed.append(place)
        sheet.boxed += shown.hidden
        if segment.hidden:
            sheet.dim.update(range(place.block, place.last_block + 1))
        if segment.marks and not segment.folded:
            _mark(sheet, place, lines)
        pieces += (shown.text, "\n\n")
        block += len(lines) + 1
        at += length + 2
    sheet.text = "".join(pieces[:-1])
    return sheet


def _mark(sheet: Sheet, place: Placed, lines: Sequence[str]) -> None:
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + _units(line) + 1)
    ends = [start + _units(line) for start, line in zip(starts, lines, strict=True)]
    for mark in place.segment.marks:
        first, last = place.shown.to_qt(mark.start, mark.end)
        row = bisect_right(starts, first) - 1
        while row < len(lines) and starts[row] < last:
            lo, hi = max(first, starts[row]), min(last, ends[row])
            if lo < hi:
                stretch = BlockMark(lo - starts[row], hi - lo, mark.style)
                sheet.marks.setdefault(place.block + row, []).append(stretch)
            row += 1
