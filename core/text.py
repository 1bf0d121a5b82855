"""Positions in text, and text made safe to look at.

The product counts in code points of the stored text; Qt counts in UTF-16 units and changes some characters on its
own (it turns U+2028, U+2029 and CR LF into block ends). One emoji before a name is enough to shift a mask by a letter,
so every conversion goes through this module. Nothing here ever changes stored text: what is shown is a copy with a map
back.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right

SHOWN_LIMIT = 200_000  # code points a pane shows at once; Qt needs 0.4 s for them, 3.8 s for five million
UNBREAKABLE = 2_000  # code points without white space after which a line is broken for display
_CLUSTER_LIMIT = 256  # longer runs of marks are an attack, not a letter

ZWNJ, ZWJ = "\u200c", "\u200d"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_ENDS = "\r\n?|\u2028|\u2029"
_HIDDEN_CLASS = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HIDDEN = re.compile(_HIDDEN_CLASS)
_EDITED = re.compile(f"{_LINE_ENDS}|{_HIDDEN_CLASS}")
_LONG_RUN = re.compile(rf"\S{{{UNBREAKABLE}}}")


class Utf16Map:
    """Maps positions of one text between code points and UTF-16 units, both ways.

    A unit inside a surrogate pair maps to the code point it belongs to. Positions past the end keep their distance
    from it.
    """

    __slots__ = ("_astral", "_units")

    def __init__(self, text: str) -> None:
        self._astral = [found.start() for found in _ASTRAL.finditer(text)]
        self._units = [at + k for k, at in enumerate(self._astral)]

    def to_utf16(self, code_point: int) -> int:
        """UTF-16 units before the given code point position."""
        return code_point + bisect_left(self._astral, code_point) if self._astral else code_point

    def to_code_points(self, unit: int) -> int:
        """Code point position of the given UTF-16 unit."""
        return unit - bisect_left(self._units, unit) if self._units else unit


def extends(char: str) -> bool:
    """Whether a character belongs to the one before it: marks, joiners, variation selectors, skin tones, tags."""
    return (
        char == ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char) in {"Mn", "Me", "Mc"}
    )


def _splits(text: str, at: int) -> bool:
    """Whether a cut at ``at`` would part what a reader sees as one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return True
    if extends(after):
        return not before.isspace()
    if before == ZWJ:
        return not after.isspace()
    if _regional(before) and _regional(after):
        first = at
        while first > max(0, at - _CLUSTER_LIMIT) and _regional(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 1
    return False


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def grow(text: str, start: int, end: int) -> tuple[int, int]:
    """The smallest span around ``[start, end)`` that cuts no visible character in two (code points)."""
    if start >= end:
        return start, end
    for _ in range(_CLUSTER_LIMIT):
        if not _splits(text, start):
            break
        start -= 1
    for _ in range(_CLUSTER_LIMIT):
        if not _splits(text, end):
            break
        end += 1
    return start, end


def _ordinary(text: str, at: int) -> bool:
    """Whether a character of the hidden class does honest work where it stands (emoji, Persian, Indic, kanji)."""
    char = text[at]
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if char in {ZWJ, ZWNJ}:
        return before >= "\u0600" and after >= "\u0600" and not _zero_width(before) and not _zero_width(after)
    if "\ufe00" <= char <= "\ufe0f":
        return before != "" and not before.isspace() and not _HIDDEN.match(before)
    if "\U000e0100" <= char <= "\U000e01ef":
        return before >= "\u3400" and unicodedata.category(before) == "Lo"
    return False


def _zero_width(char: str) -> bool:
    return bool(_HIDDEN.match(char)) and not "\ufe00" <= char <= "\ufe0f"


def hidden_characters(text: str) -> int:
    """How many characters of the text a reader could not see: controls, bidi, zero-width, tags, lone surrogates."""
    return sum(1 for found in _HIDDEN.finditer(text) if not _ordinary(text, found.start()))


class Display:
    r"""A text as a pane may show it, with a map from the stored text and back.

    Hidden characters appear as their boxed code point (``⟦202E⟧``), every kind of line end as ``\n``, and a run of
    2,000 characters without white space is broken. At most ``limit`` stored code points are shown (None: all);
    ``truncated`` says whether there is more and ``hidden`` counts the boxes.
    """

    __slots__ = ("_edit", "_shown", "_stored", "_units", "hidden", "text", "truncated")

    def __init__(self, text: str, limit: int | None = SHOWN_LIMIT) -> None:
        self.truncated = limit is not None and len(text) > limit
        part = text[:limit] if self.truncated else text
        self.hidden = 0
        edits: list[tuple[int, int, str]] = [(at, at, "\n") for at in _breaks(part)]
        for found in _EDITED.finditer(part):
            char = found.group()
            if char[0] in "\r\u2028\u2029":
                edits.append((found.start(), found.end(), "\n"))
            elif not _ordinary(part, found.start()):
                self.hidden += 1
                edits.append((found.start(), found.end(), f"⟦{ord(char):04X}⟧"))
        edits.sort()
        self._stored, self._shown, self._edit = [0], [0], [False]
        pieces: list[str] = []
        done = at = 0
        for start, end, shown in edits:
            pieces += (part[done:start], shown)
            at += start - done
            self._anchor(start, at, edit=True)
            at += len(shown)
            self._anchor(end, at, edit=False)
            done = end
        pieces.append(part[done:])
        self.text = "".join(pieces)
        self._anchor(len(part), len(self.text), edit=True)
        self._units = Utf16Map(self.text)

    def _anchor(self, stored: int, shown: int, *, edit: bool) -> None:
        self._stored.append(stored)
        self._shown.append(shown)
        self._edit.append(edit)

    def to_shown(self, stored: int) -> int:
        """Code point position in the shown text of a position in the stored text; the end for what is not shown."""
        k = bisect_right(self._stored, stored) - 1
        return self._shown[k] if self._edit[k] else self._shown[k] + stored - self._stored[k]

    def to_stored(self, shown: int) -> int:
        """Position in the stored text of a position in the shown text; inside a box, the boxed character's start."""
        k = bisect_right(self._shown, shown) - 1
        return self._stored[k] if self._edit[k] else self._stored[k] + shown - self._shown[k]

    def to_qt(self, start: int, end: int) -> tuple[int, int]:
        """UTF-16 positions, in the shown text, of a span of the stored text."""
        last = self.to_shown(end - 1) + 1 if end > start else self.to_shown(start)
        k = bisect_left(self._stored, end)
        if k < len(self._stored) and self._stored[k] == end:
            last = self._shown[k]  # a break or box that follows the span stays outside it
        return self._units.to_utf16(self.to_shown(start)), self._units.to_utf16(min(last, len(self.text)))

    def from_qt(self, start: int, end: int) -> tuple[int, int]:
        """Span of the stored text under a selection in the shown text; a box touched counts as a whole."""
        lo, hi = self._units.to_code_points(start), self._units.to_code_points(end)
        first = self.to_stored(lo)
        if hi <= lo:
            return first, first
        k = bisect_left(self._shown, hi)  # the anchor at or after the end of the selection
        inside = k > 0 and self._edit[k - 1] and k < len(self._shown)
        return first, (self._stored[k] if inside else self.to_stored(hi))


def _breaks(text: str) -> list[int]:
    places: list[int] = []
    for found in _LONG_RUN.finditer(text):
        at = found.end()
        while at < len(text) and extends(text[at]) and at < found.end() + _CLUSTER_LIMIT:
            at += 1
        places.append(at)
    return places


def display(text: str, limit: int | None = SHOWN_LIMIT) -> str:
    """The text as a pane may show it; see :class:`Display` for the map back to the stored text."""
    return Display(text, limit).text
