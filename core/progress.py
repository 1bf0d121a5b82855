"""Progress of long acts, in one form for the terminal and the window."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an act is.

    ``done`` and ``total`` count ``unit`` (``total`` is None while unknown); ``phase`` is a short plain
    phrase such as ``"Reading"``; ``rate`` is units a second and ``seconds_left`` an estimate, None while unknown.
    """

    phase: str
    done: int = 0
    total: int | None = None
    unit: str = "records"
    rate: float | None = None
    seconds_left: float | None = None


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Ignore progress, the default of every long act."""


class Meter:
    """Reports progress of a counted act at most ten times a second, with its rate and an estimate of time left."""

    def __init__(
        self, report: Report, phase: str, total: int, unit: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._report, self._phase, self._total, self._unit, self._clock = report, phase, total, unit, clock
        self._done = 0
        self._started = clock()
        self._told = self._started
        report(Progress(phase, 0, total, unit))

    def advance(self, by: int) -> None:
        """Count ``by`` more units; the last one is always reported."""
        self._done += by
        now = self._clock()
        if self._done < self._total and now - self._told < 0.1:
            return
        self._told = now
        passed = now - self._started
        rate = self._done / passed if passed > 0 else None
        left = max(0, self._total - self._done) / rate if rate else None
        self._report(Progress(self._phase, self._done, self._total, self._unit, rate, left))
