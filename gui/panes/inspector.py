"""The inspector: one conversation from four sides. Each side is loaded when it is looked at, away from the window."""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from core import times
from core.model.view import ConversationRow, RedactedTurn
from core.text import display
from gui.context import Context
from gui.jobs import Latest
from gui.panes.history import HistoryPane
from gui.panes.redaction import RedactionPane
from gui.panes.text import TextPane
from gui.panes.why import WhyPane
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel
from gui.words import count, product_word, tr

if TYPE_CHECKING:
    from core.services.desk import Desk


class Side(IntEnum):
    """The tabs."""

    WHY = 0
    TEXT = 1
    REDACTION = 2
    HISTORY = 3


NAMES = ("Why", "Text", "Redaction", "History")


class Inspector(QWidget):
    """Shows the conversation chosen in the list."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._latest = Latest(context.jobs)
        self._row: ConversationRow | None = None
        self._shown: dict[Side, int] = {}
        self.why = WhyPane(context.actions)
        self.text = TextPane(self._copy)
        self.redaction = RedactionPane(context.actions, self._copy)
        self.history = HistoryPane()
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        for name in NAMES:
            self.tabs.addTab(tr(name))
        self._sides = QStackedWidget()
        for side in (self.why, self.text, self.redaction, self.history):
            self._sides.addWidget(side)
        self._empty = EmptyState(
            "cursor", tr("No record chosen"), tr("Choose one in the list to see why it was decided so.")
        )
        self._title = ElidedLabel("", bold=True)
        self._note = ElidedLabel("", tone="muted", size=-1)
        self._build()
        self.tabs.currentChanged.connect(self._on_tab)
        self.setMinimumWidth(300)
        self.show_row(None)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("kind", "strip")
        words = QVBoxLayout(head)
        words.setContentsMargins(12, 8, 12, 0)
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._note)
        row = QHBoxLayout()
        row.setContentsMargins(0, 2, 0, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        words.addLayout(row)
        self._full = QWidget()
        inner = QVBoxLayout(self._full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(head)
        inner.addWidget(self._sides, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    @property
    def side(self) -> Side:
        """The tab shown."""
        return Side(self.tabs.currentIndex())

    def open_side(self, side: Side) -> None:
        """Show another tab."""
        self.tabs.setCurrentIndex(side)

    def show_row(self, row: ConversationRow | None) -> None:
        """Show a conversation, or none."""
        same = row is not None and self._row is not None and row.id == self._row.id
        self._row = row
        if not same:
            self._shown.clear()
        self._stack.setCurrentWidget(self._full if row is not None else self._empty)
        if row is None:
            self._latest.drop()
            self.text.clear()
            self.redaction.clear()
            return
        self._title.setText(" ".join(display(row.title, 200).split()) or tr("(no title)"))
        parts = (
            product_word(row.product),
            row.account or tr("unknown account"),
            times.show(row.created)[:16].replace("T", " "),
            count(row.turns, "turn", "turns"),
        )
        self._note.setText(" · ".join(parts))
        if not same:
            self._load()

    def refresh(self) -> None:
        """Ask again for what is shown."""
        self._shown.clear()
        self._load()

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        self._sides.setCurrentIndex(index)
        self._load()

    def _load(self) -> None:
        row, side, desk = self._row, self.side, self._context.desk
        if row is None or desk is None or not self.isVisible() or self._shown.get(side) == row.id:
            return
        number = row.id
        asked: dict[Side, tuple[Callable[[], object], Callable[[Any], None]]] = {
            Side.WHY: (lambda: desk.deciding.explain_conversation(number), self.why.show_explanation),
            Side.TEXT: (lambda: desk.browsing.conversation(number), self.text.show_conversation),
            Side.REDACTION: (lambda: _both(desk, number), self.redaction.show_turns),
            Side.HISTORY: (lambda: desk.browsing.history(number), self.history.show_lines),
        }
        ask, show = asked[side]

        def told(answer: object) -> None:
            self._shown[side] = number
            show(answer)

        name = tr("Show {side}").format(side=tr(NAMES[side]))
        self._latest.ask(name, lambda _token, _report: ask(), told)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def step(self, by: int) -> None:
        """Go to the next or previous finding, on the redaction side unless the text is shown."""
        if self.side is Side.TEXT:
            self.text.step(by)
        elif self.side is Side.REDACTION:
            self.redaction.step(by)
        else:
            self.open_side(Side.REDACTION)

    def _copy(self, text: str) -> None:
        row = self._row
        if row is None:
            return
        number, length = row.id, len(text)
        clipboard = QGuiApplication.clipboard()
        self._context.act(
            "Copy",
            lambda desk: desk.browsing.copied(number, length),
            initiator=self,
            done=lambda _: clipboard.setText(text),
        )


def _both(desk: "Desk", number: int) -> tuple[RedactedTurn, ...]:
    """The texts before and after; looking at them is looking at the conversation, and is noted as such."""
    desk.browsing.conversation(number)
    return desk.scanning.side_by_side(number)
