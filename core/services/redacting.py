"""Redacting one stored conversation: the same steps for the reviewer's eyes, the gates and the bundle.

Names found anywhere in a conversation are looked for in all of it. Placeholders are numbered over what is released
first, so that a bundle never shows gaps, then over everything else in tree order.
"""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.model.span import REDACTED_TIERS, ScanResult, Span
from core.privacy.propagate import propagate
from core.privacy.redact import Redacted, Style, outside_replacements, redact_conversation
from core.store import findings
from core.store.findings import StoredText, StoredTurn

STYLE: Style = "placeholder"
RELEASED_ROLES = ("system", "user", "assistant", "tool")
CONTENT = "content"
PASSES = 5
"""How often redacted text is scanned again and redacted further; what is still left then keeps its gate red."""
_NOTHING: Mapping[bytes, ScanResult] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RedactedText:
    """One text with the spans that were found in it, names of the rest of the conversation included."""

    text: StoredText
    turn: StoredTurn | None
    spans: tuple[Span, ...]
    redacted: Redacted
    released: bool


def is_released(text: StoredText, turn: StoredTurn | None) -> bool:
    """Whether a text goes into a bundle: the words of a turn on the visible path, and nothing else."""
    return (
        turn is not None
        and text.field == CONTENT
        and turn.visible
        and not turn.hidden_kind
        and turn.role in RELEASED_ROLES
        and bool(text.body.strip())
    )


def digest(text: str) -> bytes:
    """The digest that addresses a text in the scan cache."""
    return hashlib.sha256(text.encode()).digest()


def redacted_texts(
    conn: sqlite3.Connection, conversation: int, detector: str, fresh: Mapping[bytes, ScanResult] = _NOTHING
) -> list[RedactedText]:
    """Every text of a conversation redacted by the findings of this detector; released texts first, in turn order.

    Where the redacted text was scanned again and something was left, that is redacted too, as far as scans go.
    ``fresh`` are scans of redacted texts, by digest, that are not stored yet.
    """
    turns = {turn.record_id: turn for turn in findings.turns(conn, conversation)}
    stored = findings.texts(conn, conversation)
    stored.sort(key=lambda text: not is_released(text, turns.get(text.record_id)))
    bodies = [text.body for text in stored]
    found = findings.spans(conn, detector, (text.sha256 for text in stored))
    known = propagate(bodies, [found.get(text.sha256, ()) for text in stored])
    outcome = redact_conversation(bodies, known, style=STYLE)
    for _ in range(PASSES):
        left = _left_in(conn, detector, outcome, fresh)
        if not any(left):
            break
        known = propagate(bodies, [(*old, *new) for old, new in zip(known, left, strict=True)])
        outcome = redact_conversation(bodies, known, style=STYLE)
    return [
        RedactedText(text, turn, tuple(held), done, is_released(text, turn))
        for text, held, done in zip(stored, known, outcome, strict=True)
        for turn in (turns.get(text.record_id),)
    ]


def _left_in(
    conn: sqlite3.Connection, detector: str, outcome: Sequence[Redacted], fresh: Mapping[bytes, ScanResult]
) -> list[tuple[Span, ...]]:
    """What scans of these redacted texts found, as spans of the originals; empty where none was scanned."""
    shas = [digest(done.text) if done.pieces else b"" for done in outcome]
    found = findings.spans(conn, detector, (sha for sha in shas if sha and sha not in fresh))
    found |= {sha: fresh[sha].spans for sha in shas if sha in fresh}
    return [
        tuple(
            part
            for span in found.get(sha, ())
            if span.tier in REDACTED_TIERS
            for part in outside_replacements(done, span)
        )
        for sha, done in zip(shas, outcome, strict=True)
    ]
