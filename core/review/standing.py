"""Standing for a redaction: a person read the texts of a conversation and answers for what is left in them."""

import sqlite3

from core.errors import Refusal
from core.model.review import person
from core.store import audit, decisions, findings


def mark(conn: sqlite3.Connection, conversation: int, *, detector: str, who: str, at: int, reviewed: bool) -> None:
    """Stand for the texts of a conversation as this detector sees them, or take every standing review back."""
    texts = {text.sha256 for text in findings.texts(conn, conversation)}
    if not texts:
        raise Refusal("This conversation holds no text to review.")
    standing = decisions.standing_reviews(conn, conversation, detector)
    changed = 0
    for sha in sorted(texts):
        held = standing.get(sha, [])
        if reviewed and not any(person(by) == person(who) for _, by in held):
            decisions.review_text(conn, text_sha=sha, detector=detector, by=who, at=at)
            changed += 1
        for row, _ in () if reviewed else held:
            decisions.review_text(conn, text_sha=sha, detector=detector, by=who, at=at, undoes=row)
            changed += 1
    audit.append(
        conn, actor=who, act="reviewed redaction" if reviewed else "withdrew redaction review",
        obj=f"conversation:{conversation}", detail={"texts": changed, "detector": detector}, at=at,
    )  # fmt: skip
