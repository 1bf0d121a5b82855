"""Importing through the child process: real files, refusals, crashes, cancels, a full disk."""

import hashlib
import json
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cancel import CancelToken
from core.errors import DiskFull, Refusal, WorkspaceLocked
from core.model.view import Change, Kind, Query
from core.progress import Progress
from core.services import import_child
from core.services.desk import Desk
from core.services.import_child import Outcome, Task, digests
from core.services.importing import escaped
from core.store import audit, imports
from core.store.connect import connect

Write = Callable[..., Path]
COUNTS = ("seen", "imported", "duplicates", "new_versions", "quarantined")


@pytest.fixture
def log(tmp_path: Path) -> Write:
    """A maker of API logs: a name, how many records, lines that are no records, a text in each."""

    def make(name: str, records: int, bad: int = 0, words: str = "hello") -> Path:
        path = tmp_path / name
        with path.open("w") as file:
            for i in range(records):
                body = {"model": "m", "messages": [{"role": "user", "content": f"{words} {i}"}]}
                answer = {"choices": [{"message": {"role": "assistant", "content": "well " * 20}}]}
                line = {"id": f"r{i}", "created": 1_690_000_000 + i, "organization": "org-1"}
                file.write(json.dumps(line | {"request": body, "response": answer}) + "\n")
            file.write("not json\n" * bad)
        return path

    return make


def ledger(path: Path, *lines: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def deny(event_id: str, account: str = "org-1") -> dict[str, str]:
    return {
        "event_id": event_id, "account_id": account, "channel": "form", "action": "deny",
        "effective_at": "2023-05-01T00:00:00Z", "recorded_at": "2023-05-01T00:00:00Z",
    }  # fmt: skip


def counts(report: object) -> tuple[int, ...]:
    return tuple(getattr(report, name) for name in COUNTS)


def test_a_log_is_imported_decided_indexed_and_noted(desk: Desk, log: Write) -> None:
    changes: list[Change] = []
    desk.subscribe(changes.append)
    progress: list[Progress] = []
    path = log("a.jsonl", 300, bad=2)
    report = desk.importing.run([path], report=progress.append)
    (file,) = report.files
    assert (file.kind, file.status, counts(file)) == ("api_log", "complete", (302, 300, 0, 0, 2))
    assert file == desk.importing.imports()[0]
    now = desk.counts()
    assert (now.conversations, now.records, now.undecided, now.set_aside) == (300, 300, 0, 2)
    assert not desk.browsing.search_is_partial()
    assert len(desk.browsing.ids(Query(search="hello"))) == 300
    assert any(p.unit == "bytes" and p.done == p.total == path.stat().st_size for p in progress)
    event = json.loads(audit.lines(desk.readers.get(), 1)[0][1])
    assert (event["act"], event["actor"], event["detail"]["imported"]) == ("imported", "Ann Example", 300)
    desk.writer.run(lambda _: None)
    assert any(change.kinds & Kind.RECORDS for change in changes)
    assert counts(desk.importing.run([path]).files[0]) == (302, 0, 300, 0, 2)
    assert desk.counts().set_aside == 2


def test_set_aside_bytes_are_shown_escaped_and_the_look_is_noted(desk: Desk, log: Write) -> None:
    desk.importing.run([log("a.jsonl", 1, bad=1)])
    (row,) = desk.importing.quarantine()
    assert (row.file, row.line) == ("a.jsonl", 2)
    size = audit.head(desk.readers.get())[0]
    assert desk.importing.quarantine_raw(row.id).startswith("not json")
    assert audit.head(desk.readers.get())[0] == size + 1
    with pytest.raises(Refusal, match="number 99"):
        desk.importing.quarantine_raw(99)


def test_escaping_shows_every_byte() -> None:
    assert escaped(b"a\x00\xff\n") == "a\\x00\\xff\\n"
    assert escaped("é\u202e".encode()) == "é\\u202e"


def test_refused_files_leave_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "noise.bin").write_bytes(os.urandom(3000))
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04" + b"x" * 100)
    paths = [tmp_path / name for name in ("empty", "noise.bin", "cut.zip", "gone.zip")] + [tmp_path]
    report = desk.importing.run(paths)
    assert [f.status for f in report.files] == ["refused"] * 5
    assert all(f.reason.endswith(".") for f in report.files)
    assert counts(report.totals) == (0, 0, 0, 0, 0)
    assert desk.importing.imports() == ()
    assert audit.head(desk.readers.get()) == (0, "")


def test_a_ledger_moves_the_verdicts_of_its_accounts(desk: Desk, log: Write, tmp_path: Path) -> None:
    desk.importing.run([log("a.jsonl", 3)])
    before = {line["record"]: line["reason"] for line in desk.deciding.lines()}
    assert set(before.values()) == {"API_DEFAULT_OFF"}
    allow = deny("e1") | {"channel": "api_sharing", "action": "allow"}
    whole = {"type": "coverage", "account_id": "*", "complete_from": "2022-01-01T00:00:00Z"}
    report = desk.importing.run([ledger(tmp_path / "l.jsonl", allow, whole)])
    assert counts(report.totals) == (2, 2, 0, 0, 0)
    assert {line["reason"] for line in desk.deciding.lines()} == {"API_OPTED_IN"}


def test_a_ledger_cut_short_holds_everybody_until_imported_whole(desk: Desk, tmp_path: Path) -> None:
    whole = ledger(tmp_path / "l.jsonl", *(deny(f"e{i}", f"acc-{i}") for i in range(9)))
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole.read_bytes()[:-60])
    (file,) = desk.importing.run([cut]).files
    assert file.status == "partial"
    assert "cut.jsonl" in file.reason
    held = "SELECT account FROM ledger_fault WHERE resolved_by IS NULL"
    assert ("*",) in desk.readers.get().execute(held).fetchall()
    other = ledger(tmp_path / "other.jsonl", deny("x1"))
    desk.importing.run([other])
    assert ("*",) in desk.readers.get().execute(held).fetchall()
    (file,) = desk.importing.run([whole]).files
    assert (file.status, counts(file)) == ("complete", (9, 1, 8, 0, 0))
    assert desk.readers.get().execute(held).fetchall() == []


def test_two_contents_under_one_event_id_are_told(desk: Desk, tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.jsonl", deny("e1"), deny("e1") | {"action": "allow"}, deny("e2"))
    (file,) = desk.importing.run([path]).files
    assert (file.status, counts(file)) == ("complete", (3, 2, 0, 1, 0))
    assert "second content under one id" in file.reason


def test_a_crash_is_one_sentence_and_the_file_can_be_imported_again(desk: Desk, log: Write) -> None:
    path = log("big.jsonl", 20_000)

    def kill(progress: Progress) -> None:
        if progress.unit == "bytes":
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)

    (file,) = desk.importing.run([path], report=kill).files
    assert file.status == "partial"
    assert file.reason.startswith("big.jsonl crashed the reader near byte ")
    assert 0 < file.seen < 20_000
    assert desk.counts().records == file.imported
    assert desk.counts().undecided == 0
    (again,) = desk.importing.run([path]).files
    assert (again.status, counts(again)) == ("complete", (20_000, 20_000 - file.imported, file.imported, 0, 0))
    assert len(desk.browsing.ids(Query(search="hello"))) == 20_000


def test_a_cancel_keeps_what_is_committed_and_begins_no_other_file(desk: Desk, log: Write) -> None:
    token = CancelToken()
    paths = [log("big.jsonl", 20_000), log("next.jsonl", 1)]
    report = desk.importing.run(paths, cancel=token, report=lambda _: token.cancel())
    (file,) = report.files
    assert file.status == "partial"
    assert "cancelled" in file.reason
    assert file.seen < 20_000
    assert desk.importing.imports()[0].status == "cancelled"
    assert desk.counts().records == desk.counts().undecided == file.imported
    desk.importing.run(paths)
    assert (desk.counts().records, desk.counts().undecided) == (20_000, 0)


def test_a_cancel_before_the_first_file_begins_none(desk: Desk, log: Write) -> None:
    token = CancelToken()
    token.cancel()
    assert desk.importing.run([log("a.jsonl", 1)], cancel=token).files == ()


def test_imports_of_a_dead_process_are_marked_when_the_workspace_opens(tmp_path: Path) -> None:
    path = tmp_path / "w.cdesk"
    Desk.open(path, create=True).close()
    conn = connect(path)
    imports.begin(conn, path="/x/a.zip", sha256="aa", size=9, kind="chatgpt_export", account=None, at=1)
    conn.close()
    with Desk.open(path) as desk:
        (file,) = desk.importing.imports()
        assert file.status == "interrupted"
        assert "import the file again" in file.reason


def test_nothing_is_imported_into_a_workspace_held_elsewhere(desk: Desk, log: Write) -> None:
    with Desk.open(desk.path) as second, pytest.raises(WorkspaceLocked):
        second.importing.run([log("a.jsonl", 1)])


class Pipe:
    """The child's end of the pipe, in this process."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def poll(self) -> bool:
        return False

    def send(self, message: object) -> None:
        self.sent.append(message)


def run_here(workspace: Path, path: Path) -> Outcome:
    run = import_child._Run(Pipe(), Task(workspace, path, None, 1))  # type: ignore[arg-type]
    outcome = run.outcome()
    if run.conn is not None:
        run.conn.close()
    assert isinstance(outcome, Outcome)
    return outcome


def test_an_import_is_safe_where_a_library_has_opened_and_closed_the_workspace(desk: Desk, log: Write) -> None:
    for number in range(1, 4):
        desk.counts()
        desk.path.open("rb").close()  # as a file dialog does that looks for an icon: it drops this process's locks
        totals = desk.importing.run([log(f"{number}.jsonl", 5, words=f"round {number}")]).totals
        assert totals.imported + totals.new_versions == 5
        assert len(desk.importing.imports()) == number
    assert desk.counts().conversations == 5
    assert desk.auditing.verify().ok


def test_a_second_desk_in_one_process_never_opens_the_file_by_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.migrate.peek", lambda _: pytest.fail("the file was opened beside SQLite"))
    with Desk.open(desk.path) as second:
        assert second.read_only
    with Desk.open(desk.path) as second:
        assert second.read_only


def test_a_full_disk_leaves_whole_batches_and_says_so(
    workspace: Path, log: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path) -> sqlite3.Connection:
        conn = connect(path)
        conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0] + 300}")
        return conn

    path = log("a.jsonl", 9_000)
    monkeypatch.setattr(import_child, "connect", small)
    outcome = run_here(workspace, path)
    assert (outcome.status, outcome.kind) == ("partial", "api_log")
    assert "is full" in outcome.reason
    conn = connect(workspace)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    seen, imported = conn.execute("SELECT seen, imported FROM import").fetchone()
    assert 0 < seen == imported == conn.execute("SELECT count(*) FROM conversation").fetchone()[0]
    conn.close()


def test_a_full_disk_at_the_first_batch_refuses_the_file(
    workspace: Path, log: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> sqlite3.Connection:
        conn = connect(path)
        conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0]}")
        return conn

    monkeypatch.setattr(import_child, "connect", full)
    outcome = run_here(workspace, log("a.jsonl", 2_500))
    assert (outcome.status, outcome.import_id) == ("refused", None)


def test_a_disk_too_full_to_close_the_import_is_told_and_begins_no_other_file(
    desk: Desk, log: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull("full")

    paths = [log("a.jsonl", 3), log("b.jsonl", 3)]
    with monkeypatch.context() as patch:
        patch.setattr(imports, "close", full)
        (file,) = desk.importing.run(paths).files
    assert (file.status, file.imported, file.reason) == ("partial", 3, import_child.FULL)
    again = desk.importing.run(paths).files
    assert [(each.status, each.imported, each.duplicates) for each in again] == [("complete", 0, 3), ("complete", 0, 3)]
    assert desk.counts().not_eligible == desk.counts().records == 3


def test_a_disk_too_full_to_decide_says_so(desk: Desk, log: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull("full")

    monkeypatch.setattr(imports, "settled", full)
    with pytest.raises(DiskFull, match="were imported but not all decided"):
        desk.importing.run([log("a.jsonl", 3)])


def test_digests_of_a_file_and_of_its_beginnings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_child, "_CHUNK", 7)
    data = bytes(range(40))
    (tmp_path / "f").write_bytes(data)
    whole, parts = digests(tmp_path / "f", [0, 7, 10, 40, 41, 10], lambda: None)
    assert whole == hashlib.sha256(data).hexdigest()
    assert parts == {n: hashlib.sha256(data[:n]).hexdigest() for n in (0, 7, 10, 40)}


@pytest.mark.shared
def test_a_real_export_comes_in_whole_and_once(desk: Desk, shared: Path) -> None:
    path = shared / "data" / "chatgpt-2023" / "chatgpt-export-2023-06.zip"
    (file,) = desk.importing.run([path]).files
    assert (file.status, counts(file)) == ("complete", (192, 192, 0, 0, 0))
    sums = "SELECT sum(nodes), sum(records), sum(records) - sum(hidden_records) FROM conversation"
    assert desk.readers.get().execute(sums).fetchone() == (1752, 1560, 1551)
    now = desk.counts()
    assert (now.records, now.undetermined) == (1560, 1560)
    (file,) = desk.importing.run([path]).files
    assert (file.status, counts(file)) == ("complete", (192, 0, 192, 0, 0))
    assert desk.counts().records == 1560
