"""Lists: the same conversations in the same order as a brute-force look at every one."""

import hashlib
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import times
from core.model.moment import DAY, SECOND, Interval
from core.model.record import ParsedConversation, ParsedMessage, ParsedText
from core.model.verdict import Decision
from core.model.view import FacetCount, Query
from core.store import listing, migrate, people, records, search
from core.store.connect import connect
from core.store.ingest import Ingest, SourceFile

N = 5_000
T0 = 1_672_531_200 * SECOND  # 2023-01-01
PRODUCTS = ("api", "chatgpt", "dalle_labs")
REASONS = ("CONSUMER_DEFAULT", "LEDGER_GAP", "FORM_OPT_OUT")
WORDS = ("amber", "birch", "cedar", "delta", "ember")


@dataclass(frozen=True)
class Made:
    """One conversation as it was made up; ``id`` is its row."""

    id: int
    product: str
    account: str
    created: int | None
    words: tuple[str, ...]
    decision: Decision
    reason: str
    entities: frozenset[str]
    status: str
    covered: bool


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, list[Made]]]:
    """5,000 conversations with verdicts, findings and overrides, and what they are."""
    path: Path = tmp_path_factory.mktemp("stock") / "w.cdesk"
    conn = connect(path)
    conn.execute("PRAGMA synchronous = OFF")
    migrate.create(conn)
    rng = random.Random(7)  # noqa: S311 - made-up data
    made = [
        Made(
            i, rng.choice(PRODUCTS), f"acc-{rng.randrange(40)}",
            None if rng.random() < 0.01 else T0 + rng.randrange(400) * DAY,
            tuple(rng.sample(WORDS, 2)), decision := rng.choice(list(Decision)), REASONS[decision],
            frozenset(rng.sample(("EMAIL", "PERSON"), rng.randrange(3))), rng.choice(("", "", "applied", "pending")),
            rng.random() < 0.9,
        )
        for i in range(1, N + 1)
    ]  # fmt: skip
    ingest = Ingest(conn, SourceFile("/x", "x", "x", 1, "chatgpt_export"), 1)
    for m in made:
        ingest.add(conversation(m))
    ingest.flush()
    search.build(conn)
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("BEGIN")
    for m in made:
        derive(conn, m)
    conn.execute("COMMIT")
    yield conn, made
    conn.close()


def conversation(m: Made) -> ParsedConversation:
    body = f"{' '.join(m.words)} {m.id}"
    when = Interval(m.created or 0, m.created or 0)
    message = ParsedMessage(f"m{m.id}", "n", None, 0, "user", (ParsedText("content", body),), when)
    sha = hashlib.sha256(body.encode()).digest()
    return ParsedConversation(
        f"c{m.id}", m.product, m.account, (message,), sha, 1, when, created_shown=m.created, title=f"T{m.id % 97}"
    )


def derive(conn: sqlite3.Connection, m: Made) -> None:
    """What deciding, scanning and reviewing would have stored."""
    conn.execute(
        "INSERT INTO verdict VALUES (?, ?, ?, ?, 'C1', '[]', '[]', 'p', ?, 'e', 'd', 1)",
        (m.id, m.id, m.decision, m.reason, m.status),
    )
    counts = [int(m.decision == d) for d in Decision]
    conn.execute(
        "INSERT INTO conversation_verdict VALUES (?, ?, ?, 'C1', ?, ?, ?)", (m.id, m.decision, m.reason, *counts)
    )
    if m.status:
        conn.execute(
            "INSERT INTO decision (batch, record_id, conversation_id, action, requested_by, reason_id, verdict_digest,"
            " recorded_at) VALUES (?, ?, ?, 'exclude', 'Ann', 1, 'd', 5)",
            (m.id, m.id, m.id),
        )
    shas = conn.execute("SELECT sha256, record_id FROM text WHERE conversation_id = ?", (m.id,)).fetchall()
    for sha, record in shas:
        spans = len(m.entities) if record else 0
        conn.execute("INSERT OR IGNORE INTO scan VALUES (?, 'd1', 'en', ?, 'scanned', ?, 1)", (sha, m.covered, spans))
        if record:
            rows = [(sha, entity) for entity in m.entities]
            conn.executemany("INSERT INTO finding VALUES (NULL, ?, 'd1', 0, 2, ?, 1.0, 'rule', 'certain')", rows)
            conn.execute("INSERT INTO finding VALUES (NULL, ?, 'd1', 0, 2, 'DATE', 0.1, 'rule', 'maybe')", (sha,))


def to_review(m: Made) -> bool:
    return m.decision is Decision.UNDETERMINED or m.status == "pending"


def fits(m: Made, q: Query) -> bool:
    return all(
        (
            not q.products or m.product in q.products,
            not q.decisions or m.decision in q.decisions,
            not q.reasons or m.reason in q.reasons,
            not q.accounts or m.account in q.accounts,
            not q.entities or bool(m.entities & set(q.entities)),
            not q.month or (m.created is not None and times.month(m.created) == q.month),
            all(word in m.words for word in q.search.split()),
            q.review != "to_review" or to_review(m),
            q.review != "overridden" or m.status == "applied",
            q.review != "unreviewed_language" or not m.covered,
        )
    )


KEYS = {
    "created": lambda m: (m.created is not None, m.created or 0),
    "account": lambda m: m.account,
    "product": lambda m: m.product,
    "decision": lambda m: m.decision,
    "reason": lambda m: m.reason,
    "turns": lambda _: 1,
    "findings": lambda m: len(m.entities),
    "title": lambda m: f"T{m.id % 97}",
}


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


QUERIES = st.builds(
    Query,
    products=some(PRODUCTS),
    decisions=st.just(()) | st.lists(st.sampled_from(Decision), max_size=2, unique=True).map(tuple),
    reasons=some(REASONS),
    entities=some(("EMAIL", "PERSON", "DATE")),
    accounts=some(("acc-1", "acc-2", "acc-none")),
    month=st.sampled_from(["", "", "2023-01", "2023-06", "2024-02", "2030-01"]),
    search=st.sampled_from(["", "", "amber", "birch cedar"]),
    review=st.sampled_from(["", "", "to_review", "overridden", "unreviewed_language"]),
    sort=st.sampled_from(sorted(KEYS)),
    descending=st.booleans(),
)


@given(query=QUERIES)
def test_a_list_is_what_a_look_at_every_conversation_gives(
    stock: tuple[sqlite3.Connection, list[Made]], query: Query
) -> None:
    conn, made = stock
    expected = [m for m in made if fits(m, query)]
    expected.sort(key=lambda m: (KEYS[query.sort](m), m.id), reverse=query.descending)
    got = listing.ids(conn, query)
    assert got.typecode == "q"
    assert list(got) == [m.id for m in expected]
    assert list(listing.ids(conn, query, 256)) == [m.id for m in expected[:256]]


@given(query=QUERIES)
def test_facets_count_what_each_value_would_leave(stock: tuple[sqlite3.Connection, list[Made]], query: Query) -> None:
    conn, made = stock
    facets = listing.facets(conn, query)
    for name, field in (("products", "product"), ("reasons", "reason")):
        lifted = Query(**({f: getattr(query, f) for f in query.__slots__} | {name: ()}))
        expected = Counter(getattr(m, field) for m in made if fits(m, lifted))
        assert {f.value: f.count for f in getattr(facets, name)} == expected
    lifted = Query(**({f: getattr(query, f) for f in query.__slots__} | {"entities": ()}))
    assert {f.value: f.count for f in facets.entities} == Counter(
        e for m in made if fits(m, lifted) for e in m.entities
    )
    lifted = Query(**({f: getattr(query, f) for f in query.__slots__} | {"review": "to_review"}))
    assert facets.to_review == sum(fits(m, lifted) for m in made)


def test_rows_come_in_the_order_asked_for(stock: tuple[sqlite3.Connection, list[Made]]) -> None:
    conn, made = stock
    wanted = [4999, 3, 77_777, 12]
    rows = listing.rows(conn, wanted)
    assert [r.id for r in rows] == [4999, 3, 12]
    for row in rows:
        m = made[row.id - 1]
        assert (row.source_id, row.account, row.product, row.created) == (f"c{m.id}", m.account, m.product, m.created)
        assert (row.title, row.turns, row.hidden_turns, row.findings) == (f"T{m.id % 97}", 1, 0, len(m.entities))
        assert (row.decision, row.reason, row.clause) == (m.decision, m.reason, "C1")
        assert (row.overridden, row.pending, row.scanned) == (m.status == "applied", m.status == "pending", True)


def test_decision_facets_use_the_written_names(stock: tuple[sqlite3.Connection, list[Made]]) -> None:
    conn, made = stock
    expected = Counter(m.decision.label for m in made)
    assert set(listing.facets(conn, Query()).decisions) == {FacetCount(k, n) for k, n in expected.items()}


def test_counts_add_up(stock: tuple[sqlite3.Connection, list[Made]]) -> None:
    conn, made = stock
    c = records.counts(conn)
    assert c.conversations == c.records == N
    assert c.records == c.eligible + c.undetermined + c.not_eligible + c.undecided
    assert (c.undecided, c.accounts, c.texts, c.texts_scanned) == (0, 40, 2 * N, 2 * N)
    assert c.to_review == sum(map(to_review, made))
    assert len(listing.ids(conn, Query(review="to_review"))) == c.to_review


def test_accounts_are_found_by_part_of_their_id(stock: tuple[sqlite3.Connection, list[Made]]) -> None:
    conn, made = stock
    assert [a.account for a in people.accounts(conn, "C-3", 3, 0)] == ["acc-3", "acc-30", "acc-31"]
    assert {a.account: a.conversations for a in people.accounts(conn, "", 500, 0)} == Counter(m.account for m in made)


def test_a_search_while_the_index_is_behind_says_so(stock: tuple[sqlite3.Connection, list[Made]]) -> None:
    conn, _ = stock
    assert not search.behind(conn)
    assert list(listing.ids(conn, Query(search="!!!"))) == []
