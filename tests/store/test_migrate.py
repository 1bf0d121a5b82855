"""A workspace file: made whole, guarded, told apart from others, private."""

import sqlite3
import stat
from pathlib import Path

import pytest

from core.errors import Refusal, WorkspaceTooNew
from core.services.desk import Desk
from core.store import migrate
from core.store.connect import connect, engine


def fill(conn: sqlite3.Connection, table: str) -> None:
    """One made-up row, foreign keys aside."""
    columns = [(name, kind) for _, name, kind, *_ in conn.execute(f"PRAGMA table_info({table})")]
    values = [b"\0" * 32 if "BLOB" in k else n if "CHAR" in k or "TEXT" in k else 1 for n, k in columns]
    conn.execute("PRAGMA foreign_keys = OFF")
    names = ", ".join(f'"{name}"' for name, _ in columns)
    conn.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", values)
    conn.execute("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize("table", migrate.APPEND_ONLY)
def test_an_append_only_table_refuses_every_way_to_change_it(conn: sqlite3.Connection, table: str) -> None:
    fill(conn, table)
    before = conn.execute(f"SELECT * FROM {table}").fetchall()
    column = conn.execute(f"PRAGMA table_info({table})").fetchall()[-1][1]
    for attack in (
        f"DELETE FROM {table}",
        f'UPDATE {table} SET "{column}" = NULL',
        f'UPDATE OR REPLACE {table} SET "{column}" = 1',
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(attack)
    assert conn.execute(f"SELECT * FROM {table}").fetchall() == before


def test_texts_may_be_deleted_but_never_changed(conn: sqlite3.Connection) -> None:
    for table in migrate.FIXED:
        fill(conn, table)
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(f"UPDATE {table} SET body = 'other'")
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute(f"DELETE FROM {table}")
        conn.execute("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize(("seq", "prev"), [(3, b"L" * 32), (1, b"L" * 32), (2, b"x" * 32), (None, b"L" * 32)])
def test_an_audit_event_must_continue_the_chain(conn: sqlite3.Connection, seq: int | None, prev: bytes) -> None:
    insert = "INSERT INTO audit_event (seq, body, leaf, prev, link) VALUES (?, '{}', x'00', ?, ?)"
    conn.execute(insert, (1, bytes(32), b"L" * 32))
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(insert, (seq, prev, b"M" * 32))
    conn.execute(insert, (2, b"L" * 32, b"M" * 32))


def test_the_first_audit_event_starts_from_zeros(conn: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("INSERT INTO audit_event VALUES (1, '{}', x'00', x'01', x'00')")


def test_the_file_is_private_and_its_pragmas_are_safe(workspace: Path) -> None:
    conn = connect(workspace)
    conn.execute("CREATE TABLE probe (x)")
    for file in workspace.parent.glob("made.cdesk*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    expected = {
        "journal_mode": "wal", "secure_delete": 1, "foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1,
        "page_size": 8192, "temp_store": 2, "recursive_triggers": 1, "busy_timeout": 60_000, "synchronous": 2,
    }  # fmt: skip
    assert {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in expected} == expected
    conn.close()


def test_a_key_hook_speaks_first(tmp_path: Path) -> None:
    seen: list[int] = []
    connect(tmp_path / "a", key=lambda c: seen.append(c.execute("PRAGMA busy_timeout").fetchone()[0])).close()
    assert seen == [5000]  # Python's own default: none of the factory's pragmas had been set


def test_the_engine_uses_the_same_factory(workspace: Path) -> None:
    with engine(workspace).begin() as session:
        assert session.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
        assert session.exec_driver_sql("SELECT value FROM setting WHERE key = 'policies'").scalar_one() == "seed-2023"


def test_a_newer_workspace_is_left_untouched(workspace: Path) -> None:
    conn = connect(workspace)
    conn.execute(f"PRAGMA user_version = {migrate.VERSION + 1}")
    conn.close()
    before = workspace.read_bytes()
    with pytest.raises(WorkspaceTooNew, match=r"made\.cdesk was made by a newer version"):
        Desk.open(workspace)
    assert workspace.read_bytes() == before
    assert [p.name for p in workspace.parent.iterdir()] == ["made.cdesk"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a database", b"x" * 5000, b"SQLite format 3\x00 cut"])
def test_what_is_no_workspace_is_left_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(Refusal, match="is not a workspace"):
        Desk.open(path, create=True)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["other.bin"]


def test_another_products_database_is_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE notes (x)")
    conn.commit()
    conn.close()
    before = path.read_bytes()
    with pytest.raises(Refusal, match="is not a workspace"):
        Desk.open(path, create=True)
    assert path.read_bytes() == before


def test_a_workspace_without_its_guards_is_refused(workspace: Path) -> None:
    conn = connect(workspace)
    conn.execute("DROP TRIGGER decision_no_update")
    with pytest.raises(Refusal, match="guards"):
        migrate.check(conn, "made.cdesk")
    conn.close()


def test_an_older_workspace_is_brought_up_to_date(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "VERSION", migrate.VERSION + 1)
    monkeypatch.setitem(migrate.MIGRATIONS, migrate.VERSION - 1, lambda c: c.execute("CREATE TABLE added (x)"))
    conn = connect(workspace)
    migrate.check(conn)
    assert conn.execute("PRAGMA user_version").fetchone()[0] == migrate.VERSION
    assert conn.execute("SELECT count(*) FROM added").fetchone() == (0,)
    conn.close()


def test_a_migration_that_fails_changes_nothing(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(conn: sqlite3.Connection) -> None:
        conn.execute("CREATE TABLE added (x)")
        raise OSError

    monkeypatch.setattr(migrate, "VERSION", migrate.VERSION + 1)
    monkeypatch.setitem(migrate.MIGRATIONS, migrate.VERSION - 1, step)
    conn = connect(workspace)
    with pytest.raises(OSError):  # noqa: PT011 - the step's own
        migrate.check(conn)
    assert conn.execute("PRAGMA user_version").fetchone()[0] == migrate.VERSION - 1
    assert conn.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'added'").fetchone() == (0,)
    conn.close()


def test_a_missing_workspace_is_refused_unless_made(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"no workspace gone\.cdesk"):
        Desk.open(tmp_path / "gone.cdesk")
    assert list(tmp_path.iterdir()) == []


def test_after_a_crash_a_damaged_file_is_refused_and_the_lock_given_back(workspace: Path) -> None:
    size = workspace.stat().st_size
    with workspace.open("r+b") as file:
        for page in range(3, size // 8192, 2):
            file.seek(page * 8192)
            file.write(b"\xee" * 64)
    lock = workspace.with_name("made.cdesk.lock")
    lock.write_text("process 1 on nowhere")
    for _ in range(2):
        with pytest.raises(Refusal, match="damaged"):
            Desk.open(workspace)
        lock.write_text("process 1 on nowhere")


def test_a_workspace_that_cannot_be_made_leaves_no_half_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: sqlite3.Connection) -> None:
        raise Refusal("The disk that holds a.cdesk is full; nothing was changed, free some space first.")

    monkeypatch.setattr(migrate, "create", fail)
    with pytest.raises(Refusal, match="full"):
        Desk.open(tmp_path / "a.cdesk", create=True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Refusal, match="cannot be made"):
        Desk.open(tmp_path / "no" / "such" / "a.cdesk", create=True)
