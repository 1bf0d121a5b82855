"""The one window: navigation left, page in the middle, counts at the bottom, jobs in a drawer."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from core.model.verdict import Decision
from core.model.view import Counts, Query
from gui.actions import Actions
from gui.commands import Commands
from gui.context import Context
from gui.errors import BugDialog, sentence
from gui.jobs import Jobs, JobState, JobView
from gui.pages import registry
from gui.pages.base import Page
from gui.pages.start import StartPage
from gui.state import State
from gui.theme import Theme
from gui.widgets.drop_overlay import DropOverlay
from gui.widgets.jobs_drawer import JobsDrawer
from gui.widgets.message_bar import MessageBar
from gui.widgets.nav import Nav
from gui.widgets.palette import Palette
from gui.widgets.status_strip import StatusStrip
from gui.widgets.top_strip import TopStrip
from gui.words import tr
from gui.workspace import Workspace

SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """The frame. Pages are made when first shown."""

    def __init__(self, jobs: Jobs, theme: Theme, state: State) -> None:
        super().__init__()
        self.setWindowTitle(tr("Consent Desk"))
        self.resize(*SIZE)
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self.actions_ = Actions(self, registry.specs())
        self.context = Context(jobs, self.actions_, theme, state, self)
        self.workspace = Workspace(self.context)
        self._pages: dict[str, Page] = {}
        self._drawer_called = False
        self.asks_name = True
        self._kinds = {page.name: page for page in registry.PAGES}
        self._build()
        self._wire()
        self.commands = Commands(self)
        self._on_desk_changed()

    def _build(self) -> None:
        self.top = TopStrip(self.actions_)
        self.setMenuWidget(self.top)
        self.nav = Nav()
        for page in registry.PAGES:
            self.nav.add(page.name, self.actions_.get(f"view.{page.name}"), page.icon)
        self.start = StartPage(self.context)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        self.drawer = JobsDrawer(self.context.jobs)
        self.status = StatusStrip(self.actions_.get("view.jobs"))
        middle = QWidget()
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.stack)
        self.message = MessageBar(middle)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addWidget(middle, 1)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row, 1)
        layout.addWidget(self.drawer)
        layout.addWidget(self.status)
        self.setCentralWidget(body)
        self.palette_ = Palette(self.actions_, self)
        self.overlay = DropOverlay(body)

    def _wire(self) -> None:
        context = self.context
        context.desk_changed.connect(self._on_desk_changed)
        context.navigated.connect(self.show_page)
        context.said.connect(self._on_said)
        context.jobs.changed.connect(self._on_job)
        context.jobs.failed.connect(self.tell_failure)
        self.nav.chosen.connect(self.show_page)
        self.start.chosen.connect(self.workspace.open)
        self.message.chosen.connect(self.actions_.trigger)
        self.status.chosen.connect(self._on_count_chosen)
        self.status.asked.connect(self.actions_.trigger)
        self.palette_.searched.connect(lambda words: self.show_page("records", Query(search=words)))
        self.workspace.counted.connect(self._on_counted)

    def page(self, name: str) -> Page:
        """A page, made if it was not yet."""
        if name not in self._pages:
            made = self._kinds[name](self.context)
            self._pages[name] = made
            self.stack.addWidget(made)
        return self._pages[name]

    @property
    def current(self) -> Page | None:
        """The page shown; None on the start page."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    @Slot(str)
    @Slot(str, object)
    def show_page(self, name: str, argument: object = None) -> None:
        """Show a page and send it somewhere."""
        if self.context.desk is None or name not in self._kinds:
            return
        page = self.page(name)
        if argument is not None:
            page.visit(argument)
        if page is not self.current:
            self.message.leave()
        self.stack.setCurrentWidget(page)
        self.nav.mark(name)
        self.allow()

    def allow(self) -> None:
        """Enable the actions that are possible now."""
        page = self.current
        records = page is not None and page.name == "records"
        self.actions_.allow(desk=self.context.desk is not None, records=records, record=records)

    @Slot()
    def _on_desk_changed(self) -> None:
        desk = self.context.desk
        self.nav.setVisible(desk is not None)
        self.message.hide()
        if desk is None:
            self.setWindowTitle(tr("Consent Desk"))
            self.start.show_recents(self.context.state.recents())
            self.stack.setCurrentWidget(self.start)
            self.top.show_reviewer(self.context.settings.text("reviewer") or tr("Reviewer"))
            self.allow()
            return
        self.setWindowTitle(f"{desk.path.name} — {tr('Consent Desk')}")
        self.top.show_reviewer(desk.actor)
        names = [page.name for page in registry.PAGES]
        self.show_page(self.current.name if self.current else names[0])
        if desk.read_only:
            self.context.say("warn", desk.why_read_only)
        elif self.asks_name and not self.context.settings.text("reviewer"):
            self.asks_name = False  # once; until then the trail names the computer's user
            self.actions_.trigger("edit.reviewer")

    @Slot(object)
    def _on_counted(self, counts: Counts | None) -> None:
        self.status.show_counts(counts)

    @Slot(object)
    def _on_count_chosen(self, decision: Decision | None) -> None:
        self.show_page("records", Query(decisions=() if decision is None else (decision,)))

    @Slot(str, str, str)
    def _on_said(self, kind: str, said: str, action: str) -> None:
        label = self.actions_.get(action).text() if action else ""
        self.message.say(kind, said, action, label)

    @Slot(object)
    def _on_job(self, view: JobView) -> None:
        running = sum(job.shown for job in self.context.jobs.active)
        self.status.show_jobs(running)
        if not view.shown:
            return
        if view.state is JobState.RUNNING and not self.drawer.up and view.progress is None:
            self._drawer_called = False
            self.drawer.slide(up=True)
        elif view.state is JobState.DONE:
            if view.result:
                self.message.say("good", view.result)
            if not running and not self._drawer_called:
                self.drawer.slide(up=False)

    @Slot(str, object)
    def tell_failure(self, name: str, error: Exception) -> None:
        """A refusal in the bar, a bug in a dialog without content."""
        said = sentence(error)
        if said:
            self.message.say("bad", said)
        else:
            BugDialog(name, error, self).open()

    def toggle_drawer(self) -> None:
        """Open or shut the drawer of jobs; one that a person opened stays open when the jobs end."""
        self._drawer_called = not self.drawer.up
        self.drawer.slide(up=not self.drawer.up)

    def drop(self, paths: tuple[Path, ...]) -> None:
        """Import files that were dropped or chosen, into a new workspace if none is open."""
        self.commands.bring(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.overlay.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.drop(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlay.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.context.state.save_window(self)
        self.context.jobs.close()
        self.workspace.close()
        self.context.state.flush()
        super().closeEvent(event)
