"""Reviewing: what a person decides against a verdict, under asymmetric rules, kept for ever and undone openly.

Excluding takes one person and a reason; including takes two, and evidence where the verdict was not eligible (K21).
Every act is one transaction: the decision rows, one audit event for each record, and the verdicts that follow from it.
What people wrote is stored once and named in the events by commitment only.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import times
from core.errors import Refusal
from core.model.review import Override, OverrideAction, OverrideStatus, RejectedOverride, ReviewOutcome, person
from core.model.verdict import Verdict
from core.model.view import Change, Kind
from core.policy import override as rules
from core.privacy.detector import detector_version
from core.review.undoing import why_not
from core.services.judging import decide_and_store, judge, workspace_question
from core.services.room import Room, named
from core.store import audit, decisions, facts, findings
from core.store.decisions import DecisionLine

REVIEWED = Kind.DECISIONS | Kind.VERDICTS | Kind.AUDIT
GONE = "There is no such record in this workspace."
SAME_PERSON = "The second person must be somebody else."
EXCLUDED = "EXCLUDED_BY_OVERRIDE"


@dataclass(frozen=True, slots=True)
class _Ask:
    """One call of :meth:`Reviewing.review`, names and words checked."""

    action: OverrideAction
    by: str
    second: str
    reason: str
    evidence: str
    at: int


class Reviewing:
    """Overrides and redaction reviews of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def review(
        self,
        record_ids: Sequence[int],
        action: OverrideAction,
        *,
        reason: str,
        by: str | None = None,
        second: str | None = None,
        evidence: str = "",
    ) -> ReviewOutcome:
        """Override the verdicts of records. A part of a request stands for its request.

        Each record is applied, pending (an include that waits for a second person) or rejected with one sentence;
        nothing at all is written where all are rejected. Raises a Refusal for a blank name or reason.
        """
        who = named(by, self._room)
        if not reason.strip():
            raise Refusal("A decision needs a reason; say why in a few words.")
        ask = _Ask(action, who, (second or "").strip(), reason.strip(), evidence.strip(), times.now())
        outcome, touched = self._room.writer.run(lambda conn: _review(conn, record_ids, ask))
        self._tell(touched)
        return outcome

    def confirm(self, record_ids: Sequence[int], *, second: str) -> ReviewOutcome:
        """The second person's act: includes of these records that wait for one take effect."""
        who = named(second, self._room)
        outcome, touched = self._room.writer.run(lambda conn: _confirm(conn, record_ids, who, times.now()))
        self._tell(touched)
        return outcome

    def undo(self, undo_id: int | None = None, *, second: str | None = None) -> ReviewOutcome:
        """Take back one act by compensating decisions: the one named, else the actor's latest that may be undone.

        ``second`` is the other person where two are needed. Raises a Refusal where the act may not be taken back.
        """
        who = named(None, self._room)
        other = (second or "").strip()
        outcome, touched = self._room.writer.run(lambda conn: _undo(conn, undo_id, who, other, times.now()))
        self._tell(touched)
        return outcome

    def last_undoable(self) -> tuple[int, str] | None:
        """The actor's latest act that they may undo alone, with what it did in a few words; None if there is none."""
        if not person(self._room.actor):
            return None
        conn = self._room.readers.get()
        for batch in decisions.undoable(conn, self._room.actor):
            lines = decisions.of_batch(conn, batch)
            if not _blocked(conn, lines, self._room.actor, ""):
                what = "confirm" if lines[0].confirms else lines[0].action
                return batch, f"{what} {len(lines)} record{'' if len(lines) == 1 else 's'}"
        return None

    def mark_reviewed(self, conversation_id: int, *, reviewed: bool = True) -> None:
        """The actor stands for the redaction of a conversation's texts by the current detector, or takes it back.

        Taking back withdraws every person's review, which only ever makes a release stricter.
        """
        who = named(None, self._room)
        self._room.writer.run(lambda conn: _mark(conn, conversation_id, who, times.now(), reviewed=reviewed))
        self._room._changed(Change(Kind.FINDINGS | Kind.AUDIT, (conversation_id,)))

    def _tell(self, touched: Sequence[int]) -> None:
        if touched:
            self._room._changed(Change(REVIEWED, tuple(touched)))


def _review(conn: sqlite3.Connection, record_ids: Sequence[int], ask: _Ask) -> tuple[ReviewOutcome, list[int]]:
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
    if told.status is OverrideStatus.PENDING and person(candidate.second_by):
        return SAME_PERSON
    return "" if told.status in {OverrideStatus.APPLIED, OverrideStatus.PENDING} else told.why


def _keep(
    conn: sqlite3.Connection, kept: Sequence[tuple[facts.StoredRecord, Verdict, OverrideStatus]], ask: _Ask
) -> int:
    batch = decisions.next_batch(conn)
    reason_id, _ = audit.keep_text(conn, ask.reason)
    evidence_id = audit.keep_text(conn, ask.evidence)[0] if ask.evidence else None
    words = [reason_id] if evidence_id is None else [reason_id, evidence_id]
    for record, shown, status in kept:
        # an exclusion needs nobody else: a second name is not taken for a second act
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
            conn, actor=ask.by, act=ask.action.value, obj=f"record:{record.id}", detail=detail,
            free_text_ids=words, at=ask.at,
        )  # fmt: skip
    return batch


def _confirm(conn: sqlite3.Connection, record_ids: Sequence[int], who: str, at: int) -> tuple[ReviewOutcome, list[int]]:
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
        conn, actor=who, act="confirm", obj=f"record:{line.record_id}", at=at,
        detail={"conversation": line.conversation_id, "decision": row, "confirms": line.id},
    )  # fmt: skip


def _maker(line: DecisionLine) -> str:
    return line.second_by if line.confirms is not None else line.requested_by


def _blocked(conn: sqlite3.Connection, lines: Sequence[DecisionLine], actor: str, second: str) -> str:
    """Why this act may not be taken back by these people, empty if it may."""
    first = lines[0]
    action = OverrideAction(first.action)
    resting = decisions.sets_resting_on(
        conn,
        None if action is OverrideAction.EXCLUDE else {line.conversation_id for line in lines},
        first.recorded_at,
    )
    return why_not(
        action=action, made_by=_maker(first), actor=actor, second=second, sets=tuple(resting),
        is_confirmation=first.confirms is not None,
    )  # fmt: skip


def _undo(
    conn: sqlite3.Connection, undo_id: int | None, who: str, second: str, at: int
) -> tuple[ReviewOutcome, list[int]]:
    candidates = decisions.undoable(conn, who) if undo_id is None else [undo_id]
    if not candidates:
        raise Refusal(f"There is no decision of {who} that could be undone.")
    lines = [line for line in decisions.of_batch(conn, candidates[0]) if line.undoes is None]
    undone = decisions.undone_in(conn, [line.id for line in lines])
    lines = [line for line in lines if line.id not in undone]
    if not lines:
        raise Refusal(f"Decision {candidates[0]} does not exist or was undone already.")
    if why := _blocked(conn, lines, who, second):
        raise Refusal(why)
    batch = decisions.next_batch(conn)
    for line in lines:
        row = decisions.add(
            conn, batch=batch, record_id=line.record_id, conversation_id=line.conversation_id, action=line.action,
            requested_by=who, second_by=second, reason_id=line.reason_id, evidence_id=line.evidence_id,
            verdict_digest=line.verdict_digest, undoes=line.id, recorded_at=at,
        )  # fmt: skip
        detail: dict[str, str | int] = {"conversation": line.conversation_id, "decision": row, "undoes": line.id}
        if second:
            detail["second"] = second
        audit.append(conn, actor=who, act="undo", obj=f"record:{line.record_id}", detail=detail, at=at)
    touched = sorted({line.conversation_id for line in lines})
    decide_and_store(conn, touched, at)
    return ReviewOutcome(applied=len(lines)), touched


def _mark(conn: sqlite3.Connection, conversation: int, who: str, at: int, *, reviewed: bool) -> None:
    detector = detector_version()
    texts = {text.sha256 for text in findings.texts(conn, conversation)}
    if not texts:
        raise Refusal("This conversation holds no text to review.")
    standing = decisions.standing_reviews(conn, conversation, detector)
    changed = 0
    for sha in sorted(texts):
        held = standing.get(sha, [])
        if reviewed and not any(person(by) == person(who) for _, by in held):
            decisions.review_text(conn, text_sha=sha, detector=detector, by=who, at=at)
            changed += 1
        for row, _ in () if reviewed else held:
            decisions.review_text(conn, text_sha=sha, detector=detector, by=who, at=at, undoes=row)
            changed += 1
    audit.append(
        conn, actor=who, act="review_redaction" if reviewed else "withdraw_redaction_review",
        obj=f"conversation:{conversation}", detail={"texts": changed, "detector": detector}, at=at,
    )  # fmt: skip
