"""Small, distrustful accessors for parsed JSON: a wrong type is the same as nothing."""

import json
from collections.abc import Iterator
from typing import Any

from core import times
from core.model.moment import Interval

PATH = 200  # characters of a text's path that are kept: keys are the source's own words
_MILLISECONDS = 1e11  # seconds above this lie in the year 5138: the number counts milliseconds


def text(value: Any) -> str:
    """The string, or empty for anything else."""
    return value if isinstance(value, str) else ""


def record(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def first(source: dict[str, Any], *names: str) -> Any:
    """The value of the first of these keys that holds something other than null and the empty string."""
    for name in names:
        value = source.get(name)
        if value is not None and value != "":
            return value
    return None


def name(value: Any) -> str:
    """An id as text: a string, or an integer's digits; empty for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value)


def shown(value: Any) -> str:
    """A value as JSON text, whatever it holds."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""


def moment(value: Any, *, client: bool = False) -> Interval | None:
    """Interval of a time as sources write it: seconds, milliseconds, digits as text, ISO; None if it is no time."""
    if value is None:
        return None
    if isinstance(value, str):
        written = times.parse(value, client=client)
        if written is not None:
            return written
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if abs(value) > _MILLISECONDS:
        value = value / 1000 if abs(value) < 1e17 else float("inf")
    return times.from_seconds(value, client=client)


def leaves(value: Any, path: str, skip: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Every non-blank string below ``value`` with its path, in source order; keys in ``skip`` are passed over."""
    stack = [(path, value)]
    while stack:
        at, found = stack.pop()
        if isinstance(found, str):
            if found.strip():
                yield at, found
        elif isinstance(found, dict):
            stack.extend((f"{at}.{k}"[:PATH], v) for k, v in reversed(found.items()) if k not in skip)
        elif isinstance(found, list):
            stack.extend((f"{at}[{i}]", found[i]) for i in range(len(found) - 1, -1, -1))
