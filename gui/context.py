"""What every page is given: the desk, the jobs, the actions, the theme, and ways to go elsewhere or say something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from core.cancel import CancelToken
from core.model.view import Query
from core.progress import Report
from core.settings import Settings
from gui.actions import Actions
from gui.bridge import Bridge
from gui.jobs import Jobs
from gui.state import State
from gui.theme import Theme
from gui.words import tr

if TYPE_CHECKING:
    from core.services.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation of a list: what a page asks for when it wants it opened among the records."""

    query: Query
    conversation: int


class Context(QObject):
    """The window's shared ground.

    ``desk_changed``: another workspace is open, or none. ``navigated``: page name and its argument (a ``Query`` or
    ``Place`` for records, an account id for accounts). ``said``: kind (info, good, warn, bad), one sentence, and the
    id of an action to offer or an empty string. ``query`` is what the records page shows now.
    """

    desk_changed = Signal()
    navigated = Signal(str, object)
    said = Signal(str, str, str)

    def __init__(self, jobs: Jobs, actions: Actions, theme: Theme, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = Settings()
        self.jobs = jobs
        self.actions = actions
        self.theme = theme
        self.state = state
        self.bridge = Bridge(self)
        self.query = Query()
        self._desk: Desk | None = None

    @property
    def desk(self) -> "Desk | None":
        """The open workspace."""
        return self._desk

    @property
    def open_desk(self) -> "Desk":
        """The open workspace where there must be one."""
        if self._desk is None:
            raise RuntimeError("no workspace is open")
        return self._desk

    def set_desk(self, desk: "Desk | None") -> None:
        """Use another workspace; the former one is closed by who opened it."""
        self._desk = desk
        self.query = Query()
        self.bridge.watch(desk)
        self.desk_changed.emit()

    def go(self, page: str, argument: object = None) -> None:
        """Show another page."""
        self.navigated.emit(page, argument)

    def say(self, kind: str, sentence: str, action: str = "") -> None:
        """Tell the person something in the message bar."""
        self.said.emit(kind, sentence, action)

    def act(
        self,
        name: str,
        act: Callable[["Desk"], T],
        *,
        initiator: object = None,
        done: Callable[[T], None] | None = None,
    ) -> None:
        """Ask the desk for a short change away from the GUI thread; a refusal is told in the message bar."""
        desk = self.open_desk

        def work(_token: CancelToken, _report: Report) -> T:
            with self.bridge.acting(initiator):
                return act(desk)

        self.jobs.start(tr(name), work, done=done, shown=False)
