"""Every conformance scenario that files can carry, through the files and the command line, to the same verdict."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import scenario_files as files
from tests.e2e.conftest import Run

SCENARIOS = Path(__file__).resolve().parents[3] / "shared" / "scenarios" / "consent.json"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not SCENARIOS.exists(), reason="no shared scenarios")]
FIVE = ("imported", "new_versions", "quarantined")


def _load() -> list[files.Json]:
    value = json.loads(SCENARIOS.read_text(encoding="utf-8"))
    return files.carried({"evaluate": {}, "overrides": []} | each for each in value["scenarios"])


def _options(scenario: files.Json) -> tuple[str, ...]:
    """The what-if options of a scenario; one with overrides is judged now, since overrides are recorded now."""
    given = scenario["evaluate"]
    options: list[str] = []
    if not scenario["overrides"]:
        options += ["--at", given.get("at", "2023-09-01T00:00:00Z")]
    if given.get("known_at"):
        options += ["--known-at", given["known_at"]]
    if given.get("policies"):
        options += ["--policy", ",".join(given["policies"])]
    if "purpose" in given:
        options += ["--purpose", given["purpose"] or ""]
    return tuple(options)


def _import(run: Run, workspace: Path, paths: list[Path]) -> None:
    """Import twice: the second time nothing may change."""
    first = run("import", workspace, *paths, "--json")
    assert first.code == 0, first.err
    assert first.json["quarantined"] == 0
    again = run("import", workspace, *reversed(paths), "--json")
    assert again.code == 0
    assert {name: again.json[name] for name in FIVE} == dict.fromkeys(FIVE, 0)


def _review(run: Run, workspace: Path, scenario: files.Json) -> None:
    """Take the scenario's overrides through ``review``; exit codes as the contract has them."""
    codes = {"applied": 0, "pending": 3, "rejected": 2}
    for override in scenario["overrides"]:
        record = files.named(scenario, override["record"])
        options = ["--action", override["action"], "--by", override["by"], "--reason", override["reason"]]
        if "second_by" in override:
            options += ["--second", override["second_by"]]
        if "evidence" in override:
            options += ["--evidence", override["evidence"]]
        said = run("review", workspace, record, *options, "--json")
        status = scenario["expected"]["records"][override["record"]]["override_status"]
        assert said.code == codes[status], (scenario["id"], said)


def _verdicts(run: Run, workspace: Path, options: tuple[str, ...]) -> dict[str, files.Json]:
    said = run("decide", workspace, *options, "--json-lines")
    assert said.code == 0, said.err
    lines = [json.loads(line) for line in said.out]
    found = {line["record"]: line for line in lines}
    assert len(found) == len(lines)
    return found


@pytest.mark.parametrize("ledgers_first", [True, False])
def test_files_give_the_scenarios_verdicts(run: Run, tmp_path: Path, ledgers_first: bool) -> None:
    scenarios, workspace = _load(), tmp_path / "w.cdesk"
    early = [files.ledger(each) for each in scenarios]
    rest = [line for each in early for line in each.rest]
    events = [line for each in early for line in each.events]
    if ledgers_first:
        ledgers = [
            files.write_csv(tmp_path / "events.csv", events),
            files.write_jsonl(tmp_path / "rest.jsonl", rest),
        ]
    else:
        ledgers = [files.write_jsonl(tmp_path / "ledger.jsonl", reversed([*events, *rest]))]
    archives = files.write_archives(tmp_path, scenarios, one_export=ledgers_first)
    for paths in [ledgers, archives] if ledgers_first else [archives, ledgers]:
        _import(run, workspace, paths)
    for scenario in scenarios:
        _review(run, workspace, scenario)
    late = [line for each in scenarios for line in files.ledger(each, late=True).events]
    _import(run, workspace, [files.write_jsonl(tmp_path / "late.jsonl", late)])

    wrong: list[tuple[str, str, Any, Any]] = []
    verdicts = {options: _verdicts(run, workspace, options) for options in {_options(each) for each in scenarios}}
    for scenario in scenarios:
        found = verdicts[_options(scenario)]
        for name, expected in scenario["expected"]["records"].items():
            line = found[str(files.named(scenario, name))]
            wanted = {key: expected[key] for key in ("decision", "reason", "clause")}
            if any(line[key] != value for key, value in wanted.items()):
                wrong.append((scenario["id"], name, wanted, line))
    assert not wrong
