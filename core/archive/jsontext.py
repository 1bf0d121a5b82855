"""One JSON text to one value: a fast parser first, the exact one where it refuses.

The fast parser (msgspec) keeps long integers whole and refuses lone surrogates, NaN and broken UTF-8; whatever it
refuses is read again by the standard parser under our own limits. Text is repaired here and nowhere else:
a BOM is stripped, CESU-8 pairs are joined, a lone surrogate becomes U+FFFD and is flagged; NUL is kept.
"""

import json
import math
import re
from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 512
MAX_DIGITS = 400
BOM = b"\xef\xbb\xbf"
SURROGATE_REPLACED = "surrogate_replaced"
DUPLICATE_KEY = "duplicate_key"

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])', re.DOTALL)
_decode = msgspec.json.Decoder().decode


class BadJson(Exception):  # noqa: N818 - it is an answer about the data
    """Why a text is not acceptable JSON: one plain clause, with the byte offset within the text where known."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def parse(raw: bytes) -> tuple[Any, tuple[str, ...]]:
    """Value of one JSON text, and flags for what was repaired. Raises :class:`BadJson`."""
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:  # how deep the fast parser goes depends on the version of Python
        _refuse_depth(raw)
    try:
        return _decode(raw), ()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return parse_exact(raw)


def parse_array(raw: bytes) -> list[Any] | None:
    """The elements of a whole JSON array by the fast parser alone; None where it refuses."""
    try:
        found = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    return found if isinstance(found, list) else None


def parse_exact(raw: bytes) -> tuple[Any, tuple[str, ...]]:
    """Like :func:`parse`, by the standard parser alone, so that repeated keys are flagged too."""
    _refuse_depth(raw)
    flags: list[str] = []
    text = _repaired(raw.removeprefix(BOM), flags)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs) and DUPLICATE_KEY not in flags:
            flags.append(DUPLICATE_KEY)
        return found

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise BadJson("it is not valid JSON", len(text[: error.pos].encode("utf-8", "replace"))) from None
    except RecursionError:
        raise BadJson(f"it is nested deeper than {MAX_DEPTH} levels") from None
    return value, tuple(flags)


def repair(text: str, flags: list[str]) -> str:
    """Text whose surrogates are joined to characters or replaced by U+FFFD; adds the flag when it replaced one."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if joined.count("\ufffd") != text.count("\ufffd") and SURROGATE_REPLACED not in flags:
        flags.append(SURROGATE_REPLACED)
    return joined


def _repaired(raw: bytes, flags: list[str]) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        try:
            text = repair(raw.decode("utf-8", "surrogatepass"), flags)
        except UnicodeDecodeError:
            raise BadJson(f"byte {error.start} is not UTF-8", error.start) from None

    def lone(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return found.group()
        if SURROGATE_REPLACED not in flags:
            flags.append(SURROGATE_REPLACED)
        return "\\ufffd"

    return _ESCAPE.sub(lone, text) if "\\ud" in text or "\\uD" in text else text


def _refuse_depth(raw: bytes) -> None:
    if _depth(raw) > MAX_DEPTH:
        raise BadJson(f"it is nested deeper than {MAX_DEPTH} levels")


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for found in _TOKEN.finditer(raw):
        if found.lastindex == 1:
            depth += 1
            deepest = max(deepest, depth)
        elif found.lastindex == 2:
            depth -= 1
    return deepest


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BadJson(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if len(digits) > MAX_DIGITS or not math.isfinite(value):
        raise BadJson("a number is too large")
    return value


def _constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not a JSON number")
