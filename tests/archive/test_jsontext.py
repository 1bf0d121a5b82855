import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.archive.jsontext import BadJson, parse, parse_exact

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.text(st.sampled_from('\\u"d83😀\0'), max_size=12)


@given(st.recursive(TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
                    lambda x: st.lists(x) | st.dictionaries(TEXTS, x), max_leaves=8))  # fmt: skip
def test_both_paths_give_one_value(value: object) -> None:
    raw = json.dumps(value).encode()
    assert parse(raw)[0] == parse_exact(raw)[0] == value


def test_long_integers_stay_whole() -> None:
    assert parse(b'{"a":123456789012345678901234567890}')[0] == {"a": 123456789012345678901234567890}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[1e400]", "too large"),
        (b'{"a":1', "not valid"),
        (b"[" + b"9" * 5000 + b"]", "digits"),
        (b"[" * 2000 + b"]" * 2000, "512"),
        (b'["\xff"]', "UTF-8"),
        (b"", "valid"),
    ],
)
def test_what_is_refused_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(BadJson, match=reason):
        parse(raw)


def test_repairs() -> None:
    assert parse(b"\xef\xbb\xbf[1]") == ([1], ())
    assert parse(b'["\xed\xa0\xbd\xed\xb8\x80"]') == (["😀"], ())  # a CESU-8 pair
    assert parse(b'["\xed\xa0\xbd"]') == (["\ufffd"], ("surrogate_replaced",))
    assert parse(b'["a\\u0000b"]') == (["a\0b"], ())
    assert parse(b'["\\ude00\\ud83d"]') == (["\ufffd\ufffd"], ("surrogate_replaced",))


def test_duplicate_keys_are_flagged_on_the_exact_path() -> None:
    assert parse_exact(b'{"a":1,"a":2}') == ({"a": 2}, ("duplicate_key",))
    assert parse_exact(b'[{"a":1},{"a":2}]')[1] == ()
