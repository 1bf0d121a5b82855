"""Redaction: nothing of what was found survives, numbers agree, and redacting twice is redacting once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.span import REDACTED_TIERS, Span, Tier
from core.privacy import values
from core.privacy.detector import Detector
from core.privacy.propagate import propagate
from core.privacy.redact import STYLES, Redacted, Style, outside_replacements, redact_conversation
from core.privacy.residual import settle

RULES = Detector.load(rules_only=True)
PARTS = st.sampled_from(
    [
        "My name is Mira Holt", "my boss Priyanka", "mira.holt@quietmail.net", "call 415-555-0133",
        "Dear Mr. Okafor,\n",
        "4539 1488 0343 6467", "521-44-9382", "password: W!nter2024", "I live at 12 Oak Street, Salem", "from Portugal",
        "😀👍🏽", "e\u0301", "\u200b", "\n\n", " ", ", ", "said hello to Mira.", "<PERSON_1>",
        "<EMAIL_ADDRESS>", "```\n",
        "/home/mholt/x", "https://miraholt.blog/x?token=aB3dE5gH7jK9mN1pQ2rS", "und dann", "12345", "'s", "\r\n",
        "Ünal",
        "GB29 NWBK 6016 1331 9268 19", "passport number XG9382049", "84.23.171.9", "\u202e", "Best,\nMira Holt\n",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=12).map(" ".join)


def find(texts: list[str]) -> list[tuple[Span, ...]]:
    return propagate(texts, [result.spans for result in RULES.scan(texts)])


def one(text: str, *spans: tuple[int, int, str], style: Style = "placeholder") -> Redacted:
    made = [Span(start, end, entity, 1.0, "hand", Tier.TOLD) for start, end, entity in spans]
    return redact_conversation([text], [made], style=style)[0]


@given(TEXTS)
def test_spans_lie_inside_the_text_apart_and_in_order(text: str) -> None:
    (result,) = RULES.scan([text])
    at = 0
    for span in result.spans:
        assert at <= span.start < span.end <= len(text)
        at = span.end


@given(TEXTS)
def test_redacting_twice_is_redacting_once(text: str) -> None:
    (once,) = redact_conversation([text], find([text]))
    (twice,) = redact_conversation([once.text], find([once.text]))
    settled = settle([text], find([text]), RULES)
    assert not any(settled.left)
    (again,) = redact_conversation([settled.redacted[0].text], find([settled.redacted[0].text]))
    assert again.text == settled.redacted[0].text
    assert len(twice.pieces) <= len(once.pieces)


@given(TEXTS, TEXTS)
def test_text_after_a_paragraph_break_removes_no_finding(text: str, more: str) -> None:
    text = text.replace("```", "")
    short, long = RULES.scan([text, f"{text}\n\n{more}"])
    hidden = {k for s in long.spans if s.tier in REDACTED_TIERS for k in range(s.start, s.end)}
    for span in short.spans:
        if span.tier in REDACTED_TIERS:
            assert all(k in hidden for k in range(span.start, span.end) if text[k].isalnum())


@given(TEXTS, TEXTS, st.sampled_from(STYLES))
def test_no_redacted_value_survives(first: str, second: str, style: Style) -> None:
    texts = [first, second]
    spans = find(texts)
    redacted = redact_conversation(texts, spans, style=style, secret=b"s", conversation="c")
    gone = {
        values.stem(text[s.start : s.end])
        for text, found in zip(texts, spans, strict=True)
        for s in found
        if s.tier in REDACTED_TIERS
    }
    finder = values.Finder(value for value in gone if values.weight(value) >= values.SHORTEST)
    for part in redacted:
        assert not list(finder.find(part.text))


@given(TEXTS, st.sampled_from(STYLES))
def test_pieces_tell_exactly_what_became_of_the_text(text: str, style: Style) -> None:
    (done,) = redact_conversation([text], find([text]), style=style)
    old = new = 0
    for piece in done.pieces:
        assert text[old : piece.start] == done.text[new : piece.new_start]
        assert done.text[piece.new_start : piece.new_end] == piece.replacement
        old, new = piece.end, piece.new_end
    assert text[old:] == done.text[new:]


@given(st.text(max_size=60), st.data())
def test_any_spans_at_all_are_redacted_without_a_fault(text: str, data: st.DataObject) -> None:
    ends = st.integers(0, len(text))
    spans = [
        Span(min(a, b), max(a, b), "PERSON", 1.0, "hand", Tier.TOLD)
        for a, b in data.draw(st.lists(st.tuples(ends, ends), max_size=6))
    ]
    (done,) = redact_conversation([text], [spans])
    covered = {k for piece in done.pieces for k in range(piece.start, piece.end)}
    assert all(k in covered for span in spans for k in range(span.start, span.end))


def test_one_person_has_one_number_in_the_whole_conversation() -> None:
    texts = [
        "My name is Mira Holt, or Mira.",
        "Dear MIRA HOLT,\nMira's file and Mr. Holt's file",
        "my boss Priyanka, not Mira",
    ]
    redacted = redact_conversation(texts, find(texts))
    assert [part.text for part in redacted] == [
        "My name is <PERSON_1>, or <PERSON_1>.",
        "Dear <PERSON_1>,\n<PERSON_1>'s file and <PERSON_1>'s file",
        "my boss <PERSON_2>, not <PERSON_1>",
    ]


def test_accents_and_case_do_not_make_two_people() -> None:
    text = "José Álvarez wrote to JOSE ALVAREZ"
    assert one(text, (0, 12, "PERSON"), (22, 34, "PERSON")).text == "<PERSON_1> wrote to <PERSON_1>"


def test_a_first_name_shared_by_two_people_gets_a_number_of_its_own() -> None:
    text = "Ana Ruiz, Ana Soto, Ana"
    done = one(text, (0, 8, "PERSON"), (10, 18, "PERSON"), (20, 23, "PERSON"))
    assert done.text == "<PERSON_1>, <PERSON_2>, <PERSON_3>"


def test_numbers_that_stand_in_the_text_are_never_given_again() -> None:
    text = "<PERSON_1> and <PERSON_3> met Mira and Olu"
    done = one(text, (30, 34, "PERSON"), (39, 42, "PERSON"))
    assert done.text == "<PERSON_1> and <PERSON_3> met <PERSON_2> and <PERSON_4>"


def test_a_value_is_taken_out_where_nobody_marked_it() -> None:
    assert one("Mira met Mira, not Miranda", (0, 4, "PERSON")).text == "<PERSON_1> met <PERSON_1>, not Miranda"


def test_suggestions_stay_until_somebody_accepts_them() -> None:
    span = Span(0, 6, "DATE_TIME", 0.4, "weekday", Tier.MAYBE)
    assert redact_conversation(["Friday"], [[span]])[0].text == "Friday"


def test_a_span_that_cuts_an_emoji_takes_all_of_it() -> None:
    text = "👩\u200d💻 Mira"
    assert one(text, (2, 8, "PERSON")).text == "<PERSON_1>"


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("placeholder", "Mail <EMAIL_ADDRESS_1> now"),
        ("tag", "Mail <EMAIL_ADDRESS> now"),
        ("mask", "Mail ***** now"),
        ("remove", "Mail  now"),
    ],
)
def test_styles(style: Style, shown: str) -> None:
    assert one("Mail mira@quietmail.net now", (5, 23, "EMAIL_ADDRESS"), style=style).text == shown


def test_surrogates_are_stable_within_a_conversation_and_not_across() -> None:
    text = "Mira Holt, Mira, 4539 1488 0343 6467"
    spans = [
        Span(0, 9, "PERSON", 1, "hand", Tier.TOLD),
        Span(11, 15, "PERSON", 1, "hand", Tier.TOLD),
        Span(17, 36, "CREDIT_CARD", 1, "hand", Tier.TOLD),
    ]

    def surrogate(conversation: str, secret: bytes = b"key") -> str:
        return redact_conversation([text], [spans], style="surrogate", secret=secret, conversation=conversation)[0].text

    first = surrogate("a")
    assert first == surrogate("a")
    assert len({first, surrogate("b"), surrogate("a", b"other")}) == 3
    full, given_name, card = first.split(", ")
    assert full.split()[0] == given_name
    assert [len(group) for group in card.split()] == [4, 4, 4, 4]


def test_what_lies_outside_a_replacement_maps_back() -> None:
    text = "Mira and Olu left"
    done = one(text, (0, 4, "PERSON"))
    (part,) = outside_replacements(done, Span(0, len("<PERSON_1> and Olu"), "PERSON", 1, "m", Tier.LIKELY))
    assert text[part.start : part.end] == "and Olu"


def test_settling_redacts_what_only_the_second_scan_sees() -> None:
    class Second(Detector):
        def scan(self, texts):  # type: ignore[no-untyped-def]
            results = super().scan(texts)
            return [
                type(r)((Span(t.index("Olu"), t.index("Olu") + 3, "PERSON", 0.9, "m", Tier.LIKELY),), "en", True)
                if "<PERSON_1>" in t and "Olu" in t
                else r
                for t, r in zip(texts, results, strict=True)
            ]

    settled = settle(["My name is Mira and Olu left"], find(["My name is Mira"]), Second("test"))
    assert settled.redacted[0].text == "My name is <PERSON_1> and <PERSON_2> left"
    assert settled.left == [()]
    assert len(settled.spans[0]) == 2


def test_common_words_do_not_spread_from_a_name() -> None:
    texts = ["My name is Will Grace", "Will you say grace? Will Grace did."]
    redacted = redact_conversation(texts, find(texts))
    assert redacted[1].text == "Will you say grace? <PERSON_1> did."
