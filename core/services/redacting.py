"""Redacting one stored conversation: the same steps for the reviewer's eyes, the gates and the bundle.

Names found anywhere in a conversation are looked for in all of it. Placeholders are numbered over what is released
first, so that a bundle never shows gaps, then over everything else in tree order.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from core.model.span import Span
from core.privacy.propagate import propagate
from core.privacy.redact import Redacted, redact_conversation
from core.store import findings
from core.store.findings import StoredText, StoredTurn

STYLE = "placeholder"
RELEASED_ROLES = ("system", "user", "assistant", "tool")
CONTENT = "content"


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


def redacted_texts(conn: sqlite3.Connection, conversation: int, detector: str) -> list[RedactedText]:
    """Every text of a conversation redacted by the findings of this detector; released texts first, in turn order."""
    turns = {turn.record_id: turn for turn in findings.turns(conn, conversation)}
    stored = findings.texts(conn, conversation)
    stored.sort(key=lambda text: not is_released(text, turns.get(text.record_id)))
    found = findings.spans(conn, detector, (text.sha256 for text in stored))
    return redact(stored, turns, [found.get(text.sha256, ()) for text in stored])


def redact(
    texts: Sequence[StoredText], turns: dict[int, StoredTurn], spans: Sequence[Sequence[Span]]
) -> list[RedactedText]:
    """Propagate and redact the texts of one conversation, given in the order that numbers placeholders."""
    bodies = [text.body for text in texts]
    spread = propagate(bodies, spans)
    outcome = redact_conversation(bodies, spread, style=STYLE)
    return [
        RedactedText(text, turn, tuple(held), done, is_released(text, turn))
        for text, held, done in zip(texts, spread, outcome, strict=True)
        for turn in (turns.get(text.record_id),)
    ]
