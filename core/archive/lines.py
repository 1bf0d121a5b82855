"""Lines of a byte stream, split at LF alone and never longer than the limit.

``str.splitlines`` would cut a record at U+2028 or U+0085; here only the byte 0x0A ends a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.archive.jsontext import BOM

MAX_LINE = 64 * 1024 * 1024
KEPT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end: number from 1, byte offset of its start, whether a LF closed it, whether too long.

    Of a line that is too long only the first bytes are kept.
    """

    number: int
    offset: int
    raw: bytes
    closed: bool = True
    too_long: bool = False


def lines(chunks: Iterator[bytes], limit: int = MAX_LINE) -> Iterator[Line]:
    """Every line of the stream, blank ones included; a BOM at the start is dropped."""
    number, offset, held, skipped, first = 1, 0, bytearray(), 0, True
    for chunk in chunks:
        if first:
            held += chunk
            if len(held) < len(BOM):
                continue
            offset = len(BOM) if held.startswith(BOM) else 0
            chunk, first = bytes(held[offset:]), False  # noqa: PLW2901 - the stream goes on behind its BOM
            held.clear()
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            held += piece
            too_long = bool(skipped) or len(held) > limit
            yield Line(number, offset, bytes(held[:KEPT] if too_long else held), too_long=too_long)
            offset += skipped + len(held) + 1
            number, skipped = number + 1, 0
            held.clear()
        held += rest
        if len(held) > limit:
            skipped += len(held) - KEPT
            del held[KEPT:]
    if held or skipped:
        yield Line(number, offset, bytes(held), closed=False, too_long=bool(skipped))
