"""One open workspace: the façade through which the window and the command line reach everything.

The desk owns the writer, the readers and the write lock, and hands out the services. It imports nothing that is slow to
load: each service, and with it pandas, the detector or cryptography, is loaded when it is first asked for.
"""

import contextlib
import getpass
import os
import threading
from collections import Counter
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from core import times
from core.errors import Refusal, WorkspaceLocked
from core.model.view import Change, Counts
from core.store import imports, migrate, records, search
from core.store.connect import connect, plain_errors
from core.store.lock import WriteLock
from core.store.writer import Readers, Writer

if TYPE_CHECKING:
    from core.services.auditing import Auditing
    from core.services.browsing import Browsing
    from core.services.deciding import Deciding
    from core.services.importing import Importing
    from core.services.insight import Insight
    from core.services.releasing import Releasing
    from core.services.reviewing import Reviewing
    from core.services.scanning import Scanning

Listener = Callable[[Change], None]

_OPEN: Counter[Path] = Counter()
_GATE = threading.Lock()
"""Workspaces that are open in this process, and what guards the count.

Such a file must never be opened and closed by other means than SQLite: on POSIX systems closing any descriptor of a
file drops all of its process's locks on it (sqlite.org, "How To Corrupt An SQLite Database File", section 2.2).
"""


class Desk:
    """One open workspace. Every method may be called from any thread.

    ``actor`` is the person who acts, named in every audit event. ``read_only`` is True also where another process
    holds the workspace; ``why_read_only`` then says which, in one sentence.
    """

    def __init__(self, path: Path, *, actor: str, lock: WriteLock | None, why_read_only: str = "") -> None:
        self.path = path
        self.actor = actor or _person()
        self.why_read_only = why_read_only
        self._lock = lock
        self._listeners: list[Listener] = []
        self._gate = threading.Lock()
        self._closed = False
        with _GATE:
            _OPEN[path.resolve()] += 1
        self._counted = threading.local()
        self.readers = Readers(path)
        self._writer = Writer(path) if lock is not None else None

    @classmethod
    def open(cls, path: Path, *, create: bool = False, actor: str = "", read_only: bool = False) -> "Desk":
        """Open the workspace at ``path``; with ``create`` a missing one is made.

        Where another process holds it, it is opened for reading only. Raises :class:`~core.errors.Refusal` for a
        file that is no workspace and ``WorkspaceTooNew`` for a newer version's; both are left untouched.
        """
        path = path.absolute()
        there = path.exists()
        if not there and (read_only or not create):
            raise Refusal(f"There is no workspace {path.name} in {path.parent}.")
        whole = there and (_is_open(path) or migrate.peek(path))
        if there and not whole and (read_only or not create):
            raise Refusal(f"{path.name} is empty: it is not a workspace.")
        if read_only:
            return cls(path, actor=actor, lock=None, why_read_only="The workspace was opened for reading only.")
        try:
            lock = _take(path)
        except WorkspaceLocked as error:
            if not whole:
                raise
            return cls(path, actor=actor, lock=None, why_read_only=str(error))
        if lock is None:
            return cls(path, actor=actor, lock=None, why_read_only=f"{path.name} may not be written to here.")
        try:
            _prepare(path, new=not whole, suspect=lock.crashed)
            return cls(path, actor=actor, lock=lock)
        except BaseException:
            if not there:
                for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                    leftover.unlink(missing_ok=True)
            lock.release()
            raise

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed through this desk."""
        return self._writer is None

    @property
    def writer(self) -> Writer:
        """The one writer; raises :class:`~core.errors.WorkspaceLocked` where the workspace is read-only."""
        if self._writer is None:
            raise WorkspaceLocked(self.why_read_only)
        return self._writer

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on the writer thread after each committed change; returns how to stop."""
        with self._gate:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._gate, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    def counts(self) -> Counts:
        """The counts of the status bar, of what is committed now; asked again without a change they cost nothing."""
        conn = self.readers.get()
        version = records.data_version(conn)
        if getattr(self._counted, "version", None) != version:
            self._counted.counts = records.counts(conn)
            self._counted.version = version  # each thread has its own connection, and the version is the connection's
        counts: Counts = self._counted.counts
        return counts

    def close(self) -> None:
        """Finish what the writer has begun, close the file, give up the lock; a second call does nothing."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._listeners.clear()
        self.readers.close()  # first: the last connection to close folds the log into the file, if it may write
        if self._writer is not None:
            self._writer.close()
        with _GATE:
            _OPEN[self.path.resolve()] -= 1
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def publish(self, change: Change) -> None:
        """Tell the listeners, after the acts that made the change; services call this once they have committed."""
        with self._gate:
            told = tuple(self._listeners)
        if self._writer is not None:
            for listener in told:  # a job each, so that one's fault does not keep the change from the others
                self._writer.post(partial(listener, change))

    @cached_property
    def importing(self) -> "Importing":
        """Taking files in."""
        from core.services.importing import Importing

        return Importing(self)

    @cached_property
    def browsing(self) -> "Browsing":
        """Lists, conversations, accounts."""
        from core.services.browsing import Browsing

        return Browsing(self)

    @cached_property
    def deciding(self) -> "Deciding":
        """Verdicts and their reasons."""
        from core.services.deciding import Deciding

        return Deciding(self)

    @cached_property
    def scanning(self) -> "Scanning":
        """Finding personal information."""
        from core.services.scanning import Scanning

        return Scanning(self)

    @cached_property
    def reviewing(self) -> "Reviewing":
        """Overrides by people."""
        from core.services.reviewing import Reviewing

        return Reviewing(self)

    @cached_property
    def releasing(self) -> "Releasing":
        """Approved sets and bundles."""
        from core.services.releasing import Releasing

        return Releasing(self)

    @cached_property
    def insight(self) -> "Insight":
        """Rates, funnel and reasons."""
        from core.services.insight import Insight

        return Insight(self)

    @cached_property
    def auditing(self) -> "Auditing":
        """The audit trail."""
        from core.services.auditing import Auditing

        return Auditing(self)


def _is_open(path: Path) -> bool:
    with _GATE:
        return _OPEN[path.resolve()] > 0


def _take(path: Path) -> WriteLock | None:
    """The write lock, or None where the file or its folder may not be written to."""
    if path.exists() and not os.access(path, os.W_OK):
        return None
    try:
        return WriteLock(path.resolve())  # two names of one file meet in one lock
    except WorkspaceLocked:
        raise
    except OSError as error:
        if path.exists():
            return None
        raise Refusal(f"{path.name} cannot be made in {path.parent}: {error.strerror}.") from error


def _prepare(path: Path, *, new: bool, suspect: bool) -> None:
    """Make or update the tables; after a crash look the file through and settle what the crash cut off.

    An updated detector makes every older scan out of date here, before anybody is shown one.
    """
    from core.privacy.detector import detector_version

    conn = connect(path)
    try:
        with plain_errors(path):
            if new:
                migrate.create(conn)
            migrate.check(conn, path.name)
            if suspect and not migrate.sound(conn):
                raise Refusal(f"{path.name} is damaged; open a backup of it instead.")
            records.adopt_detector(conn, detector_version(), unless=[detector_version(rules_only=True)])
            imports.settle_interrupted(conn, times.now())
            imports.forget_overtaken(conn)
            search.build(conn)  # what an import could not finish, so that no search is partial for long
    finally:
        conn.close()


def _person() -> str:
    """The name the system knows the person by, for those who give none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
