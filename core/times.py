"""Reading and showing times: every text or number becomes an interval (convention K05)."""

import math
import re
import time
from datetime import UTC, date, datetime, timedelta

from core.model.moment import DAY, EARLIEST, LATEST, SECOND, Interval

CLIENT_SKEW = 300 * SECOND
NAIVE_BEFORE = 14 * 3600 * SECOND
NAIVE_AFTER = 12 * 3600 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?([Zz]|[+-]\d{2}:?\d{2})?\Z",
)


def now() -> int:
    """The system clock, microseconds since 1970 UTC. Core's pure functions never call it; services do."""
    return time.time_ns() // 1000


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _clamp(lo: int, hi: int) -> Interval:
    return Interval(max(lo, EARLIEST), min(hi, LATEST))


def from_seconds(value: float, *, client: bool = False) -> Interval | None:
    """Interval of a number of seconds since 1970 (int or float); None if it is no instant between years 1 and 9999."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    micros = value * SECOND if isinstance(value, int) else round(value * SECOND)
    if not EARLIEST <= micros <= LATEST:
        return None
    return widened(Interval(micros, micros), client=client)


def widened(interval: Interval, *, client: bool) -> Interval:
    """The interval with the client clock's ±300 s, if it is a client's (K05)."""
    return _clamp(interval.lo - CLIENT_SKEW, interval.hi + CLIENT_SKEW) if client else interval


def parse(text: str, *, client: bool = False) -> Interval | None:
    """Interval of a written time: RFC 3339 with offset, naive, or a date alone; None if it is none of them.

    A naive local time t may be any instant in [t-14h, t+12h] as UTC; a date alone runs from its earliest start to
    its latest end anywhere on Earth (K05).
    """
    text = text.strip()
    if _DATE.match(text):
        try:
            start = _micros(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC))
        except ValueError:
            return None
        return widened(_clamp(start - NAIVE_BEFORE, start + DAY - 1 + NAIVE_AFTER), client=client)
    found = _INSTANT.match(text)
    if not found:
        return None
    day, clock, zone = found.groups()
    if "." in clock:
        whole, _, fraction = clock.partition(".")
        clock = f"{whole}.{fraction[:6]:0<6}"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}")
        if zone and zone not in "Zz":
            moment = moment.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").tzinfo)
        at = _micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    if zone:
        return widened(_clamp(at, at), client=client)
    return widened(_clamp(at - NAIVE_BEFORE, at + NAIVE_AFTER), client=client)


def instant(text: str) -> int | None:
    """Microseconds of a written time that must be exact, such as ``--at``: RFC 3339, or a date or naive time as UTC."""
    interval = parse(text)
    if interval is not None and not interval.exact:
        interval = parse(f"{text.strip()}T00:00:00Z" if _DATE.match(text.strip()) else f"{text.strip()}Z")
    return None if interval is None or not interval.exact else interval.lo


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def show(micros: int | None) -> str:
    """RFC 3339 in UTC to the second, or an em dash where unknown."""
    if micros is None:
        return "—"
    if micros <= EARLIEST or micros >= LATEST:
        return "open"
    return _moment(micros).isoformat(timespec="seconds").replace("+00:00", "Z")


def show_exact(micros: int) -> str:
    """RFC 3339 in UTC with all its microseconds; ``instant`` reads it back."""
    return _moment(micros).isoformat(timespec="microseconds").replace("+00:00", "Z")


def month(micros: int) -> str:
    """The UTC month of an instant, ``YYYY-MM``."""
    return _moment(micros).date().isoformat()[:7]
