"""The audit trail: what is changed, cut or moved is noticed; what may be erased leaves the chain whole."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services.desk import Desk
from core.store import audit, migrate
from core.store.connect import connect
from core.store.writer import transact

DAY = 86_400_000_000


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Ten events, two of them with written reasons."""
    conn = connect(tmp_path / "trail.cdesk")
    migrate.create(conn)

    def act(c: sqlite3.Connection) -> None:
        for number in range(10):
            words = [audit.keep_text(c, f"reason {number}")[0]] if number in {3, 7} else []
            audit.append(c, actor="Ada", act="exclude", obj=f"record:{number}", at=number * DAY, free_text_ids=words)

    transact(conn, act)
    yield conn
    conn.close()


def _unguarded(conn: sqlite3.Connection, *statements: str) -> None:
    guards = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        conn.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        conn.execute(statement)
    for _, sql in guards:
        conn.execute(sql)


def test_a_whole_trail_is_whole(trail: sqlite3.Connection) -> None:
    size, head = audit.head(trail)
    assert size == 10
    assert audit.verify(trail, (size, head[:8])).ok
    assert audit.verify(trail, (4, "")).findings


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET body = replace(body, 'Ada', 'Eva') WHERE seq = 5",
        "UPDATE audit_event SET leaf = zeroblob(32) WHERE seq = 5",
        "DELETE FROM audit_event WHERE seq = 5",
        "DELETE FROM audit_event WHERE seq = 1",
        "UPDATE audit_event SET link = zeroblob(32) WHERE seq = 10",
        "UPDATE audit_event SET seq = seq + 1 WHERE seq = 10",
        "UPDATE free_text SET body = 'another reason'",
    ],
)
def test_tampering_is_noticed(trail: sqlite3.Connection, statement: str) -> None:
    _unguarded(trail, statement)
    assert not audit.verify(trail).ok


def test_the_guards_refuse_and_their_loss_is_noticed(trail: sqlite3.Connection) -> None:
    for statement in ("UPDATE audit_event SET body = ''", "DELETE FROM audit_event"):
        with pytest.raises(sqlite3.IntegrityError):
            trail.execute(statement)
    trail.execute("DROP TRIGGER audit_event_no_update")
    assert any("guards" in finding for finding in audit.verify(trail).findings)


def test_a_cut_tail_shows_only_against_a_head_from_outside(trail: sqlite3.Connection) -> None:
    kept = audit.head(trail)
    _unguarded(trail, "DELETE FROM audit_event WHERE seq > 8")
    assert audit.verify(trail).ok
    assert not audit.verify(trail, kept).ok


def test_a_chain_written_anew_shows_only_against_a_head_from_outside(trail: sqlite3.Connection) -> None:
    kept = audit.head(trail)
    bodies = trail.execute("SELECT seq, replace(body, 'Ada', 'Eva') FROM audit_event ORDER BY seq").fetchall()
    prev, statements = audit.FIRST, []
    for seq, body in bodies:
        leaf = audit.leaf_of(body)
        link = audit.link_of(prev, leaf)
        statements.append(
            f"UPDATE audit_event SET body = '{body}', leaf = x'{leaf.hex()}', prev = x'{prev.hex()}',"
            f" link = x'{link.hex()}' WHERE seq = {seq}"
        )
        prev = link
    _unguarded(trail, *statements)
    assert audit.verify(trail).ok
    assert not audit.verify(trail, kept).ok


def test_erasing_a_reason_leaves_the_trail_whole(trail: sqlite3.Connection) -> None:
    trail.execute("DELETE FROM free_text WHERE body = 'reason 3'")
    assert audit.verify(trail).ok
    assert b"reason" not in b"".join(body.encode() for (body,) in trail.execute("SELECT body FROM audit_event"))


def test_a_clock_that_went_back_is_marked(trail: sqlite3.Connection) -> None:
    transact(trail, lambda c: audit.append(c, actor="Ada", act="exclude", obj="record:1", at=DAY))
    assert '"clock_went_back":true' in audit.lines(trail, 1)[0][1]
    assert audit.verify(trail).ok


@given(st.binary(min_size=1, max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_a_commitment_binds_to_its_words(salt: bytes, words: str, others: str) -> None:
    assert (audit.commitment(salt, words) == audit.commitment(salt, others)) is (words == others)


def test_an_act_and_its_event_are_written_together_or_not_at_all(desk: Desk) -> None:
    before = desk.auditing.head()

    def fail(conn: sqlite3.Connection) -> None:
        audit.append(conn, actor="Ada", act="exclude", obj="record:1", at=DAY)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        desk.writer.run(fail)
    assert desk.auditing.head() == before
    assert desk.auditing.verify(before).ok


def test_lines_read_as_sentences_newest_first(desk: Desk) -> None:
    told = desk.auditing.lines()
    assert [line.what.split()[0] for line in told] == ["imported"] * 5
    assert all(line.who == "Ada Reviewer" for line in told)
