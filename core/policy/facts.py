"""What stands against a record before consent is asked: purpose, deletion, age, temporary chats, the builder."""

from core.model.consent import Channel
from core.model.facts import RecordFacts
from core.model.moment import EARLIEST, UNKNOWN_CREATION_FLOOR, Interval
from core.model.verdict import Finding
from core.policy.consumer import Moments
from core.policy.fold import FoldedLedger, Question, World
from core.policy.reasons import Outcome, found, strictest
from core.policy.timeline import DENIED, Track
from core.policy.versions import PolicyVersion
from core.times import month

_ADULT, _TEEN, _CHILD = "adult", "13_17", "under_13"


def purpose(question: Question, policy: PolicyVersion) -> list[Finding]:
    """A forbidden purpose bars everything; an unnamed or unknown one settles nothing (C0, K19)."""
    if question.purpose in policy.parameters.purposes_allowed:
        return []
    forbidden = question.purpose in policy.parameters.purposes_forbidden
    return [found("PURPOSE_FORBIDDEN" if forbidden else "PURPOSE_UNSPECIFIED", policy.id)]


def deleted(reason: str, times: tuple[Interval, ...], at: int, policy: PolicyVersion) -> list[Finding]:
    """``reason`` if any of the deletions was certainly done by ``at``; open if one may have been (K09, K10)."""
    if any(when.hi <= at for when in times):
        return [found(reason, policy.id)]
    return [found("TIME_UNCERTAIN", policy.id)] if any(when.lo <= at for when in times) else []


def deletions(record: RecordFacts, folded: FoldedLedger, at: int, policy: PolicyVersion) -> list[Finding]:
    """What an account's ledger says of deletions: of the record's conversation, and of the account itself."""
    against: list[Finding] = []
    if folded.deletions:
        against += deleted("CONTENT_DELETED", folded.deletions.get(record.conversation, ()), at, policy)
    if folded.deleted:
        against += deleted("ACCOUNT_DELETED", folded.deleted, at, policy)
    return against


def age(record: RecordFacts, folded: FoldedLedger, policy: PolicyVersion) -> list[Finding]:
    """Children are out, teenagers open (K15); a band of no known name counts as a teenager's, for people to settle."""
    bands = folded.age_bands(record.sent)
    if folded.birth_year is not None:
        bands = bands | {_band_of(folded.birth_year, record.sent)}
    if _CHILD in bands:
        return [found("MINOR_UNDER_13", policy.id)]
    return [found("MINOR_13_17", policy.id)] if bands - {_ADULT} else []


def _band_of(birth_year: int, when: Interval) -> str:
    """The band a year of birth implies: a child only if surely under 13, a teenager if possibly under 18."""
    if when.lo <= EARLIEST:
        return _TEEN
    if _year(when.hi) - birth_year < 13:
        return _CHILD
    return _TEEN if _year(when.lo) - birth_year - 1 < 18 else _ADULT


def _year(micros: int) -> int:
    return int(month(micros)[:4])


def temporary(record: RecordFacts, at: int, policy: PolicyVersion) -> list[Finding]:
    """A temporary chat is out until it is saved under a policy that lets it become regular (K12)."""
    if not record.temporary:
        return []
    saved = record.saved if policy.parameters.temporary_saved == "follows_account" else None
    if saved is None or saved.lo > at:
        return [found("TEMPORARY_CHAT", policy.id)]
    return [] if saved.hi <= at else [found("TIME_UNCERTAIN", policy.id)]


def moments_of(record: RecordFacts, policy: PolicyVersion) -> Moments:
    """When consent is tested. Inherited messages at their original creation (K08), whose lack leaves any time open."""
    born = record.created
    if record.origin:
        born = record.origin_created or Interval(min(UNKNOWN_CREATION_FLOOR, record.sent.lo), record.sent.hi)
    if record.temporary and record.saved is not None and policy.parameters.temporary_saved == "follows_account":
        return Moments((born, record.saved), record.sent)
    return Moments((born,), record.sent)


def builder(record: RecordFacts, worlds: tuple[World, ...], moments: Moments, policy: PolicyVersion) -> list[Finding]:
    """A builder who refused is obeyed, whoever the user is (K17); ``worlds`` read that GPT's builder events."""
    if record.builder_training is False:
        return [found("BUILDER_OPT_OUT", policy.id)]
    if not worlds:
        return []
    return list(strictest(_builder(world, moments, policy) for world in worlds).against)


def _builder(world: World, moments: Moments, policy: PolicyVersion) -> Outcome:
    track: Track = world.builder
    against: list[Finding] = []
    touched = [when for when in moments.all if track.states(when) & DENIED]
    if touched:
        sure = any(track.states(when) == DENIED for when in touched)
        events = [event for when in touched for event in track.standing(when)]
        against.append(found("BUILDER_OPT_OUT" if sure else "TIME_UNCERTAIN", policy.id, events))
    if untimed := world.untimed_on(Channel.BUILDER):
        against.append(found("EVENT_TIME_UNKNOWN", policy.id, untimed))
    return Outcome(tuple(against))
