"""The drawer of jobs: name, phase, n of N, rate, time left, cancel, and the result of what ended."""

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from core.progress import Progress
from gui.jobs import Jobs, JobState, JobView
from gui.widgets.buttons import glyph_button
from gui.widgets.empty_state import Glyph
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.words import number, tr

HEIGHT = 152
KEPT = 20
"""Ended jobs that stay listed."""
_GLYPHS = {
    JobState.RUNNING: ("hourglass", "accent"),
    JobState.DONE: ("check-circle", "eligible"),
    JobState.CANCELLED: ("stop-circle", "muted"),
    JobState.FAILED: ("warning-octagon", "not_eligible"),
}


def time_left(seconds: float) -> str:
    """``under a minute left`` or ``3 min left``."""
    return tr("under a minute left") if seconds < 60 else f"{round(seconds / 60)} {tr('min left')}"


def progress_text(progress: Progress) -> str:
    """Phase, n of N, rate and time left in one line."""
    parts = [progress.phase]
    if progress.total:
        parts.append(f"{number(progress.done)} {tr('of')} {number(progress.total)} {progress.unit}")
    elif progress.done:
        parts.append(f"{number(progress.done)} {progress.unit}")
    if progress.rate:
        parts.append(f"{number(round(progress.rate))}/s")
    if progress.seconds_left is not None:
        parts.append(time_left(progress.seconds_left))
    return " · ".join(part for part in parts if part)


class _Row(QFrame):
    """One job."""

    def __init__(self, jobs: Jobs, view: JobView) -> None:
        super().__init__()
        self._name = PlainLabel(view.name, bold=True)
        self._line = ElidedLabel("", tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(220)
        self._glyph = Glyph("hourglass", side=24, token="accent")
        self._cancel = glyph_button("x-circle", tr("Cancel {name}").format(name=view.name))
        self._cancel.clicked.connect(lambda: jobs.cancel(view.id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(self._glyph)
        layout.addWidget(self._name)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._cancel)
        self.show_view(view)

    def show_view(self, view: JobView) -> None:
        running = view.state is JobState.RUNNING
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        self._cancel.setEnabled(not view.cancelling)
        self._glyph.set_glyph(*_GLYPHS[view.state])
        if running:
            self._line.setText(tr("Cancelling…") if view.cancelling else self._progress(view.progress))
        else:
            words = {JobState.DONE: tr("Done."), JobState.CANCELLED: tr("Cancelled."), JobState.FAILED: tr("Stopped.")}
            self._line.setText(view.result or words[view.state])

    def _progress(self, progress: Progress | None) -> str:
        if progress is None:
            self._bar.setRange(0, 0)
            return tr("Starting…")
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(min(progress.done, progress.total or 0))
        return progress_text(progress)


class JobsDrawer(QFrame):
    """Slides up from the status strip."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "foot")
        self._jobs = jobs
        self._rows: dict[int, _Row] = {}
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 4)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._none = PlainLabel(tr("Nothing ran yet."), tone="muted")
        self._none.setContentsMargins(16, 4, 16, 4)
        self._list.insertWidget(0, self._none)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._body)
        close = glyph_button("caret-down", tr("Hide jobs"))
        close.clicked.connect(lambda: self.slide(up=False))
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 2)
        head.addWidget(PlainLabel(tr("Jobs"), bold=True))
        head.addStretch(1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        self._move = QPropertyAnimation(self, b"maximumHeight", self)
        self._move.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._move.setDuration(0 if QGuiApplication.platformName() == "offscreen" else 160)
        self._move.finished.connect(self._on_moved)
        self._up = False
        self.hide()
        jobs.changed.connect(self._on_changed)

    @property
    def up(self) -> bool:
        """Whether the drawer is open or opening."""
        return self._up

    def slide(self, *, up: bool) -> None:
        """Open or shut the drawer."""
        if up == self._up:
            return
        self._up = up
        self._move.stop()
        self._move.setStartValue(0 if up else HEIGHT)
        self._move.setEndValue(HEIGHT if up else 0)
        if up:
            self.setMaximumHeight(0)
            self.setMinimumHeight(0)
            self.show()
        if self._move.duration():
            self._move.start()
        else:
            self.setMaximumHeight(HEIGHT)
            self._on_moved()

    @Slot()
    def _on_moved(self) -> None:
        self.setVisible(self._up)
        if self._up:
            self.setMinimumHeight(HEIGHT)

    @Slot(object)
    def _on_changed(self, view: JobView) -> None:
        if not view.shown:
            return
        row = self._rows.get(view.id)
        if row is None:
            self._none.hide()
            row = self._rows[view.id] = _Row(self._jobs, view)
            self._list.insertWidget(0, row)
            self._forget()
        row.show_view(view)

    def _forget(self) -> None:
        running = {view.id for view in self._jobs.active}
        for job in [job for job in self._rows if job not in running][: max(0, len(self._rows) - KEPT)]:
            row = self._rows.pop(job)
            row.hide()
            row.deleteLater()
