"""Business workspaces: out, unless the workspace opted in under a policy version that knows such an opt-in (K11)."""

from core.model.consent import Action, Channel
from core.model.facts import RecordFacts
from core.model.moment import Interval
from core.model.verdict import Finding
from core.policy.fold import FoldedLedger, World
from core.policy.reasons import Outcome, found
from core.policy.timeline import ALLOWED
from core.policy.versions import PolicyVersion

BUSINESS_PLANS = frozenset({"team", "enterprise", "edu", "business", "healthcare", "gov"})
CONSUMER_PLANS = frozenset({"", "consumer", "personal", "free", "go", "plus", "pro"})


def plan_of(record: RecordFacts, *ledgers: FoldedLedger | None) -> str:
    """``business``, ``consumer`` or ``unknown``: the record's own mark, else the strictest plan its accounts had.

    The mark outranks the accounts' lines (section 9). A plan of no known name settles nothing.
    """
    if record.plan:
        plans = {record.plan}
    else:
        plans = {plan for ledger in ledgers if ledger is not None for plan in ledger.plans(record.sent)}
    plans = {plan.strip().lower() for plan in plans}
    if plans & BUSINESS_PLANS:
        return "business"
    return "consumer" if plans <= CONSUMER_PLANS else "unknown"


def business(
    moments: tuple[Interval, ...], folded: FoldedLedger | None, world: World | None, policy: PolicyVersion
) -> tuple[Outcome, bool]:
    """What a workspace's opt-in says of a record tested at ``moments``; and whether consumer rules apply besides.

    They do once an opt-in counts: a refusal by the person still wins (K03, K24).
    """
    if folded is None or world is None:
        return Outcome((found("BUSINESS_PLAN_DEFAULT_OFF", policy.id),)), False
    sharing = world.workspace
    states = [sharing.states(when) for when in moments]
    used = {event for when in moments for event in (*sharing.granting(when), *sharing.standing(when))}
    gone, perhaps_gone = _withdrawn(world, moments[-1])
    if gone or not all(state & ALLOWED for state in states):
        return Outcome((found("BUSINESS_PLAN_DEFAULT_OFF", policy.id, used | set(gone)),)), False
    against: list[Finding] = []
    if perhaps_gone or any(state != ALLOWED for state in states):
        against.append(found("TIME_UNCERTAIN", policy.id, used | set(perhaps_gone)))
    if policy.parameters.business == "off":
        against.append(found("BUSINESS_OPT_IN_UNSUPPORTED", policy.id, used))
    if untimed := world.untimed_on(Channel.WORKSPACE_SHARING):
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
    return Outcome(tuple(against), found("BUSINESS_OPTED_IN", policy.id, used)), True


def _withdrawn(world: World, sent: Interval) -> tuple[list[str], list[str]]:
    """Withdrawals after ``sent`` and by the moment of evaluation: certain ones and possible ones (as K13)."""
    certain: list[str] = []
    possible: list[str] = []
    for event in world.timed:
        if event.channel is not Channel.WORKSPACE_SHARING or event.action is not Action.DENY:
            continue
        when = event.effective
        if when is None or when.lo > world.question.at or when.hi < sent.lo:
            continue
        (certain if when.lo >= sent.hi and when.hi <= world.question.at else possible).append(event.event_id)
    return certain, possible
