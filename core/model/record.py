"""What an archive holds, as the readers give it and the store keeps it."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.model.moment import Interval


class Product(StrEnum):
    """Where a record was made."""

    CHATGPT = "chatgpt"
    DALLE_LABS = "dalle_labs"
    API = "api"
    CLAUDE = "claude"
    OTHER = "other"


class SourceKind(StrEnum):
    """What a file was taken for; the names of the command line's ``kind``."""

    CHATGPT_EXPORT = "chatgpt_export"
    API_LOG = "api_log"
    BATCH = "batch"
    IMAGE_LOG = "image_log"
    GATEWAY_LOG = "gateway_log"
    CLAUDE_EXPORT = "claude_export"
    CORPUS = "corpus"
    CONSENT_LEDGER = "consent_ledger"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ParsedText:
    """One text of a message: ``field`` is ``"content"`` for what is released, else its path in the source."""

    field: str
    body: str


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """One record of a conversation.

    ``sent`` is always an interval: where the source gives no time (``sent_known`` False) the reader derived it by
    section 9 of the conventions. ``texts`` holds the content first, then every other text that may carry
    personal information.
    ``visible`` is False on hidden branches; ``hidden_kind`` says why a turn is not shown
    (``branch``, ``system``, ``context``, ``tool_call``) and is empty for ordinary turns.
    ``flags`` are plain notes on repairs, such as ``"surrogate_replaced"``. ``part`` is True on the further turns of
    an API or image request: the request is one record, its first turn carries the verdict, the others share it.
    """

    source_id: str
    node_id: str
    parent_node: str | None
    seq: int
    role: str
    texts: tuple[ParsedText, ...]
    sent: Interval
    sent_known: bool = True
    author_name: str = ""
    visible: bool = True
    hidden_kind: str = ""
    content_type: str = "text"
    model: str = ""
    author_account: str | None = None
    origin: str = ""
    origin_created: Interval | None = None
    assets: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    part: bool = False


@dataclass(frozen=True, slots=True)
class ParsedConversation:
    """One conversation (or API / image request) with all its messages, hidden branches included.

    ``account`` is None where the file does not name one. ``created`` is always an interval: where the source gives
    no time (``created_known`` False) it runs from 2015-01-01 to the first message; ``created_shown`` is what lists
    show and sort by (microseconds; falls back to the earliest message).
    ``content_sha`` (32 bytes) identifies the content: the same source id with another digest is a new version.
    ``nodes`` counts every node of the source tree, with or without a message. ``texts`` are the conversation's own
    texts besides its title. ``plan`` is a workspace mark of the record itself (empty for none); ``incomplete`` says why
    the record is not whole (for example ``"prompt missing"``) and is empty for whole ones.
    """

    source_id: str
    product: str
    account: str | None
    messages: tuple[ParsedMessage, ...]
    content_sha: bytes
    nodes: int
    created: Interval
    created_known: bool = True
    created_shown: int | None = None
    title: str = ""
    updated: Interval | None = None
    texts: tuple[ParsedText, ...] = ()
    plan: str = ""
    temporary: bool = False
    saved: Interval | None = None
    project: str | None = None
    zdr: bool = False
    gizmo_id: str | None = None
    builder_training: bool | None = None
    feedback: Interval | None = None
    group: bool = False
    incomplete: str = ""
    path_inferred: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something set aside: where it stood, why, and its first bytes for the reviewer's eyes only.

    ``index`` counts from 0 within ``member``; ``line`` from 1 in line formats; ``offset`` is a byte offset; each None
    where it does not apply. ``account`` is set where a refused ledger line names one: that account's ledger no
    longer counts as complete, until a line that can be read comes in under the same ``key``.
    """

    member: str
    reason: str
    index: int | None = None
    line: int | None = None
    offset: int | None = None
    raw: bytes = b""
    account: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """A fact about an account that an archive states: never an event, only evidence.

    ``name`` is ``training_allowed``, ``birth_year``, ``plus_user`` or another setting; ``value`` is its JSON text.
    """

    account: str
    name: str
    value: str
    seen: Interval | None = None


@dataclass(frozen=True, slots=True)
class MemberNote:
    """What became of one member of an archive: ``state`` read, ignored, unknown or missing, with the reason."""

    member: str
    size: int
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader is, in bytes of the file as it lies on disk; also a safe place to commit."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The last item of every reader: whether the whole file was read. ``reason`` says what is missing."""

    complete: bool = True
    reason: str = ""
    members: tuple[MemberNote, ...] = field(default=())
