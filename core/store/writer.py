"""One writer thread with the only read-write connection, and a read-only connection for every other thread.

SQLite allows one writer; a queue in front of it makes callers wait their turn instead of failing, and gives each act
one transaction of its own, so that an act and its audit event are written together or not at all.
"""

import logging
import queue
import sqlite3
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from core.errors import Refusal
from core.store.connect import KeyHook, connect, plain_errors

T = TypeVar("T")
_log = logging.getLogger(__name__)


def transact(conn: sqlite3.Connection, act: Callable[[sqlite3.Connection], T]) -> T:
    """Run ``act`` between ``BEGIN IMMEDIATE`` and ``COMMIT``; any failure, a full disk's too, rolls all of it back."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        result = act(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return result


class Writer:
    """Runs acts one after another, each in one ``BEGIN IMMEDIATE`` transaction.

    The connection is made by the constructor's thread (so that its failures reach the caller) and used by the
    writer thread alone afterwards.
    """

    def __init__(self, path: Path, *, key: KeyHook | None = None) -> None:
        self._path = path
        self._conn = connect(path, key=key)
        self._durable: bool | None = None
        self._closed = False
        self._gate = threading.Lock()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def run(self, act: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """Run ``act`` in a transaction on the writer thread and return what it returns.

        ``durable`` acts (what a person did) survive a power cut once this returns; others (derived data) may be lost
        by one, never half written. Whatever the act raises is raised here, after a rollback.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("an act may not wait for another act")
        done: Future[T] = Future()

        def job() -> None:
            try:
                done.set_result(self._transact(act, durable=durable))
            except BaseException as error:  # noqa: BLE001 - it belongs to the caller, who waits for it
                done.set_exception(error)

        self._put(job)
        return done.result()

    def post(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the writer thread after the acts before it, outside any transaction; does not wait."""
        self._put(call)

    def close(self) -> None:
        """Finish the acts that wait, then close the connection; a second call does nothing."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _put(self, job: Callable[[], None]) -> None:
        with self._gate:
            if self._closed:
                raise Refusal(f"{self._path.name} has been closed.")
            self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - a listener's fault must not end the writer
                _log.error("a listener failed with %s", type(error).__name__)
            del job  # else the last act and all it holds would live until the next one comes
        self._conn.close()

    def _transact(self, act: Callable[[sqlite3.Connection], T], *, durable: bool) -> T:
        with plain_errors(self._path):
            if durable != self._durable:
                self._conn.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            return transact(self._conn, act)


class Readers:
    """A read-only connection for each thread that asks for one."""

    def __init__(self, path: Path, *, key: KeyHook | None = None) -> None:
        self._path = path
        self._key = key
        self._gate = threading.Lock()
        self._open: dict[int, tuple[weakref.ref[threading.Thread], sqlite3.Connection]] = {}
        self._closed = False

    def get(self) -> sqlite3.Connection:
        """The calling thread's connection; it sees everything committed before each statement."""
        me = threading.current_thread()
        with self._gate:
            if self._closed:
                raise Refusal(f"{self._path.name} has been closed.")
            held = self._open.get(id(me))
            if held is not None and held[0]() is me:
                return held[1]
            self._drop_dead()
            conn = connect(self._path, read_only=True, key=self._key)
            self._open[id(me)] = (weakref.ref(me), conn)
            return conn

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        with self._gate:
            self._closed = True
            for _, conn in self._open.values():
                conn.close()
            self._open.clear()

    def _drop_dead(self) -> None:
        for ident, (owner, conn) in list(self._open.items()):
            thread = owner()
            if thread is None or not thread.is_alive():
                conn.close()
                del self._open[ident]
