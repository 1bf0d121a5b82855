"""What a release would send: one conversation at a time, decided anew, redacted anew, and checked from its stored text.

The gates and the bundle come from the same steps here, so that what was checked is what goes out.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.model.release import ReleaseItem, ReleaseMessage
from core.model.review import Override, OverrideAction, OverrideStatus
from core.model.span import REDACTED_TIERS, Tier
from core.model.verdict import Decision, Verdict
from core.policy.decide import roll_up
from core.privacy.detector import Detector
from core.privacy.redact import outside_replacements
from core.release.gates import GateFacts
from core.release.pseudonym import Pseudonyms
from core.release.shapes import turn_reasons
from core.review.judging import Question, judge_conversations
from core.services.redacting import RedactedText, digest, redacted_texts
from core.store import audit, decisions, findings, releases
from core.store.releases import ReleaseFacts

CHUNK = 200  # conversations decided at a time
OPENAI = "openai"
_OPEN = frozenset({OverrideStatus.PENDING.value, OverrideStatus.STALE.value})
_SHORTEST_VALUE = 5  # a shorter value turns up by chance


@dataclass(frozen=True, slots=True)
class Ask:
    """What a release is asked for: as of when, on what is known now, for whom, by which detector, in which shape.

    ``purpose`` is what was asked for, which may be no purpose at all; the questions are always judged for one that is.
    ``rules`` is the detector's fast half: it reads every text on its way out once more, whatever the cache says.
    """

    purpose: str
    as_of: Question
    now: Question
    detector: str
    rules: Detector
    profile: str
    recipient: str = ""

    @property
    def rules_only(self) -> bool:
        """Whether the detector is its rules alone, since no language model is installed."""
        return self.detector == self.rules.version


@dataclass(frozen=True, slots=True)
class Decided:
    """One conversation of a set with its verdicts at both instants, on everything known now."""

    facts: ReleaseFacts
    frozen_sha: bytes
    as_of: Verdict | None
    now: tuple[Verdict, ...]


def decided(conn: sqlite3.Connection, items: Sequence[tuple[int, bytes]], ask: Ask) -> Iterator[Decided]:
    """The frozen conversations of a set, decided at both instants, in the order given."""
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        ids = [conversation for conversation, _ in chunk]
        then, now = (_by_conversation(conn, ids, question) for question in (ask.as_of, ask.now))
        for conversation, sha in chunk:
            verdicts = then.get(conversation)
            yield Decided(
                releases.facts(conn, conversation),
                bytes(sha),
                roll_up(verdicts) if verdicts else None,
                tuple(now.get(conversation, ())),
            )


def _by_conversation(conn: sqlite3.Connection, ids: Sequence[int], question: Question) -> dict[int, list[Verdict]]:
    found: dict[int, list[Verdict]] = {}
    for record, verdict in judge_conversations(conn, ids, question):
        found.setdefault(record.conversation_id, []).append(verdict)
    return found


def gate_facts(conn: sqlite3.Connection, one: Decided, ask: Ask) -> GateFacts:
    """What the gates ask of one conversation, read from what is stored now."""
    items = redacted_texts(conn, one.facts.id, ask.detector)
    released = [item for item in items if item.released]
    states = findings.states(conn, ask.detector, (item.text.sha256 for item in items))
    reviewed = {sha for sha, state in states.items() if state.by}
    outputs = {item.text.id: digest(item.redacted.text) for item in released}
    rescanned = findings.states(conn, ask.detector, outputs.values())
    open_shas = [item for item in released if item.text.sha256 not in reviewed]
    unverified = sum(
        not (states[item.text.sha256].scanned and rescanned[outputs[item.text.id]].scanned) for item in open_shas
    )
    facts = one.facts
    return GateFacts(
        conversation=facts.id,
        content_unchanged=facts.current and facts.content_sha == one.frozen_sha and all(map(_intact, items)),
        eligible_as_of=one.as_of is not None and one.as_of.decision is Decision.ELIGIBLE,
        eligible_now=bool(one.now) and all(v.decision is Decision.ELIGIBLE for v in one.now),
        records=facts.records,
        visible_records=facts.visible_records,
        hidden_records=facts.hidden_records,
        stale=sum(v.override_status in _OPEN for v in one.now),
        unverified=unverified,
        uncovered=sum(not states[item.text.sha256].covered for item in open_shas),
        residual=_residual(conn, released, outputs, reviewed, ask),
        assets=facts.assets,
        incomplete=facts.incomplete,
        shape=turn_reasons((m.role, m.content) for m in messages(released)) if ask.profile == OPENAI else (),
    )


def _intact(item: RedactedText) -> bool:
    return digest(item.text.body) == item.text.sha256


def _residual(
    conn: sqlite3.Connection,
    released: Sequence[RedactedText],
    outputs: dict[int, bytes],
    reviewed: set[bytes],
    ask: Ask,
) -> int:
    """Findings in the redacted text that are not its own placeholders, and certain values that survived elsewhere.

    A person who reviewed a text answers for its likely findings; nobody can answer for a certain one.
    """
    found = findings.spans(conn, ask.detector, outputs.values())
    fresh = ask.rules.scan([item.redacted.text for item in released])
    count = 0
    for item, read in zip(released, fresh, strict=True):
        tiers = {Tier.CERTAIN} if item.text.sha256 in reviewed else REDACTED_TIERS
        kept = [span for span in found.get(outputs[item.text.id], ()) if span.tier in tiers]
        sure = [span for span in read.spans if span.tier is Tier.CERTAIN]
        count += sum(any(outside_replacements(item.redacted, span)) for span in kept)
        count += sum(any(outside_replacements(item.redacted, span)) for span in sure)
    values = {
        item.text.body[span.start : span.end].casefold()
        for item in released
        for span in item.spans
        if span.tier is Tier.CERTAIN and span.end - span.start >= _SHORTEST_VALUE
    }
    for value in values:
        whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
        count += sum(whole.search(item.redacted.text.casefold()) is not None for item in released)
    return count


def messages(released: Sequence[RedactedText]) -> tuple[ReleaseMessage, ...]:
    """The turns as they go out: role and redacted words, nothing else."""
    return tuple(ReleaseMessage(item.turn.role, item.redacted.text) for item in released if item.turn and item.released)


def release_item(
    conn: sqlite3.Connection, one: Decided, ask: Ask, names: Pseudonyms, approved_seq: int
) -> tuple[ReleaseItem, str]:
    """One conversation on its way out, and the digest of the verdict it goes out under."""
    released = [item for item in redacted_texts(conn, one.facts.id, ask.detector) if item.released]
    top = roll_up(one.now)
    who = _includer(conn, one.facts.id, ask.now.known_at)
    counts = Counter(piece.entity for item in released for piece in item.redacted.pieces)
    events = sorted({event for verdict in one.now for event in verdict.events})
    item = ReleaseItem(
        row_id=row_id(names, ask.recipient, one.facts),
        product=one.facts.product,
        messages=messages(released),
        subject=names.subject(ask.recipient, one.facts.account),
        decision="override" if who else "auto",
        rule=top.clause,
        reviewer=names.reviewer(ask.recipient, who.by) if who else "",
        reason_code=top.reason,
        redactions=tuple(sorted(counts.items())),
        events=tuple(names.event(ask.recipient, event) for event in events),
        hidden_dropped=one.facts.hidden_turns,
        audit_seq=(audit.decision_seq(conn, int(who.id)) if who else 0) or approved_seq,
    )
    return item, top.digest


def row_id(names: Pseudonyms, recipient: str, facts: ReleaseFacts) -> str:
    """The recipient's name for a conversation, which is keyed by account and id."""
    return names.row_id(recipient, facts.account, facts.source_id)


def _includer(conn: sqlite3.Connection, conversation: int, known_at: int) -> Override | None:
    """The newest confirmed include in force in this conversation, if any."""
    in_force = decisions.in_force(decisions.of_conversations(conn, [conversation]), known_at)
    includes = [
        override
        for held in in_force.values()
        for override in held
        if override.action is OverrideAction.INCLUDE and override.second_by
    ]
    return max(includes, key=lambda override: int(override.id)) if includes else None
