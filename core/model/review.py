"""Decisions of people: overrides of records, and their outcome."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SAME_SHAPE = str.maketrans("аеорсухкмнтвіјѕԁһԛԝαβεζηικμνορτυχıɡɑ", "aeopcyxkmhtbijsdhqwabezhikmnoptyxiga")


def person(name: str) -> str:
    """A person's name as names are compared: without case, doubled blanks, compatibility forms, marks that nobody
    sees, or letters of another script that look like Latin ones; empty for blank.

    Two people are distinct only if these differ. Local names are no authentication; the window says so.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in plain if not _unseen(c)).translate(_SAME_SHAPE).split())


def _unseen(char: str) -> bool:
    """Whether a character leaves no ink and no gap: format marks, variation selectors, fillers."""
    if char in _UNSEEN or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return True
    return unicodedata.category(char) == "Cf" or (unicodedata.category(char) == "Cc" and not char.isspace())


class OverrideAction(StrEnum):
    """All there is: no hold, no expiry."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class OverrideStatus(StrEnum):
    """What an override does to the verdict."""

    APPLIED = "applied"
    PENDING = "pending"
    REJECTED = "rejected"
    STALE = "stale"
    NOOP = "noop"


@dataclass(frozen=True, slots=True)
class Override:
    """One person's decision against a verdict. ``recorded`` is microseconds UTC; ``verdict_digest`` what they saw."""

    id: str
    record: str
    action: OverrideAction
    by: str
    reason: str
    recorded: int
    second_by: str = ""
    evidence: str = ""
    verdict_digest: str = ""


@dataclass(frozen=True, slots=True)
class RejectedOverride:
    """A record whose override was refused, and why in one sentence."""

    record: str
    why: str


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What a review call did; ``undo_id`` names the group for undo, 0 when nothing was applied or pending."""

    applied: int = 0
    pending: int = 0
    rejected: tuple[RejectedOverride, ...] = ()
    undo_id: int = 0


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a walk over the audit trail found; ``head`` is the hex of the last link, empty for an empty trail."""

    ok: bool
    events: int
    head: str
    findings: tuple[str, ...] = ()
