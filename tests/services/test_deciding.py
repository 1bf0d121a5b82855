"""Deciding: what is stored, what a what-if shows, what an event moves."""

from pathlib import Path
from typing import Any

import pytest

from core import times
from core.cancel import CancelToken
from core.errors import Refusal
from core.model.verdict import Decision
from core.model.view import Change, FileReport, Kind
from core.services import deciding
from core.services.desk import Desk
from tests.services.builders import COVERED, Feed, chat, decision, event, export_zip, jsonl, record


def test_every_answer_is_given_where_it_is_due(desk: Desk) -> None:
    found = {line["record"]: (line["decision"], line["reason"]) for line in desk.deciding.lines()}
    default_on = ("eligible", "CONSUMER_DEFAULT_ON")
    assert found == {
        **dict.fromkeys(("a1-m0", "a1-h", "a1-m1", "a2-m0", "a2-m1", "b1-m0", "b1-m1"), default_on),
        **dict.fromkeys(("b2-m0", "b2-m1"), ("not_eligible", "CREATED_WHILE_OPTED_OUT")),
        **dict.fromkeys(("c1-m0", "c1-m1"), ("undetermined", "LEDGER_GAP")),
        "q1": ("eligible", "API_OPTED_IN"),
        "q2": ("not_eligible", "API_DEFAULT_OFF"),
    }


def test_counts_add_up_and_a_request_counts_once(desk: Desk) -> None:
    counts = desk.deciding.decide()
    assert (counts.records, counts.eligible, counts.undetermined, counts.not_eligible) == (13, 8, 2, 3)
    assert counts.records == counts.eligible + counts.undetermined + counts.not_eligible + counts.undecided
    assert counts.records == sum(1 for _ in desk.deciding.lines())


def test_a_line_has_the_fields_of_the_command_line(desk: Desk) -> None:
    line = next(line for line in desk.deciding.lines() if line["record"] == "b2-m0")
    assert line == {
        "record": "b2-m0", "conversation": "b2", "account": "user-ben", "product": "chatgpt",
        "decision": "not_eligible", "reason": "CREATED_WHILE_OPTED_OUT", "clause": "C3",
        "reasons": ["CREATED_WHILE_OPTED_OUT"], "policies": ["seed-2023"], "events": ["ev-ben"],
    }  # fmt: skip


def test_a_what_if_agrees_with_what_is_stored_and_stores_nothing(desk: Desk) -> None:
    stored = list(desk.deciding.lines())
    assert list(desk.deciding.lines(at=times.now())) == stored
    before = times.instant("2023-06-15T00:00:00Z")
    then = {line["record"]: line["decision"] for line in desk.deciding.lines(purpose="advertising", at=before)}
    assert set(then.values()) == {"not_eligible"}
    assert list(desk.deciding.lines()) == stored


def test_what_was_recorded_later_is_not_known_earlier(desk: Desk) -> None:
    known = times.instant("2023-06-30T00:00:00Z")
    lines = {line["record"]: line["decision"] for line in desk.deciding.lines(at=times.now(), known_at=known)}
    assert lines["b2-m0"] == "eligible"


def test_a_late_event_decides_its_own_account_again_and_no_other(desk: Desk, feed: Feed) -> None:
    conn = desk.readers.get()
    rows = (
        "SELECT c.account, max(v.decided_at) FROM verdict v JOIN conversation c ON c.id = v.conversation_id GROUP BY 1"
    )
    before = dict(conn.execute(rows).fetchall())
    feed(event("late", "user-ada", "form", "deny", "2023-06-02T00:00:00Z"))
    after = dict(conn.execute(rows).fetchall())
    assert {account for account in after if after[account] != before[account]} == {"user-ada"}
    assert decision(desk, "a2-m0") == ("not_eligible", "FORM_OPT_OUT")
    assert decision(desk, "a1-m0") == ("eligible", "CONSUMER_DEFAULT_ON")


def test_a_quarantined_line_holds_its_account(desk: Desk, feed: Feed) -> None:
    feed(event("odd", "user-ada", "carrier-pigeon", "deny", "2023-06-02T00:00:00Z"))
    assert decision(desk, "a1-m0") == ("undetermined", "LEDGER_GAP")
    assert decision(desk, "b1-m0")[0] == "eligible"


def test_one_event_id_with_two_contents_puts_its_account_in_doubt(desk: Desk, feed: Feed) -> None:
    feed(event("ev-ben", "user-ben", "toggle", "allow", "2023-07-01T00:00:00Z"))
    assert decision(desk, "b2-m0")[0] == "not_eligible"
    assert decision(desk, "b1-m0") == ("undetermined", "LEDGER_GAP")


def test_deletions_and_birth_years_reach_the_engine(desk: Desk, feed: Feed) -> None:
    feed(
        {"type": "deletion", "account_id": "user-ada", "conversation_id": "a1", "deleted_at": "2024-01-01T00:00:00Z",
         "recorded_at": "2024-01-01T00:00:00Z"},
    )  # fmt: skip
    assert decision(desk, "a1-m0") == ("not_eligible", "CONTENT_DELETED")
    assert decision(desk, "a2-m0")[0] == "eligible"


def test_a_setting_that_the_ledger_does_not_know_puts_it_in_doubt(desk: Desk, tmp_path: Path) -> None:
    talk = chat("a9", "2023-06-08T10:00:00", [("user", "One more question."), ("assistant", "One more answer.")])
    off = [{"user_id": "user-ada", "settings": {"training_allowed": False}}]
    desk.importing.run([export_zip(tmp_path / "later.zip", "user-ada", [talk], members={"user_settings.json": off})])
    assert decision(desk, "a1-m0") == ("undetermined", "LEDGER_GAP")
    assert decision(desk, "b1-m0")[0] == "eligible"


def test_coverage_for_everyone_reaches_every_account(desk: Desk, feed: Feed) -> None:
    feed({"type": "coverage", "account_id": "*", **COVERED})
    assert decision(desk, "c1-m0") == ("eligible", "CONSUMER_DEFAULT_ON")


def test_explaining_names_source_ids_and_the_stored_decision(desk: Desk) -> None:
    told = desk.deciding.explain(record(desk, "b2/b2-m0"))
    assert (told.record, told.conversation, told.account) == ("b2-m0", "b2", "user-ben")
    assert (told.decision, told.reason, told.clause) == (Decision.NOT_ELIGIBLE, "CREATED_WHILE_OPTED_OUT", "C3")
    assert [used.event_id for used in told.events] == ["ev-ben"]
    assert told.sentence
    conversation = desk.readers.get().execute("SELECT id FROM conversation WHERE source_id = 'b2'").fetchone()[0]
    assert desk.deciding.explain_conversation(conversation).reason == "CREATED_WHILE_OPTED_OUT"


def test_a_further_turn_of_a_request_is_explained_by_the_request(desk: Desk) -> None:
    part = desk.readers.get().execute("SELECT id FROM record WHERE part = 1").fetchone()[0]
    assert desk.deciding.explain(part).record in {"q1", "q2"}


def test_an_unknown_record_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal, match="no record number"):
        desk.deciding.explain(10**9)


def test_policies_are_kept_in_the_workspace_and_another_list_decides_anew(desk: Desk) -> None:
    kept = desk.readers.get().execute("SELECT id, sha256, length(body) FROM policy_text").fetchall()
    assert [row[0] for row in kept] == ["seed-2023"]
    assert kept[0][2] > 100
    desk.deciding.choose_policies(["seed-2023", "oai-2026"])
    desk.deciding.decide()
    assert desk.deciding.policies() == ("seed-2023", "oai-2026")
    assert next(iter(desk.deciding.lines()))["policies"] == ["seed-2023", "oai-2026"]
    with pytest.raises(Refusal):
        desk.deciding.choose_policies(["no-such-policy"])


def test_deciding_tells_the_views(desk: Desk) -> None:
    told: list[Change] = []
    desk.subscribe(told.append)
    desk.deciding.decide()
    desk.writer.run(lambda _: None)
    assert any(Kind.VERDICTS in change.kinds for change in told)


def test_an_event_that_comes_in_while_everything_is_decided_counts(
    desk: Desk, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = event("late", "user-ada", "form", "deny", "2023-05-01T00:00:00Z")
    del refusal["recorded_at"]  # then the moment of its import is when it was known

    class Meanwhile(CancelToken):
        looks = 0

        def check(self) -> None:
            self.looks += 1
            if self.looks == 2:
                feed(refusal)

    monkeypatch.setattr(deciding, "BATCH", 1)
    desk.deciding.decide(cancel=Meanwhile())
    assert decision(desk, "a1-m0")[0] == "not_eligible"


def _interrupted(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: CancelToken) -> None:
    """Import a refusal, and cancel as soon as it is stored."""
    one = desk.importing._one

    def then_cancel(*given: Any) -> FileReport:
        done = one(*given)
        token.cancel()
        return done

    monkeypatch.setattr(desk.importing, "_one", then_cancel)
    refusal = event("late", "user-ada", "form", "deny", "2023-05-01T00:00:00Z")
    report = desk.importing.run([jsonl(tmp_path / "refusal.jsonl", refusal)], cancel=token)
    assert report.files[0].status == "complete"


def test_a_cancel_before_deciding_leaves_no_answer_that_was_overtaken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupted(desk, tmp_path, monkeypatch, CancelToken())
    assert desk.counts().undecided == 5
    assert desk.deciding.decide().undecided == 0
    assert decision(desk, "a1-m0")[0] == "not_eligible"
    desk.close()
    with Desk.open(desk.path) as again:
        assert again.counts().undecided == 0


def test_a_crash_before_deciding_leaves_no_answer_that_was_overtaken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(desk.importing, "_decide", lambda *_: None)
        _interrupted(desk, tmp_path, crash, CancelToken())
    assert decision(desk, "a1-m0")[0] == "eligible"
    desk.close()
    with Desk.open(desk.path) as again:
        assert again.counts().undecided == 5


def test_another_policy_list_leaves_no_answer_of_the_old_one(desk: Desk) -> None:
    desk.deciding.choose_policies(["seed-2023", "oai-2026"])
    assert desk.counts().undecided == desk.counts().records
