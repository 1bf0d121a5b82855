"""Releasing: every gate goes red for its own reason, and nothing goes out that the rules would hold back now."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from core import times
from core.errors import Refusal
from core.model.release import Gate, ReleaseReport, SetState
from core.model.review import OverrideAction
from core.services import query as queries
from core.services.desk import Desk
from core.services.releasing import ReleaseRefused
from core.store import releases
from tests.services.builders import CANARY, MAIL, Feed, chat, event, export_zip, record

PURPOSE = "model_improvement"
SECOND = "Ben Second"


def _approved(desk: Desk, name: str = "first") -> None:
    desk.scanning.run()
    desk.releasing.approve(name, second=SECOND)


def _red(desk: Desk, name: str = "first", purpose: str = PURPOSE, **more: Any) -> dict[str, Gate]:
    return {gate.gate: gate for gate in desk.releasing.gates(name, purpose=purpose, **more) if not gate.ok}


def _export(desk: Desk, out: Path, name: str = "first", **more: Any) -> ReleaseReport:
    return desk.releasing.export(out, name, recipient="Sample Lab", purpose=PURPOSE, **more)


def _rows(report: ReleaseReport) -> list[dict[str, Any]]:
    files = sorted(Path(report.bundle, "data").iterdir())
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _tamper(desk: Desk, *statements: str) -> None:
    """Change stored rows behind the guards, as somebody with the file in hand could."""

    def act(conn: Any) -> None:
        guards = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            conn.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.execute(statement)
        for _, sql in guards:
            conn.execute(sql)

    desk.writer.run(act)


def test_only_wholly_eligible_conversations_are_frozen(desk: Desk) -> None:
    assert desk.releasing.preview(None) == (4, 8, 3)
    made = desk.releasing.approve("first", second=SECOND)
    assert (made.conversations, made.records, made.left_out) == (4, 8, 3)
    assert (made.state, made.approved_by, made.second_by) == (SetState.APPROVED, "Ada Reviewer", SECOND)
    assert desk.releasing.sets() == (made,)


def test_a_bundle_holds_what_the_allow_list_names_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    report = _export(desk, tmp_path / "out")
    rows = _rows(report)
    assert report.rows == len(rows) == 4
    assert all(set(row) == {"id", "product", "messages"} for row in rows)
    assert all(set(turn) == {"role", "content"} for row in rows for turn in row["messages"])
    assert all(re.fullmatch(r"r_[a-z2-7]{26}", row["id"]) for row in rows)
    everything = b"".join(file.read_bytes() for file in Path(report.bundle).rglob("*") if file.is_file())
    for secret in (CANARY, MAIL, "user-ada", "user-ben", "org-in", "Talk a1", "fence", "Ada Reviewer"):
        assert secret.encode() not in everything
    assert b"<EMAIL_ADDRESS_1>" in everything
    assert all(gate.ok for gate in report.gates)
    assert desk.releasing.verify(Path(report.bundle), report.key_fingerprint).ok


def test_turns_of_a_request_go_out_in_order(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    row = next(row for row in _rows(_export(desk, tmp_path / "out")) if row["product"] == "api")
    roles = [turn["role"] for turn in row["messages"]]
    assert roles[-2:] == ["user", "assistant"]


def test_a_release_is_registered_with_its_event_and_rows(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    report = _export(desk, tmp_path / "out")
    [row] = desk.releasing.releases()
    assert (row.set_name, row.recipient, row.rows) == ("first", "Sample Lab", 4)
    assert row.manifest_sha256 == report.manifest_sha256
    kept = desk.readers.get().execute("SELECT row_id FROM released_row ORDER BY row").fetchall()
    assert [row_id for (row_id,) in kept] == [line["id"] for line in _rows(report)]
    last = desk.auditing.lines(1)[0].what
    assert last.startswith("exported release:")
    assert report.manifest_sha256 in last
    assert desk.releasing.sets()[0].state is SetState.RELEASED
    assert desk.auditing.verify().ok


def test_a_second_release_to_the_same_recipient_supersedes_the_first(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    first = _export(desk, tmp_path / "out")
    second = _export(desk, tmp_path / "out")
    manifest = json.loads(Path(second.bundle, "MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["supersedes"] == first.manifest_sha256
    assert [row["id"] for row in _rows(first)] == [row["id"] for row in _rows(second)]


def test_an_opt_out_after_the_approval_is_caught(desk: Desk, feed: Feed, tmp_path: Path) -> None:
    _approved(desk)
    feed(event("late", "user-ben", "form", "deny", "2023-05-01T00:00:00Z"))
    with pytest.raises(ReleaseRefused, match="still_eligible") as refused:
        _export(desk, tmp_path / "out")
    assert [gate.gate for gate in refused.value.gates if not gate.ok] == ["still_eligible"]
    assert list((tmp_path / "out").glob("*")) == [] or not (tmp_path / "out").exists()
    assert desk.releasing.releases() == ()


def test_an_opt_out_is_caught_even_where_no_verdict_was_refreshed(desk: Desk) -> None:
    _approved(desk)
    now = times.now()
    desk.writer.run(
        lambda conn: conn.execute(
            "INSERT INTO consent_event (event_id, account, channel, action, effective_lo, effective_hi, recorded_at,"
            " imported_at, import_id, effective_text, time_source, processed_only, policy_version, source, evidence,"
            " digest) VALUES ('x', 'user-ben', 'form', 'deny', 0, 0, 0, ?, 1, '', 'server', 0, '', '', '', x'01')",
            (now,),
        )
    )
    assert set(_red(desk)) == {"still_eligible"}


def test_a_set_is_eligible_at_its_cut_off_too(desk: Desk) -> None:
    _approved(desk)
    before_opt_in = times.instant("2023-04-01T00:00:00Z")
    red = _red(desk, as_of=before_opt_in)
    assert red["still_eligible"].count == 1  # the organisation had not opted in yet
    with pytest.raises(Refusal, match="future"):
        desk.releasing.gates("first", purpose=PURPOSE, as_of=times.now() + 10**12)


def test_one_person_makes_a_draft(desk: Desk, tmp_path: Path) -> None:
    desk.scanning.run()
    made = desk.releasing.approve("first", second="  ADA reviewer ")
    assert made.state is SetState.DRAFT
    assert set(_red(desk)) == {"two_people"}
    with pytest.raises(ReleaseRefused, match="two_people"):
        _export(desk, tmp_path)
    with pytest.raises(Refusal, match="somebody else"):
        desk.releasing.confirm("first", second="ada REVIEWER")
    assert desk.releasing.confirm("first", second=SECOND).state is SetState.APPROVED
    with pytest.raises(Refusal, match="already"):
        desk.releasing.confirm("first", second="Cid Third")


def test_unscanned_text_is_not_verified(desk: Desk) -> None:
    desk.releasing.approve("first", second=SECOND)
    red = _red(desk)
    assert red["redaction_verified"].count == 4
    desk.scanning.run()
    assert _red(desk) == {}


def test_another_detector_version_makes_every_scan_old(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE scan SET detector = 'an older one'")
    assert "redaction_verified" in _red(desk)


def test_a_scan_that_ran_out_of_time_is_no_scan(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE scan SET state = 'timeout'")
    assert "redaction_verified" in _red(desk)


def test_an_uncovered_language_waits_for_a_person(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE scan SET covered = 0, language = 'fi'")
    red = _red(desk)
    assert set(red) == {"language_covered"}
    for conversation in red["language_covered"].conversations:
        desk.reviewing.mark_reviewed(conversation)
    assert _red(desk) == {}


def test_a_certain_finding_that_the_cache_does_not_know_holds_the_release(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "DELETE FROM finding WHERE entity = 'EMAIL_ADDRESS'")
    red = _red(desk)
    assert set(red) == {"residual_clean"}
    assert red["residual_clean"].count == 1
    desk.reviewing.mark_reviewed(red["residual_clean"].conversations[0])
    assert set(_red(desk)) == {"residual_clean"}  # nobody can answer for a certain finding


_LEFT = (
    'INSERT INTO finding (text_sha, detector, start, "end", entity, score, source, tier)'
    " SELECT s.text_sha, s.detector, 0, 6, 'PERSON', 0.5, 'made up', 'likely' FROM scan s"
    " WHERE s.text_sha NOT IN (SELECT sha256 FROM text)"
)


def test_what_is_left_in_the_redacted_text_is_redacted_as_well(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    assert _red(desk) == {}
    _tamper(desk, _LEFT)
    assert _red(desk) == {}
    texts = [turn["content"] for row in _rows(_export(desk, tmp_path / "out")) for turn in row["messages"]]
    assert any(text.startswith("<PERSON_1>") for text in texts)


def test_what_is_still_left_holds_the_release_until_a_person_reviews_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _approved(desk)
    assert _red(desk) == {}
    _tamper(desk, _LEFT)
    monkeypatch.setattr("core.services.redacting.PASSES", 0)
    red = _red(desk)
    assert set(red) == {"residual_clean"}
    desk.reviewing.mark_reviewed(red["residual_clean"].conversations[0])
    assert _red(desk) == {}


def test_an_asset_is_never_released(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE record SET assets = '[\"file-1\"]' WHERE source_id = 'a1-m0'")
    assert set(_red(desk)) == {"no_assets"}
    assert desk.releasing.with_assets("first") == 1
    kept = desk.releasing.approve("without", query=queries.parse("without:assets"), by="Ines", second="Ravi")
    assert kept.conversations == desk.releasing.sets()[1].conversations - 1
    assert desk.releasing.with_assets("without") == 0


def test_an_incomplete_record_is_never_released(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE conversation SET incomplete = 'prompt missing' WHERE source_id = 'a1'")
    assert set(_red(desk)) == {"complete"}


def test_changed_text_is_noticed(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE text SET body = body || ' more' WHERE field = 'content' AND body LIKE 'Mix flour%'")
    assert "content_unchanged" in _red(desk)


def test_a_new_version_after_the_approval_is_noticed(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    newer = chat("a1", "2023-06-01T10:00:00", [("user", "Now I ask something else."), ("assistant", "Then ask it.")])
    desk.importing.run([export_zip(tmp_path / "newer.zip", "user-ada", [newer])])
    assert "content_unchanged" in _red(desk)


@pytest.mark.parametrize(("purpose", "reason"), [("advertising", "C0"), ("", "State a purpose"), ("fun", "State")])
def test_another_purpose_is_refused_by_its_own_gate_alone(desk: Desk, purpose: str, reason: str) -> None:
    _approved(desk)
    others = set(_red(desk))
    red = _red(desk, purpose=purpose)
    assert reason in red["purpose_allowed"].sentence
    assert set(red) == others | {"purpose_allowed"}


def test_an_include_that_went_stale_holds_the_release(desk: Desk, feed: Feed) -> None:
    rows = [record(desk, "c1-m0"), record(desk, "c1-m1")]
    assert desk.reviewing.review(rows, OverrideAction.INCLUDE, reason="seen", second=SECOND).applied == 2
    _approved(desk)
    assert _red(desk) == {}
    line = event("news", "user-cid", "form", "allow", "2020-01-01T00:00:00Z")
    del line["recorded_at"]
    feed(line)
    assert set(_red(desk)) == {"still_eligible", "nothing_stale"}


def test_an_override_stands_in_the_receipt_under_a_pseudonym(desk: Desk, tmp_path: Path) -> None:
    rows = [record(desk, "c1-m0"), record(desk, "c1-m1")]
    desk.reviewing.review(rows, OverrideAction.INCLUDE, reason="seen", second=SECOND)
    _approved(desk)
    report = _export(desk, tmp_path / "out")
    receipts = [json.loads(line) for line in Path(report.bundle, "receipts.jsonl").read_text().splitlines()]
    [own] = [receipt for receipt in receipts if receipt["decision"] == "override"]
    assert own["reason_code"] == "INCLUDED_BY_OVERRIDE"
    assert own["reviewer"].startswith("v_")
    assert own["audit_seq"] > 0


def test_counts_that_do_not_add_up_are_red(desk: Desk) -> None:
    _approved(desk)
    _tamper(desk, "UPDATE approved_set SET records = records + 1")
    assert set(_red(desk)) == {"counts_add_up"}


def test_an_empty_set_is_red(desk: Desk) -> None:
    made = desk.releasing.approve("none", ids=["b2"], second=SECOND)
    assert (made.conversations, made.left_out) == (0, 1)
    assert "not_empty" in _red(desk, "none")


def test_ids_are_looked_up_and_refused_by_name(desk: Desk) -> None:
    made = desk.releasing.approve("two", ids=["a1", "", "user-ben/b1"], second=SECOND)
    assert made.conversations == 2
    with pytest.raises(Refusal, match="no conversation nowhere"):
        desk.releasing.approve("three", ids=["nowhere"], second=SECOND)
    with pytest.raises(Refusal, match="already"):
        desk.releasing.approve("two", second=SECOND)
    with pytest.raises(Refusal, match="no approved set"):
        desk.releasing.gates("four", purpose=PURPOSE)


def test_a_failed_registration_removes_the_bundle(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _approved(desk)
    stamps = iter(range(9))
    monkeypatch.setattr("core.services.releasing.releases.stamp", lambda _: (next(stamps),))
    with pytest.raises(Refusal, match="was changed while"):
        _export(desk, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert desk.releasing.releases() == ()


def test_what_comes_in_between_the_question_and_the_gates_is_not_overlooked(
    desk: Desk, feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _approved(desk)
    refusal = event("late", "user-ben", "form", "deny", "2023-05-01T00:00:00Z")
    del refusal["recorded_at"]
    ask = desk.releasing._ask

    def then_import(*given: Any) -> Any:
        asked = ask(*given)
        feed(refusal)
        return asked

    monkeypatch.setattr(desk.releasing, "_ask", then_import)
    with pytest.raises(Refusal, match=r"was changed while|still_eligible"):
        _export(desk, tmp_path / "out")
    assert desk.releasing.releases() == ()


def test_a_stamp_tells_a_named_account_and_another_policy_list(desk: Desk) -> None:
    conn = desk.readers.get()
    stamps = [releases.stamp(conn)]
    desk.deciding.choose_policies(["seed-2023", "oai-2026"])
    stamps.append(releases.stamp(conn))
    desk.writer.run(lambda c: c.execute("UPDATE import SET new_versions = new_versions + 1 WHERE id = 1"))
    stamps.append(releases.stamp(conn))
    assert len(set(stamps)) == 3


def test_a_changed_byte_is_named(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    report = _export(desk, tmp_path / "out")
    copy = tmp_path / "copy"
    shutil.copytree(report.bundle, copy / Path(report.bundle).name)
    victim = copy / Path(report.bundle).name / "receipts.jsonl"
    body = bytearray(victim.read_bytes())
    body[10] ^= 1
    victim.chmod(0o600)
    victim.write_bytes(bytes(body))
    told = desk.releasing.verify(copy / Path(report.bundle).name, report.key_fingerprint)
    assert not told.ok
    assert any(finding.file == "receipts.jsonl" for finding in told.findings)


def test_the_openai_profile_holds_messages_only(desk: Desk, tmp_path: Path) -> None:
    _approved(desk)
    rows = _rows(_export(desk, tmp_path / "out", profile="openai"))
    assert all(set(row) == {"messages"} for row in rows)
