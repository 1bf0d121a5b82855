"""What every reader gives, so that a new format is one module and one line in :mod:`core.archive.reader`.

A reader is a function of an open :class:`~core.archive.container.Source` and an account name (for files that name
none). It yields items in the order of the file, keeps bounded memory, and lets :class:`~core.archive.container.Cut`
escape where the data ends early; :func:`core.archive.reader.read` turns that into the last item.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from core.archive.container import Source
from core.model.consent import LedgerLine
from core.model.record import AccountEvidence, Ended, Mark, MemberNote, ParsedConversation, Rejected

Item: TypeAlias = ParsedConversation | LedgerLine | Rejected | AccountEvidence | Mark | Ended
Found: TypeAlias = ParsedConversation | LedgerLine | Rejected | AccountEvidence | MemberNote
Reader: TypeAlias = Callable[[Source, str | None], Iterator[Found]]

Json: TypeAlias = Any
"""A parsed JSON value. Its shape is never trusted: every access checks the type it needs."""

RAW_SHOWN = 200
"""Bytes of a refused record that are kept for the reviewer."""
