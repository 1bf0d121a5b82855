"""Decisions of people against a verdict: easy to leave out, hard to let in (K21).

An override is bound to the base verdict its reviewer was shown, by that verdict's digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.model.facts import Ledger, RecordFacts
from core.model.review import Override, OverrideAction, OverrideStatus, person
from core.model.verdict import Decision, Verdict
from core.policy.reasons import NEVER_INCLUDED, found


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an override does, and why in one plain sentence."""

    status: OverrideStatus
    why: str


def judge(override: Override, base: Verdict, ledger: Ledger, record: RecordFacts, known_at: int) -> OverrideStatus:
    """What ``override`` does to ``base``, the verdict without it, as known at ``known_at`` (microseconds)."""
    return assess(override, base, ledger, record, known_at).status


def assess(override: Override, base: Verdict, ledger: Ledger, record: RecordFacts, known_at: int) -> Judgement:
    """The same with the reason in words.

    Include: refused where nobody may include, without a reason, or against a refusal without evidence; stale once the
    account's consent facts or the verdict shown have changed; pending until a second, different person agrees.
    """
    if not override.by.strip():
        return Judgement(OverrideStatus.REJECTED, "No reviewer is named.")
    if override.action is OverrideAction.EXCLUDE:
        if not override.reason.strip():
            return Judgement(OverrideStatus.REJECTED, "An exclusion needs a reason.")
        return Judgement(OverrideStatus.APPLIED, "Left out by a reviewer, with a reason.")
    barred = [finding.reason for finding in base.findings if finding.reason in NEVER_INCLUDED]
    if barred:
        return Judgement(OverrideStatus.REJECTED, f"Nobody can include a record that is {_BARRED[barred[0]]}.")
    if base.decision is Decision.ELIGIBLE:
        return Judgement(OverrideStatus.NOOP, "The record is eligible without it.")
    if not override.reason.strip():
        return Judgement(OverrideStatus.REJECTED, "An inclusion needs a reason.")
    if base.decision is Decision.NOT_ELIGIBLE and not override.evidence.strip():
        return Judgement(OverrideStatus.REJECTED, "An inclusion against a refusal needs evidence.")
    if _news(override, ledger, record, known_at):
        return Judgement(OverrideStatus.STALE, "A consent event of the account was recorded after this inclusion.")
    if override.verdict_digest and override.verdict_digest != base.digest:
        return Judgement(OverrideStatus.STALE, "The verdict is no longer the one that the reviewer was shown.")
    if not distinct(override.by, override.second_by):
        return Judgement(OverrideStatus.PENDING, "An inclusion waits for a second, different person.")
    return Judgement(OverrideStatus.APPLIED, "Included by two people.")


_BARRED = {
    "PURPOSE_FORBIDDEN": "asked for a forbidden purpose",
    "CONTENT_DELETED": "deleted",
    "ACCOUNT_DELETED": "of a deleted account",
    "MINOR_UNDER_13": "a child's",
}


def distinct(one: str, other: str) -> bool:
    """Whether two names are given and are not the same person's, as names are compared."""
    first, second = person(one), person(other)
    return bool(first) and bool(second) and first != second


def _news(override: Override, ledger: Ledger, record: RecordFacts, known_at: int) -> bool:
    names = {record.account, record.author, *record.candidates} - {None}
    for name in names:
        account = ledger.accounts.get(str(name))
        if account is not None:
            known = [line.known for line in account.events]
            known += [line.known for line in account.retractions]
            if any(override.recorded < moment <= known_at for moment in known):
                return True
    return False


def apply(overrides: Sequence[Override], base: Verdict, ledger: Ledger, record: RecordFacts, known_at: int) -> Verdict:
    """The verdict after the record's overrides, in the order they were recorded; later unknown ones do not exist (K22).

    An exclusion stands until two people include the record again after it. The status is that of the latest override;
    ``digest`` stays that of the base.
    """
    ours = [line for line in overrides if line.record == record.record and line.recorded <= known_at]
    if not ours:
        return base
    policy = base.policies[0] if len(base.policies) == 1 else ""
    verdict = base
    for line in sorted(ours, key=_turn):
        status = judge(line, verdict, ledger, record, known_at)
        if status is not OverrideStatus.APPLIED:
            verdict = replace(verdict, override_status=status.value)
        elif line.action is OverrideAction.EXCLUDE:
            verdict = _excluded(base, policy)
        else:
            included = found("INCLUDED_BY_OVERRIDE", policy)
            verdict = replace(
                base,
                decision=included.decision,
                reason=included.reason,
                clause=included.clause,
                findings=(included, *base.findings),
                override_status=status.value,
            )
    return verdict


def _turn(override: Override) -> tuple[int, bool, str]:
    # At the same instant the exclusion comes last, so that it wins.
    return (override.recorded, override.action is OverrideAction.EXCLUDE, override.id)


def _excluded(base: Verdict, policy: str) -> Verdict:
    out = found("EXCLUDED_BY_OVERRIDE", policy)
    first = base.findings[0] if base.reason == "PURPOSE_FORBIDDEN" else out
    return replace(
        base,
        decision=out.decision,
        reason=first.reason,
        clause=first.clause,
        findings=(first, *(finding for finding in (out, *base.findings) if finding is not first)),
        override_status=OverrideStatus.APPLIED.value,
    )
