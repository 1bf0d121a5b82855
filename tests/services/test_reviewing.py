"""Reviewing: easy to leave out, hard to let in, everything on the record and undone openly."""

import json
import zipfile
from pathlib import Path

import pytest

from core.errors import Refusal
from core.model.review import OverrideAction, ReviewOutcome, person
from core.services.desk import Desk
from tests.services.builders import Feed, chat, decision, event, export_zip, record

IN, OUT = OverrideAction.INCLUDE, OverrideAction.EXCLUDE
WORDS = "Because Quetzal Ibarra-Nkemelu asked on the phone."


def _events(desk: Desk) -> list[dict[str, object]]:
    return [json.loads(body) for (body,) in desk.readers.get().execute("SELECT body FROM audit_event ORDER BY seq")]


def _exclude(desk: Desk, name: str) -> ReviewOutcome:
    return desk.reviewing.review([record(desk, name)], OUT, reason="asked by phone")


def test_one_person_excludes_with_a_reason(desk: Desk) -> None:
    outcome = _exclude(desk, "a1-m0")
    assert (outcome.applied, outcome.pending, outcome.rejected) == (1, 0, ())
    assert decision(desk, "a1-m0") == ("not_eligible", "EXCLUDED_BY_OVERRIDE")
    assert decision(desk, "a2-m0")[0] == "eligible"
    again = _exclude(desk, "a1-m0")
    assert again.applied == 0
    assert "already" in again.rejected[0].why


def test_an_include_waits_for_a_second_distinct_person(desk: Desk) -> None:
    row = record(desk, "c1-m0")
    asked = desk.reviewing.review([row], IN, reason="ledger seen on paper")
    assert (asked.applied, asked.pending) == (0, 1)
    assert decision(desk, "c1-m0")[0] == "undetermined"
    same = desk.reviewing.confirm([row], second="  ada   REVIEWER ")
    assert "somebody else" in same.rejected[0].why
    done = desk.reviewing.confirm([row], second="Ben Second")
    assert done.applied == 1
    assert decision(desk, "c1-m0") == ("eligible", "INCLUDED_BY_OVERRIDE")


@pytest.mark.parametrize(
    "second",
    ["ADA reviewer", "\uff21da  Reviewer", "Ada\u200b Reviewer", "\u202eAda Reviewer\ufe0f", "\u0410d\u0430 Reviewer"],
)
def test_the_same_name_twice_is_one_person(desk: Desk, second: str) -> None:
    row = record(desk, "c1-m0")
    outcome = desk.reviewing.review([row], IN, reason="seen", second=second)
    assert (outcome.applied, outcome.pending, outcome.rejected) == (0, 1, ())
    assert decision(desk, "c1-m0")[0] == "undetermined"
    assert desk.reviewing.confirm([row], second="Ben Second").applied == 1
    assert person(" Ａda  Reviewer") == person("ada reviewer")


def test_including_against_a_refusal_needs_evidence(desk: Desk) -> None:
    row = record(desk, "b2-m0")
    bare = desk.reviewing.review([row], IN, reason="a mistake", second="Ben Second")
    assert "evidence" in bare.rejected[0].why
    whole = desk.reviewing.review([row], IN, reason="a mistake", second="Ben Second", evidence="letter of 3 May")
    assert whole.applied == 1
    assert decision(desk, "b2-m0") == ("eligible", "INCLUDED_BY_OVERRIDE")


def test_deleted_content_is_never_included(desk: Desk, feed: Feed) -> None:
    gone = "2024-01-01T00:00:00Z"
    feed({"type": "deletion", "account_id": "user-ada", "conversation_id": "a1", "deleted_at": gone,
          "recorded_at": gone})  # fmt: skip
    outcome = desk.reviewing.review(
        [record(desk, "a1-m0")], IN, reason="r", second="Ben Second", evidence="all of it"
    )  # fmt: skip
    assert outcome.applied == outcome.pending == 0
    assert decision(desk, "a1-m0") == ("not_eligible", "CONTENT_DELETED")


def test_a_later_consent_event_makes_an_include_stale_but_not_an_exclude(desk: Desk, feed: Feed) -> None:
    desk.reviewing.review([record(desk, "c1-m0")], IN, reason="seen", second="Ben Second")
    _exclude(desk, "a1-m0")
    at = "2090-01-01T00:00:00Z"
    feed({k: v for k, v in event("n1", "user-cid", "form", "deny", at).items() if k != "recorded_at"},
         {k: v for k, v in event("n2", "user-ada", "form", "deny", at).items() if k != "recorded_at"})  # fmt: skip
    assert decision(desk, "c1-m0")[0] == "undetermined"
    assert decision(desk, "a1-m0") == ("not_eligible", "EXCLUDED_BY_OVERRIDE")
    assert desk.counts().to_review >= 1


def test_undo_is_a_compensating_decision(desk: Desk) -> None:
    _exclude(desk, "a1-m0")
    _exclude(desk, "b1-m0")
    last = desk.reviewing.last_undoable()
    assert last is not None
    assert last[1] == "exclude 1 record"
    desk.reviewing.undo()
    assert decision(desk, "b1-m0")[0] == "eligible"
    assert decision(desk, "a1-m0")[0] == "not_eligible"
    desk.reviewing.undo()
    assert decision(desk, "a1-m0")[0] == "eligible"
    with pytest.raises(Refusal, match="no decision"):
        desk.reviewing.undo()
    assert desk.reviewing.last_undoable() is None
    assert desk.readers.get().execute("SELECT count(*) FROM decision").fetchone()[0] == 4


def test_a_second_person_takes_back_a_confirmation(desk: Desk) -> None:
    row = record(desk, "c1-m0")
    desk.reviewing.review([row], IN, reason="seen")
    desk.reviewing.confirm([row], second="Ben Second")
    desk.actor = "Ben Second"
    desk.reviewing.undo()
    assert decision(desk, "c1-m0")[0] == "undetermined"
    assert desk.reviewing.confirm([row], second="Cid Third").applied == 1


def test_only_its_maker_undoes_a_decision(desk: Desk) -> None:
    done = _exclude(desk, "a1-m0")
    desk.actor = "Ben Second"
    assert desk.reviewing.last_undoable() is None
    with pytest.raises(Refusal, match="Ada Reviewer"):
        desk.reviewing.undo(done.undo_id)
    assert decision(desk, "a1-m0")[0] == "not_eligible"


def test_after_a_set_was_approved_lifting_an_exclusion_needs_two(desk: Desk) -> None:
    done = _exclude(desk, "a1-m0")
    desk.releasing.approve("first", second="Ben Second")
    assert desk.reviewing.last_undoable() is None
    with pytest.raises(Refusal, match="two people"):
        desk.reviewing.undo(done.undo_id)
    with pytest.raises(Refusal, match="somebody else"):
        desk.reviewing.undo(done.undo_id, second="ada reviewer")
    assert desk.reviewing.undo(done.undo_id, second="Ben Second").applied == 1
    assert decision(desk, "a1-m0")[0] == "eligible"


def test_an_include_in_an_approved_set_is_answered_by_an_exclude(desk: Desk) -> None:
    rows = [record(desk, "c1-m0"), record(desk, "c1-m1")]
    done = desk.reviewing.review(rows, IN, reason="seen", second="Ben Second")
    desk.releasing.approve("first", second="Ben Second")
    with pytest.raises(Refusal, match="exclude the record instead"):
        desk.reviewing.undo(done.undo_id)


def test_every_decision_has_its_event_and_no_event_holds_words(desk: Desk) -> None:
    before = len(_events(desk))
    rows = [record(desk, "b2-m0"), record(desk, "b2-m1")]
    desk.reviewing.review(rows, IN, reason=WORDS, evidence=WORDS)
    desk.reviewing.confirm(rows, second="Ben Second")
    desk.reviewing.undo()
    events = _events(desk)[before:]
    assert [str(e["act"]) for e in events] == ["asked to include"] * 2 + ["confirmed include"] * 2 + ["undid"] * 2
    assert all("Quetzal" not in json.dumps(e) and "phone" not in json.dumps(e) for e in events)
    assert len(events[0]["free_text"]) == 2  # type: ignore[arg-type]
    assert desk.auditing.verify().ok
    assert desk.readers.get().execute("SELECT count(*) FROM free_text").fetchone()[0] == 2


def test_nothing_is_written_where_all_are_rejected(desk: Desk) -> None:
    before = desk.auditing.head()
    outcome = desk.reviewing.review([record(desk, "a1-m0"), 10**9], IN, reason="why not", second="Ben Second")
    assert len(outcome.rejected) == 2
    assert outcome.undo_id == 0
    assert desk.auditing.head() == before
    assert desk.readers.get().execute("SELECT count(*) FROM free_text").fetchone()[0] == 0


@pytest.mark.parametrize(("by", "reason"), [("  ", "a reason"), ("Ada", "  ")])
def test_a_blank_name_or_reason_is_refused(desk: Desk, by: str, reason: str) -> None:
    with pytest.raises(Refusal):
        desk.reviewing.review([record(desk, "a1-m0")], OUT, reason=reason, by=by)


def test_a_turn_of_a_request_stands_for_its_request(desk: Desk) -> None:
    part = desk.readers.get().execute("SELECT id FROM record WHERE part = 1 AND source_id LIKE 'q1%'").fetchone()[0]
    outcome = desk.reviewing.review([part, record(desk, "q1")], OUT, reason="customer asked")
    assert outcome.applied == 1
    assert decision(desk, "q1") == ("not_eligible", "EXCLUDED_BY_OVERRIDE")


def test_a_review_of_the_redaction_is_bound_to_a_person_and_taken_back(desk: Desk) -> None:
    conversation = desk.readers.get().execute("SELECT id FROM conversation WHERE source_id = 'a1'").fetchone()[0]
    desk.reviewing.mark_reviewed(conversation)
    assert all(turn.original.reviewed for turn in desk.scanning.side_by_side(conversation))
    desk.reviewing.mark_reviewed(conversation, reviewed=False)
    assert not any(turn.original.reviewed for turn in desk.scanning.side_by_side(conversation))
    acts = [line.what.split(" conversation:")[0] for line in desk.auditing.lines(2)]
    assert acts == ["withdrew redaction review", "reviewed redaction"]


def test_an_exclusion_outlives_a_new_version_of_its_conversation(desk: Desk, tmp_path: Path) -> None:
    undo_id = _exclude(desk, "a1-m0").undo_id
    desk.reviewing.review([record(desk, "c1-m0")], IN, reason="seen", second="Ben Second")
    grown = [("user", "What is the best time of the year to plant a tree?"), ("assistant", "In the autumn."),
             ("user", "Thank you very much for the advice.")]  # fmt: skip
    for source, account in (("a1", "user-ada"), ("c1", "user-cid")):
        later = chat(source, "2023-06-01T10:00:00", grown) | {"update_time": 1_700_000_000.0}
        assert desk.importing.run([export_zip(tmp_path / f"{source}.zip", account, [later])]).files[0].new_versions == 1
    assert decision(desk, "a1-m0") == ("not_eligible", "EXCLUDED_BY_OVERRIDE")
    assert decision(desk, "a1-m2")[0] == "eligible"
    assert decision(desk, "c1-m0")[0] == "undetermined"  # what two people included was another text
    assert "already" in _exclude(desk, "a1-m0").rejected[0].why
    desk.reviewing.undo(undo_id)
    assert decision(desk, "a1-m0")[0] == "eligible"


def test_an_exclusion_holds_for_the_same_conversation_once_its_account_is_known(desk: Desk, tmp_path: Path) -> None:
    short = [("user", "How do I sow the seeds of a carrot?"), ("assistant", "Dig first.")]
    unnamed = tmp_path / "unnamed.zip"
    with zipfile.ZipFile(unnamed, "w") as archive:
        archive.writestr("conversations.json", json.dumps([chat("y1", "2023-06-01T10:00:00", short)]))
    desk.importing.run([unnamed])
    undo_id = _exclude(desk, "y1-m0").undo_id
    longer = chat("y1", "2023-06-01T10:00:00", [*short, ("user", "Thank you very much.")])
    desk.importing.run([export_zip(tmp_path / "named.zip", "user-ada", [longer])])

    def of_ada() -> list[str]:
        lines = [
            line for line in desk.deciding.lines() if (line["account"], line["conversation"]) == ("user-ada", "y1")
        ]
        return [str(line["reason"]) for line in lines]

    assert of_ada() == ["EXCLUDED_BY_OVERRIDE", "CONSUMER_DEFAULT_ON", "CONSUMER_DEFAULT_ON"]
    desk.reviewing.undo(undo_id)
    assert of_ada() == ["CONSUMER_DEFAULT_ON"] * 3
