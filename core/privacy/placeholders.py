"""Which findings of a conversation are one and the same, and the number each gets.

Numbers run per entity in order of first occurrence, start again in every conversation, and skip those that already
stand in the text.
"""

import re
from collections.abc import Iterable, Sequence

from core.privacy import values

_STANDING = re.compile(r"<([A-Z_]{2,40})_(\d{1,7})>")


class Numbers:
    """The identities of a conversation's findings. ``found`` lists (entity, value) in order of occurrence."""

    def __init__(self, texts: Sequence[str], found: Iterable[tuple[str, str]]) -> None:
        self._taken = {match.groups() for text in texts for match in _STANDING.finditer(text)}
        found = list(found)
        full = _full_names(values.normal("PERSON", value) for entity, value in found if entity == "PERSON")
        self._alias = full
        self._numbers: dict[tuple[str, str], int] = {}
        self._next: dict[str, int] = {}
        for entity, value in found:
            self._give(entity, self.key(entity, value))

    def key(self, entity: str, value: str) -> str:
        """The identity of a value: for a part of a name, the full name it belongs to."""
        normal = values.normal(entity, value)
        return self._alias.get(normal, normal) if entity == "PERSON" else normal

    def number(self, entity: str, value: str) -> int:
        """The number of a value of the conversation."""
        return self._numbers[entity, self.key(entity, value)]

    def part(self, value: str) -> tuple[int, int]:
        """For a single word of a longer name of the conversation, its place and the name's length; else (0, 0)."""
        normal = values.normal("PERSON", value)
        words = self._alias.get(normal, normal).split()
        return (words.index(normal), len(words)) if normal in words and len(words) > 1 else (0, 0)

    def _give(self, entity: str, key: str) -> None:
        if (entity, key) in self._numbers:
            return
        number = self._next.get(entity, 1)
        while (entity, str(number)) in self._taken:
            number += 1
        self._numbers[entity, key] = number
        self._next[entity] = number + 1


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """For every name that is part of exactly one longest name, that longest name."""
    known = sorted({name for name in names if name}, key=lambda name: (-len(name.split()), name))
    holders: dict[str, set[str]] = {}
    longest: list[str] = []
    for name in known:
        words = name.split()
        parts = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
        parts.add(f"{words[0]} {words[-1]}")
        if name not in holders:
            longest.append(name)
            for part in parts - {name}:
                holders.setdefault(part, set()).add(name)
    return {part: next(iter(full)) for part, full in holders.items() if len(full) == 1}
