"""API records: off unless the organisation opted in, and only while it stands (C6, C7, K13, K18, section 9)."""

from collections.abc import Sequence

from core.model.consent import Action, Channel, ConsentEvent
from core.model.facts import RecordFacts
from core.model.moment import Interval
from core.model.verdict import Finding
from core.policy.fold import FoldedLedger, Sharing, World, track
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
    said = world.sharing(project)
    states, own_states = said.joint.states(sent), said.own.states(sent)
    if not states & ALLOWED or own_states == DENIED:
        return Outcome((_not_sharing(said, sent, at, policy),))
    gone, perhaps_gone = _withdrawals(said.ours, sent, at)
    if gone:
        return Outcome((found("API_OPT_IN_WITHDRAWN", policy.id, (*said.joint.granting(sent), *gone)),))
    against = []
    if states != ALLOWED or own_states & DENIED or perhaps_gone:
        used = (*said.joint.granting(sent), *said.joint.standing(sent), *said.own.standing(sent), *perhaps_gone)
        against.append(found("TIME_UNCERTAIN", policy.id, used))
    against += _open_points(record, folded, world, policy)
    return Outcome(tuple(against), found("API_OPTED_IN", policy.id, said.joint.granting(sent)))


def _open_points(record: RecordFacts, folded: FoldedLedger, world: World, policy: PolicyVersion) -> list[Finding]:
    """What keeps a shared record open: refusals without a time, a gap, or a project that may be one that refused."""
    against = []
    if untimed := [event.event_id for event in world.untimed if _concerns(event, record.project)]:
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
    if not folded.covers(record.sent):
        against.append(found("LEDGER_GAP", policy.id))
    if record.project is None and (elsewhere := _refused_projects(world, record.sent, world.question.at)):
        against.append(found("ACCOUNT_AMBIGUOUS", policy.id, elsewhere))
    return against


def _not_sharing(said: Sharing, sent: Interval, at: int, policy: PolicyVersion) -> Finding:
    if said.own.states(sent) == DENIED and said.wide.states(sent) & ALLOWED:
        return found("API_PROJECT_NOT_SHARED", policy.id, (*said.own.standing(sent), *said.wide.granting(sent)))
    later = [one.event for one in said.joint.allows if one.lo > sent.hi and one.hi <= at]
    if later:
        return found("API_BEFORE_OPT_IN", policy.id, later)
    if said.others.states(sent) & ALLOWED:
        return found("API_PROJECT_NOT_SHARED", policy.id, said.others.granting(sent))
    return found("API_DEFAULT_OFF", policy.id, said.joint.standing(sent))


def _legacy(record: RecordFacts, folded: FoldedLedger, world: World, policy: PolicyVersion) -> Outcome:
    """Before March 2023 API data could be used unless the customer had refused, by whatever route (K24)."""
    sent, said = record.sent, world.sharing(record.project)
    against = []
    gone, perhaps_gone = _withdrawals(said.ours, sent, world.question.at)
    uncertain: list[str] = list(perhaps_gone)
    refused = (*said.joint.standing(sent), *said.own.standing(sent))
    if said.joint.states(sent) == DENIED or said.own.states(sent) == DENIED:
        against.append(found("API_DEFAULT_OFF", policy.id, refused))
    elif gone:
        against.append(found("API_OPT_IN_WITHDRAWN", policy.id, gone))
    else:
        uncertain += refused
    form = world.form.states(sent)
    if form == DENIED:
        against.append(found("FORM_OPT_OUT", policy.id, world.form.standing(sent)))
    elif form & DENIED:
        uncertain += world.form.standing(sent)
    if not against:
        if uncertain:
            against.append(found("TIME_UNCERTAIN", policy.id, uncertain))
        if untimed := world.untimed_on(Channel.FORM):
            against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
        against += _open_points(record, folded, world, policy)
    return Outcome(tuple(against), found("API_LEGACY_DEFAULT_ON", policy.id))


def _withdrawals(ours: Sequence[ConsentEvent], sent: Interval, at: int) -> tuple[list[str], list[str]]:
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
