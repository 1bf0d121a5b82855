"""Rates as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable
from typing import TextIO

from core.model.insight import RateCell

COLUMNS = ("period", "product", "region", "accounts", "opted_out", "rate", "low", "high", "suppressed")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(cells: Iterable[RateCell], out: TextIO) -> int:
    """Write a header and one line a cell; the number of cells. Suppressed cells have no numbers.

    ``out`` is opened with ``newline=""`` and UTF-8. Fractions have six decimals; ``suppressed`` is true or false.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for count, cell in enumerate(cells, 1):  # noqa: B007 - the count is the result
        writer.writerow(
            [
                *(safe(text) for text in (cell.period, cell.product, cell.region)),
                *("" if number is None else number for number in (cell.accounts, cell.opted_out)),
                *("" if share is None else f"{share:.6f}" for share in (cell.rate, cell.low, cell.high)),
                "true" if cell.suppressed else "false",
            ]
        )
    return count


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading sign of one gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(_FORMULA) else text
