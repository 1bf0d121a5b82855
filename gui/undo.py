"""Undo of decisions: not a local stack but the desk's own, so that it works across views and sessions."""

from typing import TYPE_CHECKING

from core.model.review import ReviewOutcome
from gui.context import Context
from gui.words import count, tr

if TYPE_CHECKING:
    from core.services.desk import Desk

_ACTS = {"exclude": "excluding", "include": "including", "confirm": "confirming", "defer": "deferring"}


class Undo:
    """Takes back the reviewer's latest decision and says which."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def undo(self) -> None:
        """Undo, away from the GUI thread."""

        def act(desk: "Desk") -> tuple[str, ReviewOutcome] | None:
            last = desk.reviewing.last_undoable()
            return None if last is None else (last[1], desk.reviewing.undo(last[0]))

        self._context.act("Undo", act, initiator=self, done=self._done)

    def _done(self, undone: tuple[str, ReviewOutcome] | None) -> None:
        if undone is None:
            self._context.say("info", tr("There is no decision of yours to undo."))
            return
        what, outcome = undone
        act = tr(_ACTS.get(what.partition(" ")[0], "the decision on"))
        records = count(outcome.applied + outcome.pending, "record", "records")
        said = tr("Undone: {act} {records}. The trail keeps both the decision and its undoing.")
        self._context.say("good", said.format(act=act, records=records))
