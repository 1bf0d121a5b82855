"""When an act of review may be taken back, and by whom.

A person may undo their own act until a set that rests on it is approved. After that lifting an exclusion needs two
people, like an include; an include is then answered by excluding the record, which one person may always do.
"""

import sqlite3
from collections.abc import Sequence

from core.errors import Refusal
from core.model.review import OverrideAction, ReviewOutcome, person
from core.review.judging import decide_and_store
from core.store import audit, decisions
from core.store.decisions import DecisionLine


def why_not(
    *, action: OverrideAction, made_by: str, actor: str, second: str, sets: tuple[str, ...], is_confirmation: bool
) -> str:
    """One plain sentence why ``actor`` may not take this act back, empty if they may.

    ``sets`` are the approved sets that rest on the act; ``second`` is the other person's name, blank for none.
    """
    own = person(actor) == person(made_by)
    together = bool(person(second)) and person(second) != person(actor)
    if person(second) and not together:
        return "The second person must be somebody else."
    lifting = action is OverrideAction.EXCLUDE and not is_confirmation
    if not sets:
        return "" if own or (lifting and together) else f"Only {made_by}, who made this decision, may undo it."
    if lifting:
        return "" if together else f"The approved set {sets[0]} rests on this exclusion; lifting it needs two people."
    return f"The approved set {sets[0]} rests on this decision; exclude the record instead."


def undo(
    conn: sqlite3.Connection, undo_id: int | None, who: str, second: str, at: int
) -> tuple[ReviewOutcome, list[int]]:
    """Take back one act by compensating decisions; the outcome and the conversations it touched."""
    candidates = decisions.undoable(conn, who) if undo_id is None else [undo_id]
    if not candidates:
        raise Refusal(f"There is no decision of {who} that could be undone.")
    lines = [line for line in decisions.of_batch(conn, candidates[0]) if line.undoes is None]
    undone = decisions.undone_in(conn, [line.id for line in lines])
    lines = [line for line in lines if line.id not in undone]
    if not lines:
        raise Refusal(f"Decision {candidates[0]} does not exist or was undone already.")
    if why := blocked(conn, lines, who, second):
        raise Refusal(why)
    batch = decisions.next_batch(conn)
    for line in lines:
        row = decisions.add(
            conn, batch=batch, record_id=line.record_id, conversation_id=line.conversation_id, action=line.action,
            requested_by=who, second_by=second, reason_id=line.reason_id, evidence_id=line.evidence_id,
            verdict_digest=line.verdict_digest, undoes=line.id, recorded_at=at,
        )  # fmt: skip
        detail: dict[str, str | int] = {"conversation": line.conversation_id, "decision": row, "undoes": line.id}
        if second:
            detail["second"] = second
        audit.append(conn, actor=who, act="undid", obj=f"record:{line.record_id}", detail=detail, at=at)
    touched = decisions.current_versions(conn, {line.conversation_id for line in lines})
    decide_and_store(conn, touched, at)
    return ReviewOutcome(applied=len(lines)), touched


def blocked(conn: sqlite3.Connection, lines: Sequence[DecisionLine], actor: str, second: str) -> str:
    """Why this act may not be taken back by these people, empty if it may."""
    first = lines[0]
    action = OverrideAction(first.action)
    resting = decisions.sets_resting_on(
        conn,
        None if action is OverrideAction.EXCLUDE else {line.conversation_id for line in lines},
        first.recorded_at,
    )
    return why_not(
        action=action, made_by=_maker(first), actor=actor, second=second, sets=tuple(resting),
        is_confirmation=first.confirms is not None,
    )  # fmt: skip


def _maker(line: DecisionLine) -> str:
    return line.second_by if line.confirms is not None else line.requested_by
