"""Positions in text, and text made safe to look at."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import Display, Utf16Map, display, grow, hidden_characters

ODD = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("😀👍🏽\u200d\u200b\u202e\u2028\u2029\r\n\t\x00\u0301\ufe0f🇫🇷\U000e0041ab "),
    ),
    max_size=200,
)


@given(ODD)
def test_utf16_positions_agree_with_the_encoder(text: str) -> None:
    mapping = Utf16Map(text)
    for at in range(len(text) + 1):
        units = len(text[:at].encode("utf-16-le")) // 2
        assert mapping.to_utf16(at) == units
        assert mapping.to_code_points(units) == at


def test_a_unit_inside_a_pair_belongs_to_its_character() -> None:
    assert Utf16Map("a😀b").to_code_points(2) == 1


@given(ODD)
def test_shown_text_maps_back_to_the_same_characters(text: str) -> None:
    shown = Display(text)
    for at, char in enumerate(text):
        place = shown.to_shown(at)
        assert shown.to_stored(place) == at or (char == "\n" and text[at - 1] == "\r")
        if char.isalnum():
            assert shown.text[place] == char


@given(ODD, st.data())
def test_a_span_and_its_selection_are_the_same_span(text: str, data: st.DataObject) -> None:
    text = text.replace("\r", "")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = Display(text)
    assert shown.from_qt(*shown.to_qt(start, end)) == (start, end)


@given(ODD)
def test_nothing_hidden_is_left_in_what_is_shown(text: str) -> None:
    shown = display(text)
    assert hidden_characters(shown) == 0
    assert not set(shown) & set("\r\u2028\u2029\x00\u202e\ufffc")


@given(ODD, st.data())
def test_growing_is_stable_and_only_outward(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    grown = grow(text, start, end)
    assert grown[0] <= start
    assert grown[1] >= end
    assert grow(text, *grown) == grown


@pytest.mark.parametrize(
    ("text", "span", "grown"),
    [
        ("e\u0301a", (0, 1), (0, 2)),
        ("e\u0301a", (1, 3), (0, 3)),
        ("👍🏽!", (0, 1), (0, 2)),
        ("👩\u200d💻!", (0, 1), (0, 3)),
        ("👩\u200d💻!", (2, 4), (0, 4)),
        ("🇫🇷🇩🇪", (1, 2), (0, 2)),
        ("🇫🇷🇩🇪", (2, 4), (2, 4)),
        ("a\r\nb", (0, 2), (0, 3)),
        ("❤\ufe0f.", (0, 1), (0, 2)),
        ("Jane Doe", (0, 4), (0, 4)),
    ],
)
def test_spans_never_cut_a_visible_character(text: str, span: tuple[int, int], grown: tuple[int, int]) -> None:
    assert grow(text, *span) == grown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟦202E⟧b"),
        ("nul\x00", "nul⟦0000⟧"),
        ("x\u200by", "x⟦200B⟧y"),
        ("\ufefftop", "⟦FEFF⟧top"),
        ("t\U000e0041g", "t⟦E0041⟧g"),
        ("a\ud800b", "a⟦D800⟧b"),
        ("one\r\ntwo\u2028three\rfour", "one\ntwo\nthree\nfour"),
        ("tab\tand\u00a0space", "tab\tand\u00a0space"),
        ("family 👨\u200d👩\u200d👧 ❤\ufe0f", "family 👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_boxed(text: str, shown: str) -> None:
    assert display(text) == shown


def test_hidden_characters_are_counted() -> None:
    assert hidden_characters("a\u202eb\u200b\x07") == 3
    assert hidden_characters("plain 👩\u200d💻\r\n") == 0


def test_long_unbreakable_lines_are_broken_for_display_only() -> None:
    text = "x" * 5_000 + " " + "word " * 1_000
    shown = Display(text)
    assert [len(line) for line in shown.text.split("\n")][:2] == [2_000, 2_000]
    assert shown.text.count("\n") == 2
    assert shown.to_qt(1_990, 2_000) == (1_990, 2_000)
    assert shown.to_qt(2_000, 2_010) == (2_001, 2_011)


def test_a_pane_shows_at_most_its_limit() -> None:
    shown = Display("y z" * 100_000)
    assert shown.truncated
    assert len(shown.text) == 200_000
    assert shown.to_shown(250_000) == 200_000
    assert not Display("y z" * 100_000, limit=None).truncated


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_shown_text_keeps_every_visible_character(text: str) -> None:
    kept = [c for c in text if unicodedata.category(c)[0] in "LNPS"]
    shown = iter(display(text))
    assert all(any(c == other for other in shown) for c in kept if c not in "\u115f\u1160\u3164\uffa0\ufffc")
