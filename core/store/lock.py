"""The lock file that lets one process at a time write to a workspace.

The operating system holds the lock, so it falls with its process; the file beside the workspace only tells who it is.
A lock file that nobody holds means that its process ended without closing the workspace.
"""

import os
import platform
import sys
from pathlib import Path

from core.errors import WorkspaceLocked

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows locks are mandatory: lock a byte far behind the text, so that others can read it

    def _lock(fd: int) -> None:
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        os.lseek(fd, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriteLock:
    """Held from construction to :meth:`release`. ``crashed`` tells whether a dead process had left its lock file.

    Raises :class:`~core.errors.WorkspaceLocked` naming the process that holds it.
    """

    def __init__(self, workspace: Path) -> None:
        self.path = workspace.with_name(workspace.name + ".lock")
        while True:
            fd = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                _lock(fd)
            except OSError as error:
                os.close(fd)
                raise WorkspaceLocked(f"{workspace.name} is being written to by {self._holder()}.") from error
            if self._is_ours(fd):
                break
            os.close(fd)  # its former holder has just removed it: take the new one
        self._fd: int | None = fd
        self.crashed = os.fstat(fd).st_size > 0
        os.truncate(self.path, 0)
        os.write(fd, f"process {os.getpid()} on {platform.node() or 'this computer'}".encode())

    def _is_ours(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self.path.stat())
        except FileNotFoundError:
            return False

    def _holder(self) -> str:
        try:
            return self.path.read_text("utf-8", errors="replace")[:120] or "another process"
        except OSError:
            return "another process"

    def release(self) -> None:
        """Give the workspace free and remove the file; a second call does nothing."""
        if self._fd is None:
            return
        if sys.platform == "win32":
            os.close(self._fd)
            self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(self._fd)
        self._fd = None
