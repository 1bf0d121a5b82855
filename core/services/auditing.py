"""Auditing: the trail of what people did, to read, to check, and to compare with a head kept outside."""

import json

from core import times
from core.model.review import AuditCheck
from core.model.view import HistoryLine
from core.services.room import Room
from core.store import audit


class Auditing:
    """The audit trail of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def head(self) -> tuple[int, str]:
        """How many events there are and the hex of the last link; print it to keep it outside the workspace."""
        return audit.head(self._room.readers.get())

    def verify(self, expected: tuple[int, str] | None = None) -> AuditCheck:
        """Walk the whole trail; ``expected`` is a head from outside: a size and the first digits of its link."""
        return audit.verify(self._room.readers.get(), expected)

    def lines(self, limit: int = 500) -> tuple[HistoryLine, ...]:
        """The newest events, newest first."""
        return tuple(_line(body) for _, body in audit.lines(self._room.readers.get(), limit))


def _line(body: str) -> HistoryLine:
    event = json.loads(body)
    detail = ", ".join(f"{key} {value}" for key, value in event.get("detail", {}).items())
    what = f"{event['act']} {event['object']}" + (f" ({detail})" if detail else "")
    return HistoryLine(times.instant(event["at"]) or 0, event["actor"], what)
