"""Sets, gates and releases in words, the same in lists, panes and buttons."""

from core import times
from core.model.release import ApprovedSet, Gate, ReleaseRow, SetState, VerifyReport
from gui.words import count, humane, number, tr

PURPOSES = ("model_improvement", "advertising", "selling", "profiling")
FORBIDDEN = frozenset(PURPOSES[1:])
"""Clause C0: these can be seen in the list, so that it is plain that they were thought of, and never be chosen."""
_GATES = {
    "two_people": "Two people approved",
    "purpose_allowed": "Purpose allowed",
    "not_empty": "Something to write",
    "content_unchanged": "Content unchanged",
    "still_eligible": "Still eligible",
    "nothing_stale": "No open override",
    "redaction_verified": "Redaction verified",
    "language_covered": "Language covered",
    "residual_clean": "Nothing left after redaction",
    "no_assets": "No pictures or files",
    "complete": "Records whole",
    "profile_shape": "Shape of rows",
    "counts_add_up": "Counts add up",
}


def gate_word(gate: str) -> str:
    """A gate's name."""
    return tr(_GATES.get(gate, humane(gate)))


def purpose_word(purpose: str) -> str:
    """A purpose in running text."""
    return humane(purpose).lower()


def set_state(found: ApprovedSet, gates: tuple[Gate, ...] | None) -> tuple[str, str, str]:
    """Icon, colour token and word of a set; red gates are told where they are known and stand in the way."""
    red = sum(not gate.ok for gate in gates or ())
    if found.state is SetState.RELEASED:
        return "export", "eligible", tr("Released")
    if found.state is SetState.DRAFT:
        return "hourglass-medium", "undetermined", tr("Draft")
    if red:
        return "warning-octagon", "not_eligible", f"{tr('Gates red')} {number(red)}"
    return "circle-wavy-check", "info", tr("Approved")


def set_counts(found: ApprovedSet) -> str:
    """What a set holds and left out."""
    talks = count(found.conversations, "conversation", "conversations")
    records = count(found.records, "record", "records")
    left = f"; {number(found.left_out)} {tr('left out')}" if found.left_out else ""
    return f"{talks}, {records}{left}"


def set_people(found: ApprovedSet) -> str:
    """Who stands for a set."""
    if found.second_by:
        return tr("approved by {first} and {second}").format(first=found.approved_by, second=found.second_by)
    return tr("approved by {first}, waits for a second person").format(first=found.approved_by)


def preview_words(conversations: int, records: int, left_out: int) -> str:
    """What approving would freeze."""
    talks = count(conversations, "conversation", "conversations")
    return f"{talks}, {count(records, 'record', 'records')}; {number(left_out)} {tr('left out')}"


def plan_words(found: ApprovedSet, recipient: str, purpose: str, as_of: int | None) -> str:
    """The plan in one sentence."""
    words = tr("{what} to {who} for {purpose}, as of {day}.")
    return words.format(
        what=count(found.conversations, "conversation", "conversations"),
        who=recipient or tr("a recipient you name"),
        purpose=purpose_word(purpose),
        day=tr("now") if as_of is None else day(as_of),
    )


def day(at: int) -> str:
    """An instant's day where it is midnight, else to the minute."""
    shown = times.show(at)
    return shown[:10] if shown.endswith("T00:00:00Z") else f"{shown[:16].replace('T', ' ')} UTC"


def release_line(row: ReleaseRow) -> str:
    """The small print of a release."""
    return f"{count(row.rows, 'row', 'rows')} · {times.show(row.at)[:10]} · {row.set_name}"


def verified_words(report: VerifyReport, expected: str = "") -> tuple[str, str, str]:
    """Icon, colour token and sentence of what a verifier found; ``expected`` is the registered manifest's hash."""
    if not report.ok:
        fatal = sum(finding.fatal for finding in report.findings)
        words = tr("Not whole: {n}.").format(n=count(fatal, "fault was found", "faults were found"))
        return "warning-octagon", "not_eligible", words
    if expected and report.manifest_sha256 != expected:
        return "warning-octagon", "not_eligible", tr("Whole, but it is not the bundle that was registered.")
    words = tr("Whole: {rows}, every hash and signature holds.").format(rows=count(report.rows, "row", "rows"))
    return "shield-check", "eligible", words
