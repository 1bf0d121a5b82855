"""Making a workspace, and telling whether a file is one that this version may open.

``application_id`` and ``user_version`` stand in the file's first 100 bytes and are read from there, before SQLite
touches the file: what is not ours, or newer than us, is left exactly as it was. The append-only tables are guarded by
triggers here, since no constraint of the schema can say "never changed".
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from core import times
from core.errors import Refusal, WorkspaceTooNew
from core.store.search import CREATE_INDEX
from core.store.writer import transact

APPLICATION_ID = 0x43444B31  # "CDK1", so that another product's SQLite file is never taken for a workspace
VERSION = 1
APPEND_ONLY = (
    "consent_event", "retraction", "coverage", "deletion", "account_line",
    "decision", "text_review", "approved_set", "set_approval", "set_item", "release", "released_row", "audit_event",
)  # fmt: skip
"""Tables whose rows are neither changed nor deleted."""
FIXED = ("text", "free_text")
"""Tables whose rows are never changed, only deleted: a person's erasure removes their words."""
SETTINGS = {"policies": "seed-2023", "fts_through": "0", "decided_through": "0"}

MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}
"""The step from each older version to the next one; each runs in a transaction of its own."""

_MAGIC = b"SQLite format 3\x00"
_CHAIN_GUARD = """
CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
  OR NEW.prev IS NOT coalesce((SELECT link FROM audit_event ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'audit_event continues its chain'); END
"""


def peek(path: Path) -> bool:
    """Whether the existing file at ``path`` holds a workspace; False for an empty file.

    Raises :class:`~core.errors.Refusal` for anything else, ``WorkspaceTooNew`` for a newer version's.
    The file is only read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise Refusal(f"{path.name} cannot be opened: {error.strerror}.") from error
    if not head:
        return False
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise _not_ours(path.name)
    _judge(path.name, int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big", signed=True))
    return True


def check(conn: sqlite3.Connection, name: str = "This file") -> None:
    """Refuse a database that is no workspace or newer than this version; bring an older one up to date."""
    version: int = conn.execute("PRAGMA user_version").fetchone()[0]
    _judge(name, conn.execute("PRAGMA application_id").fetchone()[0], version)
    for older in range(version, VERSION):
        step = MIGRATIONS[older]

        def act(c: sqlite3.Connection, step: Callable[[sqlite3.Connection], None] = step, to: int = older + 1) -> None:
            step(c)
            c.execute(f"PRAGMA user_version = {to}")

        transact(conn, act)
    if version < VERSION:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    missing = {f"{t}_no_{verb}" for t, verb in _guarded()} - _triggers(conn)
    if missing or "audit_event_chain" not in _triggers(conn):
        raise Refusal(f"{name} has lost the guards of its append-only tables; it may have been tampered with.")


def sound(conn: sqlite3.Connection) -> bool:
    """Whether SQLite finds the pages of the file in order; it reads all of them."""
    return bool(conn.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def create(conn: sqlite3.Connection) -> None:
    """Make the tables, guards, full-text index and first settings of a new workspace, in one transaction."""
    transact(conn, _create)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the header page reaches the main file, where peek looks


def _create(conn: sqlite3.Connection) -> None:
    for statement in _statements():
        conn.execute(statement)
    settings = SETTINGS | {"id": secrets.token_hex(16), "created_at": str(times.now())}
    conn.executemany("INSERT INTO setting (key, value) VALUES (?, ?)", settings.items())
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version = {VERSION}")


def _statements() -> Iterator[str]:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlmodel import SQLModel

    import core.store.schema_acts  # noqa: F401 - only here: it takes long to load, and only a new workspace needs it

    dialect = sqlite.dialect()
    for table in SQLModel.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
    for name, verb in _guarded():
        yield (
            f"CREATE TRIGGER {name}_no_{verb} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
    yield _CHAIN_GUARD
    yield from CREATE_INDEX


def _guarded() -> Iterator[tuple[str, str]]:
    for name in APPEND_ONLY:
        yield name, "update"
        yield name, "delete"
    for name in FIXED:
        yield name, "update"


def _triggers(conn: sqlite3.Connection) -> set[str]:
    return {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}


def _judge(name: str, application: int, version: int) -> None:
    if application != APPLICATION_ID or version < 1:
        raise _not_ours(name)
    if version > VERSION:
        raise WorkspaceTooNew(
            f"{name} was made by a newer version of the product (its format is {version}, this version reads up to "
            f"{VERSION}); it was left untouched, so update the product to open it."
        )


def _not_ours(name: str) -> Refusal:
    return Refusal(f"{name} is not a workspace of this product; it was left untouched.")
