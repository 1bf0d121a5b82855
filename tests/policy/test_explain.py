"""Explanations: whole sentences that name their clause, and changes that really change something."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.facts import Ledger, RecordFacts
from core.model.verdict import Decision
from core.model.view import Explanation
from core.policy.explain import clause_text, explain
from core.policy.reasons import REASONS, clause_of
from core.policy.sentences import moment
from core.policy.versions import available, conventions, load
from tests.policy.build import at, between, deny, exact, judge, override, record, say
from tests.policy.test_properties import SPAN, ask, ledgers, overrides, policies, records
from tests.policy.test_reasons import CASES


def told(facts: RecordFacts, on_file: Ledger, **asked: Any) -> Explanation:
    verdict = judge(facts, on_file, **asked)
    now = asked.get("now", 1000)
    ids: Sequence[str] = asked.get("policies", ("seed-2023",))
    purpose = asked.get("purpose", "model_improvement")
    return explain(verdict, facts, on_file, load(ids), at=at(now), known_at=at(now), purpose=purpose)


@pytest.mark.parametrize(("reason", "facts", "on_file", "asked"), CASES)
def test_every_reason_has_its_sentence(reason: str, facts: RecordFacts, on_file: Ledger, asked: dict[str, Any]) -> None:
    whole = told(facts, on_file, **asked)
    assert whole.reason == reason
    assert re.match(r"(Eligible|Undetermined|Not eligible) under (clause|convention) \S+: .*\.$", whole.sentence)
    assert f" {clause_of(reason)}:" in whole.sentence
    assert whole.clause_text
    if whole.clause.startswith("K"):
        assert whole.clause in dict(whole.conventions)


def test_the_sentence_names_fact_date_and_event() -> None:
    whole = told(record(), say(deny("e-fern", "toggle", 50)))
    assert "2023-06-05 04:00:00 UTC" in whole.sentence, "when the conversation was created"
    assert "2023-06-03 02:00:00 UTC (event e-fern)" in whole.sentence
    assert [event.event_id for event in whole.events] == ["e-fern"]
    assert {"K01", "K02"} <= set(dict(whole.conventions))


def test_changes_are_honest() -> None:
    out = told(record(), say(deny("e1", "toggle", 50)))
    assert out.changes[0].startswith("A retraction of a refusal through the training switch")
    assert not any("permission" in change for change in out.changes), "switching on again would revive nothing"
    gap = told(record(), say(coverage=()))
    assert gap.changes[0].startswith("A coverage line for account acct-fig at 2023-06-05")
    nobody = told(record(account=None), say())
    assert nobody.changes[0].startswith("Naming the account")
    api = told(record(product="api"), say())
    assert api.changes[0].startswith("An opt-in of the organisation")
    both = told(record(), say(deny("e1", "toggle", 50), deny("e2", "form", 50)))
    assert "Retractions of the events e1, e2 together: it would be eligible." in both.changes
    vague = told(record((90, 110)), say(deny("e1", "toggle", 100)))
    assert any("earliest possible" in change for change in vague.changes)
    waiting = told(record(), say(deny("e1", "toggle", 50)), overrides=[override(second_by="")])
    assert "Confirmation of the waiting inclusion by a second person: it would be eligible." in waiting.changes


def test_nothing_brings_back_what_was_deleted() -> None:
    assert told(record(deleted=exact(200)), say()).changes == ()


def test_an_exclusion_is_lifted_by_taking_it_back() -> None:
    whole = told(record(), say(), overrides=[override("exclude")])
    assert whole.changes == ("Taking back the reviewer's exclusion: it would be eligible.",)
    assert told(record(), say(deny("e1", "toggle", 50)), overrides=[override()]).changes == (
        "Taking back the inclusion: it would be not eligible.",
    )


def test_an_eligible_record_says_what_would_end_it() -> None:
    whole = told(record(), say())
    assert all(change.endswith("it would be not eligible.") for change in whole.changes)
    assert any("deletion" in change for change in whole.changes)


def test_two_facts_where_one_is_not_enough() -> None:
    whole = told(record(), say(coverage=(), birth_year=2008))
    assert any(
        "coverage line" in change and "together with an account line that says adult" in change
        for change in whole.changes
    )


@given(records, ledgers(), policies, st.lists(overrides, max_size=2))
def test_explaining_never_fails(facts: RecordFacts, on_file: Ledger, ids: list[str], acts: list[Any]) -> None:
    verdict = ask(facts, on_file, ids, acts=acts)
    whole = explain(verdict, facts, on_file, load(ids), at=SPAN, known_at=SPAN, purpose="model_improvement")
    assert f" {verdict.clause}: " in whole.sentence
    assert whole.reasons[0] == verdict.reason
    assert len(whole.changes) <= 6
    if verdict.decision is Decision.ELIGIBLE:
        assert not any(change.endswith("it would be eligible.") for change in whole.changes)


def test_every_clause_has_a_text() -> None:
    for reason in REASONS:
        assert clause_text(clause_of(reason), "", load(available()))
    assert set(conventions()) == {f"K{n:02}" for n in range(1, 25)}


def test_moments_in_words() -> None:
    assert moment(None) == "at an unknown time"
    assert moment(exact(0)) == "on 2023-06-01 00:00:00 UTC"
    assert moment(between(0, 1)) == "between 2023-06-01 00:00:00 UTC and 2023-06-01 01:00:00 UTC"
