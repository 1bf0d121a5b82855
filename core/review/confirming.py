"""Confirming: the second person's act, which lets an include take effect."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from core.model.review import Override, OverrideAction, OverrideStatus, RejectedOverride, ReviewOutcome, person
from core.policy import override as rules
from core.review.judging import decide_and_store, judge, workspace_question
from core.review.overriding import GONE
from core.store import audit, decisions, facts
from core.store.decisions import DecisionLine

SAME_PERSON = "The second person must be somebody else."


def confirm(conn: sqlite3.Connection, record_ids: Sequence[int], who: str, at: int) -> tuple[ReviewOutcome, list[int]]:
    """Confirm the includes of these records that wait; the outcome and the conversations it touched."""
    places = decisions.record_places(conn, record_ids)
    rejected = [RejectedOverride(str(row), GONE) for row in record_ids if row not in places]
    targets = {record: (source, conversation) for record, source, conversation in places.values()}
    conversations = sorted({conversation for _, conversation in targets.values()})
    lines = decisions.of_conversations(conn, conversations)
    by_id = {str(line.id): line for line in lines}
    in_force = decisions.in_force(lines, at)
    waiting = {record: found for record in targets if (found := _waiting(in_force.get(record, ())))}
    others = {record: [o for o in held if o != waiting.get(record)] for record, held in in_force.items()}
    stored = facts.batch(conn, conversations)
    judged = {r.id: (r, verdict) for r, verdict in judge(stored, others, workspace_question(conn, at))}
    batch = decisions.next_batch(conn)
    confirmed: list[DecisionLine] = []
    for record_id, (source, _) in targets.items():
        why = "No include of this record waits for a second person."
        if record_id in waiting:
            record, verdict = judged[record_id]
            whole = replace(waiting[record_id], second_by=who)
            told = rules.assess(whole, verdict, stored.ledger, record.facts, at)
            why = "" if told.status is OverrideStatus.APPLIED else told.why
            if person(whole.by) == person(who):
                why = SAME_PERSON
        if why:
            rejected.append(RejectedOverride(source, why))
        else:
            confirmed.append(by_id[waiting[record_id].id])
    for line in confirmed:
        _keep_confirmation(conn, line, who, batch, at)
    touched = sorted({line.conversation_id for line in confirmed})
    if touched:
        decide_and_store(conn, touched, at)
    return ReviewOutcome(len(confirmed), 0, tuple(rejected), batch if confirmed else 0), touched


def _waiting(standing: Sequence[Override]) -> Override | None:
    """The newest include that waits for a second person."""
    found = [o for o in standing if o.action is OverrideAction.INCLUDE and not person(o.second_by)]
    return found[-1] if found else None


def _keep_confirmation(conn: sqlite3.Connection, line: DecisionLine, who: str, batch: int, at: int) -> None:
    row = decisions.add(
        conn, batch=batch, record_id=line.record_id, conversation_id=line.conversation_id, action=line.action,
        requested_by=line.requested_by, second_by=who, reason_id=line.reason_id, evidence_id=line.evidence_id,
        verdict_digest=line.verdict_digest, confirms=line.id, recorded_at=at,
    )  # fmt: skip
    audit.append(
        conn, actor=who, act="confirmed include", obj=f"record:{line.record_id}", at=at,
        detail={"conversation": line.conversation_id, "decision": row, "confirms": line.id},
    )  # fmt: skip
