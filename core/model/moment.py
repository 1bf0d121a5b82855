"""Times as intervals (convention K05).

Every time is a pair of whole microseconds since 1970-01-01T00:00:00Z, ends inclusive. An exact time
has ``lo == hi``. Ends that are not known are :data:`EARLIEST` and :data:`LATEST`.
"""

from dataclasses import dataclass

SECOND = 1_000_000
DAY = 86_400 * SECOND
EARLIEST = -62_135_596_800 * SECOND  # 0001-01-01, the first instant that datetime can show
LATEST = 253_402_300_799 * SECOND  # 9999-12-31T23:59:59Z
UNKNOWN_CREATION_FLOOR = 1_420_070_400 * SECOND  # 2015-01-01, eligibility.md section 9


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants at which something may have happened: ``lo <= t <= hi``, microseconds UTC."""

    lo: int
    hi: int

    @property
    def exact(self) -> bool:
        """Whether the instant is known."""
        return self.lo == self.hi


ALWAYS = Interval(EARLIEST, LATEST)
