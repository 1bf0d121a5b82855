"""The gates before a release: pure checks over facts, so that the window, the command line and a test see the same.

A release goes out only while every gate is green. Nothing here reads a store or a clock: whoever asks gathers one
:class:`GateFacts` a conversation and one :class:`SetFacts` a set, at the moment of release, and gets the list of
gates in the order in which people work them off.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.model.release import Gate
from core.model.review import person

ALLOWED_PURPOSES = frozenset({"model_improvement"})
FORBIDDEN_PURPOSES = frozenset({"advertising", "selling", "profiling"})


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What is true of one conversation of the set at the moment of release. Counts are of this conversation alone.

    ``eligible_as_of`` and ``eligible_now``: the verdict (overrides applied) at the ledger's cut-off and now, both on
    everything known now. ``stale``: overrides that are pending, or that a later consent event made stale.
    ``unverified``: texts on their way out that are neither scanned clean by the current detector nor reviewed by a
    person; ``uncovered``: of those on their way out, texts in a language without cover that nobody reviewed.
    ``residual``: findings in the redacted text when it is scanned again, and original values that survived in it.
    ``assets``: pictures and files that the turns on their way out refer to. ``records`` = ``visible_records`` +
    ``hidden_records``, all as stored now. ``shape``: reasons why the profile refuses the row, empty for none
    (see :func:`core.release.shapes.openai_reasons`).
    """

    conversation: int
    content_unchanged: bool
    eligible_as_of: bool
    eligible_now: bool
    records: int
    visible_records: int
    hidden_records: int = 0
    stale: int = 0
    unverified: int = 0
    uncovered: int = 0
    residual: int = 0
    assets: int = 0
    incomplete: str = ""
    shape: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What is true of the set as a whole: its frozen counts, the people who approved it, what it is asked for.

    ``rules_only``: the current detector has no language model.
    """

    conversations: int
    records: int
    approved_by: str
    second_by: str
    purpose: str
    rules_only: bool = False


@dataclass(frozen=True, slots=True)
class _Check:
    gate: str
    fails: Callable[[GateFacts], bool]
    good: str
    bad: str  # after the number of conversations: "3 conversations: …"


BY_RULES = "rules alone (no language model is installed: names are not looked for)"

_CHECKS = (
    _Check(
        "content_unchanged",
        lambda f: not f.content_unchanged,
        "Every conversation is the version that was approved.",
        "new content since the approval; approve a new set.",
    ),
    _Check(
        "still_eligible",
        lambda f: not (f.eligible_as_of and f.eligible_now),
        "Every conversation is eligible at the cut-off and now.",
        "not usable at the cut-off or now; approve a new set without them.",
    ),
    _Check(
        "nothing_stale",
        lambda f: f.stale > 0,
        "No override is pending or stale.",
        "resting on an override that is pending or stale; confirm or undo it.",
    ),
    _Check(
        "redaction_verified",
        lambda f: f.unverified > 0,
        "Every text is scanned by the current detector or reviewed.",
        "text not scanned by the current detector; scan it, or review it.",
    ),
    _Check(
        "language_covered",
        lambda f: f.uncovered > 0,
        "Every text is in a language that the detector covers, or reviewed.",
        "text in a language that the detector does not cover; have a person review it.",
    ),
    _Check(
        "residual_clean",
        lambda f: f.residual > 0,
        "The redacted text was scanned again and nothing was found.",
        "something personal still found after redaction; review the findings.",
    ),
    _Check(
        "no_assets",
        lambda f: f.assets > 0,
        "No turn refers to a picture or a file.",
        "pictures or files that nobody screened; leave them out.",
    ),
    _Check(
        "complete",
        lambda f: bool(f.incomplete),
        "Every record is whole.",
        "not whole in the source; leave them out.",
    ),
    _Check(
        "profile_shape",
        lambda f: bool(f.shape),
        "Every row has the shape that the profile asks for.",
        "not of the shape that the profile asks for; choose the chat profile, or leave them out.",
    ),
)


def evaluate(facts: Iterable[GateFacts], about: SetFacts) -> tuple[Gate, ...]:
    """All gates of a set, in working order; ``facts`` may stream, one pass is made. Never raises.

    A gate's ``conversations`` are the ids that fail it; gates of the set as a whole carry none.
    """
    failing: dict[str, array[int]] = {check.gate: array("q") for check in _CHECKS}
    conversations = records = unequal = 0
    for fact in facts:
        conversations += 1
        records += fact.records
        unequal += fact.records != fact.visible_records + fact.hidden_records
        for check in _CHECKS:
            if check.fails(fact):
                failing[check.gate].append(fact.conversation)
    return (
        _two_people(about),
        _purpose(about.purpose),
        _not_empty(about),
        *(_verdict(check, failing[check.gate], about) for check in _CHECKS),
        _counts(about, conversations, records, unequal),
    )


def _verdict(check: _Check, ids: "array[int]", about: SetFacts) -> Gate:
    if not ids:
        by_rules = about.rules_only and check.gate == "redaction_verified"
        good = f"Every text is scanned by {BY_RULES}, or reviewed." if by_rules else check.good
        return Gate(check.gate, ok=True, sentence=good)
    what = "1 conversation" if len(ids) == 1 else f"{len(ids):,} conversations"
    return Gate(check.gate, ok=False, count=len(ids), sentence=f"{what}: {check.bad}", conversations=tuple(ids))


def _two_people(about: SetFacts) -> Gate:
    first, second = person(about.approved_by), person(about.second_by)
    if first and second and first != second:
        return Gate("two_people", ok=True, sentence="Two people approved the set.")
    return Gate("two_people", ok=False, count=about.conversations, sentence="A second person has to approve the set.")


def _purpose(purpose: str) -> Gate:
    if purpose in ALLOWED_PURPOSES:
        return Gate("purpose_allowed", ok=True, sentence=f"The purpose {purpose} is allowed.")
    if purpose in FORBIDDEN_PURPOSES:
        sentence = f"The purpose {purpose} is forbidden by clause C0 and cannot be overridden."
    else:
        sentence = "State a purpose that the policy knows: model_improvement."
    return Gate("purpose_allowed", ok=False, count=1, sentence=sentence)


def _not_empty(about: SetFacts) -> Gate:
    if about.conversations > 0:
        what = "1 conversation" if about.conversations == 1 else f"{about.conversations:,} conversations"
        return Gate("not_empty", ok=True, sentence=f"The set holds {what}.")
    return Gate("not_empty", ok=False, count=1, sentence="The set holds no conversation.")


def _counts(about: SetFacts, conversations: int, records: int, unequal: int) -> Gate:
    if (conversations, records, unequal) == (about.conversations, about.records, 0):
        return Gate("counts_add_up", ok=True, sentence="The counts add up.")
    sentence = (
        f"The counts do not add up: approved {about.conversations:,} conversations with {about.records:,} records, "
        f"found {conversations:,} with {records:,}; check the workspace."
    )
    return Gate("counts_add_up", ok=False, count=max(1, abs(about.conversations - conversations)), sentence=sentence)
