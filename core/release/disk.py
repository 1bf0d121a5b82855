"""Writing a folder whole or not at all.

Everything is written into ``.export-XXXX`` beside the target, each file and folder is synced, and one rename makes it
appear. Whatever goes wrong before that, the folder is removed again; what a crash leaves behind can be told by its
name and by the lock that its writer no longer holds.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = ".export-"
_CHUNK = 1 << 20


class AlreadyThere(OSError):  # noqa: N818 - it is an answer, not a fault
    """A folder of that name has been published before."""


class Sink:
    """A new file of mode 0600 that hashes what is written and is synced when it is closed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self.path = path
        self.size = 0
        self._hash = hashlib.sha256()
        self._pending = bytearray()
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._pending += data
        if len(self._pending) >= _CHUNK:
            self._flush()

    def close(self) -> str:
        """Sync and close; the SHA-256 in hex. Once closed, closing again only tells the digest."""
        if self._handle >= 0:
            self._flush()
            os.fsync(self._handle)
            self.abandon()
        return self._hash.hexdigest()

    def abandon(self) -> None:
        """Close without syncing."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            os.close(handle)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def _flush(self) -> None:
        view = memoryview(bytes(self._pending))
        self._pending.clear()
        self._hash.update(view)
        self.size += len(view)
        while view:
            view = view[os.write(self._handle, view) :]


@contextlib.contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A private folder beside the target, removed at the end unless :func:`publish` moved it away.

    ``out`` is made if it is missing, and unmade if nothing came of it. What a crash left there is removed first.
    """
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    folder: Path | None = None
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(out)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=out))
        with _held(folder):
            yield folder
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):  # something was published in it, or it was never made
                parent.rmdir()


def publish(folder: Path, target: Path) -> None:
    """Sync a staged folder and let it appear under its name. Raises OSError, and then nothing has appeared."""
    for inner in sorted(path for path in folder.rglob("*") if path.is_dir()):
        sync_folder(inner)
    sync_folder(folder)
    if target.exists():
        raise AlreadyThere(target)
    os.rename(folder, target)  # noqa: PTH104 - the tests fail this very call
    try:
        sync_folder(target.parent)
    except OSError:
        # not known to last: what was reported as failed must not be found later
        os.rename(target, folder)  # noqa: PTH104
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last. Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def leftovers(out: Path) -> tuple[Path, ...]:
    """Folders that a crash left in ``out``; those that somebody is writing right now are not among them.

    Without locks (Windows) the two cannot be told apart, and none is listed.
    """
    found: list[Path] = []
    if fcntl is None:
        return ()
    for folder in sorted(out.glob(f"{PREFIX}*")):
        if folder.is_dir() and not folder.is_symlink():
            with contextlib.suppress(OSError), _held(folder):
                found.append(folder)
    return tuple(found)


def sweep(out: Path) -> tuple[Path, ...]:
    """Remove what :func:`leftovers` lists; the folders removed."""
    found = leftovers(out)
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return found


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raises BlockingIOError if another holds it. The lock dies with its process."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
