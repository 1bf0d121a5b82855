"""One channel's statements over time, and which states it may have had in an interval.

Statements carry intervals (K05), so the answer is a set of possible states. Over every way to place each statement
inside its interval and to choose the asked instant inside its own, the state is that of the latest statement at or
before the instant; at the same instant a denial wins (K04).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.model.moment import LATEST, Interval

SILENT = 1
ALLOWED = 2
DENIED = 4


class Said(NamedTuple):
    """One statement: ends of its interval (microseconds, inclusive), and the event's id."""

    lo: int
    hi: int
    event: str


class Track:
    """The statements of one channel (or of one scope of it)."""

    __slots__ = ("_masks", "_times", "allows", "denials")

    def __init__(self, denials: Iterable[Said], allows: Iterable[Said]) -> None:
        self.denials = tuple(sorted(denials))
        self.allows = tuple(sorted(allows))
        self._times: list[int] | None = None
        self._masks: list[int] = []
        if all(said.lo == said.hi for said in (*self.denials, *self.allows)):
            changes = dict.fromkeys((said.lo for said in self.allows), ALLOWED)
            changes.update(dict.fromkeys((said.lo for said in self.denials), DENIED))
            self._times = sorted(changes)
            self._masks = [SILENT, *(changes[time] for time in self._times)]

    def __bool__(self) -> bool:
        return bool(self.denials or self.allows)

    def states(self, when: Interval) -> int:
        """Every state that may have held at some instant of ``when``: a union of SILENT, ALLOWED and DENIED."""
        if self._times is None:
            return self._general(when.lo, when.hi)
        first = bisect_right(self._times, when.lo)
        if when.hi == when.lo:
            return self._masks[first]
        mask = 0
        for state in self._masks[first : bisect_right(self._times, when.hi) + 1]:
            mask |= state
        return mask

    def _general(self, lo: int, hi: int) -> int:
        """The same for statements whose own times are uncertain, without trying every placement.

        A denial can stand if it can fall inside the asked interval, or if no allow must fall between it and the
        interval; an allow likewise, except that a denial at its very instant beats it.
        """
        mask = 0
        lifted, refused = self._last(self.allows, lo), self._last(self.denials, lo)
        for said in self.denials:
            if said.lo <= hi and (said.hi >= lo or lifted is None or said.hi >= lifted):
                mask |= DENIED
                break
        for said in self.allows:
            if said.lo <= hi and self._can_stand(said, lo, hi, refused):
                mask |= ALLOWED
                break
        if all(said.hi > lo for said in (*self.denials, *self.allows)):
            mask |= SILENT
        return mask

    def _can_stand(self, allow: Said, lo: int, hi: int, refused: int | None) -> bool:
        if allow.hi < lo:
            return refused is None or allow.hi > refused
        start, end = max(allow.lo, lo), min(allow.hi, hi)
        inside = self.denials[bisect_left(self.denials, (start,)) : bisect_right(self.denials, (end, LATEST + 1))]
        beaten = {said.lo for said in inside if said.lo == said.hi}
        return end - start >= len(beaten)

    def standing(self, when: Interval) -> tuple[str, ...]:
        """Ids of the denials that may stand at some instant of ``when``."""
        lifted = self._last(self.allows, when.lo)
        return tuple(
            said.event
            for said in self._near(self.denials, lifted, when.hi)
            if said.hi >= when.lo or lifted is None or said.hi >= lifted
        )

    def granting(self, when: Interval) -> tuple[str, ...]:
        """Ids of the allows that may be in force at some instant of ``when``."""
        refused = self._last(self.denials, when.lo)
        return tuple(
            said.event
            for said in self._near(self.allows, refused, when.hi)
            if self._can_stand(said, when.lo, when.hi, refused)
        )

    def _near(self, said: Sequence[Said], since: int | None, until: int) -> Sequence[Said]:
        """The statements that begin by ``until``; of exact ones only those not before ``since``, which ended them."""
        start = bisect_left(said, (since,)) if self._times is not None and since is not None else 0
        return said[start : bisect_right(said, (until, LATEST + 1))]

    def _last(self, said: Sequence[Said], moment: int) -> int | None:
        """The latest beginning among statements that must have been made by ``moment``."""
        if self._times is None:
            return max((one.lo for one in said if one.hi <= moment), default=None)
        before = bisect_right(said, (moment, LATEST + 1))
        return said[before - 1].lo if before else None


EMPTY = Track((), ())
"""A channel nobody used."""
