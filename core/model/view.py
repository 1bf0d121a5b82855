"""What the window and the command line are shown of the store: rows, pages, queries, details."""

from dataclasses import dataclass, field
from enum import Flag, auto

from core.model.moment import Interval
from core.model.span import Span
from core.model.verdict import Decision


class Kind(Flag):
    """Kinds of thing a change may touch; views refresh when a kind they show is among them."""

    NONE = 0
    RECORDS = auto()
    LEDGER = auto()
    VERDICTS = auto()
    FINDINGS = auto()
    DECISIONS = auto()
    SETS = auto()
    RELEASES = auto()
    AUDIT = auto()
    SETTINGS = auto()
    ALL = RECORDS | LEDGER | VERDICTS | FINDINGS | DECISIONS | SETS | RELEASES | AUDIT | SETTINGS


@dataclass(frozen=True, slots=True)
class Change:
    """What a service call changed: kinds, and the conversations concerned (empty = any)."""

    kinds: Kind
    conversations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of the status bar; ``records == eligible + undetermined + not_eligible + undecided``."""

    conversations: int = 0
    accounts: int = 0
    records: int = 0
    eligible: int = 0
    undetermined: int = 0
    not_eligible: int = 0
    undecided: int = 0
    set_aside: int = 0
    texts: int = 0
    texts_scanned: int = 0
    to_review: int = 0
    audit_size: int = 0
    audit_head: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Which conversations a list shows; its canonical text is what an approved set records.

    Empty tuples mean "any". ``month`` is ``YYYY-MM``. ``search`` is words, never an FTS expression.
    ``review`` is one of: to_review (undetermined or with a pending or stale override), overridden, unreviewed_language.
    ``without`` leaves out what a gate would hold: assets (shown turns refer to pictures or files), incomplete.
    """

    products: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reasons: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    month: str = ""
    search: str = ""
    review: str = ""
    sort: str = "created"
    descending: bool = True
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One row of the records list. ``created`` is microseconds UTC for display, None where unknown."""

    id: int
    source_id: str
    account: str | None
    product: str
    created: int | None
    title: str
    turns: int
    hidden_turns: int
    findings: int
    decision: Decision | None
    reason: str
    clause: str
    overridden: bool = False
    pending: bool = False
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet with the number of conversations it would leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of a query, each counted with its own selection lifted."""

    products: tuple[FacetCount, ...] = ()
    decisions: tuple[FacetCount, ...] = ()
    reasons: tuple[FacetCount, ...] = ()
    entities: tuple[FacetCount, ...] = ()
    months: tuple[FacetCount, ...] = ()
    to_review: int = 0


@dataclass(frozen=True, slots=True)
class TurnText:
    """One text of a turn with its findings; ``field`` is ``content`` for what would be released."""

    text_id: int
    field: str
    body: str
    spans: tuple[Span, ...]
    scanned: bool
    language: str = ""
    covered: bool = True
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One record of an open conversation."""

    record_id: int
    source_id: str
    role: str
    author_name: str
    sent: Interval | None
    visible: bool
    hidden_kind: str
    assets: tuple[str, ...]
    texts: tuple[TurnText, ...]
    decision: Decision | None
    reason: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationView:
    """An open conversation: its row, its own texts (title and so on), its turns in tree order."""

    row: ConversationRow
    texts: tuple[TurnText, ...]
    turns: tuple[Turn, ...]
    incomplete: str = ""


@dataclass(frozen=True, slots=True)
class RedactedTurn:
    """One turn before and after redaction.

    ``original`` carries the spans that are redacted and those only shown, propagated names included; ``pieces`` are
    ``(start, end, new_start, new_end, entity, replacement)``: code points of the original and of ``redacted``.
    ``released`` is True for a turn that goes into a bundle.
    """

    record_id: int
    role: str
    visible: bool
    original: TurnText
    redacted: str
    pieces: tuple[tuple[int, int, int, int, str, str], ...] = ()
    released: bool = True


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What a scan did: texts scanned, texts found in the cache, spans found, and spans by entity."""

    scanned: int = 0
    cached: int = 0
    findings: int = 0
    by_entity: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DetectorStatus:
    """Which detector a scan would use, and in one sentence what it can do."""

    version: str
    model_installed: bool
    rules_only: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class UsedEvent:
    """One consent event as the why panel shows it."""

    event_id: str
    channel: str
    action: str
    effective: Interval | None
    recorded: int | None
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One verdict in plain words. ``sentence`` is whole by itself; ``changes`` lists the smallest facts to flip it."""

    record: str
    conversation: str
    account: str | None
    product: str
    decision: Decision
    reason: str
    clause: str
    clause_text: str
    sentence: str
    reasons: tuple[str, ...]
    other_sentences: tuple[str, ...]
    conventions: tuple[tuple[str, str], ...]
    policies: tuple[str, ...]
    events: tuple[UsedEvent, ...]
    changes: tuple[str, ...]
    created: Interval | None
    sent: Interval | None
    verdict_digest: str
    override_status: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a record's history, newest first."""

    at: int
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one imported file; ``seen`` is the sum of the other four counts."""

    path: str
    kind: str
    status: str
    seen: int = 0
    imported: int = 0
    duplicates: int = 0
    new_versions: int = 0
    quarantined: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all files of one import."""

    files: tuple[FileReport, ...] = ()

    @property
    def totals(self) -> FileReport:
        """The five counts summed over the files."""
        f = self.files
        return FileReport(
            path="", kind="", status="",
            seen=sum(x.seen for x in f), imported=sum(x.imported for x in f),
            duplicates=sum(x.duplicates for x in f), new_versions=sum(x.new_versions for x in f),
            quarantined=sum(x.quarantined for x in f),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One thing set aside."""

    id: int
    file: str
    member: str
    index: int | None
    line: int | None
    offset: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of the accounts list."""

    account: str
    conversations: int
    events: int
    plan: str
    age_band: str
    region: str
    opted_out: bool
    shares: bool = False


@dataclass(frozen=True, slots=True)
class AccountTimeline:
    """One account's facts, ready to draw: times are microseconds UTC intervals."""

    account: str
    events: tuple[UsedEvent, ...] = ()
    coverage: tuple[Interval, ...] = ()
    conversations: tuple[ConversationRow, ...] = ()
    releases: tuple[tuple[int, str], ...] = ()
    overrides: tuple[tuple[int, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = field(default=())
