"""The answer of the policy engine."""

from dataclasses import dataclass
from enum import IntEnum


class Decision(IntEnum):
    """Ordered by severity, so that ``max`` is the most restrictive."""

    ELIGIBLE = 0
    UNDETERMINED = 1
    NOT_ELIGIBLE = 2

    @property
    def label(self) -> str:
        """The name used in files and on the command line."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason found: its code, clause or convention, decision, the events it rests on, and the policy version."""

    reason: str
    clause: str
    decision: Decision
    events: tuple[str, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The most restrictive of all findings; the primary reason is the first of those in precedence.

    ``override_status`` is empty or one of applied, pending, rejected, stale, noop.
    ``digest`` (hex SHA-256 of the canonical verdict) is what an override is bound to.
    """

    decision: Decision
    reason: str
    clause: str
    findings: tuple[Finding, ...]
    events: tuple[str, ...]
    policies: tuple[str, ...]
    override_status: str = ""
    engine: str = ""
    digest: str = ""
