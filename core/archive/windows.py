"""The elements of a JSON array of any size, in bounded memory.

A window of inflated bytes is cut at the last place that looks like the border of two elements, wrapped in brackets
and given to the fast parser. A cut at a wrong place leaves a bracket or a string open, so the parser refuses it and
an earlier place is tried: what is accepted is right by construction. Where nothing is accepted, an exact scan splits
the window and each element is parsed alone, so that one bad element never takes its neighbours along.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.archive.container import Cut, NotAList
from core.archive.items import RAW_SHOWN
from core.archive.jsontext import BOM, BadJson, parse, parse_array

WINDOW = 512 * 1024
MAX_ELEMENT = 64 * 1024 * 1024
TRIES = 6
_BLANK = b" \t\r\n"
_OPENER = re.compile(rb'\{[ \t\r\n]*"[^"\\]*"')
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]|"', re.DOTALL)
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the array: its index from 0, its value, flags for what was repaired in it."""

    index: int
    value: Any
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    """An element that is not acceptable JSON: its index, byte offset in the stream, why, and its first bytes."""

    index: int
    offset: int
    reason: str
    raw: bytes


class _Buffer:
    """The unread part of a stream; ``base`` is the stream offset of its first byte."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.data = b""
        self.base = 0
        self.eof = False
        self.cut: Cut | None = None

    def fill(self, size: int) -> None:
        """Read until at least ``size`` bytes are held or the stream ends."""
        if len(self.data) >= size or self.eof:
            return
        parts, held = [self.data], len(self.data)
        while held < size:
            try:
                parts.append(next(self._chunks))
            except (StopIteration, Cut) as end:
                self.eof = True
                self.cut = end if isinstance(end, Cut) else None
                break
            held += len(parts[-1])
        self.data = b"".join(parts)

    def drop(self, size: int) -> None:
        self.base += size
        self.data = self.data[size:]

    def skip_blank(self) -> None:
        """Drop white space; afterwards the buffer starts with another byte, or the stream is at its end."""
        while True:
            self.fill(1)
            kept = self.data.lstrip(_BLANK)
            self.drop(len(self.data) - len(kept))
            if kept or self.eof:
                return


def elements(chunks: Iterator[bytes], *, window: int = WINDOW, limit: int = MAX_ELEMENT) -> Iterator[Element | Bad]:
    """Every element of the array in the stream, in order. Raises :class:`Cut` at the end if the array is not whole."""
    buffer = _Buffer(chunks)
    buffer.fill(len(BOM))
    if buffer.data.startswith(BOM):
        buffer.drop(len(BOM))
    buffer.skip_blank()
    if not buffer.data.startswith(b"["):
        raise buffer.cut or NotAList("it does not hold a list")
    buffer.drop(1)
    buffer.skip_blank()
    opener = _first_key(buffer)
    index, want, closed = 0, window, False
    while not closed:
        buffer.fill(want)
        values, used, closed = _fast(buffer, opener)
        if values is not None:
            for value in values:
                yield Element(index, value)
                index += 1
            buffer.drop(used)
            want = window
            continue
        spans, used, closed, depth = _split(buffer.data)
        for start, end in spans:
            yield _alone(buffer, index, start, end)
            index += 1
        if used:
            buffer.drop(used)
            want = window
        elif buffer.eof:
            yield from _tail(buffer, index)
            return
        elif len(buffer.data) > limit:
            raw = buffer.data[:RAW_SHOWN]
            yield Bad(index, buffer.base, f"it is larger than the limit of {limit // 1024**2} MiB", raw)
            index += 1
            closed = _skip(buffer, depth)
        else:
            want = min(len(buffer.data) * 2, max(limit, window) + 1)
    _ended(buffer)


def _first_key(buffer: _Buffer) -> bytes:
    """How the first element begins, up to its first key: most others begin the same way."""
    buffer.fill(512)
    found = _OPENER.match(buffer.data)
    return found.group() if found else b"{"


def _fast(buffer: _Buffer, opener: bytes) -> tuple[list[Any] | None, int, bool]:
    """Elements by the fast parser, the bytes they took with their separator, whether the array ended."""
    data = buffer.data
    if buffer.eof:
        values = parse_array(b"[" + data) if data.rstrip(_BLANK).endswith(b"]") else None
        return values, len(data), values is not None
    for cut, after in _borders(data, opener):
        values = parse_array(b"[" + data[:cut] + b"]")
        if values is not None:
            return values, after, False
    return None, 0, False


def _borders(data: bytes, opener: bytes) -> Iterator[tuple[int, int]]:
    """Places from the back that look like ``}, {``: end of the element before, start of the one after."""
    tries = 0
    end = len(data)
    while tries < TRIES:
        start = data.rfind(opener, 0, end)
        if start <= 0:
            return
        end = start
        before = data[max(0, start - 64) : start].rstrip(_BLANK)
        if not before.endswith(b","):
            continue
        before = before[:-1].rstrip(_BLANK)
        if before.endswith(b"}"):
            tries += 1
            yield max(0, start - 64) + len(before), start


def _split(data: bytes) -> tuple[list[tuple[int, int]], int, bool, int]:
    """Spans of the whole elements, the bytes they took, whether the array ended, the depth at the end."""
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for found in _TOKEN.finditer(data):
        at, end = found.span()
        byte = data[at]
        if byte == 0x22:  # a quote
            if end - at == 1:  # the string goes on behind the window
                break
        elif byte in b"[{":
            depth += 1
        elif byte == 0x2C:
            if not depth:
                spans.append((start, at))
                start = end
        elif depth:
            depth -= 1
        elif byte == 0x5D:
            if data[start:at].strip(_BLANK):
                spans.append((start, at))
            return spans, end, True, 0
    return spans, start, False, depth


def _alone(buffer: _Buffer, index: int, start: int, end: int) -> Element | Bad:
    raw = buffer.data[start:end]
    try:
        value, flags = parse(raw)
    except BadJson as error:
        offset = buffer.base + start + (error.offset or 0)
        return Bad(index, offset, error.reason, raw.strip(_BLANK)[:RAW_SHOWN])
    return Element(index, value, flags)


def _tail(buffer: _Buffer, index: int) -> Iterator[Bad]:
    """What is left of an array that never ends."""
    rest = buffer.data.strip(_BLANK)
    if rest:
        yield Bad(index, buffer.base, "it is cut off in the middle", rest[:RAW_SHOWN])
    raise buffer.cut or Cut("the list in it is cut off in the middle")


def _skip(buffer: _Buffer, depth: int) -> bool:
    """Drop the rest of an element that is too large, whatever its size; True if the array ended with it."""
    found = list(_TOKEN.finditer(buffer.data))
    in_string = bool(found) and found[-1].group() == b'"'
    buffer.drop(found[-1].end() if in_string else len(buffer.data))
    while True:
        buffer.fill(1)
        data = buffer.data
        if not data:
            raise buffer.cut or Cut("the list in it is cut off in the middle")
        if in_string:
            rest = _STRING_REST.match(data)
            if rest is None:
                odd = (len(data) - len(data.rstrip(b"\\"))) % 2
                if odd and buffer.eof:
                    buffer.drop(len(data))
                    continue
                buffer.drop(len(data) - odd)
                buffer.fill(odd + 1)
                continue
            in_string = False
            buffer.drop(rest.end())
            continue
        done = 0
        for token in _TOKEN.finditer(data):
            byte, done = data[token.start()], token.end()
            if token.group() == b'"':
                in_string = True
                break
            if byte in b"[{":
                depth += 1
            elif byte in b"]}" and depth:
                depth -= 1
            elif not depth and byte in b",]":
                buffer.drop(done)
                return byte == 0x5D  # a closing bracket
        buffer.drop(done if in_string else len(data))


def _ended(buffer: _Buffer) -> None:
    """Read the stream to its end, so that its checksum is seen; anything but white space there is a fault."""
    junk = False
    while True:
        junk = junk or bool(buffer.data.strip(_BLANK))
        buffer.drop(len(buffer.data))
        if buffer.eof:
            break
        buffer.fill(1)
    if buffer.cut:
        raise buffer.cut
    if junk:
        raise Cut("there is more behind the end of its list")
