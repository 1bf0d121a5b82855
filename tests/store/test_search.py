"""The full-text index: any words a person types, built in steps, emptied by erasure."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import Cancelled
from core.model.record import ParsedConversation
from core.store import search
from core.store.ingest import Ingest, SourceFile
from core.store.search import match_expression

Talk = Callable[..., ParsedConversation]
FILE = SourceFile("/data/a", "a", "aa", 1, "api_log")


def load(conn: sqlite3.Connection, *talks: ParsedConversation) -> None:
    ingest = Ingest(conn, FILE, 1)
    for item in talks:
        ingest.add(item)
    ingest.flush()


def found(conn: sqlite3.Connection, words: str) -> set[str]:
    expression = match_expression(words)
    if expression is None:
        return set()
    rows = conn.execute(
        "SELECT body FROM text WHERE id IN (SELECT rowid FROM text_fts WHERE text_fts MATCH ?)", (expression,)
    )
    return {body for (body,) in rows}


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE text_fts USING fts5(body, tokenize='unicode61 remove_diacritics 2')")
    conn.execute("INSERT INTO text_fts VALUES ('the quick brown fox')")
    yield conn
    conn.close()


ODD = [
    '"',
    '""',
    "AND",
    "NOT fox",
    "a OR",
    "NEAR(",
    "body:x",
    "fox*",
    "^fox",
    "(fox",
    "{a b}: c",
    "-fox",
    "f\x00ox",
    "' OR 1=1",
]


@given(st.text())
@example("")
def test_whatever_is_typed_is_words_and_never_an_expression(index: sqlite3.Connection, words: str) -> None:
    for text in (words, *(f"{odd} {words}" for odd in ODD)):
        expression = match_expression(text)
        if expression is not None:
            index.execute("SELECT count(*) FROM text_fts WHERE text_fts MATCH ?", (expression,)).fetchone()


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("fox", True), ("FOX quick", True), ("fox wolf", False), ('"quick brown"', True), ('"brown quick"', False),
        ("bro", True), ("bro ", False), ('"bro"', False), ("fox OR wolf", False), ("qui fox", False), ("naïve", False),
        ("quíck", True), ("   ", False), ("*", False),
    ],
)  # fmt: skip
def test_all_words_must_occur_and_the_last_may_be_a_beginning(
    index: sqlite3.Connection, words: str, *, hit: bool
) -> None:
    expression = match_expression(words)
    sql = "SELECT count(*) FROM text_fts WHERE text_fts MATCH ?"
    assert (expression is not None and index.execute(sql, (expression,)).fetchone()[0] == 1) is hit


def test_the_index_is_built_in_steps_and_resumed(
    conn: sqlite3.Connection, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "STEP", 10)
    load(conn, *(talk(f"c{i}", f"word number{i}") for i in range(35)))
    assert search.behind(conn)

    def stop(done: int, total: int) -> None:
        assert total == 35
        if done == 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        search.build(conn, stop)
    assert (search.through(conn), search.behind(conn)) == (20, True)
    assert len(found(conn, "word")) == 20
    search.build(conn)
    assert not search.behind(conn)
    assert len(found(conn, "word")) == 35
    assert found(conn, "number34") == {"word number34"}


def test_an_erased_text_is_gone_from_every_file(conn: sqlite3.Connection, talk: Talk, workspace: Path) -> None:
    marker = "zanzibarmarker"
    load(conn, *(talk(f"c{i}", f"{marker}{i} {marker} kept{i}" if i % 2 else f"plain{i}") for i in range(200)))
    search.build(conn)
    load(conn, talk("late", f"{marker} not indexed yet"))
    assert len(found(conn, marker)) == 100
    conn.execute("DELETE FROM text WHERE instr(body, ?) > 0", (marker,))
    conn.execute("INSERT INTO text_fts (text_fts) VALUES ('optimize')")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.execute("INSERT INTO text_fts (text_fts, rank) VALUES ('integrity-check', 1)")
    assert len(found(conn, "plain")) == 100
    for file in workspace.parent.glob("made.cdesk*"):
        assert marker.encode() not in file.read_bytes(), file.name


def test_an_erased_texts_number_is_not_used_again(conn: sqlite3.Connection, talk: Talk) -> None:
    load(conn, talk("c1", "first"))
    search.build(conn)
    conn.execute("DELETE FROM text")
    load(conn, talk("c2", "second"))
    assert search.behind(conn)
    search.build(conn)
    assert found(conn, "second") == {"second"}
