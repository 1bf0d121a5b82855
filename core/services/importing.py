"""Importing: each file in a process of its own, then the verdicts of what it touched.

The parent shows progress, passes a cancel on, and closes the import together with its audit event. If the process dies,
that is one sentence about this file: everything committed stays, and importing it again adds the rest.
"""

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

from core import times
from core.cancel import NEVER, CancelToken
from core.errors import DiskFull, Refusal
from core.model.record import SourceKind
from core.model.view import Change, FileReport, ImportReport, Kind, QuarantineRow
from core.progress import Meter, Progress, Report, silent
from core.services import import_child
from core.services.import_child import Outcome, Task
from core.store import audit, imports, verdicts

if TYPE_CHECKING:
    from sqlite3 import Connection as Database

    from core.services.desk import Desk

PATIENCE = 0.8  # seconds that a process gets to stop by itself
_POLL = 0.05
_DECIDED_AT_ONCE = 500
_UNDECIDED = "The disk is full: the files were imported but not all decided; free some space and import them again."


class Importing:
    """The imports of an open workspace, one at a time."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._one_at_a_time = threading.Lock()

    def run(
        self, paths: Sequence[Path], *, account: str | None = None, cancel: CancelToken = NEVER, report: Report = silent
    ) -> ImportReport:
        """Take in the files one after another, then decide what they touched.

        ``account`` names the account of files that name none. A refused file is a report with status ``refused``;
        one cut short, cancelled or crashed is ``partial``. After a cancel, and once the disk is full, the files not
        begun are not reported; what a full disk left undecided is decided by the next import.
        """
        self._desk.writer  # noqa: B018 - refuses here, before any process is started, where nothing may be written
        files: list[FileReport] = []
        with self._one_at_a_time:
            given = [path.absolute() for path in paths]
            for path in given:
                if cancel.cancelled:
                    break
                beside = tuple(other for other in given if other != path)
                task = Task(self._desk.path, path, account, times.now(), beside)
                files.append(self._one(task, cancel, report))
                if files[-1].reason == import_child.FULL:
                    return ImportReport(tuple(files))
            try:
                self._decide(cancel, report)
            except DiskFull:
                raise DiskFull(_UNDECIDED) from None
        return ImportReport(tuple(files))

    def imports(self) -> tuple[FileReport, ...]:
        """All imports of the workspace, newest first."""
        return imports.reports(self._desk.readers.get())

    def quarantine(self) -> tuple[QuarantineRow, ...]:
        """Everything set aside."""
        return imports.quarantine(self._desk.readers.get())

    def quarantine_raw(self, id: int) -> str:  # noqa: A002 - the name of the agreed interface
        """The first bytes of something set aside, escaped so that they show as they are. The look is audited."""
        raw = imports.quarantine_raw(self._desk.readers.get(), id)
        if raw is None:
            raise Refusal(f"Nothing with the number {id} was set aside.")
        actor, at = self._desk.actor, times.now()
        self._desk.writer.run(
            lambda conn: audit.append(conn, actor=actor, act="viewed set-aside bytes", obj=f"quarantine:{id}", at=at)
        )
        self._desk.publish(Change(Kind.AUDIT))
        return escaped(raw)

    def _one(self, task: Task, cancel: CancelToken, report: Report) -> FileReport:
        outcome, path = _Child(task).run(cancel, report), task.path
        import_id = outcome.import_id
        if outcome.status in {imports.PARTIAL, imports.CANCELLED}:  # the process may have died before it could say
            import_id = import_id or imports.running(self._desk.readers.get())
        if import_id is None:
            return FileReport(str(path), outcome.kind, _shown(outcome.status), reason=outcome.reason)
        actor, at = self._desk.actor, times.now()

        def act(conn: "Database") -> FileReport:
            imports.close(
                conn, import_id, status=outcome.status, reason=_reason(outcome), at=at, replaces=outcome.replaces
            )
            done = imports.report(conn, import_id)
            detail: dict[str, str | int] = {
                "file": path.name, "sha256": imports.sha256(conn, import_id), "kind": done.kind, "status": done.status,
                "seen": done.seen, "imported": done.imported, "duplicates": done.duplicates,
                "new_versions": done.new_versions, "quarantined": done.quarantined,
            }  # fmt: skip
            audit.append(conn, actor=actor, act="imported", obj=f"import:{import_id}", detail=detail, at=at)
            return done

        try:
            done = self._desk.writer.run(act)
        except DiskFull:  # it stays open, and is closed as interrupted once there is room
            done = imports.report(self._desk.readers.get(), import_id)
            done = replace(done, status=imports.PARTIAL, reason=import_child.FULL)
        self._desk.publish(Change(Kind.RECORDS | Kind.LEDGER | Kind.AUDIT))
        return replace(done, status=_shown(done.status))

    def _decide(self, cancel: CancelToken, report: Report) -> None:
        """Decide what this and any interrupted import touched, then note that verdicts rest on all of them.

        After a cancel the rest is undecided, whatever it was before, until the next import or until everything is
        decided anew.
        """
        conn = self._desk.readers.get()
        touched = imports.touched(conn)
        due = imports.due(conn, touched)
        meter = Meter(report, "Deciding", len(due), "conversations")
        for start in range(0, len(due), _DECIDED_AT_ONCE):
            if cancel.cancelled:
                self._desk.writer.run(lambda conn, rest=due[start:]: verdicts.forget(conn, rest), durable=False)  # type: ignore[misc]
                self._desk.publish(Change(Kind.VERDICTS))
                return
            step = due[start : start + _DECIDED_AT_ONCE]
            self._desk.deciding.refresh(conversations=step)
            meter.advance(len(step))
        self._desk.writer.run(lambda conn: imports.settled(conn, touched.last_import), durable=False)


class _Child:
    """The process of one import, watched from the parent."""

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("spawn")
        self._task = task
        self._done = 0
        self._pipe: Connection[object, object]
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=import_child.main, args=(theirs, task), daemon=True)
        self._process.start()
        theirs.close()  # so that the end of the process is the end of the pipe

    def run(self, cancel: CancelToken, report: Report) -> Outcome:
        """Wait for the end, whatever it is."""
        try:
            return self._watch(cancel, report)
        finally:
            self._process.join(PATIENCE)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
            self._pipe.close()

    def _watch(self, cancel: CancelToken, report: Report) -> Outcome:
        deadline: float | None = None
        while True:
            if self._pipe.poll(_POLL):
                try:
                    message = self._pipe.recv()
                except (EOFError, OSError):
                    return self._died()
                if isinstance(message, Outcome):
                    return message
                if isinstance(message, Progress):
                    self._done = message.done if message.unit == "bytes" else self._done
                    report(message)
            if cancel.cancelled and deadline is None:
                deadline = time.monotonic() + PATIENCE
                self._ask_to_stop()
            if deadline is not None and time.monotonic() > deadline:
                self._process.kill()
                reason = "The import was cancelled; import the file again to add the rest."
                return Outcome(imports.CANCELLED, SourceKind.UNKNOWN, reason=reason)

    def _ask_to_stop(self) -> None:
        try:
            self._pipe.send(import_child.STOP)
        except OSError:
            return  # it has ended already; its last message is still to be read

    def _died(self) -> Outcome:
        reason = f"{self._task.path.name} crashed the reader near byte {self._done}; what was read before it is kept."
        return Outcome(imports.PARTIAL, SourceKind.UNKNOWN, reason=reason)


def escaped(raw: bytes) -> str:
    """Bytes as text in which every unprintable character and every byte that is no UTF-8 shows as an escape."""
    text = raw.decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _shown(status: str) -> str:
    """The status in the words of the command line, which knows no cancelled import."""
    return imports.PARTIAL if status in {imports.CANCELLED, imports.INTERRUPTED} else status


def _reason(outcome: Outcome) -> str:
    if not outcome.conflicts:
        return outcome.reason
    conflict = (
        f"{outcome.conflicts} consent event(s) came with a second content under one id: both are kept, the stricter "
        "one counts."
    )
    return f"{outcome.reason} {conflict}".strip()
