"""Consumer records: on by default, off by any standing refusal, open where silence proves nothing (C1 to C5).

A message is tested when its conversation was created and when it was sent (K01); a temporary chat that became regular
also when it was saved (K12). Every refusal counts under every policy version, also by a channel that version did not
know (K24).
"""

from dataclasses import dataclass

from core.model.consent import Channel
from core.model.facts import RecordFacts
from core.model.moment import Interval
from core.model.verdict import Finding
from core.policy.fold import FoldedLedger, World
from core.policy.reasons import Outcome, found
from core.policy.timeline import ALLOWED, DENIED, SILENT, Track
from core.policy.versions import PolicyVersion

_CREATED_REASON = {
    Channel.TOGGLE: "CREATED_WHILE_OPTED_OUT",
    Channel.FORM: "FORM_OPT_OUT",
    Channel.GUARDIAN: "GUARDIAN_OPT_OUT",
}
_LIFTED_BY_FEEDBACK = frozenset({"CREATED_WHILE_OPTED_OUT", "FORM_OPT_OUT", "SENT_WHILE_OPTED_OUT"})


@dataclass(frozen=True, slots=True)
class Moments:
    """When a record is tested: at what counts as creation (one or two moments), and at sending."""

    births: tuple[Interval, ...]
    sent: Interval

    @property
    def all(self) -> tuple[Interval, ...]:
        """Every tested moment, sending last."""
        return (*self.births, self.sent)


def refusals(record: RecordFacts, moments: Moments, world: World, policy: PolicyVersion) -> list[Finding]:
    """What the person's own channels and the guardian's say against use, certain or possible."""
    against: list[Finding] = []
    if world.toggle:
        if record.product == "dalle_labs":
            against += _toggle_on_labs(world.toggle, moments, policy)
        else:
            against += _refused(Channel.TOGGLE, world.toggle, moments, policy)
    if world.form:
        against += _refused(Channel.FORM, world.form, moments, policy)
    if world.guardian:
        against += _refused(Channel.GUARDIAN, world.guardian, moments, policy)
    if against and policy.parameters.feedback == "undetermined":
        against = _with_feedback(against, record, world, policy)
    if world.untimed and (ids := world.untimed_on(Channel.TOGGLE, Channel.FORM, Channel.GUARDIAN)):
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, ids))
    return against


def _refused(channel: Channel, track: Track, moments: Moments, policy: PolicyVersion) -> list[Finding]:
    births = [(when, track.states(when)) for when in moments.births]
    sent = track.states(moments.sent)
    under = [when for when, state in births if state == DENIED]
    against: list[Finding] = []
    if under:
        events = [event for when in under for event in track.standing(when)]
        against.append(found(_CREATED_REASON[channel], policy.id, events))
    elif sent == DENIED:
        events = list(track.standing(moments.sent))
        against.append(found("SENT_WHILE_OPTED_OUT", policy.id, events))
        if channel is Channel.GUARDIAN:  # a guardian's refusal is named as such, whenever it stands (K15)
            against.append(found("GUARDIAN_OPT_OUT", policy.id, events))
    else:
        unsure = [when for when, state in (*births, (moments.sent, sent)) if state & DENIED]
        if unsure:
            events = [event for when in unsure for event in track.standing(when)]
            against.append(found("TIME_UNCERTAIN", policy.id, events))
    return against


def _toggle_on_labs(track: Track, moments: Moments, policy: PolicyVersion) -> list[Finding]:
    """Whether the switch in ChatGPT reaches the DALL·E site is not clear (K16)."""
    touched = [when for when in moments.all if track.states(when) & DENIED]
    if not touched:
        return []
    events = [event for when in touched for event in track.standing(when)]
    against = [found("TOGGLE_SCOPE_DALLE", policy.id, events)]
    if not any(track.states(when) == DENIED for when in touched):
        against.append(found("TIME_UNCERTAIN", policy.id, events))
    return against


def _with_feedback(against: list[Finding], record: RecordFacts, world: World, policy: PolicyVersion) -> list[Finding]:
    """Where the wording lets feedback open a whole opted-out conversation, people decide instead (K20)."""
    given = record.feedback
    lifted = [finding for finding in against if finding.reason in _LIFTED_BY_FEEDBACK]
    if given is None or given.hi > world.question.at or not lifted:
        return against
    events = [event for finding in lifted for event in finding.events]
    kept = [finding for finding in against if finding.reason not in _LIFTED_BY_FEEDBACK]
    return [*kept, found("FEEDBACK_ON_OPTED_OUT", policy.id, events)]


def silence(moments: Moments, folded: FoldedLedger, policy: PolicyVersion) -> list[Finding]:
    """A gap, if the ledger is not complete at every tested moment (K14)."""
    if all(folded.covers(when) for when in moments.all):
        return []
    return [found("LEDGER_GAP", policy.id)]


def default_on(
    record: RecordFacts, moments: Moments, folded: FoldedLedger, world: World, policy: PolicyVersion
) -> Outcome:
    """Consumer services whose default is on: usable unless something stands against it."""
    against = refusals(record, moments, world, policy)
    if not against or all(finding.reason in _RESTS_ON_SILENCE for finding in against):
        against += silence(moments, folded, policy)
    used = [event for track in (world.toggle, world.form) if track for event in track.granting(moments.sent)]
    return Outcome(tuple(against), found("CONSUMER_DEFAULT_ON", policy.id, used))


_RESTS_ON_SILENCE = frozenset({"EVENT_TIME_UNKNOWN", "TIME_UNCERTAIN", "TOGGLE_SCOPE_DALLE"})


def choice_required(
    record: RecordFacts, moments: Moments, folded: FoldedLedger, world: World, policy: PolicyVersion
) -> Outcome:
    """Services that ask for a choice: usable only while a yes stands, then and now.

    A no in force now also keeps older chats out of later runs; without a choice nothing is settled.
    """
    against = refusals(record, moments, world, policy)
    now = Interval(world.question.at, world.question.at)
    unsure: list[str] = []
    for track in (world.toggle, world.form):
        state = track.states(now)
        if state == DENIED:
            against.append(found("OPT_OUT_IN_FORCE", policy.id, track.standing(now)))
        elif state & DENIED:
            unsure += track.standing(now)
    sent, current = world.toggle.states(moments.sent), world.toggle.states(now)
    if sent == SILENT or current == SILENT:
        against.append(found("NO_CHOICE_RECORDED", policy.id))
    elif (sent | current) & SILENT:
        unsure += world.toggle.granting(moments.sent)
    if unsure:
        against.append(found("TIME_UNCERTAIN", policy.id, unsure))
    if not any(finding.decision > 1 for finding in against):
        against += silence(moments, folded, policy)
    if not against and not (sent & ALLOWED and current & ALLOWED):
        against.append(found("NO_CHOICE_RECORDED", policy.id))
    return Outcome(tuple(against), found("CHOSE_ALLOW", policy.id, world.toggle.granting(moments.sent)))
