"""When an act of review may be taken back, and by whom.

A person may undo their own act until a set that rests on it is approved. After that lifting an exclusion needs two
people, like an include; an include is then answered by excluding the record, which one person may always do.
"""

from core.model.review import OverrideAction, person


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
