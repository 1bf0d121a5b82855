"""The funnel from what was loaded to what was released, and the reasons on the way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.model.insight import FunnelStep, ReasonCount

STEPS = ("loaded", "eligible", "redacted", "approved", "released")


@dataclass(frozen=True, slots=True)
class Progressed:
    """A number of records that got equally far.

    ``reason`` is why they got no further: the verdict's reason where they are not eligible, a plain code such as
    ``NOT_SCANNED`` or ``NOT_APPROVED`` afterwards; empty for released ones.
    """

    records: int
    eligible: bool
    redacted: bool
    approved: bool
    released: bool
    reason: str = ""


def funnel(groups: Iterable[Progressed]) -> tuple[FunnelStep, ...]:
    """Five nested steps, in records: a record counts at a step only if it passed all before it.

    ``lost`` is what the step before had more, ``main_reason`` the commonest reason of those (the first in the alphabet
    of equals).
    """
    reached = [0] * len(STEPS)
    reasons: list[Counter[str]] = [Counter() for _ in STEPS]
    for group in groups:
        far = 0
        for passed in (group.eligible, group.redacted, group.approved, group.released):
            if not passed:
                break
            far += 1
        for step in range(far + 1):
            reached[step] += group.records
        if far + 1 < len(STEPS) and group.reason:
            reasons[far + 1][group.reason] += group.records
    return tuple(
        FunnelStep(name, reached[n], reached[n - 1] - reached[n] if n else 0, _main(reasons[n]))
        for n, name in enumerate(STEPS)
    )


def _main(reasons: Counter[str]) -> str:
    return min(reasons, key=lambda reason: (-reasons[reason], reason), default="")


def reasons_ranked(counts: Iterable[ReasonCount], decision: str | None = None) -> tuple[ReasonCount, ...]:
    """Reasons by number of records, largest first; of one decision alone if one is named.

    With ``"undetermined"`` these are the causes that somebody could clear up: the work list.
    """
    chosen = [count for count in counts if count.records and decision in {None, count.decision}]
    return tuple(sorted(chosen, key=lambda count: (-count.records, count.reason, count.decision)))
