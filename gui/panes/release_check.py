"""Checking the gates of one set after another, away from the GUI thread: only the latest answer counts."""

from PySide6.QtCore import QObject, Signal, Slot

from core.cancel import CancelToken
from core.errors import Cancelled
from core.model.release import Gate
from core.progress import Report
from gui.context import Context
from gui.errors import sentence
from gui.jobs import JobView
from gui.words import tr


class GateCheck(QObject):
    """``moved`` carries progress, ``done`` the set's name and its gates, ``failed`` one sentence (cancelled: empty).

    A change that comes while a check runs is not lost and does not start it over: it is checked once more afterwards.
    """

    moved = Signal(object)
    done = Signal(str, object)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job = 0
        self._turn = 0
        self._asked: tuple[str, str, int | None] | None = None
        self._again = False
        context.jobs.changed.connect(self._on_job)

    @property
    def running(self) -> bool:
        """Whether a check is under way."""
        return self._job != 0

    def ask(self, name: str, purpose: str, as_of: int | None) -> None:
        """Check a set's gates; an earlier check is dropped."""
        self.drop()
        self._asked = (name, purpose, as_of)
        self._start()

    def again(self) -> None:
        """Check the same once more, now or when the present check has ended."""
        if self._asked is None:
            return
        if self.running:
            self._again = True
        else:
            self._start()

    def cancel(self) -> None:
        """Ask the check to stop; ``failed`` tells when it has."""
        self._again = False
        self._context.jobs.cancel(self._job)

    def drop(self) -> None:
        """Forget what was asked."""
        self._turn += 1
        self._again = False
        self._asked = None
        if self._job:
            self._context.jobs.cancel(self._job)
            self._job = 0

    def _start(self) -> None:
        if self._asked is None or self._context.desk is None:
            return
        name, purpose, as_of = self._asked
        desk, turn = self._context.open_desk, self._turn

        def work(token: CancelToken, report: Report) -> tuple[Gate, ...]:
            return desk.releasing.gates(name, purpose=purpose, as_of=as_of, cancel=token, report=report)

        def done(gates: tuple[Gate, ...]) -> None:
            if turn == self._turn:
                self._end()
                self.done.emit(name, gates)

        def failed(error: Exception) -> None:
            if turn != self._turn:
                return
            self._end()
            said = "" if isinstance(error, Cancelled) else sentence(error)
            self.failed.emit(said)
            if not said and not isinstance(error, Cancelled):
                self._context.jobs.failed.emit(tr("Check the gates"), error)

        job = self._context.jobs.start(tr("Check the gates"), work, done=done, failed=failed, shown=False)
        self._job = job if any(view.id == job for view in self._context.jobs.active) else 0

    def _end(self) -> None:
        self._job = 0
        if self._again:
            self._again = False
            self._start()

    @Slot(object)
    def _on_job(self, view: JobView) -> None:
        if view.id == self._job and view.progress is not None:
            self.moved.emit(view.progress)
