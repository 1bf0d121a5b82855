"""Deciding: which records may be used and why, stored for the workspace's own policies, shown for any what-if."""

import json
import sqlite3
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial

from core import times
from core.cancel import NEVER, CancelToken
from core.errors import Refusal
from core.model.verdict import Decision, Verdict
from core.model.view import Change, Counts, Explanation, Kind
from core.policy import explain as wording
from core.policy.versions import folder_of_policies
from core.progress import Meter, Report, silent
from core.review.judging import (
    DEFAULT_PURPOSE,
    Question,
    decide_and_store,
    judge_conversations,
    policy_versions,
    workspace_question,
)
from core.services.room import Room
from core.store import facts, imports, verdicts

BATCH = 4_000  # records a transaction: well under a second of the writer's time

Json = dict[str, object]


class Deciding:
    """Verdicts of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def policies(self) -> tuple[str, ...]:
        """The workspace's policy list, the one that stored verdicts answer to."""
        return verdicts.workspace_policies(self._room.readers.get())

    def choose_policies(self, ids: Sequence[str]) -> None:
        """Change the workspace's policy list; every verdict must be decided again after it."""
        policy_versions(tuple(ids))
        self._room.writer.run(lambda conn: verdicts.set_workspace_policies(conn, ids))
        self._room.publish(Change(Kind.SETTINGS))

    def decide(self, *, cancel: CancelToken = NEVER, report: Report = silent) -> Counts:
        """Decide every current conversation and store it; what was stored before a cancel stays."""
        conn = self._room.readers.get()
        taken_in = imports.last(conn) if imports.running(conn) is None else 0
        self._room.writer.run(_prepare, durable=False)
        self._store(list(facts.conversation_batches(conn, BATCH)), cancel, report)
        if taken_in:
            self._room.writer.run(lambda conn: imports.settled(conn, taken_in), durable=False)
        return self._room.counts()

    def refresh(self, *, conversations: Sequence[int] | None = None, accounts: Sequence[str] | None = None) -> int:
        """Decide again what a change touched: these conversations and all that rests on these accounts' ledgers.

        Returns how many records were decided.
        """
        conn = self._room.readers.get()
        ids = sorted({*(conversations or ()), *(facts.touched(conn, accounts) if accounts else ())})
        self._room.writer.run(_prepare, durable=False)
        return self._store(list(facts.conversation_batches(conn, BATCH, only=ids)), NEVER, silent)

    def _store(self, batches: list[list[int]], cancel: CancelToken, report: Report) -> int:
        meter = Meter(report, "Deciding", sum(map(len, batches)), "conversations")
        done = 0
        try:
            for ids in batches:
                cancel.check()
                done += self._room.writer.run(partial(_decide, ids), durable=False)
                meter.advance(len(ids))
        finally:
            if done:
                one = tuple(batches[0]) if len(batches) == 1 else ()
                self._room.publish(Change(Kind.VERDICTS, one))
        return done

    def lines(
        self,
        *,
        policies: Sequence[str] | None = None,
        purpose: str | None = DEFAULT_PURPOSE,
        at: int | None = None,
        known_at: int | None = None,
    ) -> Generator[Json]:
        """One object a record, as ``decide --json-lines`` prints it.

        With no option the stored verdicts; with any, a what-if that is only shown and never stored.
        """
        conn = self._room.readers.get()
        if policies is None and purpose == DEFAULT_PURPOSE and at is None and known_at is None:
            yield from map(_stored_line, verdicts.stored_lines(conn))
            return
        question = self._question(conn, policies, purpose, at, known_at)
        for ids in facts.conversation_batches(conn, BATCH):
            for record, verdict in judge_conversations(conn, ids, question):
                yield _line(record, verdict)

    def explain(
        self,
        record_id: int,
        *,
        policies: Sequence[str] | None = None,
        purpose: str | None = DEFAULT_PURPOSE,
        at: int | None = None,
        known_at: int | None = None,
    ) -> Explanation:
        """One verdict in plain words: clause, events used, and what would change it."""
        conn = self._room.readers.get()
        batch = facts.one(conn, record_id)
        if not batch.records:
            raise Refusal(f"There is no record number {record_id} in this workspace.")
        record = batch.records[0]
        question = self._question(conn, policies, purpose, at, known_at)
        [(_, verdict)] = [pair for pair in judge_conversations(conn, [record.conversation_id], question)
                          if pair[0].id == record.id]  # fmt: skip
        told = wording.explain(
            verdict,
            record.facts,
            batch.ledger,
            question.policies,
            at=question.at,
            known_at=question.known_at,
            purpose=question.purpose,
        )
        return replace(told, record=record.source_id, conversation=record.facts.conversation)

    def explain_conversation(self, conversation_id: int) -> Explanation:
        """The verdict of the record that decides a conversation."""
        record = verdicts.strictest_record(self._room.readers.get(), conversation_id)
        if record is None:
            raise Refusal("This conversation holds no record that a verdict could be about.")
        return self.explain(record)

    def _question(
        self,
        conn: sqlite3.Connection,
        policies: Sequence[str] | None,
        purpose: str | None,
        at: int | None,
        known_at: int | None,
    ) -> Question:
        when = times.now() if at is None else at
        ids = verdicts.workspace_policies(conn) if policies is None else tuple(policies)
        return Question(policy_versions(ids), purpose, when, when if known_at is None else known_at)


def _decide(ids: list[int], conn: sqlite3.Connection) -> int:
    """As of the moment of writing: an import may have brought events since the first batch was asked for."""
    return decide_and_store(conn, ids, times.now())


def _prepare(conn: sqlite3.Connection) -> None:
    now = times.now()
    for policy in workspace_question(conn, now).policies:
        body = (folder_of_policies() / f"{policy.id}.toml").read_text(encoding="utf-8")
        verdicts.keep_policy(conn, policy.id, policy.sha256, body, now)
    verdicts.forget_replaced(conn)


def _stored_line(row: verdicts.Line) -> Json:
    record, conversation, account, product, decision, reason, clause, findings, policies, events = row
    return {
        "record": record,
        "conversation": conversation,
        "account": account or None,
        "product": product,
        "decision": Decision(decision).label,
        "reason": reason,
        "clause": clause,
        "reasons": list(dict.fromkeys(finding[0] for finding in json.loads(findings))),
        "policies": policies.split(","),
        "events": json.loads(events),
    }


def _line(record: facts.StoredRecord, verdict: Verdict) -> Json:
    return {
        "record": record.source_id,
        "conversation": record.facts.conversation,
        "account": record.facts.account,
        "product": record.facts.product,
        "decision": verdict.decision.label,
        "reason": verdict.reason,
        "clause": verdict.clause,
        "reasons": list(dict.fromkeys(finding.reason for finding in verdict.findings)),
        "policies": list(verdict.policies),
        "events": list(verdict.events),
    }
