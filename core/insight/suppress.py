"""Which cells of a table of rates are not shown, so that nobody can be singled out.

A cell is secret if it has fewer than 10 accounts, or if it has fewer than 30 and its rate is 0 % or 100 %, which tells
what each of its people did. One secret cell could be computed from a total, so further cells are hidden until, along
each dimension, the hidden cells of a line are at least two and, taken together, a group that could be shown itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

MINIMUM = 10
"""Accounts below which a cell is hidden."""
EXTREME_MINIMUM = 30
"""Accounts below which a rate of 0 % or 100 % is hidden; the smallest stratum that a sample may have."""

Key = tuple[str, str, str]
"""Period, product, region."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Accounts of a cell, and how many of them opted out (API: in)."""

    accounts: int
    counted: int

    @property
    def secret(self) -> bool:
        """Whether the cell must not be shown for its own sake."""
        extreme = self.counted in {0, self.accounts}
        return self.accounts < MINIMUM or (extreme and self.accounts < EXTREME_MINIMUM)

    @staticmethod
    def union(cells: Iterable["Cell"]) -> "Cell":
        """The cells as one group."""
        listed = list(cells)
        return Cell(sum(c.accounts for c in listed), sum(c.counted for c in listed))


def hidden(table: Mapping[Key, Cell], dims: Iterable[int], withheld: Collection[Key] = ()) -> frozenset[Key]:
    """The keys to hide: the secret ones, those ``withheld`` anyway, and complements along the dimensions ``dims``.

    ``dims`` are positions in the key (0 period, 1 product, 2 region). Products are no line of complements: no total
    over products is shown where it would reveal one (:mod:`core.insight.rates`), and hiding the largest product
    for the sake of the smallest would leave nothing to see. Deterministic; grows until every line is safe.
    """
    secret = {key for key, cell in table.items() if cell.secret} | set(withheld)
    lines = [line for dim in dims if dim != 1 for line in _lines(table, dim)]
    grown = True
    while grown:
        grown = False
        for line in lines:
            grown |= _complete(line, table, secret)
    return frozenset(secret)


def _lines(table: Mapping[Key, Cell], dim: int) -> list[list[Key]]:
    """Cells that differ in one dimension alone, smallest first."""
    lines: dict[tuple[str, ...], list[Key]] = {}
    for key in sorted(table, key=lambda k: (table[k].accounts, k)):
        lines.setdefault(key[:dim] + key[dim + 1 :], []).append(key)
    return list(lines.values())


def _complete(line: list[Key], table: Mapping[Key, Cell], secret: set[Key]) -> bool:
    """Hide the smallest shown cells of a line until what is hidden is safe; whether anything was hidden."""
    out = [key for key in line if key in secret]
    shown = [key for key in line if key not in secret]
    grown = False
    while out and shown and (len(out) < 2 or Cell.union(table[key] for key in out).secret):
        out.append(shown.pop(0))
        secret.add(out[-1])
        grown = True
    return grown
