"""Progress of long acts, in one form for the terminal and the window."""

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
