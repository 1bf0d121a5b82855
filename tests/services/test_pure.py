"""The pure parts: folding decisions, who may undo, what a placeholder hides."""

from hypothesis import given
from hypothesis import strategies as st

from core.model.review import OverrideAction, person
from core.model.span import Span, Tier
from core.privacy.redact import outside_replacements, redact_conversation
from core.review.undoing import why_not
from core.store.decisions import DecisionLine, in_force

IN, OUT = OverrideAction.INCLUDE, OverrideAction.EXCLUDE
TEXT = st.text(alphabet="ab c.é🦉<>_1\n", max_size=40)


def _line(number: int, **more: object) -> DecisionLine:
    fields: dict[str, object] = {
        "id": number, "batch": number, "record_id": 1, "conversation_id": 1, "action": "include",
        "requested_by": "Ada", "second_by": "", "reason_id": 1, "reason": "r", "evidence_id": None, "evidence": "",
        "verdict_digest": "d", "confirms": None, "undoes": None, "recorded_at": number,
    }  # fmt: skip
    return DecisionLine(**(fields | more))  # type: ignore[arg-type]


def test_a_confirmation_gives_the_override_its_second_person_and_keeps_its_time() -> None:
    lines = [_line(1), _line(2, confirms=1, second_by="Ben")]
    assert in_force(lines, 1)[1][0].second_by == ""
    [whole] = in_force(lines, 2)[1]
    assert (whole.second_by, whole.recorded) == ("Ben", 1)


def test_an_undone_confirmation_leaves_the_override_waiting() -> None:
    lines = [_line(1), _line(2, confirms=1, second_by="Ben"), _line(3, undoes=2)]
    assert in_force(lines, 3)[1][0].second_by == ""
    assert in_force([*lines, _line(4, undoes=1)], 4) == {}


@given(st.lists(st.sampled_from(["new", "confirm", "undo"]), max_size=12), st.integers(0, 14))
def test_what_is_recorded_later_changes_nothing_earlier(steps: list[str], known: int) -> None:
    lines: list[DecisionLine] = []
    for number, step in enumerate(steps, start=1):
        target = max(1, number - 1)
        extra = {"new": {}, "confirm": {"confirms": target, "second_by": "Ben"}, "undo": {"undoes": target}}[step]
        lines.append(_line(number, **extra))
    assert in_force(lines, known) == in_force([line for line in lines if line.recorded_at <= known], known)


@given(st.text(max_size=12), st.text(max_size=12), st.booleans(), st.sampled_from([IN, OUT]))
def test_nobody_undoes_alone_what_an_approved_set_rests_on(
    actor: str, second: str, confirmation: bool, action: OverrideAction
) -> None:
    why = why_not(action=action, made_by=actor, actor=actor, second=second, sets=("s",), is_confirmation=confirmation)
    two = bool(person(second)) and person(second) != person(actor)
    assert (why == "") is (two and action is OUT and not confirmation)


@given(TEXT, st.integers(0, 40), st.integers(1, 10), st.integers(0, 60), st.integers(1, 12))
def test_parts_outside_a_placeholder_lie_where_the_original_says_the_same(
    text: str, start: int, length: int, at: int, size: int
) -> None:
    spans = [Span(start, start + length, "PERSON", 1.0, "made", Tier.CERTAIN)] if start + length <= len(text) else []
    [done] = redact_conversation([text], [spans])
    end = min(at + size, len(done.text))
    if at >= end:
        return
    hidden = [(piece.start, piece.end) for piece in done.pieces]
    for part in outside_replacements(done, Span(at, end, "PERSON", 1.0, "made", Tier.LIKELY)):
        assert text[part.start : part.end] in done.text[at:end]
        assert text[part.start].isalnum()
        assert text[part.end - 1].isalnum()
        assert not any(part.start < stop and begin < part.end for begin, stop in hidden)
