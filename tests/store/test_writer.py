"""One writer: acts in order, whole or not at all; one reader a thread; one writing process."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.errors import Refusal, WorkspaceLocked
from core.model.view import Change, Kind
from core.services.desk import Desk
from core.store.connect import connect
from core.store.lock import WriteLock
from core.store.writer import Readers, Writer

INSERT = "INSERT INTO setting (key, value) VALUES (?, 'x')"


def keys(path: Path) -> list[str]:
    conn = connect(path, read_only=True)
    found = [k for (k,) in conn.execute("SELECT key FROM setting WHERE value = 'x' ORDER BY rowid")]
    conn.close()
    return found


def test_acts_of_many_threads_run_one_after_another(workspace: Path) -> None:
    writer = Writer(workspace)

    def work(who: int) -> None:
        for n in range(20):
            writer.run(lambda c, key=f"{who}-{n}": c.execute(INSERT, (key,)), durable=n % 2 == 0)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    writer.close()
    assert sorted(keys(workspace)) == sorted(f"{i}-{n}" for i in range(4) for n in range(20))


def test_a_failing_act_is_rolled_back_and_raised(workspace: Path) -> None:
    writer = Writer(workspace)

    def act(conn: sqlite3.Connection) -> None:
        conn.execute(INSERT, ("half",))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        writer.run(act)
    writer.run(lambda c: c.execute(INSERT, ("whole",)))
    writer.close()
    assert keys(workspace) == ["whole"]
    with pytest.raises(Refusal, match="closed"):
        writer.run(lambda _: None)


def test_a_full_disk_is_one_sentence_and_changes_nothing(workspace: Path) -> None:
    writer = Writer(workspace)
    pages = writer.run(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    writer._conn.execute(f"PRAGMA max_page_count = {pages + 2}")

    def act(conn: sqlite3.Connection) -> None:
        conn.execute(INSERT, ("small",))
        conn.execute("INSERT INTO setting (key, value) VALUES ('big', ?)", ("y" * 200_000,))

    with pytest.raises(Refusal, match=r"full; nothing was changed"):
        writer.run(act)
    writer.run(lambda c: c.execute(INSERT, ("later",)))
    writer.close()
    assert keys(workspace) == ["later"]


def test_an_act_may_not_wait_for_another(workspace: Path) -> None:
    writer = Writer(workspace)
    with pytest.raises(RuntimeError):
        writer.run(lambda _: writer.run(lambda _: None))
    writer.close()


def test_every_thread_reads_through_its_own_connection(workspace: Path) -> None:
    readers, writer = Readers(workspace), Writer(workspace)
    mine = readers.get()
    assert readers.get() is mine
    others: list[sqlite3.Connection] = []
    thread = threading.Thread(target=lambda: others.append(readers.get()))
    thread.start()
    thread.join()
    assert others[0] is not mine
    writer.run(lambda c: c.execute(INSERT, ("seen",)))
    assert mine.execute("SELECT count(*) FROM setting WHERE key = 'seen'").fetchone() == (1,)
    with pytest.raises(sqlite3.OperationalError):
        mine.execute(INSERT, ("never",))
    readers.close()
    writer.close()
    with pytest.raises(Refusal, match="closed"):
        readers.get()


def test_a_second_desk_is_read_only_and_says_who_writes(desk: Desk) -> None:
    with Desk.open(desk.path) as second:
        assert second.read_only
        assert "is being written to by process" in second.why_read_only
        assert second.counts().conversations == 0
        with pytest.raises(WorkspaceLocked, match="is being written to"):
            second.writer.run(lambda _: None)
    with pytest.raises(WorkspaceLocked):
        WriteLock(desk.path)


def test_another_process_is_kept_out_and_the_lock_falls_with_it(workspace: Path) -> None:
    script = "import sys; from pathlib import Path; from core.store.lock import WriteLock\n"
    script += "WriteLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(workspace)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(WorkspaceLocked, match=f"process {child.pid} on"):
        WriteLock(workspace)
    child.kill()
    child.communicate()
    lock = WriteLock(workspace)
    assert lock.crashed
    lock.release()
    lock.release()
    assert not lock.path.exists()
    fresh = WriteLock(workspace)
    assert not fresh.crashed
    fresh.release()


def test_a_file_that_may_not_be_written_opens_read_only(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> WriteLock:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.services.desk.WriteLock", refuse)
    with Desk.open(workspace) as opened:
        assert opened.read_only
        assert opened.counts().records == 0


def test_listeners_hear_changes_after_the_commit(desk: Desk) -> None:
    heard: list[tuple[Change, str]] = []
    done = threading.Event()

    def listen(change: Change) -> None:
        heard.append((change, threading.current_thread().name))
        done.set()

    stop = desk.subscribe(listen)
    desk.publish(Change(Kind.AUDIT, (7,)))
    assert done.wait(5)
    stop()
    stop()
    desk.publish(Change(Kind.AUDIT))
    desk.writer.run(lambda _: None)
    assert heard == [(Change(Kind.AUDIT, (7,)), "writer")]


def test_a_failing_listener_does_not_end_the_writer(desk: Desk) -> None:
    def listen(_: Change) -> None:
        raise KeyError

    heard: list[Change] = []
    desk.subscribe(listen)
    desk.subscribe(heard.append)
    desk.publish(Change(Kind.AUDIT))
    assert desk.writer.run(lambda _: 7) == 7
    assert heard == [Change(Kind.AUDIT)]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_another_name_of_the_file_does_not_make_a_second_writer(desk: Desk, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.cdesk"
    link.parent.mkdir()
    link.symlink_to(desk.path)
    with Desk.open(link) as second:
        assert second.read_only


def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    made = Desk.open(tmp_path / "a.cdesk", create=True)
    made.counts()
    made.writer.run(lambda c: c.execute(INSERT, ("kept",)))
    made.close()
    made.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.cdesk"]
    assert keys(tmp_path / "a.cdesk") == ["kept"]


def test_a_workspace_on_a_read_only_disk_can_be_read(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.connect.os.access", lambda *_: False)
    conn = connect(workspace, read_only=True)
    assert conn.execute("SELECT value FROM setting WHERE key = 'fts_through'").fetchone() == ("0",)
    conn.close()
    assert [p.name for p in workspace.parent.iterdir()] == [workspace.name]
