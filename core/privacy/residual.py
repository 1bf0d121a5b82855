"""Scanning what was redacted, until nothing is left to find."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.span import REDACTED_TIERS, Span
from core.privacy.detector import Detector
from core.privacy.propagate import propagate
from core.privacy.redact import Redacted, Style, outside_replacements, redact_conversation

PASSES = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """A redacted conversation, the spans of the original that were redacted, and what is still found in the output.

    ``left`` has positions in the redacted texts; it is empty tuples when the output is clean.
    """

    redacted: list[Redacted]
    spans: list[tuple[Span, ...]]
    left: list[tuple[Span, ...]]


def residual(texts: Sequence[str], detector: Detector) -> list[tuple[Span, ...]]:
    """What the detector would still redact in texts that were redacted already."""
    return [tuple(s for s in result.spans if s.tier in REDACTED_TIERS) for result in detector.scan(texts)]


def settle(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    detector: Detector,
    *,
    style: Style = "placeholder",
    secret: bytes = b"",
    conversation: str = "",
) -> Settled:
    """Redact, scan the output, redact what is new, at most three times.

    What lies inside a replacement does not count, since surrogates look like what they stand for.
    """
    known = [tuple(found) for found in spans]
    for last in range(1, PASSES + 1):
        known = propagate(texts, known)
        redacted = redact_conversation(texts, known, style=style, secret=secret, conversation=conversation)
        found = residual([part.text for part in redacted], detector)
        new = [
            tuple(part for span in spans for part in outside_replacements(done, span))
            for done, spans in zip(redacted, found, strict=True)
        ]
        if last == PASSES or not any(new):
            break
        known = [(*old, *more) for old, more in zip(known, new, strict=True)]
    left = [
        tuple(s for s in part if any(outside_replacements(done, s))) for done, part in zip(redacted, found, strict=True)
    ]
    return Settled(redacted, known, left)
