"""The one way from stored facts to verdicts: read a batch, fold what people decided, ask the policy engine.

Storing, explaining, what-if questions, releases and overrides all come through here, so that they cannot disagree.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from core.model.review import Override
from core.model.verdict import Verdict
from core.policy.decide import Decider, roll_up
from core.policy.versions import PolicyVersion, load
from core.store import decisions, facts, verdicts

DEFAULT_PURPOSE = "model_improvement"


@dataclass(frozen=True, slots=True)
class Question:
    """Under which policies, for which purpose, as of when and on what known by when (microseconds) to decide."""

    policies: tuple[PolicyVersion, ...]
    purpose: str | None
    at: int
    known_at: int


@lru_cache(maxsize=16)
def policy_versions(ids: tuple[str, ...]) -> tuple[PolicyVersion, ...]:
    """The policy versions of these ids; refuses an unknown id."""
    return load(ids)


def workspace_question(conn: sqlite3.Connection, at: int) -> Question:
    """What stored verdicts answer: the workspace's own policy list, everything known at ``at``."""
    return Question(policy_versions(verdicts.workspace_policies(conn)), DEFAULT_PURPOSE, at, at)


def judge(
    batch: facts.Batch, overrides: Mapping[int, Sequence[Override]], question: Question
) -> Iterator[tuple[facts.StoredRecord, Verdict]]:
    """The verdict of each record of a batch, in its order."""
    decider = Decider(
        batch.ledger, question.policies, purpose=question.purpose, at=question.at, known_at=question.known_at
    )
    for record in batch.records:
        yield record, decider.decide(record.facts, overrides.get(record.id, ()))


def judge_conversations(
    conn: sqlite3.Connection, conversations: Sequence[int], question: Question
) -> list[tuple[facts.StoredRecord, Verdict]]:
    """The verdicts of all records of these conversations; nothing is stored."""
    overrides = decisions.in_force(decisions.of_conversations(conn, conversations), question.known_at)
    return list(judge(facts.batch(conn, conversations), overrides, question))


def decide_and_store(conn: sqlite3.Connection, conversations: Sequence[int], at: int) -> int:
    """Decide these conversations as of now and store verdicts and roll-ups; returns how many records."""
    judged = judge_conversations(conn, conversations, workspace_question(conn, at))
    verdicts.store(conn, ((record.id, record.conversation_id, verdict) for record, verdict in judged), at)
    verdicts.store_rollups(conn, rolled_up(judged))
    return len(judged)


def rolled_up(
    judged: Iterable[tuple[facts.StoredRecord, Verdict]],
) -> Iterator[tuple[int, Verdict, tuple[int, int, int]]]:
    """By conversation: the strictest verdict and how many records are eligible, undetermined, not eligible."""
    for conversation, group in groupby(judged, key=lambda pair: pair[0].conversation_id):
        held = [verdict for _, verdict in group]
        counts = [0, 0, 0]
        for verdict in held:
            counts[verdict.decision] += 1
        yield conversation, roll_up(held), (counts[0], counts[1], counts[2])
