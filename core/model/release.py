"""Approved sets, gates, bundles and what a verifier says of them."""

from dataclasses import dataclass
from enum import StrEnum


class SetState(StrEnum):
    """The life of an approved set."""

    DRAFT = "draft"
    APPROVED = "approved"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class ApprovedSet:
    """A frozen list of conversations. Times are microseconds UTC."""

    id: int
    name: str
    query: str
    state: SetState
    approved_by: str
    second_by: str
    created: int
    conversations: int
    records: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Gate:
    """One check before a release: red unless ``ok``; ``count`` is how many conversations fail it."""

    gate: str
    ok: bool
    count: int = 0
    sentence: str = ""
    conversations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release in the registry."""

    id: int
    set_name: str
    recipient: str
    purpose: str
    as_of: int
    at: int
    rows: int
    bundle: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What an export wrote."""

    bundle: str
    rows: int
    manifest_sha256: str
    key_fingerprint: str
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class VerifyFinding:
    """One thing a verifier found: ``fatal`` ones make the bundle not ok. ``file`` names the file concerned."""

    code: str
    file: str
    sentence: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The verdict on a bundle."""

    ok: bool
    findings: tuple[VerifyFinding, ...] = ()
    rows: int = 0
    manifest_sha256: str = ""
    key_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseMessage:
    """One turn as released: already redacted."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """One conversation on its way out: redacted turns of the visible path, and what its receipt states.

    ``row_id`` is the recipient's pseudonym of the conversation; ``redactions`` counts by entity; ``events`` are
    HMACs of the consent events used; ``decision`` is ``auto`` or ``override``. ``audit_seq`` is the audit event of the
    override, else of the set's approval, 0 where there is none.
    """

    row_id: str
    product: str
    messages: tuple[ReleaseMessage, ...]
    subject: str
    decision: str
    rule: str
    reviewer: str
    reason_code: str
    redactions: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    hidden_dropped: int
    audit_seq: int = 0
