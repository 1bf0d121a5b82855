"""Opt-out rates by month, product and region, counted in accounts.

The unit is the account: messages of one account depend on one another. An account is active in a period if it
created a conversation in it, and opted out if a toggle or form denial stands at the period's end; for the API the rate
is that of organisations with a standing opt-in, so API accounts are never mixed into an all-products cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pandas as pd

from core.insight.standing import NOTHING_SAID, Standing
from core.insight.suppress import Cell, Key, hidden
from core.insight.wilson import wilson
from core.model.insight import RateCell
from core.model.moment import LATEST, SECOND
from core.model.record import Product

By = Literal["month", "product", "region"]
ALL = "all"
UNKNOWN = "unknown"
_ORDER: tuple[By, ...] = ("month", "product", "region")


@dataclass(frozen=True, slots=True)
class Activity:
    """That an account (for the API: an organisation) created something in a month. Repeats do not matter.

    ``month`` is ``YYYY-MM`` in UTC, empty where unknown; ``product`` a value of
    :class:`~core.model.record.Product`; ``region`` is the account's, empty where unknown.
    """

    account: str
    product: str
    region: str
    month: str


def rates(
    activity: Iterable[Activity],
    standing: Mapping[str, Standing],
    by: Sequence[str] = _ORDER,
    *,
    suppress: bool = True,
) -> tuple[RateCell, ...]:
    """One cell for each combination that occurs, sorted by period, product, region; ``by`` is any subset of these.

    A dimension that is not asked for reads ``"all"``, an unknown value ``"unknown"``. An account without an entry in
    ``standing`` said nothing. ``opted_out`` of an API cell counts organisations with a standing opt-in. Suppressed
    cells show no number at all (:mod:`core.insight.suppress` has the rule). Raises ValueError for another ``by``.
    """
    unknown = set(by) - set(_ORDER)
    if unknown:
        raise ValueError(f"rates can be split by month, product and region, not by {', '.join(sorted(unknown))}")
    frame = _frame(activity)
    known = frame.loc[frame["month"] != UNKNOWN, "month"]
    last = LATEST if known.empty else month_end(known.max())
    fine = _count(frame, {*by, "product"}, standing, last)
    table = _count(frame, set(by), standing, last)
    dims = [i for i, name in enumerate(_ORDER) if name in by]
    withheld = _revealing(fine) if "product" not in by else frozenset()
    secret = hidden(table, dims, withheld) if suppress else frozenset()
    return tuple(_cell(key, table[key], key in secret) for key in sorted(table))


def month_end(month: str) -> int:
    """The last microsecond of a UTC month ``YYYY-MM``."""
    year, number = int(month[:4]), int(month[5:7])
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return int(following.timestamp()) * SECOND - 1


def _frame(activity: Iterable[Activity]) -> pd.DataFrame:
    """Who was active where, each once: columns month, product, region, account."""
    rows = ((a.month or UNKNOWN, a.product or UNKNOWN, a.region or UNKNOWN, a.account) for a in activity)
    return pd.DataFrame(rows, columns=[*_ORDER, "account"], dtype=object).drop_duplicates()


def _count(frame: pd.DataFrame, by: set[str], standing: Mapping[str, Standing], last: int) -> dict[Key, Cell]:
    """Cells split by these dimensions alone; an account is counted once in a cell, however often it is in the frame."""
    held = frame if "product" in by else frame[frame["product"] != Product.API.value]
    held = held.assign(**{name: ALL for name in _ORDER if name not in by}).drop_duplicates()
    ends = {month: last if month in {ALL, UNKNOWN} else month_end(month) for month in held["month"].unique()}
    said = (standing.get(account, NOTHING_SAID) for account in held["account"])
    counted = [
        each.opted_in(ends[month]) if product == Product.API else each.opted_out(ends[month])
        for each, month, product in zip(said, held["month"], held["product"], strict=True)
    ]
    cells = held.assign(counted=pd.Series(counted, index=held.index, dtype=bool)).groupby(list(_ORDER))["counted"]
    return {
        (str(month), str(product), str(region)): Cell(int(accounts), int(count))
        for (month, product, region), accounts, count in cells.agg(["size", "sum"]).itertuples()
    }


def _revealing(fine: Mapping[Key, Cell]) -> frozenset[Key]:
    """All-products cells that are withheld, since the shown products taken from them would reveal a hidden one.

    Here the total is the complementary cell: hiding the one large product instead would blank every chart by product.
    """
    parts: dict[Key, list[Cell]] = {}
    for (period, product, region), cell in fine.items():
        if product != Product.API:
            parts.setdefault((period, ALL, region), []).append(cell)
    return frozenset(
        key
        for key, cells in parts.items()
        if len(cells) > 1
        and any(cell.secret for cell in cells)
        and any(not cell.secret for cell in cells)
        and Cell.union([cell for cell in cells if cell.secret]).secret
    )


def _cell(key: Key, cell: Cell, secret: bool) -> RateCell:  # noqa: FBT001 - one caller, two lines above
    if secret:
        return RateCell(*key, None, None, None, None, None, suppressed=True)
    low, high = wilson(cell.counted, cell.accounts)
    return RateCell(*key, cell.accounts, cell.counted, cell.counted / cell.accounts, low, high, suppressed=False)
