"""Opt-out rates by month, product and region, counted in accounts.

The unit is the account: messages of one account depend on one another. An account is active in a period if it
created a conversation in it, and opted out if a toggle or form denial stands at the period's end; for the API the rate
is that of organisations with a standing opt-in, so API accounts are never mixed into an all-products cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

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
    groups = _group(activity)
    last = max((month_end(key[0]) for key in groups if key[0] != UNKNOWN), default=LATEST)
    fine = _merge(groups, {*by, "product"})
    table = _count(_merge(groups, set(by)), standing, last)
    dims = [i for i, name in enumerate(_ORDER) if name in by]
    withheld = _revealing(_count(fine, standing, last)) if "product" not in by else frozenset()
    secret = hidden(table, dims, withheld) if suppress else frozenset()
    return tuple(_cell(key, table[key], key in secret) for key in sorted(table))


def month_end(month: str) -> int:
    """The last microsecond of a UTC month ``YYYY-MM``."""
    year, number = int(month[:4]), int(month[5:7])
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return int(following.timestamp()) * SECOND - 1


def _group(activity: Iterable[Activity]) -> dict[Key, set[str]]:
    groups: dict[Key, set[str]] = {}
    for item in activity:
        key = (item.month or UNKNOWN, item.product or UNKNOWN, item.region or UNKNOWN)
        groups.setdefault(key, set()).add(item.account)
    return groups


def _merge(groups: Mapping[Key, set[str]], by: set[str]) -> dict[Key, set[str]]:
    """The same groups with fewer dimensions; distinct accounts, so that nobody is counted twice in a cell."""
    merged: dict[Key, set[str]] = {}
    for (month, product, region), accounts in groups.items():
        if "product" not in by and product == Product.API:
            continue
        key = (
            month if "month" in by else ALL,
            product if "product" in by else ALL,
            region if "region" in by else ALL,
        )
        merged.setdefault(key, set()).update(accounts)
    return merged


def _count(groups: Mapping[Key, set[str]], standing: Mapping[str, Standing], last: int) -> dict[Key, Cell]:
    table: dict[Key, Cell] = {}
    for key, accounts in groups.items():
        period, product, _ = key
        at = last if period in {ALL, UNKNOWN} else month_end(period)
        said = [standing.get(account, NOTHING_SAID) for account in accounts]
        count = sum(s.opted_in(at) if product == Product.API else s.opted_out(at) for s in said)
        table[key] = Cell(len(accounts), count)
    return table


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
