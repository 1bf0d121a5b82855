"""Decisions of people: overrides of records, and their outcome."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


def person(name: str) -> str:
    """A person's name as names are compared: without case, doubled blanks or compatibility forms; empty for blank.

    Two people are distinct only if these differ. Local names are no authentication; the window says so.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


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
