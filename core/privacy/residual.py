"""Scanning what was redacted, until nothing is left to find."""

from collections.abc import Sequence

from core.model.span import REDACTED_TIERS, Span
from core.privacy.detector import Detector
from core.privacy.propagate import propagate
from core.privacy.redact import Redacted, Style, original_spans, redact_conversation

PASSES = 3


def residual(texts: Sequence[str], detector: Detector) -> list[tuple[Span, ...]]:
    """What the detector would still redact in texts that were redacted already: empty tuples when they are clean."""
    return [tuple(s for s in result.spans if s.tier in REDACTED_TIERS) for result in detector.scan(texts)]


def settle(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    detector: Detector,
    *,
    style: Style = "placeholder",
    secret: bytes = b"",
    conversation: str = "",
) -> tuple[list[Redacted], list[tuple[Span, ...]]]:
    """Redact, scan the output, redact what is new, at most three times.

    Gives the redacted texts and what is still found in them (positions in the redacted texts). With surrogates, which
    look like what they stand for, findings inside a replacement do not count.
    """
    known = [tuple(found) for found in spans]
    for _ in range(PASSES):
        redacted = redact_conversation(texts, known, style=style, secret=secret, conversation=conversation)
        left = [
            tuple(s for s in found if any(True for _ in original_spans(part, (s,))))
            for part, found in zip(redacted, residual([part.text for part in redacted], detector), strict=True)
        ]
        if not any(left):
            break
        more = [tuple(original_spans(part, found)) for part, found in zip(redacted, left, strict=True)]
        known = propagate(texts, [(*old, *new) for old, new in zip(known, more, strict=True)])
    return redacted, left
