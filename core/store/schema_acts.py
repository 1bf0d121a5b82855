"""The tables of what people did: append-only, with the trail that proves it. The other tables stand in the schema."""

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.store.schema import big


class FreeText(SQLModel, table=True):
    """What a person wrote: audit events hold only HMAC(salt, body), so that deleting the row erases the words."""

    __tablename__ = "free_text"
    id: int | None = Field(default=None, primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)


class DecisionRow(SQLModel, table=True):
    """One override, or its undoing (``undoes``); append-only. ``batch`` groups what one act did, for undo."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("second_by IS NULL OR second_by <> requested_by", name="ck_two_people"),
        Index("ix_decision_record", "record_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(index=True)
    record_id: int = Field(foreign_key="record.id")
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    action: str
    requested_by: str
    second_by: str | None = None
    reason_id: int = Field(foreign_key="free_text.id")
    evidence_id: int | None = Field(default=None, foreign_key="free_text.id")
    verdict_digest: str
    confirms: int | None = Field(default=None, foreign_key="decision.id")
    undoes: int | None = Field(default=None, foreign_key="decision.id")
    recorded_at: int = Field(sa_column=big())


class TextReview(SQLModel, table=True):
    """That a person looked at a text's redaction and stands for it; append-only, bound to the text's digest."""

    __tablename__ = "text_review"
    id: int | None = Field(default=None, primary_key=True)
    text_sha: bytes = Field(sa_type=LargeBinary, index=True)
    detector: str
    by: str
    recorded_at: int = Field(sa_column=big())
    undoes: int | None = Field(default=None, foreign_key="text_review.id")


class ApprovedSetRow(SQLModel, table=True):
    """A frozen list of conversations. A second person's approval is its own row in ``set_approval``."""

    __tablename__ = "approved_set"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    query: str = Field(sa_type=Text)
    created_at: int = Field(sa_column=big())
    conversations: int
    records: int
    left_out: int


class SetApproval(SQLModel, table=True):
    """One person's approval of a set; two distinct people make it approved. Append-only."""

    __tablename__ = "set_approval"
    __table_args__ = (UniqueConstraint("set_id", "by", name="uq_set_approval"),)
    id: int | None = Field(default=None, primary_key=True)
    set_id: int = Field(foreign_key="approved_set.id")
    by: str
    recorded_at: int = Field(sa_column=big())


class SetItem(SQLModel, table=True):
    """One conversation version in an approved set; append-only."""

    __tablename__ = "set_item"
    set_id: int = Field(primary_key=True, foreign_key="approved_set.id")
    conversation_id: int = Field(primary_key=True, foreign_key="conversation.id")
    content_sha: bytes = Field(sa_type=LargeBinary)


class Release(SQLModel, table=True):
    """One bundle given to one recipient; append-only."""

    id: int | None = Field(default=None, primary_key=True)
    set_id: int = Field(foreign_key="approved_set.id")
    recipient: str = Field(index=True)
    purpose: str
    as_of: int = Field(sa_column=big())
    released_at: int = Field(sa_column=big())
    profile: str
    rows: int
    bundle: str
    manifest_sha256: str
    key_fingerprint: str


class ReleasedRow(SQLModel, table=True):
    """One row of one bundle, so that a later opt-out finds it again; append-only."""

    __tablename__ = "released_row"
    release_id: int = Field(primary_key=True, foreign_key="release.id")
    row: int = Field(primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    account: str = Field(index=True)
    row_id: str
    row_sha256: str
    verdict_digest: str


class AuditEvent(SQLModel, table=True):
    """One act of one person, chained: ``link = SHA-256(prev || leaf)``, ``leaf = SHA-256(0x00 || body)``."""

    __tablename__ = "audit_event"
    seq: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    leaf: bytes = Field(sa_type=LargeBinary)
    prev: bytes = Field(sa_type=LargeBinary)
    link: bytes = Field(sa_type=LargeBinary)
