"""Bad input: one plain sentence, exit code 2 or 3, nothing half-written."""

import errno
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from core.cli import app
from core.errors import Cancelled, Refusal
from tests.e2e.conftest import ACCOUNT, Run, write_export


def refused(run: Run, folder: Path, *arguments: object) -> str:
    """Run a command line that must be refused in one sentence and leave no workspace; gives the sentence."""
    said = run(*arguments)
    assert said.code == 2
    (sentence,) = said.err.strip().splitlines()
    assert sentence.endswith(".")
    assert not list(folder.glob("*.cdesk*"))
    return sentence


def test_files_that_are_no_archive(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "notes.txt"
    for body in (b"just words", b"", b"\x00\x01\x02", b"PK\x03\x04 not really a zip"):
        bad.write_bytes(body)
        assert bad.name in refused(run, tmp_path, "import", tmp_path / "w.cdesk", bad)
    assert "nowhere.zip" in refused(run, tmp_path, "import", tmp_path / "w.cdesk", tmp_path / "nowhere.zip")
    refused(run, tmp_path, "import", tmp_path / "w.cdesk", tmp_path)


def test_a_zip_cut_short(run: Run, tmp_path: Path) -> None:
    whole = write_export(tmp_path / "export.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    refused(run, tmp_path, "import", tmp_path / "w.cdesk", tmp_path / "cut.zip")


def test_a_zip_with_a_password(run: Run, tmp_path: Path) -> None:
    path = write_export(tmp_path / "locked.zip")
    body = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag "encrypted" of each member, both times
        start = body.find(magic)
        while start >= 0:
            body[start + offset] |= 1
            start = body.find(magic, start + 4)
    path.write_bytes(body)
    sentence = refused(run, tmp_path, "import", tmp_path / "w.cdesk", path)
    assert "encrypted" in sentence or "password" in sentence


def test_a_ledger_with_a_repeated_column(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("event_id,account_id,channel,action,effective_at,recorded_at,action\n", encoding="utf-8")
    refused(run, tmp_path, "import", tmp_path / "w.cdesk", path)


def test_json_cut_in_the_middle_gives_what_is_whole(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(write_export(tmp_path / "export.zip")) as archive:
        text = archive.read("conversations.json").decode()
    with zipfile.ZipFile(tmp_path / "cut.zip", "w") as archive:
        archive.writestr("conversations.json", text[: len(text) - 100])
        archive.writestr("user.json", f'{{"id": "{ACCOUNT}"}}')
    said = run("import", tmp_path / "w.cdesk", tmp_path / "cut.zip", "--json")
    assert said.code == 3
    assert said.json["files"][0]["status"] == "partial"
    assert said.json["imported"] == 2
    assert said.json["seen"] == sum(said.json[n] for n in ("imported", "duplicates", "new_versions", "quarantined"))
    assert said.json["files"][0]["reason"]


def test_one_bad_file_among_good_ones_is_partly(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words", encoding="utf-8")
    good = write_export(tmp_path / "export.zip")
    said = run("import", tmp_path / "w.cdesk", tmp_path / "notes.txt", good, "--json")
    assert said.code == 3
    assert [file["status"] for file in said.json["files"]] == ["refused", "complete"]


def test_what_was_set_aside_is_shown(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    good = '{"type": "coverage", "account_id": "*", "complete_from": "2022-01-01T00:00:00Z"}\n'
    ledger.write_text(
        good + '{"type": "event", "event_id": "e1", "account_id": "u", "channel": "fax"}\n', encoding="utf-8"
    )
    said = run("import", tmp_path / "w.cdesk", ledger, "--json")
    assert (said.code, said.json["quarantined"]) == (3, 1)
    shown = run("quarantine", tmp_path / "w.cdesk", "--json-lines")
    assert set(shown.json) == {"file", "member", "index", "line", "offset", "reason"}
    assert shown.json["line"] == 2
    assert run("quarantine", tmp_path / "w.cdesk").out[-1] == "1 set aside."


def test_workspaces_that_are_none(run: Run, tmp_path: Path) -> None:
    missing = run("decide", tmp_path / "none.cdesk")
    assert (missing.code, len(missing.err.splitlines())) == (2, 1)
    (tmp_path / "text.db").write_text("no database at all, just words " * 40, encoding="utf-8")
    assert run("decide", tmp_path / "text.db").code == 2
    with sqlite3.connect(tmp_path / "other.db") as conn:
        conn.execute("CREATE TABLE t (x)")
    conn.close()
    assert run("decide", tmp_path / "other.db").code == 2


def test_a_workspace_of_a_newer_version(run: Run, case: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.cdesk"
    newer.write_bytes((case / "case.cdesk").read_bytes())
    with sqlite3.connect(newer) as conn:
        conn.execute("PRAGMA user_version = 9999")
    conn.close()
    before = newer.read_bytes()
    said = run("decide", newer)
    assert said.code == 2
    assert "newer" in said.err
    assert newer.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(run: Run, tmp_path: Path) -> None:
    path = write_export(tmp_path / "export.zip")
    path.chmod(0)
    assert "permission" in refused(run, tmp_path, "import", tmp_path / "w.cdesk", path)


@pytest.mark.parametrize("arguments", [["nonsense"], ["decide"], ["export", "w"], ["scan", "w", "--workers", "many"]])
def test_command_lines_that_are_wrong(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (Refusal("No."), 2, "No."),
        (OSError(errno.ENOSPC, "No space left", "w.cdesk"), 2, "disk is full"),
        (PermissionError(errno.EACCES, "denied", "w.cdesk"), 2, "permission"),
        (Cancelled(), 3, "Cancelled"),
        (KeyboardInterrupt(), 3, "Cancelled"),
        (ValueError("the record said hello"), 1, "ValueError"),
    ],
)
def test_errors_become_exit_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, word: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(app, "app", fail)
    said = run("decide", "w.cdesk")
    assert said.code == code
    assert word in said.err
    assert "hello" not in said.err


def test_a_full_disk_of_the_database(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(app, "app", fail)
    said = run("decide", "w.cdesk")
    assert (said.code, "disk is full" in said.err) == (2, True)
