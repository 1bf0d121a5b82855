"""Overriding verdicts: easy to leave out, hard to let in (K21), written down with the verdict that was shown.

One call is one transaction: decision rows, one audit event for each record, and the verdicts that follow. What people
wrote is stored once and named in the events by commitment only.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from core.model.review import Override, OverrideAction, OverrideStatus, RejectedOverride, ReviewOutcome
from core.model.verdict import Verdict
from core.policy import override as rules
from core.review.judging import decide_and_store, judge, workspace_question
from core.store import audit, decisions, facts

GONE = "There is no such record in this workspace."
EXCLUDED = "EXCLUDED_BY_OVERRIDE"
ACTS = {
    (OverrideAction.EXCLUDE, OverrideStatus.APPLIED): "excluded",
    (OverrideAction.INCLUDE, OverrideStatus.APPLIED): "included",
    (OverrideAction.INCLUDE, OverrideStatus.PENDING): "asked to include",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asks for, names and words checked. ``at`` is microseconds UTC."""

    action: OverrideAction
    by: str
    second: str
    reason: str
    evidence: str
    at: int


def review(conn: sqlite3.Connection, record_ids: Sequence[int], ask: Ask) -> tuple[ReviewOutcome, list[int]]:
    """Override the verdicts of these records; the outcome and the conversations it touched."""
    places = decisions.record_places(conn, record_ids)
    rejected = [RejectedOverride(str(row), GONE) for row in record_ids if row not in places]
    targets = {record: (source, conversation) for record, source, conversation in places.values()}
    conversations = sorted({conversation for _, conversation in targets.values()})
    batch = facts.batch(conn, conversations)
    question = workspace_question(conn, ask.at)
    in_force = decisions.in_force(decisions.of_conversations(conn, conversations), ask.at)
    kept: list[tuple[facts.StoredRecord, Verdict, OverrideStatus]] = []
    for record, shown in judge(batch, in_force, question):
        if record.id not in targets:
            continue
        candidate = Override(
            id="0", record=record.facts.record, action=ask.action, by=ask.by, reason=ask.reason, recorded=ask.at,
            second_by=ask.second, evidence=ask.evidence, verdict_digest=shown.digest,
        )  # fmt: skip
        told = rules.assess(candidate, shown, batch.ledger, record.facts, ask.at)
        why = _why_rejected(candidate, told, shown)
        if why:
            rejected.append(RejectedOverride(record.source_id, why))
        else:
            kept.append((record, shown, told.status))
    if not kept:
        return ReviewOutcome(rejected=tuple(rejected)), []
    undo_id = _keep(conn, kept, ask)
    touched = sorted({record.conversation_id for record, _, _ in kept})
    decide_and_store(conn, touched, ask.at)
    pending = sum(status is OverrideStatus.PENDING for _, _, status in kept)
    return ReviewOutcome(len(kept) - pending, pending, tuple(rejected), undo_id), touched


def _why_rejected(candidate: Override, told: rules.Judgement, shown: Verdict) -> str:
    """One plain sentence, empty for an override that is applied or waits for a second person."""
    if candidate.action is OverrideAction.EXCLUDE and shown.reason == EXCLUDED:
        return "A reviewer excluded this record already."
    return "" if told.status in {OverrideStatus.APPLIED, OverrideStatus.PENDING} else told.why


def _keep(
    conn: sqlite3.Connection, kept: Sequence[tuple[facts.StoredRecord, Verdict, OverrideStatus]], ask: Ask
) -> int:
    batch = decisions.next_batch(conn)
    reason_id, _ = audit.keep_text(conn, ask.reason)
    evidence_id = audit.keep_text(conn, ask.evidence)[0] if ask.evidence else None
    words = [reason_id] if evidence_id is None else [reason_id, evidence_id]
    for record, shown, status in kept:
        # An exclusion needs nobody else, and nobody is their own second: such a name is not taken for a second act.
        second = ask.second if ask.action is OverrideAction.INCLUDE and status is OverrideStatus.APPLIED else ""
        row = decisions.add(
            conn, batch=batch, record_id=record.id, conversation_id=record.conversation_id, action=ask.action,
            requested_by=ask.by, second_by=second, reason_id=reason_id, evidence_id=evidence_id,
            verdict_digest=shown.digest, recorded_at=ask.at,
        )  # fmt: skip
        detail: dict[str, str | int] = {
            "conversation": record.conversation_id, "decision": row, "status": status.value,
            "before": shown.decision.label, "reason_before": shown.reason, "verdict": shown.digest,
        }  # fmt: skip
        if second:
            detail["second"] = second
        audit.append(
            conn, actor=ask.by, act=ACTS[ask.action, status], obj=f"record:{record.id}", detail=detail,
            free_text_ids=words, at=ask.at,
        )  # fmt: skip
    return batch
