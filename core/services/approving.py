"""Approving: the transactions that freeze a set of conversations and record who stands for it."""

import sqlite3
from collections.abc import Sequence

from core.errors import Refusal
from core.model.release import ApprovedSet, SetState
from core.model.review import person
from core.store import audit, sets


def resolve(conn: sqlite3.Connection, names: Sequence[str]) -> list[int]:
    """Current conversations of ``CONVERSATION`` or ``ACCOUNT/CONVERSATION`` names, in id order.

    Blank lines are skipped. Raises a Refusal for the first name that is unknown or may mean several.
    """
    found: set[int] = set()
    for name in (line.strip() for line in names):
        if not name:
            continue
        candidates = sets.named_conversations(conn, name)
        if not candidates:
            raise Refusal(f"There is no conversation {name} in this workspace.")
        if len(candidates) > 1:
            listed = ", ".join(full for _, full in candidates[:5])
            raise Refusal(f"The conversation {name} is not the only one of that id; name one of {listed}.")
        found.add(candidates[0][0])
    return sorted(found)


def freeze(
    conn: sqlite3.Connection, *, name: str, query: str, asked: Sequence[int], people: Sequence[str], at: int
) -> ApprovedSet:
    """Freeze the eligible ones of the conversations asked for, approved by one or two distinct people."""
    if sets.named(conn, name) is not None:
        raise Refusal(f"There is a set named {name} already; choose another name.")
    items, records = sets.eligible_versions(conn, asked)
    left_out = len(asked) - len(items)
    row = sets.add(conn, name=name, query=query, at=at, items=items, records=records, left_out=left_out)
    for number, by in enumerate(people[:2]):
        sets.approve(conn, row, by, at)
        detail: dict[str, str | int] = (
            {} if number else {"conversations": len(items), "records": records, "left_out": left_out}
        )
        act = "confirmed set" if number else "approved set"
        audit.append(conn, actor=by, act=act, obj=f"set:{row}", detail=detail, at=at)
    return _read(conn, name)


def confirm(conn: sqlite3.Connection, name: str, who: str, at: int) -> ApprovedSet:
    """Record the second person's approval of a draft."""
    chosen = chosen_set(conn, name)
    if chosen.state is not SetState.DRAFT:
        raise Refusal(f"The set {name} is approved by two people already.")
    if person(chosen.approved_by) == person(who):
        raise Refusal(f"The second person for the set {name} must be somebody else than {chosen.approved_by}.")
    sets.approve(conn, chosen.id, who, at)
    audit.append(conn, actor=who, act="confirmed set", obj=f"set:{chosen.id}", at=at)
    return _read(conn, name)


def chosen_set(conn: sqlite3.Connection, name: str) -> ApprovedSet:
    """The set of this name; a Refusal if there is none."""
    chosen = sets.named(conn, name.strip())
    if chosen is None:
        raise Refusal(f"There is no approved set named {name}.")
    return chosen


def _read(conn: sqlite3.Connection, name: str) -> ApprovedSet:
    made = sets.named(conn, name)
    if made is None:  # pragma: no cover - it was written in this very transaction
        raise RuntimeError("a set that was just written is missing")
    return made
