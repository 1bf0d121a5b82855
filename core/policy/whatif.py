"""What would change a verdict? Small hypothetical facts, each tried on the real engine; only what flips is told.

A fact that merely sounds helpful is never listed: switching training on again, say, frees no conversation that was
created while it was off, so it is not among the answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, Retraction
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import EARLIEST, LATEST, SECOND, Interval
from core.model.review import Override, OverrideAction, OverrideStatus
from core.model.verdict import Decision, Verdict
from core.policy.decide import Decider
from core.policy.facts import moments_of
from core.policy.override import judge
from core.policy.sentences import event_words, moment, span
from core.policy.versions import PolicyVersion

_MOST = 6
_NOBODY = "hypothetical account"


@dataclass(frozen=True, slots=True)
class Case:
    """One record and one question, which a hypothesis turns into another."""

    record: RecordFacts
    ledger: Ledger
    policies: tuple[PolicyVersion, ...]
    purpose: str | None
    at: int
    known_at: int

    def verdict(self) -> Verdict:
        """The verdict of the rules alone."""
        question = Decider(self.ledger, self.policies, purpose=self.purpose, at=self.at, known_at=self.known_at)
        return question.base(self.record)

    @property
    def account(self) -> str | None:
        """The account whose consent counts."""
        return self.record.author if self.record.origin else self.record.author or self.record.account

    def on_file(self, name: str) -> AccountLedger:
        """An account's ledger, empty if there is none."""
        return self.ledger.accounts.get(name) or AccountLedger(name)

    def with_account(self, ledger: AccountLedger) -> "Case":
        """The case with another ledger of that account."""
        accounts = {**self.ledger.accounts, ledger.account: ledger}
        return replace(self, ledger=replace(self.ledger, accounts=accounts))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A fact in words, and the case in which it holds."""

    words: str
    apply: Callable[[Case], Case]


def changes(case: Case, verdict: Verdict) -> tuple[str, ...]:
    """Whole sentences, smallest facts first, at most six; empty where nothing that could be recorded would help.

    For a verdict against use: what would lift it. For an eligible one: what would end it.
    """
    base = case.verdict()
    if verdict.reason == "EXCLUDED_BY_OVERRIDE":
        return (f"Taking back the reviewer's exclusion: it would be {_label(base)}.",)
    if verdict.reason == "INCLUDED_BY_OVERRIDE":
        return (f"Taking back the inclusion: it would be {_label(base)}.",)
    if base.decision is Decision.ELIGIBLE:
        tried = [(one, one.apply(case).verdict()) for one in _against(case)]
        flips = [(one.words, after) for one, after in tried if after.decision > base.decision]
    else:
        flips = _lifting(case, base)
    people = _by_people(case, base, verdict)
    told = dict.fromkeys(f"{words}: it would be {_label(after)}." for words, after in flips)
    return (*tuple(told)[: _MOST - len(people)], *people)


def _label(verdict: Verdict) -> str:
    return verdict.decision.label.replace("_", " ")


def _lifting(case: Case, base: Verdict) -> list[tuple[str, Verdict]]:
    """Single facts that make the verdict less strict; pairs where no single one makes it eligible."""
    tried = [(one, one.apply(case)) for one in _in_favour(case, base)]
    judged = [(one, after, after.verdict()) for one, after in tried]
    flips = [(one.words, verdict) for one, _, verdict in judged if verdict.decision < base.decision]
    flips.sort(key=lambda flip: flip[1].decision)
    if any(verdict.decision is Decision.ELIGIBLE for _, verdict in flips):
        return flips
    for (one, halfway, _), (other, _, _) in combinations(judged, 2):
        after = other.apply(halfway).verdict()
        if after.decision is Decision.ELIGIBLE:
            flips.append((f"{one.words}, together with {other.words[0].lower()}{other.words[1:]}", after))
    return flips


def _by_people(case: Case, base: Verdict, verdict: Verdict) -> tuple[str, ...]:
    """What two people could do, where the rules for overrides let them (K21)."""
    against = base.decision is Decision.NOT_ELIGIBLE
    asked = Override(
        "", case.record.record, OverrideAction.INCLUDE, "one", "reason", case.known_at, "other", "evidence", base.digest
    )
    if judge(asked, base, case.ledger, case.record, case.known_at) is not OverrideStatus.APPLIED:
        return ()
    if verdict.override_status == OverrideStatus.PENDING.value:
        return ("Confirmation of the waiting inclusion by a second person: it would be eligible.",)
    needs = "a reason and evidence" if against else "a reason"
    return (f"An inclusion by two people with {needs}: it would be eligible.",)


def _in_favour(case: Case, base: Verdict) -> Iterator[Hypothesis]:
    """Facts worth trying against a verdict that is not eligible, the simplest first."""
    yield from _retractions(case, base)
    yield from _exact_times(case, base)
    if case.account is not None:
        yield from _on_the_ledger(case, case.account)
    else:
        yield Hypothesis(
            f"Naming the {'author' if case.record.origin else 'account'}, if its ledger is complete then and holds no "
            "refusal",
            _named,
        )
    for name in case.record.candidates:
        yield Hypothesis(f"Knowing that it was account {name}", lambda c, name=name: _belongs(c, name))  # type: ignore[misc]
    allowed = next((p for version in case.policies for p in version.parameters.purposes_allowed), None)
    if allowed is not None and case.purpose != allowed:
        yield Hypothesis(f"Asking for the purpose {allowed}", lambda c: replace(c, purpose=allowed))
    if any(finding.reason == "PRODUCT_UNKNOWN" for finding in base.findings):
        yield Hypothesis(
            "Knowing that it comes from ChatGPT", lambda c: replace(c, record=replace(c.record, product="chatgpt"))
        )
    if case.record.temporary and case.record.saved is None:
        saved = Interval(case.record.sent.hi, case.record.sent.hi)
        yield Hypothesis(
            "A save of the temporary chat right after it was sent",
            lambda c: replace(c, record=replace(c.record, saved=saved)),
        )


def _retractions(case: Case, base: Verdict) -> Iterator[Hypothesis]:
    held = {event.event_id: event for event in _all_events(case) if event.event_id in base.events}
    denials = [event for _, event in sorted(held.items()) if event.action is Action.DENY]
    for event in denials:
        yield Hypothesis(f"A retraction of {event_words(event)}", lambda c, e=event: _retracted(c, e))  # type: ignore[misc]
    if len(denials) > 1:

        def all_of_them(start: Case) -> Case:
            for event in denials:
                start = _retracted(start, event)
            return start

        names = ", ".join(event.event_id for event in denials)
        yield Hypothesis(f"Retractions of the events {names} together", all_of_them)


def _all_events(case: Case) -> list[ConsentEvent]:
    names = {case.record.account, case.record.author, *case.record.candidates} - {None}
    held = [event for name in sorted(map(str, names)) for event in case.on_file(name).events]
    return held + list(case.ledger.builder.get(case.record.gizmo_id or "", ()))


def _retracted(case: Case, event: ConsentEvent) -> Case:
    line = Retraction("hypothetical retraction", event.event_id, case.known_at)
    if event.channel is Channel.BUILDER:
        more = (*case.ledger.builder_retractions, line)
        return replace(case, ledger=replace(case.ledger, builder_retractions=more))
    account = case.on_file(event.account)
    return case.with_account(replace(account, retractions=(*account.retractions, line)))


def _exact_times(case: Case, base: Verdict) -> Iterator[Hypothesis]:
    """If an uncertain time were exact: the record's own, at either end, or an event's."""
    record = case.record
    for end, side in (("lo", "earliest"), ("hi", "latest")):
        born, sent = getattr(record.created, end), getattr(record.sent, end)
        if not (record.created.exact and record.sent.exact) and EARLIEST < born < LATEST and EARLIEST < sent < LATEST:
            exact = replace(record, created=Interval(born, born), sent=Interval(sent, sent))
            yield Hypothesis(
                f"Proof that the record's times are the {side} possible ones (sent {moment(exact.sent)})",
                lambda c, exact=exact: replace(c, record=exact),  # type: ignore[misc]
            )
    for event in _all_events(case):
        if event.event_id in base.events and event.action is Action.DENY and _vague(event):
            after = record.sent.hi + SECOND if event.effective is None else event.effective.hi
            if after < LATEST:
                yield Hypothesis(
                    f"Proof that event {event.event_id} took effect {moment(Interval(after, after))}",
                    lambda c, e=event, t=after: _dated(c, e, t),  # type: ignore[misc]
                )


def _vague(event: ConsentEvent) -> bool:
    return event.effective is None or not event.effective.exact


def _dated(case: Case, event: ConsentEvent, moment_of_effect: int) -> Case:
    when = Interval(moment_of_effect, moment_of_effect)
    exact = replace(event, effective=when, digest=b"")
    ledger = case.ledger
    if event.channel is Channel.BUILDER and event.gizmo_id is not None:
        events = tuple(exact if one is event else one for one in ledger.builder.get(event.gizmo_id, ()))
        return replace(case, ledger=replace(ledger, builder={**ledger.builder, event.gizmo_id: events}))
    account = case.on_file(event.account)
    return case.with_account(replace(account, events=tuple(exact if e is event else e for e in account.events)))


def _on_the_ledger(case: Case, name: str) -> Iterator[Hypothesis]:
    tested = [when for version in case.policies for when in moments_of(case.record, version).all]
    window = Interval(min(when.lo for when in tested), max(when.hi for when in tested))
    faults = case.on_file(name).faults
    if faults:
        yield Hypothesis(f"Settling what was set aside of the ledger of account {name}", lambda c: _settled(c, name))
    yield Hypothesis(f"A coverage line for account {name} {span(window)}", lambda c: _covered(c, name, window))
    before = Interval(window.lo, window.lo) if window.lo > EARLIEST else None
    if before is not None:
        channel = Channel.API_SHARING if case.record.product == "api" else Channel.WORKSPACE_SHARING
        what = "An opt-in of the organisation" if channel is Channel.API_SHARING else "An opt-in of the workspace"
        yield Hypothesis(
            f"{what} recorded with effect {moment(before)}", lambda c: _said(c, name, channel, Action.ALLOW, before)
        )
    yield Hypothesis(f"An account line that says adult for account {name}", lambda c: _adult(c, name))


def _settled(case: Case, name: str) -> Case:
    return case.with_account(replace(case.on_file(name), faults=()))


def _covered(case: Case, name: str, window: Interval) -> Case:
    account = case.on_file(name)
    return case.with_account(replace(account, coverage=(*account.coverage, Coverage(name, window.lo, window.hi))))


def _adult(case: Case, name: str) -> Case:
    account = case.on_file(name)
    lines = tuple(replace(line, age_band="") for line in account.lines)
    return case.with_account(replace(account, lines=(*lines, AccountLine(name, age_band="adult")), birth_year=None))


def _said(case: Case, name: str, channel: Channel, action: Action, when: Interval) -> Case:
    account = case.on_file(name)
    event = ConsentEvent(
        "hypothetical event", name, channel, action, when, case.known_at, project=case.record.project
        if channel is Channel.API_SHARING and action is Action.ALLOW else None,
    )  # fmt: skip
    return case.with_account(replace(account, events=(*account.events, event)))


def _named(case: Case) -> Case:
    named = case.with_account(AccountLedger(_NOBODY, coverage=(Coverage(_NOBODY, EARLIEST, LATEST),)))
    return _belongs(named, _NOBODY)


def _belongs(case: Case, name: str) -> Case:
    owner = case.record.account if case.record.origin else name
    return replace(case, record=replace(case.record, account=owner, author=name, candidates=()))


def _against(case: Case) -> Iterator[Hypothesis]:
    """Facts worth trying against an eligible verdict: a refusal then, a withdrawal since, a deletion."""
    name = case.account
    if name is not None:
        sent = Interval(case.record.sent.lo, case.record.sent.lo)
        late = Interval(case.at, case.at)
        then, now = moment(sent), moment(late)
        for channel, what in (
            (Channel.TOGGLE, "A refusal through the training switch"),
            (Channel.FORM, "A refusal through the opt-out form"),
        ):
            yield Hypothesis(
                f"{what} in effect {then} or earlier",
                lambda c, k=channel: _said(c, name, k, Action.DENY, sent),  # type: ignore[misc]
            )
        for channel, what in (
            (Channel.API_SHARING, "A withdrawal of API sharing"),
            (Channel.WORKSPACE_SHARING, "A withdrawal of the workspace's opt-in"),
        ):
            yield Hypothesis(
                f"{what} by {now.removeprefix('on ')}",
                lambda c, k=channel: _said(c, name, k, Action.DENY, late),  # type: ignore[misc]
            )
    owner = case.record.account
    if owner is not None:
        yield Hypothesis("A deletion of the conversation by its owner", lambda c: _deleted(c, owner))


def _deleted(case: Case, owner: str) -> Case:
    account = case.on_file(owner)
    line = Deletion(owner, case.record.conversation, Interval(case.at, case.at), case.known_at)
    return case.with_account(replace(account, deletions=(*account.deletions, line)))
