"""What a rule is, and the helpers that all families share.

Every pattern uses bounded quantifiers only and starts at a border, so that no text can make it slow; a pattern is
skipped unless one of its ``needs`` occurs in the lower-cased text, which is what makes the layer fast.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.model.span import Tier

Check = Callable[["re.Match[str]"], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern for one entity.

    ``group`` is what gets redacted; ``check(match)`` validates (``match.string`` is the text); ``needs`` are
    lower-case fragments of which one must occur in the text. ``score`` is a fraction: 0.9 and above also holds inside
    fenced code.
    """

    name: str
    entity: str
    pattern: re.Pattern[str]
    score: float
    tier: Tier
    group: int | str = 0
    check: Check | None = None
    needs: tuple[str, ...] = ()


def rx(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a pattern written over several lines, with comments."""
    return re.compile(pattern, flags | re.VERBOSE)


def before(text: str, at: int, context: re.Pattern[str], window: int = 48) -> bool:
    """Whether a context word stands in the ``window`` characters before ``at``."""
    return context.search(text, max(0, at - window), at) is not None


def after(text: str, at: int, context: re.Pattern[str], window: int = 16) -> bool:
    """Whether the context stands right after ``at``; it may take up to ``window`` characters."""
    return context.match(text, at, min(len(text), at + window)) is not None


def digits(value: str) -> str:
    """The ASCII digits of a value."""
    return "".join(c for c in value if "0" <= c <= "9")
