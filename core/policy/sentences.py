"""Findings in plain English: which fact, which date, which clause. Every sentence can stand alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.model.consent import Action, Channel, ConsentEvent
from core.model.facts import RecordFacts
from core.model.moment import EARLIEST, LATEST, Interval
from core.model.verdict import Decision, Finding
from core.times import show

_CHANNEL = {
    Channel.TOGGLE: "the training switch",
    Channel.FORM: "the opt-out form",
    Channel.GUARDIAN: "a guardian's setting",
    Channel.API_SHARING: "API data sharing",
    Channel.WORKSPACE_SHARING: "the workspace's data sharing",
    Channel.BUILDER: "the builder's setting",
}
_STARTS = {
    Decision.ELIGIBLE: "Eligible",
    Decision.UNDETERMINED: "Undetermined",
    Decision.NOT_ELIGIBLE: "Not eligible",
}
_PRODUCT = {"chatgpt": "ChatGPT", "dalle_labs": "the DALL·E site", "api": "the API", "claude": "Claude"}


@dataclass(frozen=True, slots=True)
class Telling:
    """What a sentence may speak of: the record, the events by id, and the question's purpose and moment.

    ``in_doubt`` says that lines of the account's ledger were set aside or contradict each other.
    """

    record: RecordFacts
    events: Mapping[str, Sequence[ConsentEvent]]
    purpose: str | None
    at: int
    in_doubt: bool = False

    def used(self, finding: Finding, action: Action | None = None) -> list[ConsentEvent]:
        """The finding's events in order of time, all or those of one action."""
        held = [event for name in finding.events for event in self.events.get(name, ())]
        held.sort(key=lambda event: (event.effective or Interval(EARLIEST, EARLIEST), event.event_id))
        return [event for event in held if action is None or event.action is action]


def moment(when: Interval | None) -> str:
    """An instant or interval in words, UTC to the second."""
    if when is None:
        return "at an unknown time"
    if when.exact:
        return f"on {_utc(when.lo)}"
    if when.lo <= EARLIEST and when.hi >= LATEST:
        return "at an unknown time"
    if when.lo <= EARLIEST:
        return f"by {_utc(when.hi)}"
    if when.hi >= LATEST:
        return f"on or after {_utc(when.lo)}"
    return f"between {_utc(when.lo)} and {_utc(when.hi)}"


def span(when: Interval) -> str:
    """A window in words, with both its ends."""
    if when.exact:
        return f"at {_utc(when.lo)}"
    return f"from {_utc(when.lo)} through {_utc(when.hi)}"


def _utc(micros: int) -> str:
    return show(micros).replace("T", " ").replace("Z", " UTC")


def event_words(event: ConsentEvent) -> str:
    """One event in words, with its channel, time and id."""
    said = "a refusal" if event.action is Action.DENY else "a permission"
    scope = f" for project {event.project}" if event.project else ""
    return f"{said} through {_CHANNEL[event.channel]}{scope} {moment(event.effective)} (event {event.event_id})"


def several(events: Sequence[ConsentEvent]) -> str:
    """Up to three events in words, and how many more there are."""
    words = [event_words(event) for event in events[:3]]
    if len(events) > 3:
        words.append(f"{len(events) - 3} more")
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def sentence(finding: Finding, telling: Telling) -> str:
    """The whole sentence of one finding: the decision, the fact with its date, the clause or convention."""
    kind = "convention" if finding.clause.startswith("K") else "clause"
    fact = _WORDS[finding.reason](finding, telling)
    return f"{_STARTS[finding.decision]} under {kind} {finding.clause}: {fact}."


def _denials(finding: Finding, telling: Telling) -> str:
    return several(telling.used(finding, Action.DENY)) or "a refusal"


def _allows(finding: Finding, telling: Telling) -> str:
    return several(telling.used(finding, Action.ALLOW)) or "a permission"


def _created(telling: Telling) -> str:
    record = telling.record
    if record.origin:
        return f"the message was originally created {moment(record.origin_created)}"
    saved = f" and saved {moment(record.saved)}" if record.saved is not None else ""
    return f"the conversation was created {moment(record.created)}{saved}"


def _sent(telling: Telling) -> str:
    thing = "request" if telling.record.product in ("api", "dalle_labs") else "message"
    return f"the {thing} was sent {moment(telling.record.sent)}"


def _both(telling: Telling) -> str:
    record = telling.record
    if not record.origin and record.saved is None and record.created == record.sent and record.sent.exact:
        return f"the conversation was created and this part of it sent {moment(record.sent)}"
    return f"{_created(telling)} and {_sent(telling)}"


def _who(telling: Telling) -> str:
    record = telling.record
    name = record.author if record.origin else record.author or record.account
    return f"account {name}" if name is not None else "its account"


def _uncertain(finding: Finding, telling: Telling) -> str:
    if not finding.events:
        return f"it cannot be told whether the record was already deleted or saved at {_utc(telling.at)}"
    return f"{_both(telling)}, so close to {several(telling.used(finding))} that both answers are possible"


def _gap(_: Finding, telling: Telling) -> str:
    if telling.in_doubt:
        return (
            f"{_both(telling)}, and parts of the consent ledger of {_who(telling)} were set aside or contradict each "
            "other, so silence proves nothing"
        )
    return (
        f"{_both(telling)}, and the consent ledger of {_who(telling)} is not known to be complete over that time, so "
        "silence proves nothing"
    )


def _builder(finding: Finding, telling: Telling) -> str:
    if telling.used(finding):
        return f"the builder of this custom GPT refused: {_denials(finding, telling)}"
    return "the builder of this custom GPT switched training use off"


def _no_opt_in(finding: Finding, telling: Telling) -> str:
    refused = telling.used(finding, Action.DENY)
    tail = f", and {several(refused)} stood" if refused else ""
    return f"API data is out by default, and no opt-in of the organisation was in force when {_sent(telling)}{tail}"


def _plan(telling: Telling) -> str:
    return f"the owner's {telling.record.plan} workspace" if telling.record.plan else "a business plan"


_WORDS: dict[str, Callable[[Finding, Telling], str]] = {
    "PURPOSE_FORBIDDEN": lambda _, t: f"the data was asked for {t.purpose}, a purpose that no consent can allow",
    "EXCLUDED_BY_OVERRIDE": lambda *_: "a reviewer left this record out and gave a reason",
    "CONTENT_DELETED": lambda _, t: f"its owner had deleted the conversation by {_utc(t.at)}",
    "ACCOUNT_DELETED": lambda _, t: f"the account had been deleted by {_utc(t.at)}",
    "MINOR_UNDER_13": lambda _, t: f"the author was under 13 when {_sent(t)}",
    "BUSINESS_PLAN_DEFAULT_OFF": lambda _, t: (
        f"it belongs to {_plan(t)}, which is left out by default, and no opt-in of the workspace was in force for it"
    ),
    "TEMPORARY_CHAT": lambda *_: "it is a temporary chat",
    "BUILDER_OPT_OUT": _builder,
    "GUARDIAN_OPT_OUT": lambda f, t: f"{_sent(t)}, while {_denials(f, t)} stood, and a guardian's refusal wins",
    "API_DEFAULT_OFF": _no_opt_in,
    "API_BEFORE_OPT_IN": lambda f, t: f"{_sent(t)}, before the opt-in began with {_allows(f, t)}",
    "API_OPT_IN_WITHDRAWN": lambda f, t: f"the opt-in was withdrawn after {_sent(t)}, by {_denials(f, t)}",
    "API_PROJECT_NOT_SHARED": lambda f, t: (
        f"the organisation's sharing does not reach this record's project: {several(t.used(f))}"
    ),
    "API_ZDR": lambda *_: "the organisation has zero data retention and cannot share",
    "CREATED_WHILE_OPTED_OUT": lambda f, t: (
        f"{_created(t)}, while {_denials(f, t)} stood, and such a conversation stays out for good"
    ),
    "SENT_WHILE_OPTED_OUT": lambda f, t: (
        f"{_sent(t)}, while {_denials(f, t)} stood, although the conversation had begun before"
    ),
    "FORM_OPT_OUT": lambda f, t: f"{_both(t)}, after {_denials(f, t)}",
    "OPT_OUT_IN_FORCE": lambda f, t: (
        f"{_denials(f, t)} stands at {_utc(t.at)}, which keeps stored chats out of later training runs too"
    ),
    "PRODUCT_UNKNOWN": lambda _, t: (
        f"the policy does not speak of the product it comes from ({_PRODUCT.get(t.record.product, t.record.product)})"
    ),
    "ACCOUNT_UNKNOWN": lambda *_: "it is not known whose record this is, so nobody's consent can be looked up",
    "LEDGER_GAP": _gap,
    "EVENT_TIME_UNKNOWN": lambda f, t: f"{_denials(f, t)} may have come before this record",
    "TIME_UNCERTAIN": _uncertain,
    "ORIGIN_UNKNOWN": lambda *_: "the message was brought in from elsewhere and its author is not known",
    "MINOR_13_17": lambda _, t: f"the author may have been between 13 and 17 when {_sent(t)}",
    "TOGGLE_SCOPE_DALLE": lambda f, t: f"{_denials(f, t)} may or may not reach the DALL·E site",
    "FEEDBACK_ON_OPTED_OUT": lambda f, t: (
        f"the conversation falls under {_denials(f, t)}, but feedback was given {moment(t.record.feedback)}, which the "
        "policy says may open the whole conversation; two people have to decide"
    ),
    "PURPOSE_UNSPECIFIED": lambda _, t: (
        f"the purpose {t.purpose} is not one the policy allows" if t.purpose else "no purpose was stated"
    ),
    "BUSINESS_OPT_IN_UNSUPPORTED": lambda f, t: (
        f"the workspace opted in with {_allows(f, t)}, but this policy version knows no such opt-in"
    ),
    "NO_CHOICE_RECORDED": lambda _, t: f"no choice of {_who(t)} is on file that covers this chat",
    "ACCOUNT_AMBIGUOUS": lambda *_: "several accounts or projects may stand behind this record, and they may differ",
    "CONSUMER_DEFAULT_ON": lambda _, t: (
        f"{_both(t)}, no refusal of {_who(t)} stood then, and the ledger is complete there"
    ),
    "API_OPTED_IN": lambda f, t: f"{_sent(t)}, while {_allows(f, t)} was in force, and it still is",
    "API_LEGACY_DEFAULT_ON": lambda _, t: f"{_sent(t)}, and no refusal of {_who(t)} is on file for that time",
    "BUSINESS_OPTED_IN": lambda f, t: f"the workspace had opted in with {_allows(f, t)} when {_sent(t)}, and still is",
    "INCLUDED_BY_OVERRIDE": lambda *_: "two people included this record and gave a reason",
    "CHOSE_ALLOW": lambda f, t: f"{_sent(t)}, while {_allows(f, t)} was in force, and it still is",
}
