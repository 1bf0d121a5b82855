"""When two findings are the same value, and where else a value stands in a text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from core.privacy.words import words

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])\Z")
_TITLES = frozenset(words("mr mrs ms miss mx dr prof professor sir madam mme mlle herr frau señor señora sr sra"))
_PLAIN = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME", "AGE"})
SHORTEST = 3  # letters and digits; a shorter value (a house number) stands everywhere by chance


def normal(entity: str, value: str) -> str:
    """The value without what does not tell two values apart: case, accents, possessive, title, spacing, separators."""
    value = _POSSESSIVE.sub("", value.strip())
    folded = "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if not unicodedata.combining(c))
    if entity in _PLAIN:
        words = _WORD.findall(folded)
        kept = [word for word in words if word not in _TITLES] if entity == "PERSON" else words
        return " ".join(kept or words)
    if entity in {"SECRET", "URL", "EMAIL_ADDRESS"}:
        return value if entity == "SECRET" else folded
    return "".join(c for c in folded if c.isalnum())


def stem(value: str) -> str:
    """The value as it may stand elsewhere: without a possessive and without white space around it."""
    return _POSSESSIVE.sub("", value.strip())


def weight(value: str) -> int:
    """How many letters and digits a value has."""
    return sum(c.isalnum() for c in value)


class Finder:
    """Finds many values in a text at token borders, in one pass over its words.

    ``anycase`` values are compared without regard to case.
    """

    def __init__(self, values: Iterable[str], anycase: Iterable[str] = ()) -> None:
        self._exact = self._index(values)
        self._any = self._index(value.lower() for value in anycase if len(value.lower()) == len(value))

    @staticmethod
    def _index(values: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
        index: dict[str, list[tuple[int, str]]] = {}
        for value in sorted(set(values), key=lambda v: (-len(v), v)):
            first = _WORD.search(value)
            if first is not None:
                index.setdefault(first.group(), []).append((first.start(), value))
        return index

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the values in the text, the longest at each word; they may overlap."""
        lowered = text.lower() if self._any else text
        same = len(lowered) == len(text)
        for word in _WORD.finditer(text):
            for index, where in ((self._exact, text), (self._any, lowered if same else text)):
                for lead, value in index.get(where[word.start() : word.end()], ()):
                    start = word.start() - lead
                    if start >= 0 and where.startswith(value, start) and _bordered(text, start, start + len(value)):
                        yield start, start + len(value)
                        break


def _bordered(text: str, start: int, end: int) -> bool:
    """Whether no word of the text runs across either end."""
    left = start == 0 or not (is_word(text[start]) and is_word(text[start - 1]))
    return left and (end == len(text) or not (is_word(text[end - 1]) and is_word(text[end])))


def is_word(char: str) -> bool:
    """Whether a character belongs to a word: letters, digits, the low line."""
    return char == "_" or char.isalnum()
