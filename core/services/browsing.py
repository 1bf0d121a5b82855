"""Browsing: lists, conversations, accounts. Reading a conversation's text is an act, and is audited."""

import threading
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core import times
from core.errors import Refusal
from core.model.view import (
    AccountRow,
    AccountTimeline,
    Change,
    ConversationRow,
    ConversationView,
    Facets,
    HistoryLine,
    Kind,
    Query,
)
from core.store import audit, listing, people, reading, search, sets, verdicts

if TYPE_CHECKING:
    from core.services.desk import Desk


class Browsing:
    """What an open workspace holds."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._viewed: set[tuple[str, int]] = set()
        self._gate = threading.Lock()

    def ids(self, query: Query) -> "array[int]":
        """Ids of all conversations that the query means, in its order, as ``array('q')``."""
        return listing.ids(self._desk.readers.get(), query)

    def first_rows(self, query: Query, limit: int = 256) -> tuple[ConversationRow, ...]:
        """The first rows at once, to be shown while :meth:`ids` is still under way."""
        conn = self._desk.readers.get()
        return listing.rows(conn, listing.ids(conn, query, limit))

    def rows(self, ids: Sequence[int]) -> tuple[ConversationRow, ...]:
        """The rows of these conversations, in the order given."""
        return listing.rows(self._desk.readers.get(), ids)

    def facets(self, query: Query) -> Facets:
        """The facets of a query with their counts."""
        return listing.facets(self._desk.readers.get(), query)

    def search_is_partial(self) -> bool:
        """Whether the search index is behind the texts, as it is during an import."""
        return search.behind(self._desk.readers.get())

    def conversation(self, id: int, *, audited: bool = True) -> ConversationView:  # noqa: A002 - the agreed name
        """A conversation with its text, noted in the audit trail once for each person, conversation and session.

        Raises :class:`~core.errors.Refusal` where there is none, or where the trail cannot be written: nobody reads
        a text unnoted.
        """
        conn = self._desk.readers.get()
        rows = listing.rows(conn, [id])
        if not rows:
            raise Refusal(f"There is no conversation with the number {id}.")
        if audited:
            self._note_view(id)
        return reading.conversation(conn, rows[0])

    def record_ids(self, conversations: Sequence[int]) -> list[int]:
        """The records of these conversations that a verdict is about; no text is looked at."""
        return reading.record_ids(self._desk.readers.get(), conversations)

    def copied(self, conversation_id: int, characters: int) -> None:
        """Note in the audit trail that the desk's actor copied text of a conversation."""
        self._note(people.COPIED, conversation_id, {"characters": characters})

    def resolve_record(self, name: str) -> int:
        """The row id of the record named ``ID``, ``CONVERSATION/ID`` or ``ACCOUNT/CONVERSATION/ID``.

        Raises :class:`~core.errors.Refusal` where there is none, and where there are several, listing them.
        """
        return reading.resolve_record(self._desk.readers.get(), name)

    def resolve_deciding(self, name: str) -> int:
        """The record of this name, else the record that decides the conversation of this name.

        A conversation is named ``CONVERSATION`` or ``ACCOUNT/CONVERSATION``. Raises a Refusal as ``resolve_record``.
        """
        conn = self._desk.readers.get()
        try:
            return reading.resolve_record(conn, name)
        except reading.NoRecord:
            found = sets.named_conversations(conn, name)
            if len(found) > 1:
                listed = ", ".join(full for _, full in found[:5])
                raise Refusal(
                    f"The conversation {name} is not the only one of that id; name one of {listed}."
                ) from None
            record = verdicts.strictest_record(conn, found[0][0]) if found else None
            if record is None:
                raise
            return record

    def accounts(self, search: str = "", limit: int = 500) -> tuple[AccountRow, ...]:
        """Accounts whose id holds ``search``, those with most consent events first."""
        return people.accounts(self._desk.readers.get(), search, limit, times.now())

    def timeline(self, account: str) -> AccountTimeline:
        """Everything on file for one account."""
        conn = self._desk.readers.get()
        return people.timeline(conn, account, listing.rows(conn, people.conversations_of(conn, account)))

    def history(self, conversation_id: int) -> tuple[HistoryLine, ...]:
        """What happened to one conversation, newest first."""
        return people.history(self._desk.readers.get(), conversation_id)

    def _note_view(self, conversation_id: int) -> None:
        seen = (self._desk.actor, conversation_id)
        with self._gate:
            if seen in self._viewed:
                return
        self._note(people.VIEWED, conversation_id, {})
        with self._gate:
            self._viewed.add(seen)

    def _note(self, act: str, conversation_id: int, detail: dict[str, str | int]) -> None:
        actor, at, obj = self._desk.actor, times.now(), f"conversation:{conversation_id}"
        self._desk.writer.run(
            lambda conn: audit.append(conn, actor=actor, act=act, obj=obj, detail=detail, at=at),
        )
        self._desk.publish(Change(Kind.AUDIT))
