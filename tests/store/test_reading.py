"""A conversation opened: tree order, texts with their findings, one name for one record, history, audited looks."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.model.moment import Interval
from core.model.record import ParsedConversation, ParsedMessage, ParsedText
from core.model.span import Span, Tier
from core.model.verdict import Decision
from core.model.view import ConversationView
from core.services.desk import Desk
from core.store import audit, facts, listing, people, reading
from core.store.ingest import Ingest, SourceFile
from core.store.reading import Node, tree_order

Talk = Callable[..., ParsedConversation]
FILE = SourceFile("/folder/a.zip", "a.zip", "aa", 1, "chatgpt_export")


def load(conn: sqlite3.Connection, *talks: ParsedConversation) -> None:
    ingest = Ingest(conn, FILE, 1000)
    for item in talks:
        ingest.add(item)
    ingest.flush()


def view(conn: sqlite3.Connection, row: int) -> ConversationView:
    return reading.conversation(conn, listing.rows(conn, [row])[0])


def nodes(text: str) -> list[Node]:
    """``a>b!`` is node b below a, hidden."""
    made = []
    for i, part in enumerate(text.split()):
        parent, _, name = part.rpartition(">")
        made.append(Node(i, name.rstrip("!"), parent or None, not name.endswith("!")))
    return made


@pytest.mark.parametrize(
    ("tree", "order"),
    [
        ("a a>b b>c", "a b c"),
        ("a a>b b>c a>x! x>y!", "a x y b c"),
        ("a a>x! a>y! a>b", "a x y b"),
        ("gone>a a>b b2", "a b b2"),
        ("a>a a>b", "a b"),
        ("b>a a>b", "a b"),
        ("x c>a a>b b>c", "x a b c"),
    ],
)
def test_hidden_branches_come_right_after_their_parent(tree: str, order: str) -> None:
    made = nodes(tree)
    names = {n.id: n.node for n in made}
    assert " ".join(names[i] for i in tree_order(made)) == order


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9), st.booleans())))
def test_every_node_comes_exactly_once_whatever_the_links(links: list[tuple[int, int | None, bool]]) -> None:
    made = [Node(i, str(n), None if p is None else str(p), v) for i, (n, p, v) in enumerate(links)]
    assert sorted(tree_order(made)) == list(range(len(links)))


def test_a_deep_conversation_needs_no_recursion() -> None:
    made = [Node(i, str(i), str(i - 1) if i else None, True) for i in range(50_000)]
    assert tree_order(made) == list(range(50_000))


def test_an_opened_conversation_holds_everything(conn: sqlite3.Connection, talk: Talk) -> None:
    item = talk("c1", "hi Ann", "yes", title="About Ann", incomplete="prompt missing")
    extra = replace(
        item.messages[1], source_id="h", node_id="h", parent_node="n0", seq=2, visible=False, hidden_kind="branch",
        texts=(ParsedText("content", "no"), ParsedText("metadata.a", "x")), assets=("p.png",), flags=("cut",),
        sent_known=False,
    )  # fmt: skip
    load(conn, replace(item, messages=(*item.messages, extra)))
    sha = conn.execute("SELECT sha256 FROM text WHERE body = 'hi Ann'").fetchone()[0]
    conn.execute(
        "INSERT INTO scan VALUES (?, 'old', 'en', 1, 'scanned', 9, 1), (?, 'd1', 'xx', 0, 'scanned', 1, 2)", (sha, sha)
    )
    conn.execute("INSERT INTO finding VALUES (NULL, ?, 'd1', 3, 6, 'PERSON', 0.9, 'model', 'likely')", (sha,))
    conn.execute("INSERT INTO finding VALUES (NULL, ?, 'old', 0, 2, 'PERSON', 0.9, 'model', 'likely')", (sha,))
    conn.execute("INSERT INTO text_review VALUES (NULL, ?, 'd1', 'Ann', 5, NULL)", (sha,))
    conn.execute("INSERT INTO verdict VALUES (2, 1, 2, 'FORM_OPT_OUT', 'C4', '[]', '[]', 'p', '', 'e', 'd', 1)")
    seen = view(conn, 1)
    assert seen.incomplete == "prompt missing"
    assert [(t.field, t.body) for t in seen.texts] == [("title", "About Ann")]
    assert [t.source_id for t in seen.turns] == ["c1-0", "h", "c1-1"]
    first, hidden, last = seen.turns
    (text,) = first.texts
    assert text.spans == (Span(3, 6, "PERSON", 0.9, "model", Tier.LIKELY),)
    assert (text.scanned, text.language, text.covered, text.reviewed) == (True, "xx", False, True)
    assert (hidden.sent, hidden.assets, hidden.flags, hidden.hidden_kind) == (None, ("p.png",), ("cut",), "branch")
    assert [(t.field, t.body, t.scanned) for t in hidden.texts] == [
        ("content", "no", False),
        ("metadata.a", "x", False),
    ]
    assert (last.decision, last.reason) == (Decision.NOT_ELIGIBLE, "FORM_OPT_OUT")
    assert seen.row.findings == 1
    assert not seen.row.scanned


def test_the_parts_of_a_request_show_its_verdict(conn: sqlite3.Connection, talk: Talk) -> None:
    item = talk("c1", "ask", "answer", product="api")
    load(conn, replace(item, messages=(item.messages[0], replace(item.messages[1], part=True))))
    conn.execute("INSERT INTO verdict VALUES (1, 1, 2, 'API_DEFAULT_OFF', 'C6', '[]', '[]', 'p', '', 'e', 'd', 1)")
    assert {(t.decision, t.reason) for t in view(conn, 1).turns} == {(Decision.NOT_ELIGIBLE, "API_DEFAULT_OFF")}
    assert view(conn, 1).row.turns == 2


def test_a_conversation_without_title_shows_its_first_question(conn: sqlite3.Connection, talk: Talk) -> None:
    load(conn, talk("c1", "what is amber?" + "x" * 500, "resin"))
    assert listing.rows(conn, [1])[0].title.startswith("what is amber?x")
    assert len(listing.rows(conn, [1])[0].title) == 120


def message(ident: str) -> ParsedMessage:
    return ParsedMessage(ident, ident, None, 0, "user", (ParsedText("content", "x"),), Interval(0, 0))


def test_a_record_is_named_by_as_much_as_it_takes(conn: sqlite3.Connection, talk: Talk) -> None:
    load(
        conn,
        talk("c1", messages=(message("m1"), replace(message("m2"), seq=1))),
        talk("c2", messages=(message("m1"),)),
        talk("c1", account="b/c", messages=(message("m1"),)),
        talk("c3", account=None, messages=(message("a/b"),)),
        talk("e1", messages=(message("e1"),), flags=("thread:t-7",)),
    )
    assert reading.resolve_record(conn, "m2") == 2
    assert reading.resolve_record(conn, "c2/m1") == 3
    assert reading.resolve_record(conn, "acc-1/c1/m1") == 1
    assert reading.resolve_record(conn, "b/c/c1/m1") == 4
    assert reading.resolve_record(conn, "a/b") == 5
    assert reading.resolve_record(conn, "c3/a/b") == 5
    assert reading.resolve_record(conn, "t-7/e1") == 6
    with pytest.raises(
        Refusal, match="m1 names 3 records, so name one of them in full: acc-1/c1/m1, acc-1/c2/m1, b/c/c1/m1"
    ):
        reading.resolve_record(conn, "m1")
    with pytest.raises(Refusal, match="names 2 records"):
        reading.resolve_record(conn, "c1/m1")
    load(conn, talk("e2", messages=(message("e1"),), flags=("cut", "thread:t,8")))
    with pytest.raises(Refusal, match="acc-1/t-7/e1, acc-1/t,8/e1"):
        reading.resolve_record(conn, "e1")
    assert [r.facts.conversation for r in facts.batch(conn, [1, 5, 6]).records] == ["c1", "c1", "t-7", "t,8"]
    with pytest.raises(Refusal, match="no record m9"):
        reading.resolve_record(conn, "m9")


def test_a_replaced_version_is_not_named(conn: sqlite3.Connection, talk: Talk) -> None:
    load(conn, talk("c1", "one"), talk("c1", "two"))
    assert reading.resolve_record(conn, "c1-0") == 2


def fill(desk: Desk, *talks: ParsedConversation) -> None:
    def act(conn: sqlite3.Connection) -> None:
        conn.execute("COMMIT")
        load(conn, *talks)
        conn.execute("BEGIN IMMEDIATE")

    desk.writer.run(act)


def test_reading_a_text_is_noted_once_for_each_person(desk: Desk, talk: Talk, canary: str) -> None:
    fill(desk, talk("c1", canary), talk("c2", "b"))
    browsing = desk.browsing
    assert browsing.conversation(1, audited=False).turns[0].texts[0].body == canary
    assert desk.auditing.head()[0] == 0
    for row in (1, 1, 2, 1):
        browsing.conversation(row)
    desk.actor = "Bob Example"
    browsing.conversation(1)
    browsing.copied(1, 12)
    conn = desk.readers.get()
    bodies = [body for _, body in audit.lines(conn, 10)]
    assert len(bodies) == 4
    assert not any(canary in body for body in bodies)
    assert '"characters":12' in bodies[0]
    assert [(line.who, line.what) for line in browsing.history(1)] == [
        ("Bob Example", "copied text"), ("Bob Example", "viewed text"), ("Ann Example", "viewed text"),
        ("", "imported from a.zip"),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="no conversation"):
        browsing.conversation(99)


def test_nobody_reads_a_text_where_it_cannot_be_noted(desk: Desk, talk: Talk) -> None:
    fill(desk, talk("c1", "a"))
    with Desk.open(desk.path) as second:
        assert len(second.browsing.ids(second_query := listing.Query())) == 1
        assert len(second.browsing.first_rows(second_query)) == 1
        with pytest.raises(Refusal, match="being written to"):
            second.browsing.conversation(1)


def test_a_timeline_holds_what_is_on_file(conn: sqlite3.Connection, talk: Talk) -> None:
    load(conn, talk("c1", "a"))
    insert = (
        "INSERT INTO consent_event (event_id, account, channel, action, effective_lo, effective_hi, effective_text,"
        " time_source, processed_only, imported_at, import_id, policy_version, source, evidence, digest)"
        " VALUES (?, 'acc-1', 'toggle', ?, ?, ?, '', 'server', 0, 1, 1, '', '', '', ?)"
    )
    conn.execute(insert, ("e2", "allow", 20, 20, b"2"))
    conn.execute(insert, ("e1", "deny", 10, 10, b"1"))
    conn.execute("INSERT INTO coverage VALUES (NULL, '*', 0, 99, 1, 1, x'01')")
    conn.execute("INSERT INTO evidence VALUES (NULL, 'acc-1', 'plus_user', 'true', 1, 1, 'aa', 1)")
    conn.execute("INSERT INTO ledger_fault VALUES (NULL, '*', 'cut', 'aa', '', 1, NULL)")
    rows = listing.rows(conn, people.conversations_of(conn, "acc-1"))
    line = people.timeline(conn, "acc-1", rows)
    assert [(e.event_id, e.action) for e in line.events] == [("e1", "deny"), ("e2", "allow")]
    assert line.coverage == (Interval(0, 99),)
    assert line.evidence == (("plus_user", "true"),)
    assert line.faults == ("cut",)
    assert [c.source_id for c in line.conversations] == ["c1"]
    out = {now: people.accounts(conn, "acc", 5, now)[0].opted_out for now in (5, 15, 25)}
    assert out == {5: False, 15: True, 25: False}


def test_an_organisation_shares_while_its_opt_in_stands(conn: sqlite3.Connection, talk: Talk) -> None:
    load(conn, talk("c1", "a"))
    insert = """INSERT INTO consent_event (event_id, account, channel, action, effective_lo, effective_hi,
        effective_text, time_source, processed_only, imported_at, import_id, policy_version, source, evidence, digest)
        VALUES (?, 'org-1', 'api_sharing', ?, ?, ?, '', 'server', 0, 1, 1, '', '', '', ?)"""
    conn.execute(insert, ("e1", "allow", 10, 10, b"1"))
    conn.execute(insert, ("e2", "deny", 20, 20, b"2"))
    found = [people.accounts(conn, "org-1", 5, now)[0] for now in (5, 15, 25)]
    assert [(each.shares, each.opted_out) for each in found] == [(False, False), (True, False), (False, True)]
