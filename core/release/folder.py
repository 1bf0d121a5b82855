"""Reading a folder that somebody else made: no link is followed, nothing is opened but plain files, all is bounded."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.release.rows import LINE_LIMIT

MOST_ENTRIES = 20_000
SMALL_LIMIT = 64 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder, by relative name with ``/``; ``odd`` are links and pipes, ``whole`` if all was listed."""

    files: frozenset[str]
    folders: frozenset[str]
    odd: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its line feed. ``fault`` is a code where it cannot be taken: the file ends there."""

    file: str
    number: int
    body: bytes
    fault: str = ""


def listing(folder: Path) -> Listing:
    """Everything in a folder, three levels deep. Raises OSError where the folder itself cannot be read."""
    files: set[str] = set()
    folders: set[str] = set()
    odd: set[str] = set()
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(folder / prefix) as entries:
            for entry in entries:
                name = prefix + entry.name
                if len(files) + len(folders) + len(odd) >= MOST_ENTRIES:
                    return Listing(frozenset(files), frozenset(folders), frozenset(odd), whole=False)
                if entry.is_file(follow_symlinks=False):
                    files.add(name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.add(name)
                    if name.count("/") < 2:
                        waiting.append(f"{name}/")
                else:
                    odd.add(name)
    return Listing(frozenset(files), frozenset(folders), frozenset(odd), whole=True)


def open_plain(path: Path) -> BinaryIO:
    """Open a regular file for reading, never a link. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} is not a regular file")
    return os.fdopen(handle, "rb")


def read_small(path: Path) -> bytes:
    """The bytes of a file that is read at once. Raises OSError, also for one beyond :data:`SMALL_LIMIT`."""
    with open_plain(path) as file:
        body = file.read(SMALL_LIMIT + 1)
    if len(body) > SMALL_LIMIT:
        raise OSError(f"{path} is too large")
    return body


def fingerprint_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and length of a file of any size. Raises OSError."""
    found = hashlib.sha256()
    size = 0
    with open_plain(path) as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    return found.hexdigest(), size


def lines(folder: Path, name: str) -> Iterator[Line]:
    """The lines of one file; a missing final line feed, or a line beyond the limit, is its last line's fault.

    Lines end with a line feed and nothing else: other characters that look like line ends belong to the text.
    """
    try:
        with open_plain(folder / name) as file:
            number = 0
            while body := file.readline(LINE_LIMIT + 1):
                number += 1
                if body.endswith(b"\n"):
                    yield Line(name, number, body[:-1])
                else:
                    fault = "line_too_long" if len(body) > LINE_LIMIT else "line_cut"
                    yield Line(name, number, b"", fault)
                    return
    except OSError:
        yield Line(name, 0, b"", "unreadable")
