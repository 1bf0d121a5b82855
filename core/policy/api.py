"""API records: off unless the organisation opted in, and only while it stands (C6, C7, K13, K18, section 9)."""

from core.model.consent import Action, Channel, ConsentEvent
from core.model.facts import RecordFacts
from core.model.moment import Interval
from core.model.verdict import Finding
from core.policy.fold import FoldedLedger, World, track
from core.policy.reasons import Outcome, found
from core.policy.timeline import ALLOWED, DENIED
from core.policy.versions import PolicyVersion


def unknown_organisation(record: RecordFacts, policy: PolicyVersion) -> Outcome:
    """Nobody can have opted in: the default does not depend on who it is."""
    if policy.parameters.api_default == "off":
        against = [found("API_DEFAULT_OFF", policy.id)]
    else:
        against = [found("ACCOUNT_AMBIGUOUS" if record.candidates else "ACCOUNT_UNKNOWN", policy.id)]
    if record.zdr:
        against.append(found("API_ZDR", policy.id))
    return Outcome(tuple(against))


def api(record: RecordFacts, folded: FoldedLedger, world: World, policy: PolicyVersion) -> Outcome:
    """What an organisation's events say of one API record."""
    sharing = _legacy if policy.parameters.api_default == "on_unless_opted_out" else _opt_in
    outcome = sharing(record, folded, world, policy)
    against = list(outcome.against)
    if record.zdr:
        against.append(found("API_ZDR", policy.id))
    guardian = world.guardian.states(record.sent)
    if guardian & DENIED:
        reason = "GUARDIAN_OPT_OUT" if guardian == DENIED else "TIME_UNCERTAIN"
        against.append(found(reason, policy.id, world.guardian.standing(record.sent)))
    if untimed := world.untimed_on(Channel.GUARDIAN):
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
    return Outcome(tuple(against), outcome.ground)


def _opt_in(record: RecordFacts, folded: FoldedLedger, world: World, policy: PolicyVersion) -> Outcome:
    sent, at, project = record.sent, world.question.at, record.project
    ours = [event for event in world.api if event.project is None or event.project == project]
    joint = track(ours, at)
    own = track([event for event in ours if event.project is not None], at)
    states, own_states = joint.states(sent), own.states(sent)
    if not states & ALLOWED or own_states == DENIED:
        return Outcome((_not_sharing(record, world, ours, policy),))
    gone, perhaps_gone = _withdrawals(ours, sent, at)
    if gone:
        return Outcome((found("API_OPT_IN_WITHDRAWN", policy.id, (*joint.granting(sent), *gone)),))
    against = []
    if states != ALLOWED or own_states & DENIED or perhaps_gone:
        used = (*joint.granting(sent), *joint.standing(sent), *perhaps_gone)
        against.append(found("TIME_UNCERTAIN", policy.id, used))
    if untimed := [event.event_id for event in world.untimed if _concerns(event, project)]:
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
    if not folded.covers(sent):
        against.append(found("LEDGER_GAP", policy.id))
    if project is None and (elsewhere := _refused_projects(world, sent, at)):
        # The record does not say which project it belongs to, and some project refused.
        against.append(found("ACCOUNT_AMBIGUOUS", policy.id, elsewhere))
    return Outcome(tuple(against), found("API_OPTED_IN", policy.id, joint.granting(sent)))


def _not_sharing(record: RecordFacts, world: World, ours: list[ConsentEvent], policy: PolicyVersion) -> Finding:
    sent, at = record.sent, world.question.at
    wide = track([event for event in ours if event.project is None], at)
    own = track([event for event in ours if event.project is not None], at)
    if own.states(sent) == DENIED and wide.states(sent) & ALLOWED:
        return found("API_PROJECT_NOT_SHARED", policy.id, (*own.standing(sent), *wide.granting(sent)))
    later = [
        event.event_id
        for event in ours
        if event.action is Action.ALLOW
        and event.effective is not None
        and event.effective.lo > sent.hi
        and event.effective.hi <= at
    ]
    if later:
        return found("API_BEFORE_OPT_IN", policy.id, later)
    others = track([event for event in world.api if event.project not in (None, record.project)], at)
    if others.states(sent) & ALLOWED:
        return found("API_PROJECT_NOT_SHARED", policy.id, others.granting(sent))
    return found("API_DEFAULT_OFF", policy.id, track(ours, at).standing(sent))


def _legacy(record: RecordFacts, folded: FoldedLedger, world: World, policy: PolicyVersion) -> Outcome:
    """Before March 2023 API data could be used unless the customer had refused, by whatever route (K24)."""
    sent, at, project = record.sent, world.question.at, record.project
    ours = [event for event in world.api if event.project is None or event.project == project]
    against = []
    own = track([event for event in ours if event.project is not None], at)
    joint = track(ours, at)
    gone, perhaps_gone = _withdrawals(ours, sent, at)
    uncertain: list[str] = list(perhaps_gone)
    if joint.states(sent) == DENIED or own.states(sent) == DENIED:
        against.append(found("API_DEFAULT_OFF", policy.id, (*joint.standing(sent), *own.standing(sent))))
    elif gone:
        against.append(found("API_OPT_IN_WITHDRAWN", policy.id, gone))
    elif (joint.states(sent) | own.states(sent)) & DENIED:
        uncertain += (*joint.standing(sent), *own.standing(sent))
    form = world.form.states(sent)
    if form == DENIED:
        against.append(found("FORM_OPT_OUT", policy.id, world.form.standing(sent)))
    elif form & DENIED:
        uncertain += world.form.standing(sent)
    if not against:
        untimed = [event.event_id for event in world.untimed if _concerns(event, project)]
        untimed += world.untimed_on(Channel.FORM)
        if uncertain:
            against.append(found("TIME_UNCERTAIN", policy.id, uncertain))
        if untimed:
            against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
        if not folded.covers(sent):
            against.append(found("LEDGER_GAP", policy.id))
        if project is None and (elsewhere := _refused_projects(world, sent, at)):
            against.append(found("ACCOUNT_AMBIGUOUS", policy.id, elsewhere))
    return Outcome(tuple(against), found("API_LEGACY_DEFAULT_ON", policy.id))


def _withdrawals(ours: list[ConsentEvent], sent: Interval, at: int) -> tuple[list[str], list[str]]:
    """Denials after sending and by ``at``: those that certainly were, and those that may have been (K13)."""
    certain, possible = [], []
    for event in ours:
        when = event.effective
        if event.action is not Action.DENY or when is None or when.lo > at or when.hi < sent.lo:
            continue
        if when.lo >= sent.hi and when.hi <= at:
            certain.append(event.event_id)
        else:
            possible.append(event.event_id)
    return certain, possible


def _refused_projects(world: World, sent: Interval, at: int) -> tuple[str, ...]:
    """Denials of single projects that stood at sending or came after it."""
    theirs = [event for event in world.api if event.project is not None]
    gone, perhaps_gone = _withdrawals(theirs, sent, at)
    standing: list[str] = []
    for project in {event.project for event in theirs}:
        standing += track([event for event in theirs if event.project == project], at).standing(sent)
    return (*standing, *gone, *perhaps_gone)


def _concerns(event: ConsentEvent, project: str | None) -> bool:
    """Whether an untimed denial of API sharing may concern a record of ``project``."""
    return event.channel is Channel.API_SHARING and (project is None or event.project in (None, project))
