"""A folded copy of a text for the rules, with a map back: full-width digits, look-alike letters, zero-width marks.

Rules run on the stored text and, where folding changes anything, once more on the copy, so that ``j\u200bane`` or
full-width digits do not slip through. The stored text is never changed.
"""

import re
import unicodedata

_ZERO = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіјѕԁցһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο٫‐‑‒–−",
    "ABEKMHOPCTYXaeopcyxijsdghABEZHIKMNOPTYXo.-----",
)


class Folded:
    """``text`` is the folded copy; ``span`` maps a span of it to the stored text (code points)."""

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for at, char in enumerate(text):
            piece = "" if _ZERO.match(char) else _one(char)
            pieces.append(piece)
            self._starts += [at] * len(piece)
            self._ends += [at + 1] * len(piece)
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the stored text that the folded ``[start, end)`` came from."""
        return self._starts[start], self._ends[end - 1]


def _one(char: str) -> str:
    if char.isascii():
        return char
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    return (folded if len(folded) <= 4 else char).translate(_LOOKALIKES)


def fold(text: str) -> Folded | None:
    """The folded copy, or None where folding changes nothing."""
    if text.isascii():
        return None
    folded = Folded(text)
    return None if folded.text == text else folded
