"""The tables of a workspace, declared once.

Three kinds of table (house rule: what is derived can be thrown away, what a person did is append-only):
imported facts (``import`` to ``text``) and derived answers (``verdict`` to ``finding``) stand here, human acts in
:mod:`core.store.schema_acts`. Times are microseconds since 1970 UTC; pairs ``*_lo``/``*_hi`` are intervals with
inclusive ends (convention K05). Digests are raw SHA-256 bytes. Guards against UPDATE and DELETE stand in
:mod:`core.store.migrate`.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


def big(*, nullable: bool = False, index: bool = False) -> Column[int]:
    """A column of 64-bit whole numbers, such as microseconds."""
    return Column(BigInteger, nullable=nullable, index=index)


class Setting(SQLModel, table=True):
    """A setting that travels with the data: the workspace's policy list, its name, its id."""

    key: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


class PolicyText(SQLModel, table=True):
    """The policy files used, kept inside the workspace so that a verdict can be read years later."""

    __tablename__ = "policy_text"
    id: str = Field(primary_key=True)
    sha256: str
    body: str = Field(sa_type=Text)
    stored_at: int = Field(sa_column=big())


class Import(SQLModel, table=True):
    """One file taken in: ``status`` running, complete, partial, cancelled, interrupted; ``resume`` a place."""

    id: int | None = Field(default=None, primary_key=True)
    path: str
    sha256: str = Field(index=True)
    size: int = Field(sa_column=big())
    kind: str
    account: str | None = None
    status: str
    reason: str = ""
    started_at: int = Field(sa_column=big())
    finished_at: int | None = Field(default=None, sa_column=big(nullable=True))
    seen: int = 0
    imported: int = 0
    duplicates: int = 0
    new_versions: int = 0
    quarantined: int = 0
    resume: int = 0


class Member(SQLModel, table=True):
    """One member of an archive and what became of it."""

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="import.id", index=True)
    member: str
    size: int = Field(sa_column=big())
    state: str
    why: str = ""


class Quarantine(SQLModel, table=True):
    """Something set aside, with its place and reason. ``digest`` makes setting it aside twice a no-op."""

    __table_args__ = (UniqueConstraint("digest", name="uq_quarantine"),)
    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="import.id", index=True)
    file: str
    member: str
    idx: int | None = None
    line: int | None = None
    offset: int | None = Field(default=None, sa_column=big(nullable=True))
    reason: str
    raw: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)


class ConsentEventRow(SQLModel, table=True):
    """One consent event, append-only. A second content under one ``event_id`` is a second row (a conflict)."""

    __tablename__ = "consent_event"
    __table_args__ = (UniqueConstraint("event_id", "digest", name="uq_consent_event"),)
    id: int | None = Field(default=None, primary_key=True)
    event_id: str
    account: str = Field(index=True)
    channel: str
    action: str
    effective_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    effective_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    effective_text: str = ""
    time_source: str = "server"
    processed_only: bool = False
    recorded_at: int | None = Field(default=None, sa_column=big(nullable=True))
    imported_at: int = Field(sa_column=big())
    import_id: int = Field(foreign_key="import.id")
    project: str | None = None
    gizmo_id: str | None = Field(default=None, index=True)
    purpose: str | None = None
    policy_version: str = ""
    source: str = ""
    evidence: str = Field(default="", sa_type=Text)
    digest: bytes = Field(sa_type=LargeBinary)


class RetractionRow(SQLModel, table=True):
    """Hides an event from the moment it is recorded; append-only."""

    __tablename__ = "retraction"
    __table_args__ = (UniqueConstraint("event_id", "digest", name="uq_retraction"),)
    id: int | None = Field(default=None, primary_key=True)
    event_id: str
    retracts: str = Field(index=True)
    recorded_at: int | None = Field(default=None, sa_column=big(nullable=True))
    imported_at: int = Field(sa_column=big())
    import_id: int = Field(foreign_key="import.id")
    reason: str = ""
    digest: bytes = Field(sa_type=LargeBinary)


class CoverageRow(SQLModel, table=True):
    """A declaration that the ledger is complete over a window; append-only."""

    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("digest", name="uq_coverage"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    from_at: int = Field(sa_column=big())
    through_at: int = Field(sa_column=big())
    imported_at: int = Field(sa_column=big())
    import_id: int = Field(foreign_key="import.id")
    digest: bytes = Field(sa_type=LargeBinary)


class DeletionRow(SQLModel, table=True):
    """A conversation its owner deleted; append-only."""

    __tablename__ = "deletion"
    __table_args__ = (UniqueConstraint("digest", name="uq_deletion"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    conversation: str
    deleted_lo: int = Field(sa_column=big())
    deleted_hi: int = Field(sa_column=big())
    recorded_at: int | None = Field(default=None, sa_column=big(nullable=True))
    imported_at: int = Field(sa_column=big())
    import_id: int = Field(foreign_key="import.id")
    digest: bytes = Field(sa_type=LargeBinary)


class AccountLineRow(SQLModel, table=True):
    """One version of what is known of an account; append-only."""

    __tablename__ = "account_line"
    __table_args__ = (UniqueConstraint("digest", name="uq_account_line"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    plan: str = ""
    age_band: str = ""
    region: str = ""
    deleted_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    deleted_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    recorded_at: int | None = Field(default=None, sa_column=big(nullable=True))
    imported_at: int = Field(sa_column=big())
    import_id: int = Field(foreign_key="import.id")
    digest: bytes = Field(sa_type=LargeBinary)


class LedgerFault(SQLModel, table=True):
    """Why an account's ledger no longer counts as complete; ``*`` for every account of a ledger cut short.

    ``key`` is what a corrected line would share with the one set aside (``event ID`` or ``account RECORDED_AT``); a
    line on file under it settles the fault, whichever came first.
    """

    __tablename__ = "ledger_fault"
    __table_args__ = (UniqueConstraint("account", "source_sha256", "reason", "key", name="uq_ledger_fault"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    reason: str
    source_sha256: str
    key: str = ""
    import_id: int = Field(foreign_key="import.id")
    resolved_by: int | None = Field(default=None, foreign_key="import.id")


class Evidence(SQLModel, table=True):
    """A fact an archive states of an account; never an event."""

    __table_args__ = (UniqueConstraint("account", "name", "value", "source_sha256", name="uq_evidence"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    name: str
    value: str = Field(sa_type=Text)
    seen_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    seen_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    source_sha256: str
    import_id: int = Field(foreign_key="import.id")


class Conversation(SQLModel, table=True):
    """One version of one conversation. ``current`` is False once a newer version of the same source id came in.

    Account None is stored as the empty string, so that a conversation is keyed by account and id in either case.
    """

    __table_args__ = (
        UniqueConstraint("account", "product", "source_id", "content_sha", name="uq_conversation"),
        Index("ix_conversation_created", "current", "created_shown", "id"),
        Index("ix_conversation_product", "current", "product", "created_shown", "id"),
        Index("ix_conversation_account", "account", "source_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source_id: str = Field(index=True)
    account: str = ""
    product: str
    version: int = 1
    current: bool = True
    content_sha: bytes = Field(sa_type=LargeBinary)
    created_lo: int = Field(sa_column=big())
    created_hi: int = Field(sa_column=big())
    created_known: bool = True
    created_shown: int | None = Field(default=None, sa_column=big(nullable=True))
    updated_at: int | None = Field(default=None, sa_column=big(nullable=True))
    plan: str = ""
    temporary: bool = False
    saved_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    saved_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    project: str | None = None
    zdr: bool = False
    gizmo_id: str | None = None
    builder_training: bool | None = None
    feedback_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    feedback_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    is_group: bool = False
    incomplete: str = ""
    path_inferred: bool = False
    flags: str = ""
    nodes: int = 0
    records: int = 0
    hidden_records: int = 0
    import_id: int = Field(foreign_key="import.id", index=True)
    imported_at: int = Field(sa_column=big())


class Record(SQLModel, table=True):
    """One message, image request or API request: what a verdict is about.

    ``part`` marks the further turns of an API or image request: the request is one record whose first turn carries
    the verdict; parts have no verdict of their own and are not counted as records.
    """

    __table_args__ = (
        Index("ix_record_conversation", "conversation_id", "seq"),
        Index("ix_record_source", "source_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    source_id: str
    node_id: str
    parent_node: str | None = None
    seq: int
    role: str
    author_name: str = ""
    author_account: str | None = None
    sent_lo: int = Field(sa_column=big())
    sent_hi: int = Field(sa_column=big())
    sent_known: bool = True
    visible: bool = True
    hidden_kind: str = ""
    content_type: str = "text"
    model: str = ""
    origin: str = ""
    origin_lo: int | None = Field(default=None, sa_column=big(nullable=True))
    origin_hi: int | None = Field(default=None, sa_column=big(nullable=True))
    assets: str = Field(default="", sa_type=Text)
    flags: str = ""
    part: bool = False


class TextRow(SQLModel, table=True):
    """One text, stored as it came. ``record_id`` is None for texts of the conversation itself, such as its title."""

    __tablename__ = "text"
    __table_args__ = (Index("ix_text_conversation", "conversation_id", "record_id"), Index("ix_text_sha", "sha256"))
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    record_id: int | None = Field(default=None, foreign_key="record.id")
    field: str
    body: str = Field(sa_type=Text)
    sha256: bytes = Field(sa_type=LargeBinary)


class VerdictRow(SQLModel, table=True):
    """The stored verdict of one record under the workspace's policy list, as of ``decided_at``."""

    __tablename__ = "verdict"
    record_id: int = Field(primary_key=True, foreign_key="record.id")
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    decision: int
    reason: str
    clause: str
    findings: str = Field(sa_type=Text)
    events: str = Field(sa_type=Text)
    policies: str
    override_status: str = ""
    engine: str
    digest: str
    decided_at: int = Field(sa_column=big())


class ConversationVerdict(SQLModel, table=True):
    """The roll-up of a conversation: the strictest of its records, with counts."""

    __tablename__ = "conversation_verdict"
    __table_args__ = (Index("ix_conversation_verdict", "decision", "reason", "conversation_id"),)
    conversation_id: int = Field(primary_key=True, foreign_key="conversation.id")
    decision: int
    reason: str
    clause: str
    eligible: int = 0
    undetermined: int = 0
    not_eligible: int = 0


class Scan(SQLModel, table=True):
    """That a text (by digest) was scanned by a detector version, with its language."""

    text_sha: bytes = Field(sa_type=LargeBinary, primary_key=True)
    detector: str = Field(primary_key=True)
    language: str
    covered: bool
    state: str
    redacted_spans: int = 0
    scanned_at: int = Field(sa_column=big())


class FindingRow(SQLModel, table=True):
    """One span found in a text (by digest) by a detector version; code points of the stored text."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_text", "text_sha", "detector"),
        Index("ix_finding_entity", "entity", "text_sha"),
    )
    id: int | None = Field(default=None, primary_key=True)
    text_sha: bytes = Field(sa_type=LargeBinary)
    detector: str
    start: int
    end: int
    entity: str
    score: float
    source: str
    tier: str
