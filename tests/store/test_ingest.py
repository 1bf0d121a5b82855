"""Taking items in: nothing lost, nothing twice, versions and conflicts kept, ledgers held until whole."""

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, Retraction
from core.model.moment import Interval
from core.model.record import (
    AccountEvidence,
    Ended,
    Mark,
    MemberNote,
    ParsedConversation,
    ParsedMessage,
    ParsedText,
    Rejected,
)
from core.store import imports, migrate
from core.store.connect import connect
from core.store.ingest import Ingest, SourceFile, Stored

Talk = Callable[..., ParsedConversation]
FILE = SourceFile("/data/a.zip", "a.zip", "aa" * 32, 100, "chatgpt_export")
LEDGER = SourceFile("/data/l.jsonl", "l.jsonl", "bb" * 32, 50, "consent_ledger", is_ledger=True)


def take(conn: sqlite3.Connection, items: Sequence[Stored | Mark | Ended], source: SourceFile = FILE) -> Ingest:
    ingest = Ingest(conn, source, 1000)
    for item in items:
        ingest.add(item)
    if ingest.ended is None:
        ingest.add(Ended())
    assert ingest.import_id is not None
    assert ingest.ended is not None
    status = imports.COMPLETE if ingest.ended.complete else imports.PARTIAL
    imports.close(conn, ingest.import_id, status=status, reason="", at=2000)
    return ingest


def tally(ingest: Ingest) -> tuple[int, int, int, int]:
    t = ingest.tally
    return t.imported, t.duplicates, t.new_versions, t.quarantined


def content(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    """What is stored, whatever its row numbers."""
    return conn.execute(
        """
        SELECT c.account, c.product, c.source_id, c.version, c.current, c.content_sha, c.records, c.hidden_records,
               r.source_id, r.seq, r.parent_node, r.part, t.field, t.body, t.sha256
        FROM conversation c LEFT JOIN text t ON t.conversation_id = c.id LEFT JOIN record r ON r.id = t.record_id
        ORDER BY c.account, c.product, c.source_id, c.version, r.seq, t.id
        """
    ).fetchall()


def event(event_id: str = "e1", account: str = "acc-1", **fields: object) -> ConsentEvent:
    made = ConsentEvent(event_id, account, Channel.TOGGLE, Action.DENY, Interval(5, 5), 6)
    made = replace(made, **fields)  # type: ignore[arg-type]
    return replace(made, digest=hashlib.sha256(repr(made).encode()).digest())


def test_a_conversation_is_stored_whole(conn: sqlite3.Connection, talk: Talk) -> None:
    item = talk("c1", "hello", "world", title="A title", texts=(ParsedText("gizmo", "helper"),), flags=("a", "b"))
    hidden = replace(item.messages[1], node_id="n9", seq=2, visible=False, hidden_kind="branch", assets=("x,y",))
    part = replace(item.messages[1], node_id="n8", seq=3, part=True)
    item = replace(item, messages=(*item.messages, hidden, part), updated=Interval(7, 9))
    ingest = take(conn, [item, Mark(10, 10)])
    assert tally(ingest) == (1, 0, 0, 0)
    row = conn.execute("SELECT records, hidden_records, nodes, flags, updated_at, import_id FROM conversation")
    assert row.fetchone() == (3, 1, 2, "a,b", 9, ingest.import_id)
    texts = conn.execute("SELECT record_id IS NULL, field, body, sha256 FROM text ORDER BY id").fetchall()
    assert [t[:3] for t in texts] == [
        (1, "title", "A title"), (1, "gizmo", "helper"),
        (0, "content", "hello"), (0, "content", "world"), (0, "content", "world"), (0, "content", "world"),
    ]  # fmt: skip
    assert all(t[3] == hashlib.sha256(t[2].encode()).digest() for t in texts)
    assert conn.execute("SELECT assets FROM record WHERE seq = 2").fetchone() == ('["x,y"]',)


def test_the_same_again_is_a_duplicate_and_changes_nothing(conn: sqlite3.Connection, talk: Talk) -> None:
    items = [talk(f"c{i}", "one", "two") for i in range(5)]
    take(conn, [*items, items[0]])
    before = content(conn)
    assert tally(take(conn, items)) == (0, 5, 0, 0)
    assert content(conn) == before


def test_other_content_under_one_id_is_a_new_version(conn: sqlite3.Connection, talk: Talk) -> None:
    old = talk("c1", "one", updated=Interval(10, 10))
    new = talk("c1", "one", "two", updated=Interval(20, 20))
    assert tally(take(conn, [old])) == (1, 0, 0, 0)
    assert tally(take(conn, [new])) == (0, 0, 1, 0)
    assert tally(take(conn, [old])) == (0, 1, 0, 0)
    assert conn.execute("SELECT version, current FROM conversation ORDER BY id").fetchall() == [(1, 0), (2, 1)]


def test_an_older_version_that_comes_later_does_not_become_current(conn: sqlite3.Connection, talk: Talk) -> None:
    old, new = talk("c1", "one", updated=Interval(10, 10)), talk("c1", "one", "two", updated=Interval(20, 20))
    assert tally(take(conn, [new, old])) == (1, 0, 1, 0)
    assert conn.execute("SELECT version, current FROM conversation ORDER BY id").fetchall() == [(1, 1), (2, 0)]


def test_one_id_of_two_accounts_is_two_conversations(conn: sqlite3.Connection, talk: Talk) -> None:
    assert tally(take(conn, [talk("c1", "one"), talk("c1", "one", account="acc-2")])) == (2, 0, 0, 0)


def test_naming_the_account_gives_it_the_conversations_it_lacked(conn: sqlite3.Connection, talk: Talk) -> None:
    take(conn, [talk("c1", "one", account=None)])
    named = replace(FILE, account="acc-9")
    assert tally(take(conn, [talk("c1", "one", account="acc-9")], named)) == (0, 0, 1, 0)
    assert tally(take(conn, [talk("c1", "one", account="acc-9")], named)) == (0, 1, 0, 0)
    assert conn.execute("SELECT account, current FROM conversation").fetchall() == [("acc-9", 1)]


LINES = (
    event(),
    Retraction("r1", "e1", 9, digest=b"r"),
    Coverage("*", 0, 9, digest=b"c"),
    Deletion("acc-1", "c1", Interval(1, 2), 3, digest=b"d"),
    AccountLine("acc-1", plan="team", deleted=Interval(1, 1), digest=b"a"),
)


def test_ledger_lines_go_to_their_tables_once(conn: sqlite3.Connection) -> None:
    assert tally(take(conn, LINES, LEDGER)) == (5, 0, 0, 0)
    assert tally(take(conn, LINES, replace(LEDGER, sha256="cc" * 32))) == (0, 5, 0, 0)
    for table in ("consent_event", "retraction", "coverage", "deletion", "account_line"):
        assert conn.execute(f"SELECT count(*), max(imported_at) FROM {table}").fetchone() == (1, 1000), table


def test_a_second_content_under_one_event_id_is_kept_as_a_conflict(conn: sqlite3.Connection) -> None:
    ingest = take(conn, [event(), event(action=Action.ALLOW), event()], LEDGER)
    assert tally(ingest) == (1, 1, 1, 0)
    assert ingest.tally.conflicts == 1
    assert conn.execute("SELECT action FROM consent_event ORDER BY id").fetchall() == [("deny",), ("allow",)]


@pytest.mark.parametrize("order", [1, -1])
def test_a_retraction_of_a_retraction_is_set_aside(conn: sqlite3.Connection, order: int) -> None:
    undo = Retraction("r2", "r1", 60, digest=b"u", line=2, offset=9, raw=b"{}", account="user-1")
    lines: list[Stored] = [event(), Retraction("r1", "e1", 50, digest=b"r"), undo]
    for counts in ((2, 0, 0, 1), (0, 2, 0, 1)):
        assert tally(take(conn, lines[::order], LEDGER)) == counts
    (row,) = imports.quarantine(conn)
    assert (row.line, row.offset) == (2, 9)
    assert "only events can be retracted" in row.reason
    assert conn.execute("SELECT event_id FROM retraction").fetchall() == [("r1",)]
    assert conn.execute("SELECT account FROM ledger_fault WHERE account <> '*'").fetchall() == [("user-1",)]


def test_what_is_set_aside_keeps_its_place_once(conn: sqlite3.Connection) -> None:
    bad = Rejected("conversations.json", "no id", index=4, line=5, offset=6, raw=b"\xff\x00")
    for _ in range(2):
        assert tally(take(conn, [bad])) == (0, 0, 0, 1)
    (row,) = imports.quarantine(conn)
    assert (row.file, row.member, row.index, row.line, row.offset, row.reason) == (
        "a.zip", "conversations.json", 4, 5, 6, "no id",
    )  # fmt: skip
    assert imports.quarantine_raw(conn, row.id) == b"\xff\x00"
    assert conn.execute("SELECT count(*) FROM ledger_fault").fetchone() == (0,)


def faults(conn: sqlite3.Connection) -> set[str]:
    return {a for (a,) in conn.execute("SELECT account FROM ledger_fault WHERE resolved_by IS NULL")}


def test_a_refused_ledger_line_holds_its_account(conn: sqlite3.Connection) -> None:
    take(conn, [event(), Rejected("", "unknown channel", line=2, account="acc-7")], LEDGER)
    assert faults(conn) == {"acc-7"}


def test_a_ledger_holds_everybody_until_it_was_read_to_its_end(conn: sqlite3.Connection) -> None:
    ingest = Ingest(conn, LEDGER, 1)
    ingest.add(event())
    ingest.flush()
    assert faults(conn) == {"*"}
    assert ingest.import_id is not None
    imports.close(conn, ingest.import_id, status=imports.CANCELLED, reason="", at=1)
    assert faults(conn) == {"*"}
    take(conn, [event(), Ended(complete=False, reason="cut")], LEDGER)
    assert faults(conn) == {"*"}
    take(conn, [event()], LEDGER)
    assert faults(conn) == set()
    take(conn, [event(), Mark(1, 1)], LEDGER)
    assert faults(conn) == set()


def test_a_whole_ledger_settles_the_faults_of_its_cut_copy(conn: sqlite3.Connection) -> None:
    take(conn, [event(), Rejected("", "cut", account="acc-3"), Ended(complete=False)], LEDGER)
    assert imports.cut_short(conn) == {LEDGER.sha256: LEDGER.size}
    whole = Ingest(conn, replace(LEDGER, sha256="cc" * 32, size=99), 1)
    whole.add(event())
    whole.add(Ended())
    assert whole.import_id is not None
    imports.close(conn, whole.import_id, status="complete", reason="", at=1, replaces=[LEDGER.sha256])
    assert faults(conn) == set()


def test_evidence_and_members_are_kept_and_not_counted(conn: sqlite3.Connection, talk: Talk) -> None:
    notes = (MemberNote("user.json", 12, "read"), MemberNote("a.wav", 5, "ignored", "a sound"))
    items: list[Stored | Mark | Ended] = [
        AccountEvidence("acc-1", "training_allowed", "false", Interval(1, 2)),
        talk("c1", "x"),
        Ended(members=notes),
    ]
    for _ in range(2):
        assert take(conn, items).seen == 1
    assert conn.execute("SELECT account, name, value, seen_lo, seen_hi FROM evidence").fetchall() == [
        ("acc-1", "training_allowed", "false", 1, 2)
    ]
    assert conn.execute("SELECT member, size, state, why FROM member LIMIT 2").fetchall() == [
        ("user.json", 12, "read", ""), ("a.wav", 5, "ignored", "a sound"),
    ]  # fmt: skip


def test_a_file_refused_before_its_first_item_leaves_nothing(conn: sqlite3.Connection) -> None:
    ingest = Ingest(conn, FILE, 1)
    ingest.add(Mark(5, 10))
    assert ingest.import_id is None
    assert conn.execute("SELECT count(*) FROM import").fetchone() == (0,)


def test_a_full_disk_leaves_the_last_commit_standing(conn: sqlite3.Connection, talk: Talk) -> None:
    ingest = Ingest(conn, FILE, 1)
    ingest.add(Mark(5, 100))
    ingest.add(talk("c1", "one"))
    ingest.flush()
    conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0] + 3}")
    ingest.add(talk("c2", "y" * 500_000))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        ingest.flush()
    assert not conn.in_transaction
    assert conn.execute("SELECT source_id FROM conversation").fetchall() == [("c1",)]
    assert conn.execute("SELECT seen, imported, resume FROM import").fetchall() == [(1, 1, 5)]
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TALKS = st.builds(
    lambda ident, account, bodies, updated: ParsedConversation(
        ident, "chatgpt", account,
        tuple(
            ParsedMessage(f"m{i}", f"n{i}", None, i, "user", (ParsedText("content", b),), Interval(0, 0))
            for i, b in enumerate(bodies)
        ),
        hashlib.sha256(repr(bodies).encode()).digest(), len(bodies), Interval(0, 0), updated=updated,
    ),
    st.sampled_from("abc"), st.sampled_from([None, "x", "y"]), st.lists(WORDS, max_size=3),
    st.none() | st.builds(Interval, st.integers(0, 3), st.just(3)),
)  # fmt: skip
REJECTS = st.builds(lambda i, why: Rejected("m", why, index=i), st.integers(0, 3), st.sampled_from(["p", "q"]))
ITEMS = st.lists(TALKS | REJECTS | st.builds(Mark, st.integers(0, 9), st.just(9)), max_size=25)


@given(ITEMS)
def test_every_item_has_its_place_and_a_second_time_adds_nothing(items: list[Stored | Mark]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        conn = connect(Path(folder) / "w")
        migrate.create(conn)
        first = take(conn, items)
        units = [i for i in items if not isinstance(i, Mark)]
        assert first.seen == len(units) == sum(tally(first))
        talks = [i for i in units if isinstance(i, ParsedConversation)]
        kinds = {(t.account or "", t.source_id, t.content_sha) for t in talks}
        assert conn.execute("SELECT count(*) FROM conversation").fetchone()[0] == len(kinds)
        assert first.tally.imported + first.tally.new_versions == len(kinds)
        current = conn.execute("SELECT account, source_id FROM conversation WHERE current = 1").fetchall()
        assert len(current) == len(set(current)) == len({k[:2] for k in kinds})
        before = content(conn)
        second = take(conn, items)
        assert tally(second) == (0, len(talks), 0, len(units) - len(talks))
        assert content(conn) == before
        conn.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from core.model.moment import Interval
from core.model.record import Ended, Mark, ParsedConversation, ParsedMessage, ParsedText
from core.store import ingest, search
from core.store.connect import connect
import hashlib

workspace, at, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
calls = 0
real = ingest.transact

def deadly(conn, act):
    global calls
    calls += 1
    if calls == at and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    def inside(c):
        result = act(c)
        if calls == at and when == "inside":
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    result = real(conn, inside)
    if calls == at and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return result

ingest.transact = search.transact = deadly
search.STEP = 10
ingest.WORTH_A_COMMIT = 1
conn = connect(workspace)
file = ingest.SourceFile("/data/k", "k", "kk", 1, "api_log")
taken = ingest.Ingest(conn, file, 1)
for i in range(40):
    text = ParsedText("content", f"words of {i}")
    message = ParsedMessage(f"m{i}", f"m{i}", None, 0, "user", (text,), Interval(i, i))
    sha = hashlib.sha256(text.body.encode()).digest()
    taken.add(ParsedConversation(f"c{i}", "api", "org", (message,), sha, 1, Interval(i, i)))
    if i % 10 == 9:
        taken.add(Mark(i, 40))
taken.add(Ended())
search.build(conn)
"""


@pytest.mark.parametrize("when", ["before", "inside", "after"])
@pytest.mark.parametrize("at", [1, 3, 5, 7, 8])
def test_killed_at_any_moment_and_run_again_it_ends_the_same(workspace: Path, at: int, when: str) -> None:
    def run(call: int) -> int:
        command = [sys.executable, "-c", KILLED, str(workspace), str(call), when]
        return subprocess.run(command, check=False).returncode

    assert run(at) == -9
    conn = connect(workspace)
    assert conn.execute("PRAGMA quick_check").fetchone() == ("ok",)
    counts = conn.execute("SELECT seen, imported + duplicates + new_versions + quarantined FROM import").fetchall()
    assert all(seen == settled for seen, settled in counts)
    assert sum(seen for seen, _ in counts) == conn.execute("SELECT count(*) FROM conversation").fetchone()[0]
    conn.close()
    assert run(99) == 0
    conn = connect(workspace)
    assert conn.execute("SELECT source_id FROM conversation ORDER BY id").fetchall() == [(f"c{i}",) for i in range(40)]
    assert conn.execute("SELECT body FROM text ORDER BY id").fetchall() == [(f"words of {i}",) for i in range(40)]
    conn.execute("INSERT INTO text_fts (text_fts, rank) VALUES ('integrity-check', 1)")
    assert conn.execute("SELECT count(*) FROM text_fts WHERE text_fts MATCH 'words'").fetchone() == (40,)
    conn.close()


def test_wherever_the_disk_fills_the_store_stays_whole_and_the_rest_can_follow(tmp_path: Path, talk: Talk) -> None:
    items = [talk(f"c{i}", "words " * 1500, "more " * 1500) for i in range(30)]
    expected: list[tuple[object, ...]] | None = None
    failures = 0
    for spare in range(0, 100, 5):
        conn = connect(tmp_path / f"w{spare}")
        migrate.create(conn)
        conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0] + spare}")
        ingest = Ingest(conn, FILE, 1)
        try:
            for number, item in enumerate(items):
                ingest.add(item)
                if number % 5 == 4:
                    ingest.flush()
        except sqlite3.OperationalError as error:
            assert error.sqlite_errorcode == sqlite3.SQLITE_FULL  # noqa: PT017 - success is allowed too
            failures += 1
        stored = conn.execute("SELECT count(*) FROM conversation").fetchone()[0]
        assert stored % 5 == 0
        assert conn.execute("SELECT coalesce(sum(seen), 0), coalesce(sum(imported), 0) FROM import").fetchone() == (
            stored, stored,
        )  # fmt: skip
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        conn.execute("PRAGMA max_page_count = 4000000")
        take(conn, items)
        expected = expected or content(conn)
        assert content(conn) == expected
        conn.close()
    assert 5 < failures < 20
