"""Brings the desk's changes, which are told on the writer thread, to the GUI thread as one signal."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.model.view import Change

if TYPE_CHECKING:
    from core.services.desk import Desk


class Bridge(QObject):
    """``changed`` carries a change and who asked for it (an object, or None for anybody else)."""

    changed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._initiator: object = None

    def watch(self, desk: "Desk | None") -> None:
        """Listen to this desk from now on, and to the former one no longer."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        if desk is not None:
            self._unsubscribe = desk.subscribe(self._told)

    @contextmanager
    def acting(self, initiator: object) -> Iterator[None]:
        """Changes told inside the block carry ``initiator``. Blocks on the same bridge do not overlap."""
        with self._lock:
            self._initiator = initiator
            try:
                yield
            finally:
                self._initiator = None

    def _told(self, change: Change) -> None:
        self.changed.emit(change, self._initiator)
