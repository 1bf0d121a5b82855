"""Cancelling long acts: a flag that threads share and processes poll."""

import threading

from core.errors import Cancelled


class CancelToken:
    """Set once by the person who cancels, checked once a batch by the one who works."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise :class:`~core.errors.Cancelled` if somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled("cancelled")


NEVER = CancelToken()
"""A token nobody cancels, the default of every long act."""
