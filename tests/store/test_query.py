"""The written form of a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.model.verdict import Decision
from core.model.view import Query
from core.services.query import REVIEWS, SORTS, WITHOUTS, parse, show

VALUES = st.lists(st.text(max_size=8), max_size=3).map(tuple)
QUERIES = st.builds(
    Query,
    products=VALUES,
    decisions=st.lists(st.sampled_from(Decision), max_size=3).map(tuple),
    reasons=VALUES,
    entities=VALUES,
    accounts=VALUES,
    month=st.just("") | st.dates().map(lambda d: d.strftime("%Y-%m").zfill(7)),
    search=st.text()
    | st.sampled_from(["two words", '"a phrase" x', "product:api", 'text:"x"', " blanks ", 'a"b', ":"]),
    review=st.sampled_from(["", *REVIEWS]),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    without=st.lists(st.sampled_from(WITHOUTS), max_size=2).map(tuple),
)


@given(QUERIES)
def test_what_is_shown_reads_back_as_the_same_query(query: Query) -> None:
    text = show(query)
    assert parse(text) == query
    assert show(parse(text)) == text


@given(st.text())
def test_any_text_is_a_query_or_is_refused_in_one_sentence(text: str) -> None:
    try:
        query = parse(text)
    except Refusal as refusal:
        sentence = str(refusal)
    else:
        sentence = "."
        assert parse(show(query)) == query
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("product:api product:chatgpt", Query(products=("api", "chatgpt"))),
        ("decision:eligible reason:LEDGER_GAP", Query(decisions=(Decision.ELIGIBLE,), reasons=("LEDGER_GAP",))),
        ('month:2023-06 tax "two words"', Query(month="2023-06", search='tax "two words"')),
        ("https://example.org note:this", Query(search="https://example.org note:this")),
        ('account:"a b ""c"""', Query(accounts=('a b "c"',))),
        ("account:", Query(accounts=("",))),
        ("sort:account", Query(sort="account", descending=False)),
        ("review:to_review sort:-title", Query(review="to_review", sort="title")),
    ],
)
def test_examples(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    "text", ["decision:maybe", "month:2023-13", "month:June", "review:all", "sort:colour", "without:words"]
)
def test_a_value_its_key_cannot_have_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match=text):
        parse(text)
