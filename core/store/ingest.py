"""Taking items of a reader into the tables: the one path for bulk rows, used by the import's child process.

Items wait until the reader marks a safe place, then go in as one transaction of about :data:`BATCH` rows at most, with
the counts and the place in the file. What is committed stays whatever happens later; reading the same file again finds
it as duplicates. Nothing is lost in silence: what was seen is imported, a duplicate, a new version, or set aside.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.model.consent import ConsentEvent, LedgerLine, Retraction
from core.model.moment import EARLIEST
from core.model.record import AccountEvidence, Ended, Mark, ParsedConversation, Rejected
from core.store import imports
from core.store import ingest_rows as rows
from core.store.search import through
from core.store.writer import transact

BATCH = 10_000
WORTH_A_COMMIT = 4_000  # every commit rewrites pages of the indexes: fewer rows cost more than they save
SET_ASIDE = "a ledger line was set aside"

Stored = ParsedConversation | LedgerLine | Rejected | AccountEvidence


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that is read, as the register of imports keeps it. ``account`` is the one a person named for it."""

    path: str
    label: str
    sha256: str
    size: int
    kind: str
    account: str | None = None
    is_ledger: bool = False


@dataclass(slots=True)
class Tally:
    """What became of the items. ``conflicts`` are events among the new versions."""

    imported: int = 0
    duplicates: int = 0
    new_versions: int = 0
    quarantined: int = 0
    conflicts: int = 0

    @property
    def settled(self) -> int:
        """How many items have their place."""
        return self.imported + self.duplicates + self.new_versions + self.quarantined


class Ingest:
    """Takes the items of one file. ``import_id`` is None until the first commit: a file refused leaves nothing.

    The import stays ``running`` after its last item; :func:`core.store.imports.close` ends it.
    """

    def __init__(self, conn: sqlite3.Connection, source: SourceFile, now: int) -> None:
        self.import_id: int | None = None
        self.seen = 0
        self.tally = Tally()
        self.ended: Ended | None = None
        self._conn = conn
        self._source = source
        self._now = now
        self._waiting: list[Stored] = []
        self._rows = 0
        self._place = 0

    def add(self, item: Stored | Mark | Ended) -> None:
        """Take one item; commits at marks if enough rows wait, when too many do, and at the end."""
        if isinstance(item, Mark):
            self._place = item.done
            if self._rows >= WORTH_A_COMMIT:
                self.flush()
        elif isinstance(item, Ended):
            self.ended = item
            self.flush()
            if self.seen != self.tally.settled:
                raise RuntimeError(f"{self.seen} items were seen, but {self.tally.settled} have their place")
        else:
            self.seen += not isinstance(item, AccountEvidence)
            self._waiting.append(item)
            self._rows += 1 + 2 * len(item.messages) if isinstance(item, ParsedConversation) else 1
            if self._rows >= BATCH:
                self.flush()

    def flush(self) -> None:
        """Commit what waits, with the counts and the place in the file; a failure leaves the last commit standing."""
        if self._waiting or self.ended is not None:
            self.import_id, self.tally = transact(self._conn, self._write)
            self._waiting.clear()
            self._rows = 0

    def _write(self, conn: sqlite3.Connection) -> tuple[int, Tally]:
        import_id = self._begin(conn) if self.import_id is None else self.import_id
        batch = _Batch(conn, self._source, import_id, self._now, replace(self.tally))
        batch.meet(item for item in self._waiting if isinstance(item, Retraction))
        for item in self._waiting:
            batch.put(item)
        t = batch.tally
        conn.execute(
            "UPDATE import SET seen = ?, imported = ?, duplicates = ?, new_versions = ?, quarantined = ?, resume = ? "
            "WHERE id = ?",
            (self.seen, t.imported, t.duplicates, t.new_versions, t.quarantined, self._place, import_id),
        )
        if self.ended is not None:
            notes = self.ended.members
            conn.executemany(rows.MEMBER, ((import_id, m.member, m.size, m.state, m.why) for m in notes))
        return import_id, t

    def _begin(self, conn: sqlite3.Connection) -> int:
        """Register the file; a ledger holds every account back until the whole of it was read."""
        s = self._source
        import_id = imports.begin(
            conn, path=s.path, sha256=s.sha256, size=s.size, kind=s.kind, account=s.account, at=self._now
        )
        if s.is_ledger:
            conn.execute(rows.FAULT, (imports.EVERY, imports.NOT_WHOLE, s.sha256, import_id, ""))
        return import_id


def _chained(line: Retraction) -> Rejected:
    why = f"Ledger line {line.line} was set aside: it retracts a retraction, and only events can be retracted."
    return Rejected("", why, line=line.line, offset=line.offset, raw=line.raw, account=line.account)


class _Batch:
    """One transaction's worth of rows."""

    def __init__(self, conn: sqlite3.Connection, source: SourceFile, import_id: int, now: int, tally: Tally) -> None:
        self.tally = tally
        self._conn = conn
        self._source = source
        self._import_id = import_id
        self._now = now
        ids = "SELECT coalesce((SELECT max(id) FROM conversation), 0), coalesce((SELECT max(id) FROM record), 0)"
        self._conversation, self._record = conn.execute(ids).fetchone()
        last_text = conn.execute("SELECT coalesce(max(id), 0) FROM text").fetchone()[0]
        self._retractions: set[str] = set()
        self._text = max(last_text, through(conn))  # an erased text's id is not used again: the index counts on it

    def meet(self, retractions: Iterable[Retraction]) -> None:
        """Know the batch's retractions before its lines are put: their order must not matter."""
        self._retractions = {line.event_id for line in retractions}

    def put(self, item: Stored) -> None:
        """Write one item and count what became of it."""
        if isinstance(item, ParsedConversation):
            self._conversation_in(item)
        elif isinstance(item, Rejected):
            self._set_aside(item)
        elif isinstance(item, AccountEvidence):
            self._conn.execute(rows.EVIDENCE, rows.evidence_row(item, self._import_id, self._source.sha256))
        else:
            self._line_in(item)

    def _line_in(self, line: LedgerLine) -> None:
        if isinstance(line, Retraction) and self._is_chained(line):
            self._set_aside(_chained(line))
        elif self._conn.execute(*rows.ledger_row(line, self._import_id, self._now)).rowcount == 0:
            self.tally.duplicates += 1
        elif isinstance(line, ConsentEvent) and self._conflicts(line):
            self.tally.new_versions += 1
            self.tally.conflicts += 1
        else:
            self.tally.imported += 1

    def _is_chained(self, line: Retraction) -> bool:
        """Whether it retracts a retraction and no event. One read before what it retracts is kept: it hides nothing."""
        known = "SELECT EXISTS (SELECT 1 FROM retraction WHERE event_id = ?)"
        event = "SELECT EXISTS (SELECT 1 FROM consent_event WHERE event_id = ?)"
        named = line.retracts in self._retractions or self._conn.execute(known, (line.retracts,)).fetchone()[0]
        return bool(named) and not self._conn.execute(event, (line.retracts,)).fetchone()[0]

    def _conflicts(self, event: ConsentEvent) -> bool:
        other = "SELECT 1 FROM consent_event WHERE event_id = ? AND digest <> ?"
        return self._conn.execute(other, (event.event_id, event.digest)).fetchone() is not None

    def _set_aside(self, item: Rejected) -> None:
        s = self._source
        self._conn.execute(rows.QUARANTINE, rows.quarantine_row(item, self._import_id, s.label, s.sha256))
        if s.is_ledger and item.account:
            self._conn.execute(rows.FAULT, (item.account, SET_ASIDE, s.sha256, self._import_id, item.key))
        self.tally.quarantined += 1

    def _conversation_in(self, item: ParsedConversation) -> None:
        versions = self._versions(item)
        if any(sha == item.content_sha for _, sha, _, _ in versions):
            self.tally.duplicates += 1
        elif self._source.account and self._name_account(item):
            self.tally.new_versions += 1
        else:
            updated = item.updated.hi if item.updated else EARLIEST
            newest = all(updated >= (held or EARLIEST) for _, _, _, held in versions)
            if newest and versions:
                old = ((row,) for row, _, _, _ in versions)
                self._conn.executemany("UPDATE conversation SET current = 0 WHERE id = ? AND current = 1", old)
            self._write_conversation(item, 1 + max((n for _, _, n, _ in versions), default=0), current=newest)
            if versions:
                self.tally.new_versions += 1
            else:
                self.tally.imported += 1

    def _versions(self, item: ParsedConversation) -> list[tuple[int, bytes, int, int | None]]:
        """The stored versions of a conversation: id, digest, number, time of its last change."""
        return self._conn.execute(
            "SELECT id, content_sha, version, updated_at FROM conversation"
            " WHERE account = ? AND source_id = ? AND product = ?",
            (item.account or "", item.source_id, item.product),
        ).fetchall()

    def _name_account(self, item: ParsedConversation) -> bool:
        """Give the same conversation, imported without an account before, the account a person has now named."""
        named = self._conn.execute(
            "UPDATE conversation SET account = ? WHERE account = '' AND product = ? AND source_id = ?"
            " AND content_sha = ?",
            (item.account, item.product, item.source_id, item.content_sha),
        )
        return named.rowcount > 0

    def _write_conversation(self, item: ParsedConversation, version: int, *, current: bool) -> None:
        self._conversation += 1
        own = (self._conversation, version, current, self._import_id, self._now)
        self._conn.execute(rows.CONVERSATION, own + rows.conversation_row(item))
        records, texts = [], []
        for text in rows.own_texts(item):
            self._text += 1
            texts.append(rows.text_row(self._text, self._conversation, None, text))
        for message in item.messages:
            self._record += 1
            records.append(rows.record_row(self._record, self._conversation, message))
            for text in message.texts:
                self._text += 1
                texts.append(rows.text_row(self._text, self._conversation, self._record, text))
        self._conn.executemany(rows.RECORD, records)
        self._conn.executemany(rows.TEXT, texts)
