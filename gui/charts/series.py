"""Opt-out rates as lines to draw: which months join, and which never do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.model.insight import RateCell
from gui.words import product_word, tr

API = "api"
"""Its cells count organisations that opted in, which is another quantity."""
ORDER = ("chatgpt", "dalle_labs", "api", "claude", "other")


@dataclass(frozen=True, slots=True)
class Point:
    """One month of one product: ``at`` is its middle in seconds UTC; rate, low and high in per cent."""

    period: str
    at: float
    rate: float
    low: float
    high: float
    cell: RateCell


@dataclass(frozen=True, slots=True)
class Series:
    """One product's months in order. ``runs`` are the stretches that may be joined by a line."""

    product: str
    runs: tuple[tuple[Point, ...], ...]
    hidden: tuple[str, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """All months shown."""
        return tuple(point for run in self.runs for point in run)


def series_word(product: str) -> str:
    """A series' name; the API's says that it counts the opposite."""
    return f"{product_word(product)} ({tr('opted in')})" if product == API else product_word(product)


def middle(period: str) -> float:
    """The middle of a month ``YYYY-MM`` in seconds UTC."""
    return datetime(int(period[:4]), int(period[5:7]), 15, 12, tzinfo=UTC).timestamp()


def day(text: str) -> float:
    """The start of a day ``YYYY-MM-DD`` in seconds UTC."""
    return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC).timestamp()


def _ordinal(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:7])


def _dated(period: str) -> bool:
    return len(period) == 7 and period[4] == "-"


def _rank(product: str) -> tuple[int, str]:
    return (ORDER.index(product) if product in ORDER else len(ORDER), product)


def series(cells: Iterable[RateCell], breaks: Sequence[str] = ()) -> tuple[Series, ...]:
    """Lines by product. A line breaks at a hidden or missing month and at each day of ``breaks``.

    ``breaks`` are the days on which another policy version came into force: rates before and after one are not the
    same quantity, so no line joins them.
    """
    by: dict[str, list[RateCell]] = {}
    for cell in cells:
        if _dated(cell.period):
            by.setdefault(cell.product, []).append(cell)
    cuts = sorted(day(text) for text in breaks)
    made = []
    for product in sorted(by, key=_rank):
        listed = sorted(by[product], key=lambda cell: cell.period)
        runs = tuple(_runs(listed, cuts))
        made.append(Series(product, runs, tuple(cell.period for cell in listed if cell.rate is None)))
    return tuple(made)


def _runs(cells: Sequence[RateCell], cuts: Sequence[float]) -> Iterator[tuple[Point, ...]]:
    run: list[Point] = []
    for cell in cells:
        point = _point(cell)
        if point is None:
            continue
        if run and not _joined(run[-1], point, cuts):
            yield tuple(run)
            run = []
        run.append(point)
    if run:
        yield tuple(run)


def _point(cell: RateCell) -> Point | None:
    if cell.rate is None or cell.low is None or cell.high is None:
        return None
    return Point(cell.period, middle(cell.period), 100 * cell.rate, 100 * cell.low, 100 * cell.high, cell)


def _joined(before: Point, after: Point, cuts: Sequence[float]) -> bool:
    if _ordinal(after.period) - _ordinal(before.period) != 1:
        return False
    return not any(before.at < cut <= after.at for cut in cuts)


def share(value: float | None) -> str:
    """A fraction as per cent with one decimal, or an em dash."""
    from PySide6.QtCore import QLocale

    return "—" if value is None else f"{QLocale().toString(100 * value, 'f', 1)} %"


def spoken(cell: RateCell) -> str:
    """One cell in a few words: rate, interval, and of how many."""
    if cell.rate is None:
        return tr("hidden") if cell.suppressed else "—"
    words = tr("{rate} ({low} to {high}), {part} of {whole}")
    return words.format(
        rate=share(cell.rate),
        low=share(cell.low).removesuffix(" %"),
        high=share(cell.high),
        part=cell.opted_out,
        whole=cell.accounts,
    )
