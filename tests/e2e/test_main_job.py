"""The main job by command lines alone: exit codes, and JSON to the letter of the contract."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import ACCOUNT, Run, write_export, write_ledger

ROOT = Path(__file__).resolve().parents[2]
FIVE = ("seen", "imported", "duplicates", "new_versions", "quarantined")


def test_import_counts_and_is_repeatable(run: Run, tmp_path: Path) -> None:
    workspace, export = tmp_path / "w.cdesk", write_export(tmp_path / "export.zip")
    first = run("import", workspace, export, write_ledger(tmp_path / "ledger.jsonl"), "--json")
    assert first.code == 0
    assert [first.json[name] for name in FIVE] == [5, 5, 0, 0, 0]
    assert [file["kind"] for file in first.json["files"]] == ["chatgpt_export", "consent_ledger"]
    assert [file["status"] for file in first.json["files"]] == ["complete", "complete"]
    assert set(first.json["files"][0]) == {"path", "kind", "status", *FIVE, "reason"}
    again = run("--json", "import", workspace, export)
    assert again.code == 0
    assert [again.json[name] for name in FIVE] == [3, 0, 3, 0, 0]
    assert workspace.stat().st_mode & 0o077 == 0


def test_decide_stores_and_what_if_does_not(run: Run, case: Path) -> None:
    stored = run("decide", case / "case.cdesk", "--json")
    assert stored.code == 0
    assert stored.json == {"records": 6, "eligible": 4, "undetermined": 0, "not_eligible": 2}
    early = run(
        "decide", case / "case.cdesk", "--at", "2024-01-01T00:00:00Z", "--known-at", "2023-06-01T00:00:00Z", "--json"
    )
    assert early.json == {"records": 6, "eligible": 6, "undetermined": 0, "not_eligible": 0}
    sold = run("decide", case / "case.cdesk", "--purpose", "advertising", "--json")
    assert sold.json["not_eligible"] == 6
    assert run("decide", case / "case.cdesk", "--json").json == stored.json


def test_decide_prints_a_line_a_record(run: Run, case: Path) -> None:
    said = run("decide", case / "case.cdesk", "--json-lines")
    lines = [json.loads(line) for line in said.out]
    assert len(lines) == 6
    keys = {
        "record",
        "conversation",
        "account",
        "product",
        "decision",
        "reason",
        "clause",
        "reasons",
        "policies",
        "events",
    }
    assert all(set(line) >= keys for line in lines)
    off = {line["record"]: line for line in lines if line["conversation"] == "c-off"}
    assert set(off) == {"m-c-off-q", "m-c-off-a"}
    assert off["m-c-off-q"]["reason"] == "CREATED_WHILE_OPTED_OUT"
    assert off["m-c-off-q"]["events"] == ["e-off"]


def test_explain_says_why_and_what_would_change_it(run: Run, case: Path) -> None:
    said = run("explain", case / "case.cdesk", f"{ACCOUNT}/c-off/m-c-off-q")
    assert said.code == 0
    assert "Not eligible" in said.out[0]
    assert any("e-off" in line for line in said.out)
    told = run("explain", case / "case.cdesk", "c-off/m-c-off-q", "--json").json
    assert (told["decision"], told["reason"]) == ("not_eligible", "CREATED_WHILE_OPTED_OUT")
    assert told["events"][0]["event_id"] == "e-off"
    assert told["changes"]
    assert run("explain", case / "case.cdesk", "no-such").code == 2


def test_scan_is_cached(run: Run, case: Path) -> None:
    said = run("scan", case / "case.cdesk", "--rules-only", "--workers", "0", "--json").json
    assert said["scanned"] == 0
    assert said["cached"] >= 6
    assert said["by_entity"]["EMAIL_ADDRESS"] >= 1
    assert said["findings"] == sum(said["by_entity"].values())


def test_stats_write_the_columns_of_the_contract(run: Run, case: Path, tmp_path: Path) -> None:
    said = run("stats", case / "case.cdesk", "--csv", tmp_path / "rates.csv", "--json")
    assert said.code == 0
    assert {"rates", "funnel", "reasons"} <= set(said.json)
    with (tmp_path / "rates.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert ",".join(rows[0]) == "period,product,region,accounts,opted_out,rate,low,high,suppressed"
    assert len(rows) > 1
    assert run("stats", case / "case.cdesk", "--by", "planet").code == 2


def test_an_answer_without_json_holds_no_json(run: Run, case: Path) -> None:
    assert not any(line.startswith("{") for line in run("stats", case / "case.cdesk").out)


def test_the_audit_trail_is_whole(run: Run, case: Path) -> None:
    said = run("audit", case / "case.cdesk", "verify", "--json")
    assert said.code == 0
    assert said.json["ok"] is True
    assert said.json["events"] > 0
    assert run("audit", case / "case.cdesk", "verify", "--head", f"1:{'0' * 64}").code == 2
    assert run("audit", case / "case.cdesk", "verify", "--head", "nonsense").code == 2


def test_doctor_says_what_is_not_screened(run: Run) -> None:
    said = run("doctor")
    assert said.code == 0
    text = "\n".join(said.out)
    assert "not screened" in text
    assert "rampart" in text


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["detect", "--help"]])
def test_the_script_runs_by_itself(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "main.py", *arguments], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip()
