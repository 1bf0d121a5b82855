"""Times for what has none (section 9 of the conventions).

A message without a time lies between its parent's time (else the conversation's creation) and the first timed
message below it (else the conversation's last update). A conversation without a creation time was created between
2015-01-01 and its first message; for display alone it falls back to that message.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.model.moment import LATEST, UNKNOWN_CREATION_FLOOR, Interval


def creation(
    stated: Interval | None, sent: Iterable[Interval | None], updated: Interval | None
) -> tuple[Interval, bool, int | None]:
    """``created``, ``created_known`` and ``created_shown`` of a conversation from what its source states."""
    if stated is not None:
        return stated, True, stated.lo
    timed = [x for x in sent if x is not None]
    if not timed:
        last = LATEST if updated is None else updated.hi
        return _ordered(UNKNOWN_CREATION_FLOOR, last), False, None
    earliest = min(timed)
    return _ordered(UNKNOWN_CREATION_FLOOR, earliest.hi), False, earliest.lo


def sent(
    order: Sequence[str],
    parents: Mapping[str, str | None],
    stated: Mapping[str, Interval | None],
    created: Interval,
    updated: Interval | None,
) -> dict[str, Interval]:
    """An interval for every node of ``order``, which lists parents before their children."""
    below: dict[str, Interval] = {}
    for key in reversed(order):
        nearest = stated.get(key) or below.get(key)
        parent = parents.get(key)
        if nearest is not None and parent is not None and (parent not in below or nearest < below[parent]):
            below[parent] = nearest
    found: dict[str, Interval] = {}
    for key in order:
        own = stated.get(key)
        if own is None:
            parent = parents.get(key)
            start = found[parent].lo if parent is not None and parent in found else created.lo
            end = below[key].hi if key in below else (LATEST if updated is None else updated.hi)
            own = _ordered(start, end)
        found[key] = own
    return found


def _ordered(one: int, other: int) -> Interval:
    """Sources with inverted clocks exist: the interval between two instants, whichever comes first."""
    return Interval(min(one, other), max(one, other))
