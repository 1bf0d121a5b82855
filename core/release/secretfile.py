"""Keys and secrets as files: made once, whole or not at all, for their owner's eyes alone."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from core import paths
from core.errors import Refusal

_LARGEST = 1 << 16


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of a secret file; made with mode 0600 if it is not there.

    Two processes that make it at once end up with the same bytes. Raises Refusal where it cannot be read or written.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            found = read(path)
            paths.make_private(path)
            return found
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _place(path, make())
        return read(path)
    except OSError as error:
        raise Refusal(
            f"The secret file {path} cannot be read or made: {error.strerror or 'unknown reason'}."
        ) from error


def read(path: Path) -> bytes:
    """The bytes of a small file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _place(path: Path, body: bytes) -> None:
    """Put a whole new file in place; one that is already there wins."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike a rename, never replaces what another process made meanwhile
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            if not path.exists():
                temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
