"""Reviewing: what a person decides against a verdict, under asymmetric rules, kept for ever and undone openly.

Excluding takes one person and a reason; including takes two, and evidence where the verdict was not eligible (K21).
"""

from collections.abc import Sequence

from core import times
from core.errors import Refusal
from core.model.review import OverrideAction, ReviewOutcome, person
from core.model.view import Change, Kind
from core.review import confirming, overriding, standing, undoing
from core.services.room import Room, named
from core.store import decisions, records

REVIEWED = Kind.DECISIONS | Kind.VERDICTS | Kind.AUDIT


class Reviewing:
    """Overrides and redaction reviews of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def review(
        self,
        record_ids: Sequence[int],
        action: OverrideAction,
        *,
        reason: str,
        by: str | None = None,
        second: str | None = None,
        evidence: str = "",
    ) -> ReviewOutcome:
        """Override the verdicts of records. A part of a request stands for its request.

        Each record is applied, pending (an include that waits for a second person) or rejected with one sentence;
        nothing at all is written where all are rejected. Raises a Refusal for a blank name or reason.
        """
        who = named(by, self._room)
        if not reason.strip():
            raise Refusal("A decision needs a reason; say why in a few words.")
        ask = overriding.Ask(action, who, (second or "").strip(), reason.strip(), evidence.strip(), times.now())
        outcome, touched = self._room.writer.run(lambda conn: overriding.review(conn, record_ids, ask))
        self._tell(touched)
        return outcome

    def confirm(self, record_ids: Sequence[int], *, second: str) -> ReviewOutcome:
        """The second person's act: includes of these records that wait for one take effect."""
        who = named(second, self._room)
        outcome, touched = self._room.writer.run(lambda conn: confirming.confirm(conn, record_ids, who, times.now()))
        self._tell(touched)
        return outcome

    def undo(self, undo_id: int | None = None, *, second: str | None = None) -> ReviewOutcome:
        """Take back one act by compensating decisions: the one named, else the actor's latest that may be undone.

        ``second`` is the other person where two are needed. Raises a Refusal where the act may not be taken back.
        """
        who = named(None, self._room)
        other = (second or "").strip()
        outcome, touched = self._room.writer.run(lambda conn: undoing.undo(conn, undo_id, who, other, times.now()))
        self._tell(touched)
        return outcome

    def last_undoable(self) -> tuple[int, str] | None:
        """The actor's latest act that they may undo alone, with what it did in a few words; None if there is none."""
        if not person(self._room.actor):
            return None
        conn = self._room.readers.get()
        for batch in decisions.undoable(conn, self._room.actor):
            lines = decisions.of_batch(conn, batch)
            if not undoing.blocked(conn, lines, self._room.actor, ""):
                what = "confirm" if lines[0].confirms else lines[0].action
                return batch, f"{what} {len(lines)} record{'' if len(lines) == 1 else 's'}"
        return None

    def mark_reviewed(self, conversation_id: int, *, reviewed: bool = True) -> None:
        """The actor stands for the redaction of a conversation's texts by the current detector, or takes it back.

        Taking back withdraws every person's review, which only ever makes a release stricter.
        """
        who = named(None, self._room)
        self._room.writer.run(
            lambda conn: standing.mark(
                conn,
                conversation_id,
                detector=records.current_detector(conn),
                who=who,
                at=times.now(),
                reviewed=reviewed,
            )
        )
        self._room.publish(Change(Kind.FINDINGS | Kind.AUDIT, (conversation_id,)))

    def _tell(self, touched: Sequence[int]) -> None:
        if touched:
            self._room.publish(Change(REVIEWED, tuple(touched)))
