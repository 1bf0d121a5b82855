"""The one way to open a workspace file.

The import's child process, the readers and the writer all come through :func:`connect`, so that the driver (plain
SQLite now, an encrypting one with a key hook later), the file modes and the pragmas are decided in one place.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from core.errors import DiskFull, Refusal, WorkspaceLocked

if TYPE_CHECKING:
    from sqlalchemy import Engine

KeyHook = Callable[[sqlite3.Connection], None]
"""Called with a new connection before any other statement: the place for ``PRAGMA key``."""

PAGE_SIZE = 8192
BUSY_TIMEOUT_MS = 60_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE would pass the guards against DELETE
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",
)
_FULL = (sqlite3.SQLITE_FULL,)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FORBIDDEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)


def connect(
    path: Path, *, read_only: bool = False, key: KeyHook | None = None, driver: ModuleType = sqlite3
) -> sqlite3.Connection:
    """Open the workspace file at ``path``; a missing one is made, empty and with mode 0600, unless ``read_only``.

    The connection is in autocommit mode: a transaction is begun by ``BEGIN IMMEDIATE``. It may be handed from thread
    to thread, used by one at a time. Raises :class:`~core.errors.Refusal` where the file cannot be opened.
    """
    with plain_errors(path):
        if read_only:
            conn = _open(driver, f"file:{quote(str(path))}?mode=ro{'&immutable=1' if _on_read_only_disk(path) else ''}")
        else:
            _make_private_file(path)
            conn = _open(driver, f"file:{quote(str(path))}?mode=rw")
        try:
            if key is not None:
                key(conn)
            for pragma in _PRAGMAS:
                conn.execute(pragma)
            if read_only:
                conn.execute("PRAGMA query_only = ON")
            else:
                conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")
                conn.execute("PRAGMA journal_mode = WAL")
                conn.execute("PRAGMA synchronous = FULL")
            conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        except BaseException:
            conn.close()
            raise
    return conn


def tune_for_bulk(conn: sqlite3.Connection) -> None:
    """Settings for the import's connection: its batches may be lost by a power cut, never half written."""
    conn.execute("PRAGMA synchronous = NORMAL")
    conn.execute("PRAGMA cache_size = -131072")


def engine(path: Path, *, read_only: bool = False, key: KeyHook | None = None) -> "Engine":
    """A SQLAlchemy engine whose connections come from :func:`connect`; for the schema and single rows, never bulk."""
    return engine_over(lambda: connect(path, read_only=read_only, key=key))


def engine_over(creator: Callable[[], sqlite3.Connection]) -> "Engine":
    """An engine over any maker of connections, with transactions that begin by ``BEGIN IMMEDIATE``."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    made = create_engine("sqlite://", creator=creator, poolclass=NullPool)
    event.listen(made, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn the expected failures of SQLite and the disk into one plain sentence each; others pass unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        name = path.name
        if code in _FULL:
            raise DiskFull(
                f"The disk that holds {name} is full; nothing was changed, free some space first."
            ) from error
        if code in _BUSY:
            raise WorkspaceLocked(f"Another process is writing to {name}; try again when it has finished.") from error
        if code in _DAMAGED:
            raise Refusal(f"{name} is not a workspace, or it is damaged.") from error
        if code in _FORBIDDEN:
            raise Refusal(f"{name} cannot be opened or written here; check its folder and permissions.") from error
        raise


def _open(driver: ModuleType, uri: str) -> sqlite3.Connection:
    conn = driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
    return cast("sqlite3.Connection", conn)


def _on_read_only_disk(path: Path) -> bool:
    """Whether nothing can change the file here; else SQLite would want to make its -shm file before it reads."""
    return not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()


def _make_private_file(path: Path) -> None:
    """Create the file with mode 0600 before SQLite would with the umask's; -wal and -shm inherit its mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise Refusal(f"{path.name} cannot be made here: {error.strerror}.") from error
