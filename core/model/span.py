"""Spans of personal information in one text."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How sure the detector is; certain, likely and told are redacted unless a reviewer rejects them."""

    CERTAIN = "certain"
    LIKELY = "likely"
    MAYBE = "maybe"
    TOLD = "told"


REDACTED_TIERS = frozenset({Tier.CERTAIN, Tier.LIKELY, Tier.TOLD})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``[start, end)`` in code points of the stored text, with what was found there and by whom."""

    start: int
    end: int
    entity: str
    score: float
    detector: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one scan of one text gave.

    ``language`` is an ISO 639-1 code or ``und``; ``covered`` says whether the detector claims that language;
    ``state`` is ``scanned``, ``timeout`` or ``truncated``.
    """

    spans: tuple[Span, ...]
    language: str
    covered: bool
    state: str = "scanned"
