"""Long acts away from the GUI thread: progress, cancel and results by signals.

A job is a plain callable ``(token, report) -> result``. The :class:`Jobs` object lives as long as the application
and owns the signals; what runs in a thread only borrows bound signals. Unit tests give :class:`Inline` as runner.
"""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QRunnable, QThreadPool, Signal, Slot

from core.cancel import CancelToken
from core.errors import Cancelled
from core.progress import Progress, Report

T = TypeVar("T")
Act = Callable[[CancelToken, Report], T]
MIN_INTERVAL = 0.1
"""Seconds between two reports of one job that reach the window."""


class JobState(StrEnum):
    """The life of a job."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as the drawer shows it. ``result`` is one sentence; ``shown`` is False for short silent ones."""

    id: int
    name: str
    state: JobState = JobState.RUNNING
    progress: Progress | None = None
    result: str = ""
    shown: bool = True
    cancelling: bool = False


class Runner(Protocol):
    """Where jobs run."""

    def start(self, work: Callable[[], None]) -> None:
        """Run ``work`` now or soon."""

    def wait(self) -> None:
        """Return when nothing runs."""


class _Runnable(QRunnable):
    """Carries a plain callable; owns no QObject."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        self._work()


class Pool:
    """A private thread pool."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)

    def start(self, work: Callable[[], None]) -> None:
        """Queue ``work``."""
        self._pool.start(_Runnable(work))

    def wait(self) -> None:
        """Wait for all of it."""
        self._pool.waitForDone()


class Inline:
    """Runs at once in the caller's thread: the fake of unit tests."""

    def start(self, work: Callable[[], None]) -> None:
        """Run ``work``."""
        work()

    def wait(self) -> None:
        """Nothing is ever left."""


@dataclass(slots=True)
class _Entry:
    view: JobView
    token: CancelToken
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    tell: Callable[[Any], str] | None


class Jobs(QObject):
    """All jobs of the application.

    ``changed`` carries a :class:`JobView` each time one starts, moves or ends; ``failed`` a job's name and its
    exception when nobody else handles it. Callbacks run on the GUI thread.
    """

    changed = Signal(object)
    failed = Signal(str, object)
    _reported = Signal(int, object)
    _ended = Signal(int, object, object)

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner or Pool()
        self._ids = itertools.count(1)
        self._entries: dict[int, _Entry] = {}
        self._open = True
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)

    @property
    def active(self) -> tuple[JobView, ...]:
        """Jobs that still run."""
        return tuple(entry.view for entry in self._entries.values())

    def start(
        self,
        name: str,
        act: Act[T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        tell: Callable[[T], str] | None = None,
        shown: bool = True,
    ) -> int:
        """Start a job and give its id, 0 if the application is closing.

        ``done`` gets the result, ``failed`` the exception; ``tell`` makes the drawer's closing sentence of the result.
        """
        if not self._open:
            return 0
        job, token = next(self._ids), CancelToken()
        view = JobView(job, name, shown=shown)
        self._entries[job] = _Entry(view, token, done, failed, tell)
        self.changed.emit(view)
        reported, ended = self._reported, self._ended
        last = 0.0

        def report(progress: Progress) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= MIN_INTERVAL or progress.done == progress.total:
                last = now
                reported.emit(job, progress)

        def work() -> None:
            try:
                result = act(token, report)
            except Exception as error:  # noqa: BLE001 - every failure is told to the person on the GUI thread
                ended.emit(job, None, error)
            else:
                ended.emit(job, result, None)

        self._runner.start(work)
        return job

    def cancel(self, job: int) -> None:
        """Ask a job to stop; unknown and ended ones are left alone."""
        entry = self._entries.get(job)
        if entry:
            entry.token.cancel()
            entry.view = replace(entry.view, cancelling=True)
            self.changed.emit(entry.view)

    def drain(self) -> None:
        """Wait until nothing runs and every callback was made."""
        while self._entries:
            self._runner.wait()
            QEventLoop(self).processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def close(self) -> None:
        """Refuse new jobs, cancel the running ones, wait for them."""
        self._open = False
        for job in tuple(self._entries):
            self.cancel(job)
        self.drain()

    @Slot(int, object)
    def _on_reported(self, job: int, progress: Progress) -> None:
        entry = self._entries.get(job)
        if entry:
            entry.view = replace(entry.view, progress=progress)
            self.changed.emit(entry.view)

    @Slot(int, object, object)
    def _on_ended(self, job: int, result: object, error: Exception | None) -> None:
        entry = self._entries.pop(job)
        if error is None:
            said = entry.tell(result) if entry.tell else ""
            self.changed.emit(replace(entry.view, state=JobState.DONE, result=said))
            if entry.done:
                entry.done(result)
            return
        state = JobState.CANCELLED if isinstance(error, Cancelled) else JobState.FAILED
        self.changed.emit(replace(entry.view, state=state))
        if entry.failed:
            entry.failed(error)
        elif state is JobState.FAILED:
            self.failed.emit(entry.view.name, error)


class Latest:
    """Of a series of equal questions only the last one's answer counts; earlier ones are cancelled and dropped."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._job = 0
        self._turn = 0

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._job != 0

    def ask(self, name: str, act: Act[T], done: Callable[[T], None]) -> None:
        """Ask anew."""
        self.drop()
        turn = self._turn

        def _done(result: T) -> None:
            if turn == self._turn:
                self._job = 0
                done(result)

        def _failed(error: Exception) -> None:
            if turn == self._turn:
                self._job = 0
                if not isinstance(error, Cancelled):
                    self._jobs.failed.emit(name, error)

        job = self._jobs.start(name, act, done=_done, failed=_failed, shown=False)
        if any(view.id == job for view in self._jobs.active):
            self._job = job

    def drop(self) -> None:
        """Forget the question that is still open."""
        self._turn += 1
        if self._job:
            self._jobs.cancel(self._job)
            self._job = 0
