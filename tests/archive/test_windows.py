"""Windows against the standard parser, on arrays made to mislead them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.archive.container import Cut
from core.archive.windows import Bad, Element, elements

NASTY = st.text(st.sampled_from('ab"\\{}[], :\n\u2028é😀\0'), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | NASTY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(["title", "id", "}, {", "x"]), VALUES, max_size=4)


def chopped(data: bytes, size: int) -> Iterator[bytes]:
    return (data[i : i + size] for i in range(0, len(data), size))


def read(data: bytes, size: int = 7, window: int = 16, limit: int = 1 << 20) -> list[Element | Bad]:
    return list(elements(chopped(data, size), window=window, limit=limit))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(OBJECTS | VALUES, max_size=8), st.integers(1, 40), st.sampled_from([1, 2, 3, 7, 64, 4096]),
    st.sampled_from([None, 1, 3]), st.booleans(),
)  # fmt: skip
def test_every_window_size_gives_what_the_standard_parser_gives(
    values: list[Any], size: int, window: int, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode()
    found = read(data, size, window)
    assert [x.value for x in found if isinstance(x, Element)] == json.loads(data)
    assert [x.index for x in found] == list(range(len(values)))


@settings(max_examples=80, deadline=None)
@given(st.lists(OBJECTS, min_size=1, max_size=6), st.data())
def test_a_cut_array_gives_its_whole_elements_and_says_so(values: list[Any], data: st.DataObject) -> None:
    text = json.dumps(values).encode()
    cut = data.draw(st.integers(1, len(text) - 1))
    found: list[Element | Bad] = []
    stream = elements(chopped(text[:cut], 5), window=16)
    with pytest.raises(Cut):
        found.extend(stream)
    whole = [x.value for x in found if isinstance(x, Element)]
    assert whole == values[: len(whole)]
    assert sum(isinstance(x, Bad) for x in found) <= 1


def test_one_bad_element_does_not_take_its_neighbours() -> None:
    found = read(b'[{"a":1}, {"a":NaN}, {"a":}, {"a":"\xff"}, {"a":1e999}, {"a":2}]')
    assert [x.value for x in found if isinstance(x, Element)] == [{"a": 1}, {"a": 2}]
    bad = [x for x in found if isinstance(x, Bad)]
    assert [x.index for x in bad] == [1, 2, 3, 4]
    assert bad[0].reason == "NaN is not a JSON number"
    assert bad[0].raw == b'{"a":NaN}'
    assert all(x.offset > 0 for x in bad)


def test_a_lone_surrogate_is_replaced_and_flagged() -> None:
    found = read(b'[{"a":"x\\ud83d"}, {"a":"\\ud83d\\ude00 \\\\ud83d"}]')
    assert [x.value for x in found if isinstance(x, Element)] == [{"a": "x\ufffd"}, {"a": "😀 \\ud83d"}]
    assert [x.flags for x in found if isinstance(x, Element)] == [("surrogate_replaced",), ()]


@pytest.mark.parametrize("size", [1, 2, 5, 64])
@pytest.mark.parametrize(
    "inner", [b'{"a":"' + b'\\"}' * 300 + b'"}', b"[" + b'["\\\\"],' * 200 + b"1]", b'"' + b"\\\\" * 400 + b'"']
)
def test_an_oversized_element_is_skipped_whole(inner: bytes, size: int) -> None:
    found = read(b'[{"a":1},' + inner + b',{"a":2}]', size, limit=100)
    assert [x.value for x in found if isinstance(x, Element)] == [{"a": 1}, {"a": 2}]
    assert [x.index for x in found if isinstance(x, Bad)] == [1]


def test_an_oversized_last_element_ends_the_array() -> None:
    found = read(b'[{"a":1},"' + b"x" * 3000 + b'"]', limit=100)
    assert [type(x) for x in found] == [Element, Bad]


def test_deep_nesting_is_refused_alone() -> None:
    deep = b"[" * 600 + b"]" * 600
    very_deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    found = read(b"[1," + deep + b"," + very_deep + b",2]", 4096, 64)
    bad = [x.reason for x in found if isinstance(x, Bad)]
    assert [x.value for x in found if isinstance(x, Element)][-1] == 2
    assert "it is nested deeper than 512 levels" in bad


@pytest.mark.parametrize("data", [b"", b"  ", b'{"a":1}', b"nonsense", b'[{"a":1}] [2]', b'[{"a":1}]x'])
def test_what_is_no_list_or_more_than_one_is_said(data: bytes) -> None:
    with pytest.raises(Cut):
        read(data)


def test_bom_blank_and_an_empty_list() -> None:
    assert read(b"\xef\xbb\xbf \n [ ] \n") == []
    assert [x.value for x in read(b"\xef\xbb\xbf[ 1 ]") if isinstance(x, Element)] == [1]
