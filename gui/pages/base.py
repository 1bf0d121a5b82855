"""What a page is: a widget with a name, a title and an icon, that is told of changes only while it is seen."""

from typing import ClassVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from core.model.view import Change, Kind
from gui.context import Context


class Page(QWidget):
    """The base of all pages.

    Subclasses set the class variables and override :meth:`refresh`, and :meth:`visit` if others may send them
    somewhere. A hidden page is not refreshed; what it missed is told in one change when it is shown.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    tip: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._missed = Kind.ALL
        self._missed_ids: tuple[int, ...] = ()
        context.bridge.changed.connect(self._on_changed)
        context.desk_changed.connect(self._on_desk_changed)

    def refresh(self, change: Change) -> None:
        """Show what is true now; ``change`` says what became different."""

    def visit(self, argument: object) -> None:
        """Go to what ``Context.go`` was given: a query, an account id, a release id."""

    def _on_changed(self, change: Change, _initiator: object) -> None:
        if self.isVisible():
            self.refresh(change)
            return
        first = self._missed is Kind.NONE
        self._missed |= change.kinds
        known = first or self._missed_ids
        self._missed_ids = (*self._missed_ids, *change.conversations) if known and change.conversations else ()

    def _on_desk_changed(self) -> None:
        self._missed, self._missed_ids = Kind.ALL, ()
        if self.context.desk is not None and self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        missed = Change(self._missed, self._missed_ids)
        self._missed, self._missed_ids = Kind.NONE, ()
        self.refresh(missed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._missed and self.context.desk is not None:
            self._catch_up()
