"""Canonical JSON (RFC 8785), restricted to objects, lists, strings and whole numbers.

What is signed or hashed has exactly one spelling: a verifier encodes what it read again and compares the bytes. No
fractions, no null, no true or false, so that no two languages can disagree on a spelling.
"""

from typing import Annotated

import msgspec
import rfc8785

Json = dict[str, "Json"] | list["Json"] | str | int
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A number of things: exact in every language that reads JSON."""

_LINES = msgspec.json.Encoder(order="sorted")


def dumps(value: object) -> bytes:
    """The one spelling of a value; msgspec structs are taken as objects.

    Raises ValueError for a fraction, null, boolean, a whole number beyond 2**53 - 1 or text with a lone surrogate.
    """
    plain = msgspec.to_builtins(value)
    _check(plain)
    return rfc8785.dumps(plain)


def line(value: msgspec.Struct) -> bytes:
    """The one spelling of a row, without the line feed; the fast way, for structs whose keys are ASCII."""
    return _LINES.encode(value)


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key)
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{type(value).__name__} has no place in canonical JSON")  # noqa: TRY004 - the value is wrong
