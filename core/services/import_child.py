"""What runs in the import's own process: one file, from bytes to rows to the search index.

Every archive is hostile until read, so it is parsed where a crash costs nothing but this file's rest: the process has a
memory limit, holds no lock that outlives it, and commits batch by batch. It tells the parent how far it is at most ten
times a second and looks for the parent's wish to stop at every mark. Neither Qt nor pandas is ever loaded here.
"""

import contextlib
import gc
import hashlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from core.archive.batch import pairs
from core.archive.reader import read
from core.archive.sniff import sniff
from core.errors import Cancelled, DiskFull, Refusal
from core.model.record import Mark, SourceKind
from core.progress import Progress
from core.store import imports, search
from core.store.connect import connect, plain_errors, tune_for_bulk
from core.store.ingest import Ingest, SourceFile

MEMORY_LIMIT = 4 * 1024**3
STOP = "stop"
FULL = "The disk is full: what was read before is kept; free some space and import the file again to add the rest."
_CHUNK = 1024 * 1024
_TELL_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """What to read and where to put it. ``now`` is the time of the import, microseconds UTC.

    ``beside`` are the other files of the same act, among which a batch file finds its other half.
    """

    workspace: Path
    path: Path
    account: str | None
    now: int
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: ``status`` complete, partial, cancelled or refused (then nothing was stored).

    ``replaces`` are digests of ledger files cut short that this whole one begins with, ``conflicts`` counts events
    that came with a second content.
    """

    status: str
    kind: str
    import_id: int | None = None
    reason: str = ""
    replaces: tuple[str, ...] = ()
    conflicts: int = 0


def main(pipe: "Connection[object, object]", task: Task) -> None:
    """Entry point of the process: sends :class:`~core.progress.Progress` now and then, last of all an Outcome."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both processes: the parent decides
    _limit_memory()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)  # parsed trees have no cycles: a pass finds nothing and costs 1.7 x
    run = _Run(pipe, task)
    code = 0
    try:
        pipe.send(run.outcome())
    except BrokenPipeError:
        pass  # the parent is gone: what is committed stays
    except Exception:  # noqa: BLE001 - its words may be the record's: the parent only learns that the reader crashed
        code = 1
    # The connection is left to the system. Closing it would tidy the write-ahead log away if nobody else seemed to hold
    # the workspace, and the parent seems not to once any library in it has opened and closed that file.
    os._exit(code)


class _Run:
    """The import of one file."""

    def __init__(self, pipe: "Connection[object, object]", task: Task) -> None:
        self._pipe = pipe
        self._task = task
        self._kind = SourceKind.UNKNOWN
        self._told = 0.0
        self._companion: Path | None = None
        self._ingest: Ingest | None = None
        self.conn: sqlite3.Connection | None = None

    def outcome(self) -> Outcome:
        """Read the file; a refusal or a cancel after the first commit leaves a partial import, before it nothing."""
        try:
            with plain_errors(self._task.workspace):
                return self._import()
        except Cancelled:
            return self._stopped(imports.CANCELLED, "The import was cancelled; import the file again to add the rest.")
        except DiskFull as full:
            begun = self._ingest is not None and self._ingest.import_id is not None
            return self._stopped(imports.PARTIAL, FULL if begun else str(full))
        except Refusal as refusal:
            return self._stopped(imports.PARTIAL, str(refusal))

    def _stopped(self, status: str, reason: str) -> Outcome:
        import_id = self._ingest.import_id if self._ingest is not None else None
        if import_id is None and status == imports.PARTIAL:
            status = imports.REFUSED
        return Outcome(status, self._kind, import_id, reason)

    def _import(self) -> Outcome:
        path = self._task.path
        self._kind = sniff(path)
        if self._kind is SourceKind.BATCH and (read_with := self._pair()):
            return Outcome(imports.COMPLETE, self._kind, reason=f"It was read together with {read_with}.")
        conn = self.conn = connect(self._task.workspace)
        tune_for_bulk(conn)
        cut_short = imports.cut_short(conn)
        sha256, prefixes = digests(path, cut_short.values(), self._check_wish)
        ingest = self._ingest = Ingest(conn, self._source(sha256), self._task.now)
        self._read(ingest)
        self._index(conn)
        ended = ingest.ended
        complete = ended is not None and ended.complete
        replaces = tuple(sha for sha, size in cut_short.items() if sha != sha256 and prefixes.get(size) == sha)
        return Outcome(
            imports.COMPLETE if complete else imports.PARTIAL,
            self._kind,
            ingest.import_id,
            ended.reason if ended is not None else "",
            replaces,
            ingest.tally.conflicts,
        )

    def _pair(self) -> str:
        """Find the other half of a batch file. The file of requests reads both; its name is given to the results'."""
        halves = pairs([self._task.path, *self._task.beside])
        self._companion = halves.get(self._task.path)
        return next((asked.name for asked, answered in halves.items() if answered == self._task.path), "")

    def _source(self, sha256: str) -> SourceFile:
        path = self._task.path
        ledger = self._kind is SourceKind.CONSENT_LEDGER
        size = path.stat().st_size
        return SourceFile(str(path), path.name, sha256, size, self._kind, self._task.account, is_ledger=ledger)

    def _read(self, ingest: Ingest) -> None:
        started = time.monotonic()
        for item in read(self._task.path, self._task.account, companion=self._companion):
            ingest.add(item)
            if isinstance(item, Mark):
                passed = max(time.monotonic() - started, 1e-6)
                rate = item.done / passed
                left = (item.total - item.done) / rate if rate else None
                phase = f"Reading {self._task.path.name}: {ingest.seen:,} records"
                self._tell(Progress(phase, item.done, item.total, "bytes", rate, left))
                self._check_wish()

    def _index(self, conn: sqlite3.Connection) -> None:
        """Bring the search index up to date; a cancel here leaves it behind, the import itself is whole."""

        def progress(done: int, total: int) -> None:
            self._tell(Progress("Building the search index", done, total, "texts"))
            self._check_wish()

        with contextlib.suppress(Cancelled):
            search.build(conn, progress)

    def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY:
            self._told = now
            self._pipe.send(progress)

    def _check_wish(self) -> None:
        if self._pipe.poll() and self._pipe.recv() == STOP:
            raise Cancelled("cancelled")


def digests(path: Path, sizes: Collection[int], check: Callable[[], None]) -> tuple[str, dict[int, str]]:
    """SHA-256 (hex) of the file, and of its first ``n`` bytes for each ``n`` of ``sizes`` that is within it."""
    due = sorted(set(sizes))
    whole = hashlib.sha256()
    prefixes: dict[int, str] = {}
    done = 0
    with path.open("rb") as file:
        while True:
            wanted = min(_CHUNK, due[0] - done) if due else _CHUNK
            piece = file.read(wanted)
            whole.update(piece)
            done += len(piece)
            while due and done == due[0]:
                prefixes[due.pop(0)] = whole.hexdigest()
            if wanted and not piece:
                return whole.hexdigest(), prefixes
            check()


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(ValueError, OSError):  # a lower limit of the system stands
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core file with people's words in it
