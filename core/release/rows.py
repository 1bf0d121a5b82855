"""Rows and receipts: their shapes, their one spelling, and what is counted over them.

The shapes are an allow-list: what is not named here cannot go out, and a verifier refuses what it does not know.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from core.model.record import Product
from core.model.release import ReleaseItem
from core.release.canonical import Count, line

LINE_LIMIT = 64 << 20
"""Bytes of one line of a bundle; longer ones are neither written nor read."""

Profile = Literal["chat", "openai", "hf"]
PROFILES: tuple[Profile, ...] = ("chat", "openai", "hf")


def _pattern(pattern: str) -> msgspec.Meta:
    return msgspec.Meta(pattern=pattern)


RowId = Annotated[str, _pattern(r"\Ar_[a-z2-7]{26}\Z")]
SubjectId = Annotated[str, _pattern(r"\As_[a-z2-7]{26}\Z")]
EventId = Annotated[str, _pattern(r"\Ae_[a-z2-7]{26}\Z")]
ReviewerId = Annotated[str, _pattern(r"\A(v_[a-z2-7]{26})?\Z")]
Sha256 = Annotated[str, _pattern(r"\A[0-9a-f]{64}\Z")]
_CODE = r"\A[A-Za-z0-9_.,:+/-]{0,64}\Z"
Code = Annotated[str, _pattern(_CODE)]
"""A clause, a reason code or an entity: never free text."""
FREE_TEXT = "free_text"
"""Stands for a reviewer's reason that is no code: a person's words do not leave the house."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn, redacted."""

    role: str
    content: str


class ChatRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the profiles chat and hf."""

    id: RowId
    product: Product
    messages: tuple[Message, ...]


class OpenAIRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the profile openai: nothing but messages; row n pairs with receipt n."""

    messages: tuple[Message, ...]


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why one row may be used: its verdict's rule, the person who overrode, the events, what was redacted."""

    id: RowId
    subject: SubjectId
    decision: Literal["auto", "override"]
    rule: Code
    reviewer: ReviewerId
    reason_code: Code
    redactions: dict[Code, Count]
    consent_events: tuple[EventId, ...]
    hidden_dropped: Count
    audit_seq: Count
    row_sha256: Sha256


Row = ChatRow | OpenAIRow
ROW_TYPES: Mapping[str, type[Row]] = {"chat": ChatRow, "hf": ChatRow, "openai": OpenAIRow}


def row_of(item: ReleaseItem, profile: str) -> Row:
    """The row of an item in a profile."""
    messages = tuple(Message(m.role, m.content) for m in item.messages)
    if profile == "openai":
        return OpenAIRow(messages)
    return ChatRow(item.row_id, Product(item.product), messages)


def receipt_of(item: ReleaseItem, row_sha256: str) -> Receipt:
    """The receipt of an item whose row has this digest (of the line without its line feed)."""
    receipt = Receipt(
        id=item.row_id,
        subject=item.subject,
        decision="override" if item.decision == "override" else "auto",
        rule=item.rule,
        reviewer=item.reviewer,
        reason_code=item.reason_code if re.match(_CODE, item.reason_code) else FREE_TEXT,
        redactions=dict(sorted(item.redactions)),
        consent_events=tuple(sorted(item.events)),
        hidden_dropped=item.hidden_dropped,
        audit_seq=item.audit_seq,
        row_sha256=row_sha256,
    )
    # msgspec checks what it reads, not what it is given: read it as a verifier would
    return msgspec.json.decode(line(receipt), type=Receipt)


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Tally:
    """Counts over rows and receipts; the writer's and the verifier's must be equal."""

    rows: int = 0
    messages: int = 0
    hidden_dropped: int = 0
    subjects: set[str] = field(default_factory=set)
    by_rule: Counter[str] = field(default_factory=Counter)
    by_decision: Counter[str] = field(default_factory=Counter)
    redactions: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row, receipt: Receipt) -> None:
        """Count one pair."""
        self.rows += 1
        self.messages += len(row.messages)
        self.hidden_dropped += receipt.hidden_dropped
        self.subjects.add(receipt.subject)
        self.by_rule[receipt.rule] += 1
        self.by_decision[receipt.decision] += 1
        self.redactions.update(receipt.redactions)
