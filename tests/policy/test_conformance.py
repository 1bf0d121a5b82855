"""Scenario files: run, compared, and refused where they are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import Refusal
from core.policy.conformance import run

MINE: dict[str, Any] = {
    "id": "T1",
    "title": "switched off, shared, exported",
    "accounts": [
        {"id": "acct-fig", "ledger_complete_from": "2023-01-01T00:00:00Z"},
        {"id": "acct-gum", "age_band": "13_17", "plan": "consumer"},
    ],
    "events": [
        {
            "id": "e1", "account": "acct-fig", "channel": "form", "action": "deny", "effective_at": None,
            "processed_at": "2023-06-14T12:00:00Z", "recorded_at": "2023-06-14T12:00:00Z",
        },
        {"id": "e2", "type": "retraction", "retracts": "e1", "recorded_at": "2023-08-20T00:00:00Z"},
        {
            "id": "b1", "account": "acct-gum", "channel": "builder", "action": "deny", "gizmo_id": "gpt-fern",
            "effective_at": "2023-05-01T00:00:00Z", "recorded_at": "2023-05-01T00:00:00Z",
        },
    ],
    "conversations": [
        {
            "id": "c1", "product": "chatgpt", "account": "acct-fig", "created_at": "2023-06-20T09:00:00Z",
            "messages": [
                {"id": "m1", "sent_at": "2023-06-20T09:00:00Z", "redaction_status": "verified"},
                {"id": "m2"},
                {"id": "m3", "sent_at": "2023-06-20T09:10:00Z", "account_candidates": ["acct-fig", "acct-gum"]},
            ],
        },
        {
            "id": "c2", "product": "chatgpt", "account": "acct-fig", "created_at": None, "gpt_id": "gpt-fern",
            "messages": [{"id": "m4", "sent_at": "2023-06-02T09:00:00Z"}],
        },
        {
            "id": "c3", "product": "chatgpt", "account": "acct-nowhere", "created_at": "2023-06-02T09:00:00Z",
            "messages": [{"id": "m5", "sent_at": "2023-06-02T09:00:00Z"}],
        },
    ],
    "exports": [{"id": "x1", "exported_at": "2023-07-01T00:00:00Z", "records": ["m1"]}],
    "expected": {
        "records": {
            "m1": {"decision": "eligible", "reason": "CONSUMER_DEFAULT_ON", "clause": "C2", "exportable": True},
            "m2": {"decision": "eligible", "exportable": False},
            "m3": {"decision": "undetermined", "reason": "ACCOUNT_AMBIGUOUS"},
            "m4": {"decision": "not_eligible", "reason": "BUILDER_OPT_OUT"},
            "m5": {"decision": "undetermined", "reason": "ACCOUNT_UNKNOWN"},
        },
        "conversations": {"c1": "undetermined", "c2": "not_eligible"},
        "export_findings": {"x1": {"m1": "violation"}},
    },
}  # fmt: skip


def write(folder: Path, *scenarios: Any) -> Path:
    file = folder / "mine.json"
    body = {"schema": "consent-scenarios/1", "defaults": {"at": "2023-09-01T00:00:00Z"}, "scenarios": list(scenarios)}
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


def test_a_scenario_of_our_own_passes(tmp_path: Path) -> None:
    outcomes, passed, failed = run(write(tmp_path, MINE))
    assert [outcome.line for outcome in outcomes] == ["T1: ok"]
    assert (passed, failed) == (1, 0)


def test_differences_are_named(tmp_path: Path) -> None:
    wrong = json.loads(json.dumps(MINE))
    wrong["expected"] = {
        "records": {"m1": {"decision": "not_eligible", "override_status": "stale"}, "m9": {"decision": "eligible"}},
        "conversations": {"c1": "eligible", "c9": "eligible"},
        "export_findings": {"x1": {"m1": "ok"}, "x9": {"m1": "ok"}},
    }
    outcomes, passed, failed = run(write(tmp_path, wrong, MINE))
    assert (passed, failed) == (1, 1)
    line = outcomes[0].line
    for part in (
        "T1: m1 decision: expected not_eligible, got eligible",
        "m1 override_status: expected stale",
        "m9 is not a record",
        "conversation c1: expected eligible, got undetermined",
        "conversation c9",
        "export x1 m1: expected ok, got violation",
        "export x9",
    ):
        assert part in line


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"events": [{"id": "e", "account": "a", "channel": "pigeon", "action": "deny"}]}, "not whole"),
        ({"evaluate": {"policies": ["seed-1999"]}}, "no policy named"),
        ({"evaluate": {"at": "tomorrow"}}, "evaluate.at must be an exact time"),
        ({"conversations": [{"id": "c"}]}, "messages is missing"),
        ({"conversations": 7}, "not whole"),
    ],
)
def test_a_scenario_that_is_not_whole_fails_by_itself(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    outcomes, passed, failed = run(write(tmp_path, {**MINE, **change}, MINE, 5))
    assert (passed, failed) == (1, 2)
    assert words in outcomes[0].line
    assert outcomes[2].line == "scenario 3: it has no id"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not valid JSON at line 1"),
        (b"[]", "no list named scenarios"),
        (b'{"scenarios": 3}', "no list named scenarios"),
        (b'{"scenarios": [], "defaults": 3}', "defaults are not an object"),
        (b"\xff\xfe\x00", "not a JSON text"),
        (b"", "not valid JSON"),
    ],
)
def test_what_is_no_scenario_file_is_refused(tmp_path: Path, body: bytes, words: str) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(body)
    with pytest.raises(Refusal, match=words):
        run(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"mine\.json could not be read: no such file"):
        run(tmp_path / "mine.json")


@pytest.mark.shared
def test_the_shared_scenarios_pass(shared: Path) -> None:
    outcomes, passed, failed = run(shared / "scenarios" / "consent.json")
    assert [outcome.line for outcome in outcomes if not outcome.passed] == []
    assert (passed, failed) == (76, 0)
