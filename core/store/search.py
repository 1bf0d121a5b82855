"""The full-text index over every text: built after a load in resumable steps, asked with plain words.

It is an external-content FTS5 table, so that texts are stored once. The setting ``fts_through`` is the id of the last
text indexed; ids are never used twice (see :mod:`core.store.ingest`), so one number says what is missing.
"""

import sqlite3
from collections.abc import Callable

from core.store.writer import transact

STEP = 10_000
CREATE_INDEX = (
    """
    CREATE VIRTUAL TABLE text_fts
    USING fts5(body, content='text', content_rowid='id', tokenize='unicode61 remove_diacritics 2')
    """,
    "INSERT INTO text_fts (text_fts, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO text_fts (text_fts, rank) VALUES ('hashsize', 67108864)",  # 4.4 x a load's cost becomes 3.6 x
    # A deleted text leaves the index with it; one not indexed yet is not in it, and must not be taken out.
    """
    CREATE TRIGGER text_forget BEFORE DELETE ON text
    WHEN OLD.id <= (SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'fts_through')
    BEGIN INSERT INTO text_fts (text_fts, rowid, body) VALUES ('delete', OLD.id, OLD.body); END
    """,
)


def through(conn: sqlite3.Connection) -> int:
    """The id of the last text in the index."""
    found = conn.execute("SELECT value FROM setting WHERE key = 'fts_through'").fetchone()
    return int(found[0]) if found else 0


def behind(conn: sqlite3.Connection) -> bool:
    """Whether some texts are not in the index yet, so that a search is partial."""
    last: int | None = conn.execute("SELECT max(id) FROM text").fetchone()[0]
    return last is not None and last > through(conn)


def build(conn: sqlite3.Connection, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Index the texts that are not indexed yet, :data:`STEP` ids a transaction; what is committed stays.

    ``progress`` is called with texts done and in all before each step and may raise to stop.
    """
    first = start = through(conn)
    last: int = conn.execute("SELECT coalesce(max(id), 0) FROM text").fetchone()[0]
    while start < last:
        progress(start - first, last - first)
        end = min(start + STEP, last)
        transact(conn, lambda c, lo=start, hi=end: _index(c, lo, hi))  # type: ignore[misc]
        start = end
    if last > first:
        conn.execute("PRAGMA analysis_limit = 400")
        conn.execute("PRAGMA optimize")  # the planner learns what the load has changed


def _index(conn: sqlite3.Connection, after: int, to: int) -> None:
    conn.execute(
        "INSERT INTO text_fts (rowid, body) SELECT id, body FROM text WHERE id > ? AND id <= ?",
        (after, to),
    )
    conn.execute("UPDATE setting SET value = ? WHERE key = 'fts_through'", (str(to),))


def match_expression(words: str) -> str | None:
    """An FTS5 expression that finds texts holding all the words, the last one as a beginning; None if none is given.

    Whatever a person types is data: every word is quoted, so that no FTS operator can be written. A phrase stands
    between double quotes. Words without a letter or digit are left out, since the index holds none of them.
    """
    parts: list[tuple[str, bool]] = []
    for i, piece in enumerate(words.replace("\x00", " ").split('"')):
        parts.extend([(piece, True)] if i % 2 else [(word, False) for word in piece.split()])
    kept = [(text, phrase) for text, phrase in parts if any(c.isalnum() for c in text)]
    if not kept:
        return None
    quoted = ['"' + text + '"' for text, _ in kept]
    if not kept[-1][1] and not words[-1:].isspace():
        quoted[-1] += " *"
    return " ".join(quoted)
