"""Was a past use of a record in order? Four answers, from two clocks (K22)."""

from collections.abc import Sequence
from typing import Literal

from core.model.facts import Ledger, RecordFacts
from core.model.review import Override
from core.model.verdict import Decision
from core.policy.decide import decide
from core.policy.versions import PolicyVersion

ExportFinding = Literal["violation", "recall_late_known", "no_reuse", "ok"]


def judge_export(
    record: RecordFacts,
    ledger: Ledger,
    policies: Sequence[PolicyVersion],
    *,
    purpose: str | None,
    exported_at: int,
    at: int,
    known_at: int,
    overrides: Sequence[Override] = (),
) -> ExportFinding:
    """Whether an export of ``record`` at ``exported_at`` was in order, seen from ``at`` and ``known_at``.

    ``violation``: not eligible on what was known then. ``recall_late_known``: eligible on that, but not on what is
    known now about that time. ``no_reuse``: lawful then, not eligible now. ``ok``: eligible then and now.
    """

    def eligible(moment: int, known: int, acts: Sequence[Override]) -> bool:
        verdict = decide(record, ledger, policies, purpose=purpose, at=moment, known_at=known, overrides=acts)
        return verdict.decision is Decision.ELIGIBLE

    if not eligible(exported_at, exported_at, overrides):
        return "violation"
    # A person's later decision is no knowledge about that time: it bars further use, it recalls nothing by itself.
    then = [line for line in overrides if line.recorded <= exported_at]
    if not eligible(exported_at, known_at, then):
        return "recall_late_known"
    return "ok" if eligible(at, known_at, overrides) else "no_reuse"
