"""What a reader's items become as rows: one statement and one tuple for each kind.

Kept apart from :mod:`core.store.ingest`, which decides what goes in and when.
"""

import hashlib
import json
from collections.abc import Iterator

from core.model.consent import AccountLine, ConsentEvent, Coverage, Deletion, LedgerLine, Retraction
from core.model.moment import Interval
from core.model.record import AccountEvidence, ParsedConversation, ParsedMessage, ParsedText, Rejected

Row = tuple[object, ...]


def _insert(table: str, columns: str, *, once: bool = False) -> str:
    """``once``: a row that is there already stays, and the statement changes nothing; other faults are raised."""
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})" + (" ON CONFLICT DO NOTHING" if once else "")


CONVERSATION = _insert(
    "conversation",
    "id, version, current, import_id, imported_at, source_id, account, product, content_sha, created_lo, created_hi,"
    "created_known, created_shown, updated_at, plan, temporary, saved_lo, saved_hi, project, zdr, gizmo_id,"
    "builder_training, feedback_lo, feedback_hi, is_group, incomplete, path_inferred, flags, nodes, records,"
    "hidden_records",
)
RECORD = _insert(
    "record",
    "id, conversation_id, source_id, node_id, parent_node, seq, role, author_name, author_account, sent_lo, sent_hi,"
    "sent_known, visible, hidden_kind, content_type, model, origin, origin_lo, origin_hi, assets, flags, part",
)
TEXT = _insert("text", "id, conversation_id, record_id, field, body, sha256")
EVENT = _insert(
    "consent_event",
    "import_id, imported_at, event_id, account, channel, action, effective_lo, effective_hi, effective_text,"
    "time_source, processed_only, recorded_at, project, gizmo_id, purpose, policy_version, source, evidence, digest",
    once=True,
)
RETRACTION = _insert("retraction", "import_id, imported_at, event_id, retracts, recorded_at, reason, digest", once=True)
COVERAGE = _insert("coverage", "import_id, imported_at, account, from_at, through_at, digest", once=True)
DELETION = _insert(
    "deletion",
    "import_id, imported_at, account, conversation, deleted_lo, deleted_hi, recorded_at, digest",
    once=True,
)
ACCOUNT = _insert(
    "account_line",
    "import_id, imported_at, account, plan, age_band, region, deleted_lo, deleted_hi, recorded_at, digest",
    once=True,
)
FAULT = _insert("ledger_fault", "account, reason, source_sha256, import_id, key", once=True)
EVIDENCE = _insert("evidence", "import_id, account, name, value, seen_lo, seen_hi, source_sha256", once=True)
QUARANTINE = _insert("quarantine", 'import_id, file, member, idx, line, "offset", reason, raw, digest', once=True)
MEMBER = _insert("member", "import_id, member, size, state, why")


def conversation_row(item: ParsedConversation) -> Row:
    """The columns of :data:`CONVERSATION` after the five that the store decides."""
    whole = [m for m in item.messages if not m.part]
    return (
        item.source_id, item.account or "", item.product, item.content_sha, item.created.lo, item.created.hi,
        item.created_known, item.created_shown, item.updated.hi if item.updated else None, item.plan, item.temporary,
        *_ends(item.saved), item.project, item.zdr, item.gizmo_id, item.builder_training, *_ends(item.feedback),
        item.group, item.incomplete, item.path_inferred, ",".join(item.flags), item.nodes, len(whole),
        sum(not m.visible for m in whole),
    )  # fmt: skip


def record_row(row: int, conversation: int, m: ParsedMessage) -> Row:
    """The columns of :data:`RECORD`."""
    return (
        row, conversation, m.source_id, m.node_id, m.parent_node, m.seq, m.role, m.author_name, m.author_account,
        m.sent.lo, m.sent.hi, m.sent_known, m.visible, m.hidden_kind, m.content_type, m.model, m.origin,
        *_ends(m.origin_created), json.dumps(m.assets, ensure_ascii=False) if m.assets else "", ",".join(m.flags),
        m.part,
    )  # fmt: skip


def own_texts(item: ParsedConversation) -> Iterator[ParsedText]:
    """The texts of the conversation itself, its title first."""
    if item.title:
        yield ParsedText("title", item.title)
    yield from item.texts


def text_row(row: int, conversation: int, record: int | None, text: ParsedText) -> Row:
    """The columns of :data:`TEXT`."""
    return (row, conversation, record, text.field, text.body, hashlib.sha256(text.body.encode()).digest())


def ledger_row(line: LedgerLine, import_id: int, now: int) -> tuple[str, Row]:
    """The statement and the row of one ledger line."""
    match line:
        case ConsentEvent():
            return EVENT, (
                import_id, now, line.event_id, line.account, line.channel, line.action, *_ends(line.effective),
                line.effective_text, line.time_source, line.processed_only, line.recorded, line.project,
                line.gizmo_id, line.purpose, line.policy_version, line.source, line.evidence, line.digest,
            )  # fmt: skip
        case Retraction():
            facts: Row = (line.event_id, line.retracts, line.recorded, line.reason, line.digest)
            return RETRACTION, (import_id, now, *facts)
        case Coverage():
            facts = (line.account, line.complete_from, line.complete_through, line.digest)
            return COVERAGE, (import_id, now, *facts)
        case Deletion():
            facts = (line.account, line.conversation, *_ends(line.deleted), line.recorded, line.digest)
            return DELETION, (import_id, now, *facts)
        case AccountLine():
            facts = (line.account, line.plan, line.age_band, line.region, *_ends(line.deleted), line.recorded)
            return ACCOUNT, (import_id, now, *facts, line.digest)


def evidence_row(item: AccountEvidence, import_id: int, source_sha256: str) -> Row:
    """The columns of :data:`EVIDENCE`."""
    return (import_id, item.account, item.name, item.value, *_ends(item.seen), source_sha256)


def quarantine_row(item: Rejected, import_id: int, file: str, source_sha256: str) -> Row:
    """The columns of :data:`QUARANTINE`; its digest is of the source and the place, so that twice is once."""
    place = json.dumps([source_sha256, item.member, item.index, item.line, item.offset, item.reason])
    digest = hashlib.sha256(place.encode() + b"\x00" + item.raw).digest()
    return (import_id, file, item.member, item.index, item.line, item.offset, item.reason, item.raw, digest)


def _ends(interval: Interval | None) -> tuple[int | None, int | None]:
    return (None, None) if interval is None else (interval.lo, interval.hi)
