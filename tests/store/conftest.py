"""Workspaces and made-up items for the tests of the store."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.model.moment import SECOND, Interval
from core.model.record import ParsedConversation, ParsedMessage, ParsedText
from core.services.desk import Desk
from core.store import migrate
from core.store.connect import connect

T0 = 1_680_000_000 * SECOND


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The path of a new, empty workspace."""
    path = tmp_path / "made.cdesk"
    conn = connect(path)
    migrate.create(conn)
    conn.close()
    return path


@pytest.fixture
def conn(workspace: Path) -> Iterator[sqlite3.Connection]:
    """A read-write connection to it."""
    made = connect(workspace)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An open desk on a new workspace."""
    with Desk.open(tmp_path / "desk.cdesk", create=True, actor="Ann Example") as made:
        yield made


@pytest.fixture
def talk() -> Callable[..., ParsedConversation]:
    """A maker of conversations: an id, the bodies of its turns, and any other field."""

    def make(source_id: str, *bodies: str, **fields: Any) -> ParsedConversation:
        created = fields.pop("created", Interval(T0, T0))
        messages = tuple(
            ParsedMessage(
                source_id=f"{source_id}-{i}",
                node_id=f"n{i}",
                parent_node=f"n{i - 1}" if i else None,
                seq=i,
                role="assistant" if i % 2 else "user",
                texts=(ParsedText("content", body),),
                sent=created,
            )
            for i, body in enumerate(bodies)
        )
        known: dict[str, Any] = {
            "source_id": source_id, "product": "chatgpt", "account": "acc-1", "messages": messages,
            "content_sha": hashlib.sha256(repr((source_id, bodies)).encode()).digest(), "nodes": len(bodies),
            "created": created, "created_shown": created.lo,
        }  # fmt: skip
        return ParsedConversation(**(known | fields))

    return make
