"""Zip archives as hostile input: the directory is checked before a byte is inflated.

Refused as a whole: more entries than the limit, encrypted members, overlapping members, two members of one name
(case-folded), names that climb out of the archive or hold NUL, links and devices. Members are
inflated as streams; their size and checksum are checked at their end.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.archive.container import INFLATE, INFLATE_ERRORS, OUT_STEP, STEP, Cut, Source, drained
from core.errors import Refusal

_LOCAL = struct.Struct("<4s5H3I2H")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name in the archive, inflated size as the directory states it, and where it lies."""

    name: str
    size: int
    info: zipfile.ZipInfo

    @property
    def base(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]


class Zip:
    """The members of one zip; ``depth`` is 0 for the file itself and 1 for a zip inside it."""

    def __init__(self, source: Source, file: BinaryIO | None = None, label: str = "", depth: int = 0) -> None:
        """Read and check the directory; raises Refusal in one sentence."""
        self.source, self.file, self.depth = source, file or source.file, depth
        self.label = label or source.name
        try:
            with zipfile.ZipFile(self.file) as opened:
                infos = opened.infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, EOFError, NotImplementedError):
            raise Refusal(
                f"{self.label} is a broken zip file: its directory cannot be read; fetch the file again."
            ) from None
        self._check(infos)
        self.members = [Member(x.filename, x.file_size, x) for x in infos if not x.is_dir()]

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        limit = self.source.limits.entries
        self.source.entries += len(infos)
        if self.source.entries > limit:
            raise Refusal(f"{self.label} holds {self.source.entries} members, more than the limit of {limit}.")
        names: set[str] = set()
        for info in infos:
            name = info.orig_filename
            if info.flag_bits & _ENCRYPTED:
                raise Refusal(f"{self.label} is encrypted: unpack it with its password and import what it holds.")
            parts = name.replace("\\", "/").split("/")
            if "\0" in name or ".." in parts or parts[0] == "" or (len(parts[0]) > 1 and parts[0][1] == ":"):
                raise Refusal(f"{self.label} has a member whose name leads out of the archive; it was not opened.")
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Refusal(f"{self.label} has a member that is a link or a device; it was not opened.")
            folded = info.filename.casefold()
            if folded in names:
                raise Refusal(f"{self.label} has two members of the same name; it was not opened.")
            names.add(folded)
        end = 0
        for info in sorted(infos, key=lambda x: x.header_offset):
            if info.header_offset < end:
                raise Refusal(f"{self.label} has members that overlap; it was not opened.")
            end = info.header_offset + _LOCAL.size + len(info.orig_filename) + info.compress_size

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content of a member. Raises :class:`Cut` where it is damaged, oversized or cut short."""
        return self.source.counted(self._inflated(member))

    def _inflated(self, member: Member) -> Iterator[bytes]:
        info = member.info
        crc = size = 0
        if info.compress_type not in _READABLE:
            raise Cut(f"{member.name} is packed by a method that is not supported")
        for piece in self._unpacked(info, member.name):
            crc = INFLATE.crc32(piece, crc)
            size += len(piece)
            yield piece
        if size != info.file_size or crc != info.CRC:
            raise Cut(f"{member.name} is damaged: its checksum is wrong")

    def _unpacked(self, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
        self._seek(info, name)
        if info.compress_type == zipfile.ZIP_STORED:
            yield from self._raw(info, name)
            return
        worker = INFLATE.decompressobj(wbits=-zlib.MAX_WBITS)
        for piece in self._raw(info, name):
            data = piece
            while data and not worker.eof:
                try:
                    out = worker.decompress(data, OUT_STEP)
                except INFLATE_ERRORS:
                    raise Cut(f"{name} is damaged: it cannot be unpacked") from None
                if out:
                    yield out
                data = worker.unconsumed_tail
        yield from drained(worker, f"{name} is cut short")

    def _seek(self, info: zipfile.ZipInfo, name: str) -> None:
        self.file.seek(info.header_offset)
        head = self.file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise Cut(f"{name} is not where the zip's directory says")
        fields = _LOCAL.unpack(head)
        local = self.file.read(fields[9])
        if local.decode("utf-8" if fields[2] & _UTF8_NAME else "cp437", "replace") != info.orig_filename:
            raise Cut(f"{name} bears another name in the zip's directory")
        self.file.seek(fields[10], io.SEEK_CUR)

    def _raw(self, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
        left = info.compress_size
        while left:
            piece = self.file.read(min(STEP, left))
            if not piece:
                raise Cut(f"{name} is cut short")
            left -= len(piece)
            self.source.consumed += len(piece)
            yield piece

    def nested(self, member: Member) -> "Zip":
        """A zip inside this one: read in place where it is stored, else held in memory within the limit."""
        label = f"{self.label}/{member.name}"
        if member.info.compress_type == zipfile.ZIP_STORED and self.depth == 0:
            self._seek(member.info, member.name)
            start = self.file.tell()
            return Zip(self.source, _Part(self.file, start, member.info.compress_size), label, self.depth + 1)  # type: ignore[arg-type]
        limit = self.source.limits.nested_in_memory
        if member.size > limit:
            raise Cut(f"{member.name} is packed twice and larger than {limit // 1024**2} MiB; unpack it first")
        held = io.BytesIO()
        for piece in self.chunks(member):
            if held.tell() + len(piece) > limit:
                raise Cut(f"{member.name} is larger than it says")
            held.write(piece)
        return Zip(self.source, held, label, self.depth + 1)


class _Part(io.RawIOBase):
    """A stretch of a file as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a seek before the start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data
