"""The shape checks of the openai profile, and the gates."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.release.gates import GateFacts, SetFacts, evaluate
from core.release.shapes import REASONS, openai_reasons, turn_reasons

USER = {"role": "user", "content": "hi"}
GOOD = {"role": "assistant", "content": "hello"}


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({"messages": [USER, GOOD]}, ()),
        ({"messages": [USER, GOOD | {"weight": 0}]}, ()),
        ({"messages": [USER, {"role": "assistant", "content": None, "tool_calls": [{}]}]}, ()),
        ({}, ("missing_messages_list",)),
        ([], ("missing_messages_list",)),
        ({"messages": []}, ("missing_messages_list",)),
        ({"messages": "ab"}, ("missing_messages_list",)),
        ({"messages": [USER, {"role": "assistant"}]}, ("message_missing_key", "missing_content")),
        ({"messages": [USER, GOOD | {"id": 1}]}, ("message_unrecognized_key",)),
        ({"messages": [USER | {"role": "critic"}, GOOD]}, ("unrecognized_role",)),
        ({"messages": [USER | {"content": ""}, GOOD]}, ("missing_content",)),
        ({"messages": [USER | {"content": 3}, GOOD]}, ("missing_content",)),
        ({"messages": [USER]}, ("example_missing_assistant_message",)),
    ],
)
def test_reasons(row, reasons) -> None:
    assert openai_reasons(row) == reasons


def test_the_six_names_are_the_cookbooks() -> None:
    assert len(set(REASONS)) == 6
    assert turn_reasons([("user", "x"), ("assistant", "y")]) == ()


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_gets_an_answer(value) -> None:
    assert set(openai_reasons({"messages": value})) <= set(REASONS)


FACTS = GateFacts(
    1, content_unchanged=True, eligible_as_of=True, eligible_now=True, records=3, visible_records=2, hidden_records=1
)
ABOUT = SetFacts(1, 3, "ann", "bob", "model_improvement")


def red(facts, about=ABOUT) -> list[str]:
    return [gate.gate for gate in evaluate(facts, about) if not gate.ok]


def test_all_green() -> None:
    gates = evaluate([FACTS], ABOUT)
    assert all(gate.ok and gate.sentence and gate.count == 0 for gate in gates)
    assert len({gate.gate for gate in gates}) == len(gates) == 13


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"content_unchanged": False}, "content_unchanged"),
        ({"eligible_as_of": False}, "still_eligible"),
        ({"eligible_now": False}, "still_eligible"),
        ({"stale": 1}, "nothing_stale"),
        ({"unverified": 2}, "redaction_verified"),
        ({"uncovered": 1}, "language_covered"),
        ({"residual": 1}, "residual_clean"),
        ({"assets": 4}, "no_assets"),
        ({"incomplete": "prompt missing"}, "complete"),
        ({"shape": ("missing_content",)}, "profile_shape"),
        ({"hidden_records": 0}, "counts_add_up"),
    ],
)
def test_each_gate_turns_red_alone(change, gate) -> None:
    facts = dataclasses.replace(FACTS, **change)
    assert red([facts]) == [gate]
    if gate != "counts_add_up":
        (found,) = [g for g in evaluate([facts], ABOUT) if not g.ok]
        assert (found.count, found.conversations) == (1, (1,))


@pytest.mark.parametrize(
    ("change", "gates"),
    [
        ({"second_by": ""}, ["two_people"]),
        ({"second_by": " ANN "}, ["two_people"]),
        ({"approved_by": ""}, ["two_people"]),
        ({"purpose": "advertising"}, ["purpose_allowed"]),
        ({"purpose": ""}, ["purpose_allowed"]),
        ({"purpose": "Model_Improvement"}, ["purpose_allowed"]),
        ({"records": 4}, ["counts_add_up"]),
        ({"conversations": 2}, ["counts_add_up"]),
    ],
)
def test_gates_of_the_set(change, gates) -> None:
    assert red([FACTS], dataclasses.replace(ABOUT, **change)) == gates


def test_a_detector_without_a_model_is_named() -> None:
    about = dataclasses.replace(ABOUT, rules_only=True)
    (gate,) = [each for each in evaluate([FACTS], about) if each.gate == "redaction_verified"]
    assert gate.ok
    assert "rules alone" in gate.sentence


def test_an_empty_set_is_red() -> None:
    assert red([], SetFacts(0, 0, "ann", "bob", "model_improvement")) == ["not_empty"]


def test_counts_name_the_conversations() -> None:
    many = [dataclasses.replace(FACTS, conversation=n, assets=n % 2) for n in range(10)]
    (gate,) = [g for g in evaluate(iter(many), SetFacts(10, 30, "a", "b", "model_improvement")) if not g.ok]
    assert gate.conversations == (1, 3, 5, 7, 9)
    assert gate.sentence.startswith("5 conversations: ")
