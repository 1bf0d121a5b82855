"""From consent facts to a verdict, with reasons: pure, three-valued, fail-closed; a denial always wins.

All findings are collected under every policy version given, the most restrictive decides (K23), and the primary
reason is the first in precedence among those. Nothing here reads a clock, a database or a setting.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import rfc8785

from core.model.consent import ConsentEvent
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.review import Override
from core.model.verdict import Decision, Finding, Verdict
from core.policy import facts
from core.policy import override as people
from core.policy.api import api, unknown_organisation
from core.policy.business import business, plan_of
from core.policy.consumer import Moments, choice_required, default_on, refusals
from core.policy.fold import FoldedLedger, Question, World, worlds
from core.policy.reasons import RANK, Outcome, found, order, strictest
from core.policy.versions import PolicyVersion

ENGINE = "1.0.0"


def decide(
    record: RecordFacts,
    ledger: Ledger,
    policies: Sequence[PolicyVersion],
    *,
    purpose: str | None,
    at: int,
    known_at: int,
    overrides: Sequence[Override] = (),
) -> Verdict:
    """The verdict on one record, at the state of the world ``at`` as known at ``known_at`` (microseconds UTC).

    ``ledger`` must hold the record's accounts; one that is missing has no coverage. Raises ValueError without a policy.
    For many records under one question use :class:`Decider`, which folds each account only once.
    """
    return Decider(ledger, policies, purpose=purpose, at=at, known_at=known_at).decide(record, overrides)


class Decider:
    """One question put to many records: folds each account once and reuses equal verdicts. Not for several threads."""

    def __init__(
        self, ledger: Ledger, policies: Sequence[PolicyVersion], *, purpose: str | None, at: int, known_at: int
    ) -> None:
        if not policies:
            raise ValueError("no policy to decide under")
        self.ledger = ledger
        self.policies = tuple(policies)
        self.question = Question(purpose, at, known_at)
        self._ids = tuple(policy.id for policy in self.policies)
        self._purpose = {policy.id: facts.purpose(self.question, policy) for policy in self.policies}
        self._folded: dict[str, FoldedLedger] = {}
        self._builders: dict[str, tuple[World, ...]] = {}
        self._verdicts: dict[tuple[Finding, ...], Verdict] = {}

    def decide(self, record: RecordFacts, overrides: Sequence[Override] = ()) -> Verdict:
        """The verdict on ``record`` with the decisions of people; overrides of other records do nothing."""
        base = self.base(record)
        if not overrides:
            return base
        return people.apply(overrides, base, self.ledger, record, self.question.known_at)

    def base(self, record: RecordFacts) -> Verdict:
        """The verdict on ``record`` as the rules alone give it."""
        found_here: list[Finding] = []
        for policy in self.policies:
            found_here += self._under(policy, record)
        key = tuple(found_here)
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = assemble(found_here, self._ids)
        return verdict

    def folded(self, account: str) -> FoldedLedger:
        """An account's ledger, folded for this question."""
        folded = self._folded.get(account)
        if folded is None:
            lines = self.ledger.accounts.get(account) or AccountLedger(account)
            folded = self._folded[account] = FoldedLedger(lines, self.question)
        return folded

    def _under(self, policy: PolicyVersion, record: RecordFacts) -> list[Finding]:
        """All findings under one policy; the ground of use alone if nothing stands against it."""
        at = self.question.at
        against = list(self._purpose[policy.id])
        if record.deleted is not None:
            against += facts.deleted("CONTENT_DELETED", (record.deleted,), at, policy)
        moments = facts.moments_of(record, policy)
        if record.temporary:
            against += facts.temporary(record, at, policy)
        if record.gizmo_id is not None or record.builder_training is False:
            against += facts.builder(record, self._builder_worlds(record.gizmo_id), moments, policy)
        if record.product not in (*policy.parameters.consumer_products, *policy.parameters.api_products):
            against.append(found("PRODUCT_UNKNOWN", policy.id))
        outcome = self._of_people(policy, record, moments)
        against += outcome.against
        if against:
            return against
        if outcome.ground is None:
            raise AssertionError("nothing stands against the record and nothing speaks for it")
        return [outcome.ground]

    def _of_people(self, policy: PolicyVersion, record: RecordFacts, moments: Moments) -> Outcome:
        """What the accounts behind a record say: its author's, its owner's, or those it may belong to."""
        if record.candidates or record.group:
            return self._of_several(policy, record, moments)
        name = record.author if record.origin else record.author or record.account
        owner = self.folded(record.account) if record.account is not None else None
        if name is None:
            outcome = self._of_nobody(policy, record, moments, owner)
        else:
            outcome = self._of_account(policy, record, moments, self.folded(name), owner)
        if owner is not None and record.account != name:
            mine = facts.deletions(record, owner, self.question.at, policy)
            outcome = Outcome((*outcome.against, *mine), outcome.ground)
        return outcome

    def _of_several(self, policy: PolicyVersion, record: RecordFacts, moments: Moments) -> Outcome:
        """Only what holds whoever of them it was is certain; the rest stays open (K14: a known opt-out still wins)."""
        names = record.candidates or tuple(name for name in (record.author, record.account) if name is not None)
        each = [self._of_account(policy, record, moments, self.folded(name), None) for name in sorted(set(names))]
        against = [found("ACCOUNT_AMBIGUOUS", policy.id)]
        if each and all(outcome.severity[0] == Decision.NOT_ELIGIBLE for outcome in each):
            certain = {finding for outcome in each for finding in outcome.against}
            against += [finding for finding in certain if finding.decision is Decision.NOT_ELIGIBLE]
        elif not each:
            nobody = self._of_nobody(policy, record, moments, None).against
            against += [finding for finding in nobody if finding.decision is Decision.NOT_ELIGIBLE]
        return Outcome(tuple(sorted(against, key=order)))

    def _of_nobody(
        self, policy: PolicyVersion, record: RecordFacts, moments: Moments, owner: FoldedLedger | None
    ) -> Outcome:
        if record.product in policy.parameters.api_products:
            return unknown_organisation(record, policy)
        against = [found("ORIGIN_UNKNOWN" if record.origin else "ACCOUNT_UNKNOWN", policy.id)]
        plan = plan_of(record, owner)
        if plan == "business":
            against += business(moments.all, None, None, policy)[0].against
        return Outcome(tuple(against))

    def _of_account(
        self,
        policy: PolicyVersion,
        record: RecordFacts,
        moments: Moments,
        folded: FoldedLedger,
        owner: FoldedLedger | None,
    ) -> Outcome:
        """What one account says: deletions and age, then consent in the strictest reading of its events."""
        against = facts.deletions(record, folded, self.question.at, policy)
        if folded.has_ages:
            against += facts.age(record, folded, policy)
        plan = plan_of(record, folded, owner)
        readings = folded.worlds
        if len(readings) == 1:
            outcome = self._consent(policy, record, moments, folded, readings[0], plan)
        else:
            outcome = strictest(self._consent(policy, record, moments, folded, world, plan) for world in readings)
        return Outcome((*against, *outcome.against), outcome.ground) if against else outcome

    def _consent(
        self,
        policy: PolicyVersion,
        record: RecordFacts,
        moments: Moments,
        folded: FoldedLedger,
        world: World,
        plan: str,
    ) -> Outcome:
        terms = policy.parameters
        if record.product in terms.api_products:
            return api(record, folded, world, policy)
        if record.product not in terms.consumer_products:
            return Outcome(tuple(refusals(record, moments, world, policy)))
        consumer = default_on if terms.consumer_default == "on" else choice_required
        if plan == "consumer":
            return consumer(record, moments, folded, world, policy)
        if plan == "unknown":
            outcome = consumer(record, moments, folded, world, policy)
            return Outcome((found("PRODUCT_UNKNOWN", policy.id), *outcome.against))
        outcome, opted_in = business(moments.all, folded, world, policy)
        if not opted_in:
            return outcome
        personal = default_on(record, moments, folded, world, policy)
        return Outcome((*outcome.against, *personal.against), outcome.ground)

    def _builder_worlds(self, gizmo: str | None) -> tuple[World, ...]:
        if gizmo is None:
            return ()
        known = self._builders.get(gizmo)
        if known is None:
            events: Sequence[ConsentEvent] = self.ledger.builder.get(gizmo, ())
            known = worlds(events, self.ledger.builder_retractions, self.question)[0] if events else ()
            self._builders[gizmo] = known
        return known


def assemble(findings: Iterable[Finding], policies: tuple[str, ...]) -> Verdict:
    """A verdict of these findings: the most restrictive decides, the first in precedence gives the reason."""
    ordered = tuple(sorted(set(findings), key=order))
    first = ordered[0]
    events = tuple(sorted({event for finding in ordered for event in finding.events}))
    return Verdict(
        decision=first.decision,
        reason=first.reason,
        clause=first.clause,
        findings=ordered,
        events=events,
        policies=policies,
        engine=ENGINE,
        digest=digest_of(ordered, policies),
    )


def digest_of(findings: Sequence[Finding], policies: Sequence[str]) -> str:
    """Hex SHA-256 of the canonical JSON (RFC 8785) of a base verdict: its findings in order, and its policies.

    People's overrides and the engine's version stay out: an override is bound to the verdict as the rules gave it, and
    a new release of the product that finds the same must not make decisions stale.
    """
    body: dict[str, Any] = {
        "findings": [
            {
                "clause": finding.clause,
                "decision": finding.decision.label,
                "events": list(finding.events),
                "policy": finding.policy,
                "reason": finding.reason,
            }
            for finding in findings
        ],
        "policies": list(policies),
    }
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


_ATTENTION = ("", "noop", "applied", "rejected", "stale", "pending")


def roll_up(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a conversation: the strictest of its records (K01), with the findings of all of them.

    ``override_status`` is the one that most needs attention; ``digest`` binds the digests of all records, in any order.
    Raises ValueError for a conversation without records.
    """
    each = tuple(verdicts)
    if not each:
        raise ValueError("a conversation without records has no verdict")
    worst = max(each, key=lambda verdict: (verdict.decision, -RANK[verdict.reason]))
    digests = sorted(verdict.digest for verdict in each)
    return Verdict(
        decision=worst.decision,
        reason=worst.reason,
        clause=worst.clause,
        findings=tuple(sorted({finding for verdict in each for finding in verdict.findings}, key=order)),
        events=tuple(sorted({event for verdict in each for event in verdict.events})),
        policies=worst.policies,
        override_status=max((verdict.override_status for verdict in each), key=_ATTENTION.index),
        engine=worst.engine,
        digest=hashlib.sha256(rfc8785.dumps(digests)).hexdigest() if len(each) > 1 else worst.digest,
    )
