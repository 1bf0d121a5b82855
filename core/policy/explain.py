"""A verdict in plain words: the sentence, the clause, the conventions, the events, and what would change it."""

from collections.abc import Iterable, Sequence

from core.model.consent import Action, ConsentEvent
from core.model.facts import Ledger, RecordFacts
from core.model.moment import EARLIEST, Interval
from core.model.review import OverrideStatus
from core.model.verdict import Decision, Finding, Verdict
from core.model.view import Explanation, UsedEvent
from core.policy.decide import Decider
from core.policy.sentences import Telling, sentence
from core.policy.versions import PolicyVersion, conventions, load
from core.policy.whatif import Case, changes

_ALWAYS_BY_REASON: dict[str, tuple[str, ...]] = {
    "CREATED_WHILE_OPTED_OUT": ("K01", "K02"),
    "FORM_OPT_OUT": ("K01", "K03"),
    "SENT_WHILE_OPTED_OUT": ("K01",),
    "GUARDIAN_OPT_OUT": ("K03", "K15"),
    "CONSUMER_DEFAULT_ON": ("K01", "K14"),
    "API_OPTED_IN": ("K13", "K14"),
    "API_BEFORE_OPT_IN": ("K13",),
    "API_LEGACY_DEFAULT_ON": ("K14",),
    "BUSINESS_OPTED_IN": ("K11", "K14"),
    "CHOSE_ALLOW": ("K14",),
    "FEEDBACK_ON_OPTED_OUT": ("K01", "K20"),
}
_FALLBACK = "seed-2023"


def explain(
    verdict: Verdict,
    record: RecordFacts,
    ledger: Ledger,
    policies: Sequence[PolicyVersion],
    *,
    at: int,
    known_at: int,
    purpose: str | None,
) -> Explanation:
    """Everything a person is told about ``verdict``, which must answer this very question (times in microseconds)."""
    used = _events_of(record, ledger, verdict.events, known_at)
    by_id: dict[str, list[ConsentEvent]] = {}
    for event in used:
        by_id.setdefault(event.event_id, []).append(event)
    case = Case(record, ledger, tuple(policies), purpose, at, known_at)
    telling = Telling(record, by_id, purpose, at, in_doubt=_in_doubt(case))
    main = _main(verdict)
    others = [finding for finding in verdict.findings if finding is not main]
    return Explanation(
        record=record.record,
        conversation=record.conversation,
        account=record.account,
        product=record.product,
        decision=verdict.decision,
        reason=verdict.reason,
        clause=verdict.clause,
        clause_text=clause_text(verdict.clause, main.policy, policies),
        sentence=sentence(main, telling),
        reasons=tuple(dict.fromkeys((verdict.reason, *(finding.reason for finding in others)))),
        other_sentences=_others(main, others, telling, len(policies) > 1),
        conventions=tuple(
            (name, conventions()[name]) for name in _invoked(verdict, record, used, policies, known_at=known_at, at=at)
        ),
        policies=verdict.policies,
        events=tuple(
            UsedEvent(
                event.event_id,
                event.channel.value,
                event.action.value,
                event.effective,
                event.recorded,
                event.source,
                event.evidence,
            )
            for event in used
        ),
        changes=changes(case, verdict),
        created=record.created,
        sent=record.sent,
        verdict_digest=verdict.digest,
        override_status=verdict.override_status,
    )


def clause_text(clause: str, policy: str, policies: Sequence[PolicyVersion]) -> str:
    """The clause in our words: of the policy that found it, else of any policy asked, else of the first article."""
    if clause in conventions():
        return conventions()[clause]
    ranked = sorted(policies, key=lambda version: version.id != policy)
    for version in (*ranked, *load([_FALLBACK])):
        known = version.clause(clause)
        if known is not None:
            return f"{known.text} ({version.title}, section “{known.section}”, {known.date.isoformat()})"
    raise AssertionError(f"no policy at hand has clause {clause}")


def _main(verdict: Verdict) -> Finding:
    return next(finding for finding in verdict.findings if finding.reason == verdict.reason)


def _others(main: Finding, others: Iterable[Finding], telling: Telling, several: bool) -> tuple[str, ...]:  # noqa: FBT001
    told = {sentence(main, telling): None}
    for finding in others:
        words = sentence(finding, telling)
        told.setdefault(f"Under {finding.policy}: {words}" if several and finding.policy else words, None)
    return tuple(told)[1:]


def _events_of(record: RecordFacts, ledger: Ledger, wanted: Iterable[str], known_at: int) -> tuple[ConsentEvent, ...]:
    """The events of these ids as known, in order of time, each content once."""
    ids = set(wanted)
    names = {record.account, record.author, *record.candidates}
    held = [event for name in names if name in ledger.accounts for event in ledger.accounts[str(name)].events]
    held += ledger.builder.get(record.gizmo_id or "", ())
    found = {
        (event.event_id, event.digest, event.effective, event.action, event.channel): event
        for event in held
        if event.event_id in ids and event.known <= known_at
    }
    return tuple(sorted(found.values(), key=_chronology))


def _chronology(event: ConsentEvent) -> tuple[Interval, str]:
    return (event.effective or Interval(EARLIEST, EARLIEST), event.event_id)


def _in_doubt(case: Case) -> bool:
    """Whether the account's ledger does not count as complete: lines set aside, or events that contradict."""
    question = Decider(case.ledger, case.policies, purpose=case.purpose, at=case.at, known_at=case.known_at)
    return case.account is not None and not question.folded(case.account).complete


def _invoked(
    verdict: Verdict,
    record: RecordFacts,
    used: Sequence[ConsentEvent],
    policies: Sequence[PolicyVersion],
    *,
    known_at: int,
    at: int,
) -> list[str]:
    """Ids of the conventions that shaped the answer, sorted."""
    names = {finding.clause for finding in verdict.findings if finding.clause.startswith("K")}
    for finding in verdict.findings:
        names.update(_ALWAYS_BY_REASON.get(finding.reason, ()))
    denials = [event for event in used if event.action is Action.DENY]
    if len({event.channel for event in used}) > 1:
        names.add("K03")
    instants = {record.created, record.sent}
    if any(event.effective in instants for event in denials):
        names.add("K04")
    if any(event.effective is not None and not event.effective.exact for event in used) or not (
        record.created.exact and record.sent.exact
    ):
        names.add("K05")
    if any(event.processed_only for event in used):
        names.add("K06")
    if record.origin:
        names.add("K08")
    if known_at != at:
        names.add("K22")
    if len(policies) > 1:
        names.add("K23")
    known_channels = {channel for version in policies for channel in version.parameters.opt_out_channels}
    if any(event.channel.value in {"toggle", "form", "guardian"} - known_channels for event in denials):
        names.add("K24")
    if verdict.override_status and verdict.override_status != OverrideStatus.NOOP.value:
        names.add("K21")
    if verdict.decision is Decision.UNDETERMINED and record.candidates:
        names.add("K14")
    return sorted(names)
