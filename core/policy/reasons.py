"""The reason codes, in order of precedence, with the clause each cites and the decision it asks for.

The verdict is the most restrictive decision found; its primary reason is the first of this table among the
findings with that decision. The order is part of the product's contract, so it is code, not a parameter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.verdict import Decision, Finding

_OUT, _OPEN, _IN = Decision.NOT_ELIGIBLE, Decision.UNDETERMINED, Decision.ELIGIBLE

_TABLE: tuple[tuple[str, str, Decision], ...] = (
    ("PURPOSE_FORBIDDEN", "C0", _OUT),
    ("EXCLUDED_BY_OVERRIDE", "K21", _OUT),
    ("CONTENT_DELETED", "K09", _OUT),
    ("ACCOUNT_DELETED", "K10", _OUT),
    ("MINOR_UNDER_13", "K15", _OUT),
    ("BUSINESS_PLAN_DEFAULT_OFF", "K11", _OUT),
    ("TEMPORARY_CHAT", "K12", _OUT),
    ("BUILDER_OPT_OUT", "K17", _OUT),
    ("GUARDIAN_OPT_OUT", "K15", _OUT),
    ("API_DEFAULT_OFF", "C6", _OUT),
    ("API_BEFORE_OPT_IN", "C7", _OUT),
    ("API_OPT_IN_WITHDRAWN", "K13", _OUT),
    ("API_PROJECT_NOT_SHARED", "K18", _OUT),
    ("API_ZDR", "K18", _OUT),
    ("CREATED_WHILE_OPTED_OUT", "C3", _OUT),
    ("SENT_WHILE_OPTED_OUT", "K01", _OUT),
    ("FORM_OPT_OUT", "C5", _OUT),
    ("OPT_OUT_IN_FORCE", "V-ANT", _OUT),
    ("PRODUCT_UNKNOWN", "K19", _OPEN),
    ("ACCOUNT_UNKNOWN", "K14", _OPEN),
    ("LEDGER_GAP", "K14", _OPEN),
    ("EVENT_TIME_UNKNOWN", "K07", _OPEN),
    ("TIME_UNCERTAIN", "K05", _OPEN),
    ("ORIGIN_UNKNOWN", "K08", _OPEN),
    ("MINOR_13_17", "K15", _OPEN),
    ("TOGGLE_SCOPE_DALLE", "K16", _OPEN),
    ("FEEDBACK_ON_OPTED_OUT", "K20", _OPEN),
    ("PURPOSE_UNSPECIFIED", "K19", _OPEN),
    ("BUSINESS_OPT_IN_UNSUPPORTED", "K11", _OPEN),
    ("NO_CHOICE_RECORDED", "V-ANT", _OPEN),
    ("ACCOUNT_AMBIGUOUS", "K14", _OPEN),
    ("CONSUMER_DEFAULT_ON", "C2", _IN),
    ("API_OPTED_IN", "C7", _IN),
    ("API_LEGACY_DEFAULT_ON", "P0", _IN),
    ("BUSINESS_OPTED_IN", "P2026", _IN),
    ("INCLUDED_BY_OVERRIDE", "K21", _IN),
    ("CHOSE_ALLOW", "V-ANT", _IN),
)

REASONS: tuple[str, ...] = tuple(code for code, _, _ in _TABLE)
"""Every reason code, first in precedence first."""

RANK: dict[str, int] = {code: place for place, code in enumerate(REASONS)}
"""Place of a reason code in the precedence, 0 first."""

NEVER_INCLUDED = frozenset({"PURPOSE_FORBIDDEN", "CONTENT_DELETED", "ACCOUNT_DELETED", "MINOR_UNDER_13"})
"""Reasons that no person can override (K21)."""

_CITES: dict[str, tuple[str, Decision]] = {code: (clause, decision) for code, clause, decision in _TABLE}


def clause_of(reason: str) -> str:
    """The clause or convention that a reason code cites."""
    return _CITES[reason][0]


def decision_of(reason: str) -> Decision:
    """The decision that a reason code asks for."""
    return _CITES[reason][1]


def found(reason: str, policy: str, events: Iterable[str] = ()) -> Finding:
    """A finding with the clause and decision of its reason; ``events`` are ids, kept sorted and once each."""
    clause, decision = _CITES[reason]
    ids = tuple(sorted(set(events)))
    return Finding(reason, clause, decision, ids, policy)


def order(finding: Finding) -> tuple[int, int, str, tuple[str, ...]]:
    """Sort key: the most restrictive decision first, then precedence, then policy and events."""
    return (-finding.decision, RANK[finding.reason], finding.policy, finding.events)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one set of rules says: reasons against use, and the ground of use if nothing stands against it."""

    against: tuple[Finding, ...]
    ground: Finding | None = None

    @property
    def severity(self) -> tuple[int, int]:
        """Greater is stricter; ties go to the reason first in precedence, so that input order never matters."""
        if not self.against:
            return (0, 0)
        first = min(self.against, key=order)
        return (int(first.decision), len(REASONS) - RANK[first.reason])


def strictest(outcomes: Iterable[Outcome]) -> Outcome:
    """The strictest of several outcomes: what may be true decides against use (fail closed)."""
    return max(outcomes, key=lambda outcome: (outcome.severity, tuple(sorted(map(order, outcome.against)))))
