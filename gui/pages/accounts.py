"""Accounts: one account's consent and what became of its records. Searched by id, never by name."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.model.view import AccountRow, AccountTimeline, Change, Kind, Query
from gui.context import Context, Place
from gui.delegates.accounts import AccountsDelegate
from gui.icons import icon
from gui.jobs import Latest
from gui.models.accounts_model import AccountColumn, AccountsModel
from gui.pages.base import Page
from gui.panes.account_detail import AccountDetail
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import PlainLabel
from gui.widgets.pill import pill_width
from gui.widgets.table import plain_table
from gui.words import count, number, tr

LIST, DETAIL = 548, 604
ROOMY = 460
"""Pixels from which plan, age and region have columns of their own."""
MOST = 500
"""Accounts listed at once; who looks for another types more of its id."""
_SHOWN = Kind.ALL & ~Kind.AUDIT & ~Kind.SETTINGS & ~Kind.FINDINGS & ~Kind.SETS
_PAUSE = 120
"""Milliseconds after a key before the list is asked anew."""


@dataclass(frozen=True, slots=True)
class _Opened:
    row: AccountRow
    timeline: AccountTimeline


class AccountsPage(Page):
    """The list of accounts and everything about the chosen one."""

    name = "accounts"
    title = "Accounts"
    icon = "users"
    tip = "One account's consent events, conversations and releases on a time line"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._list = Latest(context.jobs)
        self._open = Latest(context.jobs)
        self._wanted = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._ask)
        self.model = AccountsModel(self)
        self.search = QLineEdit()
        self.table = plain_table(self.model, tr("Accounts"), stretch=AccountColumn.ACCOUNT)
        self.none = EmptyState("users", "", "")
        self.lists = QStackedWidget()
        self.detail = AccountDetail()
        self.details = QStackedWidget()
        self._told = PlainLabel("", tone="muted", size=-1)
        self._build()
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.search.returnPressed.connect(self._on_search_done)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.detail.conversation_chosen.connect(self._on_conversation)
        self.detail.records_asked.connect(self._on_records)

    def _build(self) -> None:
        self.table.setItemDelegate(AccountsDelegate(self.table))
        self._fit()
        self.table.installEventFilter(self)
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.none)
        self.details.addWidget(
            EmptyState("user-list", tr("No account chosen"), tr("Choose one to see its consent over time."))
        )
        self.details.addWidget(self.detail)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left())
        self.split.addWidget(self.details)
        for pane in range(2):
            self.split.setStretchFactor(pane, 1)
        self.split.setSizes([LIST, DETAIL])
        self.context.state.restore_splitter("accounts", self.split)
        self.split.splitterMoved.connect(lambda *_: self.context.state.save_splitter("accounts", self.split))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)

    def _left(self) -> QWidget:
        self.search.setPlaceholderText(tr("Search by account id"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search accounts by id"))
        self.search.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 8)
        top.addWidget(self.search)
        foot = QFrame()
        foot.setProperty("kind", "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 4)
        line.addWidget(self._told)
        line.addStretch(1)
        left = QWidget()
        left.setMinimumWidth(360)
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.lists, 1)
        layout.addWidget(foot)
        return left

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a narrow list the id matters more than what the detail says too."""
        if watched is self.table and event.type() == QEvent.Type.Resize:
            for column in (AccountColumn.PLAN, AccountColumn.AGE, AccountColumn.REGION):
                self.table.setColumnHidden(column, self.table.width() < ROOMY)
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Widths from what the columns hold."""
        advance = self.table.fontMetrics().horizontalAdvance
        words = ("Opted out", "No refusal", "No events", "Shares API")
        widths = {
            AccountColumn.CONVERSATIONS: advance("Conv.") + 17,
            AccountColumn.EVENTS: advance(tr("Events")) + 17,
            AccountColumn.PLAN: advance("Consumer") + 17,
            AccountColumn.AGE: advance("under 13") + 17,
            AccountColumn.REGION: advance(tr("Region")) + 17,
            AccountColumn.STATE: max(pill_width(self.table.font(), tr(word)) for word in words) + 10,
        }
        head = self.table.horizontalHeader()
        for column, width in widths.items():
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, width)

    def refresh(self, change: Change) -> None:
        """Ask for the list anew, and for the account that is open."""
        if change.kinds & _SHOWN:
            self._ask()

    def visit(self, argument: object) -> None:
        """Open an account by its id."""
        if isinstance(argument, str) and argument:
            self._wanted = argument
            self.search.setText(argument)
            self._ask()

    def _on_desk_changed(self) -> None:
        self._list.drop()
        self._open.drop()
        self._later.stop()
        self.search.clear()
        self._later.stop()
        self.model.set_rows(())
        self.details.setCurrentIndex(0)
        super()._on_desk_changed()

    @Slot()
    def _ask(self) -> None:
        desk, text = self.context.desk, self.search.text().strip()
        self._later.stop()
        if desk is not None:
            self._list.ask(tr("List accounts"), lambda _t, _r: desk.browsing.accounts(text, MOST), self._show)

    def _show(self, rows: tuple[AccountRow, ...]) -> None:
        held = self._wanted or self._current()
        self.model.set_rows(rows)
        if self.search.text().strip():
            self.none.tell("magnifying-glass", tr("No such account"), tr("No id holds these characters."))
        else:
            self.none.tell("users", tr("No accounts yet"), tr("Import archives and a consent ledger to see them."))
        self.lists.setCurrentIndex(0 if rows else 1)
        more = tr("the first {n}; type more of the id") if len(rows) == MOST else tr("{n} accounts")
        shown = more.format(n=number(len(rows))) if len(rows) != 1 else count(1, "account", "accounts")
        self._told.setText(shown)
        self._wanted = ""
        row = self.model.row_of(held) if held else 0
        if rows:
            self._go(max(row, 0))
        else:
            self._open.drop()
            self.details.setCurrentIndex(0)

    def _current(self) -> str:
        row = self.table.currentIndex().row()
        return self.model.account(row).account if 0 <= row < self.model.rowCount() else ""

    def _go(self, row: int) -> None:
        index = self.model.index(row, 0)
        mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, mode)
        self.table.scrollTo(index)

    @Slot(QModelIndex)
    def _on_row(self, index: QModelIndex) -> None:
        if not index.isValid() or self.context.desk is None:
            return
        row, browsing = self.model.account(index.row()), self.context.open_desk.browsing
        self._open.ask(
            tr("Open an account"), lambda _t, _r: _Opened(row, browsing.timeline(row.account)), self._show_account
        )

    def _show_account(self, opened: _Opened) -> None:
        self.detail.show_account(opened.row, opened.timeline)
        self.details.setCurrentIndex(1)

    @Slot()
    def _on_search_done(self) -> None:
        self._ask()
        self.table.setFocus()

    @Slot(int)
    def _on_conversation(self, conversation: int) -> None:
        self.context.go("records", Place(Query(accounts=(self._current(),)), conversation))

    @Slot()
    def _on_records(self) -> None:
        self.context.go("records", Query(accounts=(self._current(),)))
