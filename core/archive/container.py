"""Opening files without trusting them: plain, gzip, Zstandard and zip, always as bounded streams.

Nothing is ever extracted to disk. Sizes are counted while inflating, never believed from headers. A stream that ends
early gives all it has and then raises :class:`Cut`; a zip that cannot be opened safely is refused as a whole.
"""

import importlib
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from core.errors import Refusal

STEP = 64 * 1024
ZSTD_STEP = 8 * 1024  # one step can inflate 32,768-fold: small steps keep a bomb's first bite small
OUT_STEP = 1024 * 1024
ZSTD_WINDOW = 128 * 1024 * 1024


class Cut(Exception):  # noqa: N818 - it is an answer about the data
    """The data ends early or is damaged from here on; ``str()`` is one plain clause."""


class NotAList(Cut):
    """The data does not start like a JSON list at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of us; every refusal names the limit it met."""

    entries: int = 20_000
    inflated: int = 8 * 1024**3
    ratio: int = 200
    ratio_from: int = 64 * 1024**2
    nested_in_memory: int = 256 * 1024**2


DEFAULT_LIMITS = Limits()


def _inflate_module() -> Any:
    try:
        return importlib.import_module("isal.isal_zlib")  # the extra of that name: twice as fast
    except ImportError:
        return zlib


INFLATE = _inflate_module()
INFLATE_ERRORS: tuple[type[Exception], ...] = (zlib.error, INFLATE.error)


class Source:
    """One regular file, opened once.

    ``consumed`` counts the bytes of it that were read, for progress; ``inflated`` and ``entries`` what it unfolded to.
    """

    def __init__(self, path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        """Open ``path``; raises Refusal in one sentence where that is not possible."""
        self.path, self.name, self.limits = path, path.name, limits
        self.consumed = self.inflated = self.entries = 0
        try:
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode):
                raise Refusal(f"{self.name} is not a regular file: choose an archive or a ledger file.")
            self.file: BinaryIO = path.open("rb")
        except FileNotFoundError:
            raise Refusal(f"{path} does not exist: check the name.") from None
        except PermissionError:
            raise Refusal(f"{self.name} cannot be read: you have no permission to read it.") from None
        except OSError as error:
            raise Refusal(f"{self.name} cannot be opened: {os.strerror(error.errno or 0)}.") from None
        self.size = os.fstat(self.file.fileno()).st_size
        if not self.size:
            self.file.close()
            raise Refusal(f"{self.name} is empty: there is nothing to import.")
        self.magic = self.file.read(4)

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_zip(self) -> bool:
        """Whether the file starts like a zip archive."""
        return self.magic[:2] == b"PK" and self.magic[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08")

    def chunks(self) -> Iterator[bytes]:
        """The file's content from its start, inflated where it is gzip or Zstandard. Raises :class:`Cut`."""
        self.file.seek(0)
        self.consumed = self.inflated = 0
        if self.magic[:2] == b"\x1f\x8b":
            return self.counted(inflate_gzip(self._raw(STEP)))
        if self.magic == b"\x28\xb5\x2f\xfd":
            return self.counted(inflate_zstd(self._raw(ZSTD_STEP)))
        return self._raw(OUT_STEP // 4)

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces, while their sum stays within the limits of this file as a whole."""
        for piece in pieces:
            self.inflated += len(piece)
            if self.inflated > self.limits.inflated:
                raise Cut(f"it inflates to more than {self.limits.inflated // 1024**2} MiB, the limit")
            if self.inflated > self.limits.ratio_from and self.inflated > self.consumed * self.limits.ratio:
                raise Cut(f"it inflates to more than {self.limits.ratio} times its size, the limit")
            yield piece

    def _raw(self, step: int) -> Iterator[bytes]:
        while piece := self.file.read(step):
            self.consumed += len(piece)
            yield piece


def inflate_gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Content of a gzip stream of one or more members; raises :class:`Cut` if it is cut short or damaged."""
    worker = INFLATE.decompressobj(wbits=31)
    for piece in pieces:
        data = piece
        while data:
            if worker.eof:
                data = data.lstrip(b"\0")  # padding between members is allowed
                if not data:
                    break
                worker = INFLATE.decompressobj(wbits=31)
            try:
                out = worker.decompress(data, OUT_STEP)
            except INFLATE_ERRORS:
                raise Cut("its gzip data is damaged") from None
            if out:
                yield out
            data = worker.unused_data if worker.eof else worker.unconsumed_tail
    yield from drained(worker, "its gzip data is cut short")


def drained(worker: Any, reason: str) -> Iterator[bytes]:
    """What an inflater still holds when its input has ended; raises :class:`Cut` if that is not the stream's end."""
    while not worker.eof:
        try:
            out = worker.decompress(b"", OUT_STEP)
        except INFLATE_ERRORS:
            out = b""
        if out:
            yield out
        elif not worker.eof:
            raise Cut(reason)


def inflate_zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Content of a Zstandard stream of one or more frames; raises :class:`Cut` if it is cut short or damaged."""
    maker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    worker = maker.decompressobj()
    for piece in pieces:
        data = piece
        while data:
            if worker.eof:
                worker = maker.decompressobj()
            try:
                out = worker.decompress(data)
            except zstandard.ZstdError:
                raise Cut("its Zstandard data is damaged") from None
            if out:
                yield out
            data = worker.unused_data if worker.eof else b""
    if not worker.eof:
        raise Cut("its Zstandard data is cut short")
