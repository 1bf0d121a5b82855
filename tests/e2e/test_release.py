"""From a person's decision to a bundle that a stranger can verify, by command lines alone."""

import shutil
from pathlib import Path

import pytest

from core.release import sign
from tests.e2e.conftest import Run

RECORD = "c-garden/m-c-garden-q"


@pytest.fixture
def desk(case: Path, tmp_path: Path) -> Path:
    """A copy of the case's workspace, to change at will."""
    return Path(shutil.copy(case / "case.cdesk", tmp_path / "copy.cdesk"))


def test_one_person_excludes(run: Run, desk: Path) -> None:
    said = run("review", desk, RECORD, "--action", "exclude", "--by", "Ines", "--reason", "private", "--json")
    assert said.code == 0
    assert said.json == {"applied": 1, "pending": 0, "rejected": []}
    assert run("decide", desk, "--json").json["not_eligible"] == 3


def test_an_include_waits_for_a_second_person(run: Run, desk: Path) -> None:
    asked = ("--action", "include", "--by", "Ines", "--reason", "asked", "--evidence", "letter 7", "--json")
    said = run("review", desk, "c-off/m-c-off-q", *asked)
    assert said.code in (2, 3)
    assert said.json["applied"] == 0


def test_people_are_told_what_still_waits(run: Run, desk: Path) -> None:
    said = run("approve", desk, "--set", "alone", "--eligible", "--by", "Ines")
    assert "nobody is named by --second" in said.out[-1]
    said = run("approve", desk, "--set", "same", "--eligible", "--by", "Ines", "--second", "INES")
    assert "is the first person" in said.out[-1]
    said = run("approve", desk, "--set", "none", "--query", "nosuchword", "--by", "Ines", "--second", "Ravi")
    assert said.code == 0
    assert "EMPTY" in said.out[-1]


def test_doctor_shows_the_fingerprint_once_there_is_a_key(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DESK_DATA", str(tmp_path / "own"))
    fact = next(line for line in run("doctor").out if "fingerprint:" in line)
    assert "none yet" in fact
    assert not (tmp_path / "own" / sign.KEY_FILE).exists()
    key = sign.SigningKey.load_or_create()
    assert any(key.fingerprint in line for line in run("doctor").out)


def test_a_conversation_is_explained_by_the_record_that_decides_it(run: Run, desk: Path) -> None:
    by_record = run("explain", desk, RECORD, "--json")
    by_name = run("explain", desk, "c-garden", "--json")
    assert (by_name.code, by_name.json["conversation"]) == (0, by_record.json["conversation"])
    assert run("explain", desk, "c-none").code == 2


def test_a_review_is_confirmed_by_another_person_and_undone(run: Run, desk: Path) -> None:
    before = run("decide", desk, "--json").json
    assert run("review", desk, RECORD, "--action", "exclude", "--by", "Ines", "--reason", "private").code == 0
    assert run("review", desk, "--undo", "--by", "Ines", "--json").json["applied"] == 1
    assert run("decide", desk, "--json").json == before
    assert run("review", desk, "--undo", "--by", "Ines").code == 2
    asked = ("--action", "include", "--by", "Ines", "--reason", "asked", "--evidence", "letter 7")
    said = run("review", desk, "c-off/m-c-off-q", *asked)
    assert "nobody is named by --second" in said.out[-1]
    assert run("review", desk, "c-off/m-c-off-q", "--confirm", "--by", "Ines").code == 2
    assert run("review", desk, "c-off/m-c-off-q", "--confirm", "--by", "Ravi").code == 0


@pytest.mark.parametrize("options", [("--undo", RECORD), (RECORD,), ("--undo", "--confirm"), ("--confirm",)])
def test_options_of_a_review_that_do_not_go_together(run: Run, desk: Path, options: tuple[str, ...]) -> None:
    assert run("review", desk, *options, "--by", "Ines").code == 2


def test_records_lists_names_that_approve_takes(run: Run, desk: Path, tmp_path: Path) -> None:
    said = run("records", desk, "--query", "decision:eligible")
    names = [line.split("\t")[0] for line in said.out]
    assert (said.code, len(names)) == (0, 2)
    assert "plant" not in "".join(said.out)
    (tmp_path / "ids").write_text("\n".join(names), encoding="utf-8")
    frozen = run("approve", desk, "--set", "listed", "--ids", tmp_path / "ids", "--by", "Ines", "--json").json
    assert frozen["conversations"] == 2
    assert run("records", desk, "--json").json == {"conversations": 3}
    assert run("records", desk, "--json-lines").out[0].startswith('{"conversation": "')


def test_names_and_reasons_are_asked_for(run: Run, desk: Path) -> None:
    assert run("review", desk, RECORD, "--action", "exclude", "--by", " ", "--reason", "x").code == 2
    assert run("review", desk, RECORD, "--action", "exclude", "--by", "Ines", "--reason", "").code == 2
    assert run("review", desk, RECORD, "--action", "maybe", "--by", "Ines", "--reason", "x").code == 2


def test_a_draft_is_not_released(run: Run, desk: Path, tmp_path: Path) -> None:
    said = run("approve", desk, "--set", "draft", "--eligible", "--by", "Ines", "--json")
    assert said.code == 0
    assert said.json == {"set": "draft", "conversations": 2, "records": 4, "left_out": 1}
    asked = ("--set", "draft", "--recipient", "Lab", "--purpose", "model_improvement", "--json")
    refused = run("export", desk, tmp_path / "out", *asked)
    assert refused.code == 2
    gates = {gate["gate"]: gate["ok"] for gate in refused.json["gates"]}
    assert gates["two_people"] is False
    assert not list(tmp_path.glob("out/*"))


def test_a_query_or_a_file_of_ids_names_a_set(run: Run, desk: Path, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("c-garden\nc-off\n", encoding="utf-8")
    by = ("--by", "Ines", "--second", "Ravi", "--json")
    assert run("approve", desk, "--set", "by ids", "--ids", ids, *by).json["conversations"] == 1
    assert run("approve", desk, "--set", "by query", "--query", "product:chatgpt", *by).json["left_out"] == 1
    assert run("approve", desk, "--set", "nothing", *by).code == 2
    assert run("approve", desk, "--set", "two ways", "--eligible", "--ids", ids, *by).code == 2
    assert run("approve", desk, "--set", "no file", "--ids", tmp_path / "none", *by).code == 2


def test_a_bundle_is_verified_and_any_change_is_named(run: Run, desk: Path, tmp_path: Path) -> None:
    by = ("--by", "Ines", "--second", "Ravi")
    assert run("scan", desk, "--workers", "0").code == 0
    assert run("approve", desk, "--set", "first", "--query", "plant", *by).code == 0
    asked = ("--set", "first", "--recipient", "Lab", "--purpose", "model_improvement", "--json")
    said = run("export", desk, tmp_path / "out", *asked)
    assert said.code == 0, said.err
    assert said.json["rows"] == 1
    assert all(gate["ok"] for gate in said.json["gates"])
    bundle = Path(said.json["bundle"])
    whole = run("verify", bundle, "--key", said.json["key_fingerprint"], "--json")
    assert (whole.code, whole.json) == (0, {"ok": True, "findings": []})
    unpinned = run("verify", bundle, "--json")
    assert unpinned.code == 0
    assert [each["code"] for each in unpinned.json["findings"]] == ["unpinned_key"]
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        kept = path.read_bytes()
        path.write_bytes(bytes([kept[0] ^ 1]) + kept[1:])
        broken = run("verify", bundle, "--json")
        assert broken.code == 2, path
        assert any(path.name in each["file"] for each in broken.json["findings"]), path
        path.write_bytes(kept)
