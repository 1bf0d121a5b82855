"""Consent ledgers, JSON lines and CSV: every line becomes an event, a fact, or something set aside.

A ledger is always read on the exact path: a repeated key or a repeated column could hide an opt-out.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace

from core.archive.container import Cut, Source
from core.archive.items import RAW_SHOWN, Found
from core.archive.jsontext import DUPLICATE_KEY, SURROGATE_REPLACED, BadJson, parse_exact
from core.archive.ledger_lines import EVENT_FIELDS, REQUIRED, BadLine, account_of, key_of, read_line
from core.archive.lines import Line, lines
from core.errors import Refusal
from core.model.consent import Retraction
from core.model.record import Rejected

_HEADER_LIMIT = 64 * 1024


def read_jsonl(source: Source, account: str | None) -> Iterator[Found]:  # noqa: ARG001 - one shape for all readers
    """Lines of a JSONL ledger. Raises :class:`Cut` where the file ends within a line."""
    for line in lines(source.chunks()):
        if line.raw.strip():
            found = _json_line(line)
            yield found
            if isinstance(found, Rejected) and not line.closed:
                raise Cut(f"it ends in the middle of line {line.number}")


def _json_line(line: Line) -> Found:
    def refused(reason: str, account: str | None = None, at: int = 0, key: str = "") -> Rejected:
        return Rejected(
            "", f"Ledger line {line.number} was set aside: {reason}.",
            line=line.number, offset=line.offset + at, raw=line.raw[:RAW_SHOWN], account=account, key=key,
        )  # fmt: skip

    if line.too_long:
        return refused("it is longer than the limit")
    try:
        value, flags = parse_exact(line.raw)
    except BadJson as error:
        return refused(error.reason, _glimpsed(line.raw), error.offset or 0)
    if not isinstance(value, dict):
        return refused("it is not an object")
    if DUPLICATE_KEY in flags:
        return refused("it names a field twice", account_of(value))
    if SURROGATE_REPLACED in flags:
        return refused("it holds half a character", account_of(value))
    try:
        found = read_line(value)
    except BadLine as error:
        return refused(error.reason, error.account, key=key_of(value))
    if isinstance(found, Retraction):
        return replace(found, line=line.number, offset=line.offset, raw=line.raw[:RAW_SHOWN], account=account_of(value))
    return found


def _glimpsed(raw: bytes) -> str | None:
    """The account of a line that is no JSON, where it can be read without doubt."""
    _, found, rest = raw.partition(b'"account_id"')
    rest = rest.lstrip(b" \t").removeprefix(b":").lstrip(b" \t")
    if not found or not rest.startswith(b'"'):
        return None
    ident, quote, _ = rest[1:].partition(b'"')
    try:
        return (ident.decode() or None) if quote and b"\\" not in ident else None
    except UnicodeDecodeError:
        return None


def read_csv(source: Source, account: str | None) -> Iterator[Found]:  # noqa: ARG001 - one shape for all readers
    """Rows of a CSV ledger (events only). Raises Refusal for a bad header, :class:`Cut` for a file cut short."""
    feed = _Feed(lines(source.chunks()))
    rows = csv.reader(feed, strict=True)
    try:
        header = next(rows)
    except (csv.Error, StopIteration):
        raise Refusal(f"{source.name} has no header that can be read: a consent ledger starts with one.") from None
    _check_header(source.name, header)
    while True:
        start = feed.number + 1
        feed.raw.clear()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield _row_refused(start, feed, "it is not valid CSV", None)
            if feed.ended:
                raise Cut(f"it ends in the middle of line {start}") from None
            continue
        if row:
            found = _row(header, row, start, feed)
            yield found
            if isinstance(found, Rejected) and not feed.closed:
                raise Cut(f"it ends in the middle of line {start}")


def _row(header: list[str], row: list[str], start: int, feed: "_Feed") -> Found:
    column = header.index("account_id")
    account = (row[column] or None) if column < len(row) else None
    if any("\udc80" <= char <= "\udcff" for cell in row for char in cell):
        return _row_refused(start, feed, "it is not UTF-8", None if account and not account.isprintable() else account)
    if len(row) != len(header):
        return _row_refused(start, feed, f"it has {len(row)} fields where the header has {len(header)}", account)
    event = dict(zip(header, row, strict=True))
    try:
        return read_line(event)
    except BadLine as error:
        return _row_refused(start, feed, error.reason, error.account, key_of(event))


def _row_refused(line: int, feed: "_Feed", reason: str, account: str | None, key: str = "") -> Rejected:
    if account is not None and any("\ud800" <= char <= "\udfff" for char in account):
        account = None
    return Rejected(
        "", f"Ledger line {line} was set aside: {reason}.",
        line=line, offset=feed.offset, raw=bytes(feed.raw[:RAW_SHOWN]), account=account, key=key,
    )  # fmt: skip


def _check_header(name: str, header: list[str]) -> None:
    if any("\udc80" <= char <= "\udcff" for column in header for char in column):
        raise Refusal(f"{name} has a header that is not UTF-8: save it as UTF-8 and import it again.")
    twice = {column for column in header if header.count(column) > 1}
    if twice:
        shown = ", ".join(sorted(twice & set(EVENT_FIELDS))) or "one of its columns"
        raise Refusal(f"{name} has a duplicated header ({shown}): remove one of the two columns and import it again.")
    if "type" in header:
        raise Refusal(f"{name} has a column named type: a CSV ledger holds events only; use JSON lines for the rest.")
    absent = [column for column in REQUIRED if column not in header]
    if absent:
        raise Refusal(f"{name} lacks the column {absent[0]} that a consent ledger needs.")


class _Feed:
    """Lines for the CSV reader, with the place and bytes of the row that is being read."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self.number = self.offset = 0
        self.ended = False
        self.closed = True
        self.raw = bytearray()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        if not self.raw:
            self.offset = line.offset
        self.number = line.number
        self.raw += line.raw[:RAW_SHOWN]
        self.closed = line.closed
        return line.raw.decode("utf-8", "surrogateescape") + ("\n" if line.closed else "")
