"""The list of conversations with its search field, query chips and counts."""

from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.model.verdict import Decision
from core.model.view import Query
from gui.delegates.records import RecordsDelegate
from gui.icons import icon
from gui.models.records_model import SORTS, Column, RecordsModel
from gui.panes.chips import ChipRow
from gui.widgets.chip import chip_width
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import PlainLabel
from gui.words import number, tr

ROOMY = 680
"""Pixels from which the reason has a column of its own."""


NARROW = 640
"""Pixels below which the title takes the account's place; the inspector names the account."""


class RecordsTable(QTableView):
    """Fixed heights, one row a conversation, order by the header."""

    def __init__(self, model: RecordsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(RecordsDelegate(model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(tr("Records"))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 10)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setMinimumSectionSize(36)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
        self._fit()

    def _fit(self) -> None:
        """Widths from what the columns hold."""
        advance = self.fontMetrics().horizontalAdvance
        widths = {
            Column.DATE: advance("2023-00-00") + 17,
            Column.PRODUCT: advance("ChatGPT") + 17,
            Column.ACCOUNT: advance("user…0000") + 17,
            Column.TURNS: advance(tr("Turns")) + 17,
            Column.FINDINGS: advance(tr("PII")) + 19,
            Column.VERDICT: max(chip_width(self.font(), decision) for decision in (None, *Decision)) + 12,
            Column.REASON: advance("Training switched off"),
        }
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        hidden = self.width() < ROOMY
        if hidden != self.isColumnHidden(Column.REASON):
            self.setColumnHidden(Column.REASON, hidden)
        narrow = self.width() < NARROW
        if narrow != self.isColumnHidden(Column.ACCOUNT):
            self.setColumnHidden(Column.ACCOUNT, narrow)
        super().resizeEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not a search."""


class RecordsList(QWidget):
    """``asked`` carries another query; ``chosen`` tells that the current row or the selection changed."""

    asked = Signal(object)
    chosen = Signal()

    def __init__(self, model: RecordsModel) -> None:
        super().__init__()
        self.model = model
        self._query = Query()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search words, or product:api decision:undetermined …"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search records"))
        self.search.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.hint = PlainLabel(tr("Enter applies · Esc takes back"), tone="muted", size=-1)
        self.hint.hide()
        self.chips = ChipRow()
        self.table = RecordsTable(model)
        self.empty = EmptyState("funnel", "", "")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self._shown = PlainLabel("", tone="muted", size=-1)
        self._build()
        self.chips.asked.connect(self.asked)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit())
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.table.horizontalHeader().sectionClicked.connect(self._on_head)

    def _build(self) -> None:
        top = QWidget()
        head = QVBoxLayout(top)
        head.setContentsMargins(8, 8, 8, 8)
        head.setSpacing(6)
        field = QHBoxLayout()
        field.setSpacing(8)
        field.addWidget(self.search, 1)
        field.addWidget(self.hint)
        head.addLayout(field)
        head.addWidget(self.chips)
        foot = QFrame()
        foot.setProperty("kind", "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 4)
        line.addWidget(self._shown)
        line.addStretch(1)
        line.addWidget(PlainLabel(tr("j k move · x exclude · i include · u undo · ? keys"), tone="muted", size=-1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.stack, 1)
        layout.addWidget(foot)

    def show_query(self, query: Query) -> None:
        """Show a query in chips and header; the search field keeps what is being typed."""
        self._query = query
        self.chips.show_query(query)
        if query.sort in SORTS:
            way = Qt.SortOrder.DescendingOrder if query.descending else Qt.SortOrder.AscendingOrder
            self.table.horizontalHeader().setSortIndicator(SORTS.index(query.sort), way)

    def show_words(self, words: str) -> None:
        """Show the words that are searched for; a blank after them stays, someone may be typing."""
        if self.search.text().strip() != words:
            self.search.setText(words)
        self.hint.hide()

    @Slot(int)
    def _on_head(self, column: int) -> None:
        sort = SORTS[column]
        same = sort == self._query.sort
        descending = not self._query.descending if same else column in (Column.DATE, Column.TURNS, Column.FINDINGS)
        self.asked.emit(replace(self._query, sort=sort, descending=descending))

    @Slot()
    def _on_selected(self) -> None:
        self.tell()
        self.chosen.emit()

    def tell(self, total: int | None = None) -> None:
        """Say how many are shown and selected."""
        if total is not None:
            self._total = total
        shown, chosen = self.model.rowCount(), self.selected_count()
        parts = [f"{number(shown)} {tr('of')} {number(max(shown, getattr(self, '_total', shown)))}"]
        if chosen > 1:
            parts.append(f"{number(chosen)} {tr('selected')}")
        self._shown.setText(" · ".join(parts))

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(each.height() for each in self.table.selectionModel().selection().toList())

    def selected(self) -> list[int]:
        """The ids of the selected rows in order."""
        rows = [
            row
            for each in self.table.selectionModel().selection().toList()
            for row in range(each.top(), each.bottom() + 1)
        ]
        return [self.model.conversation(row) for row in sorted(set(rows))]

    @property
    def row(self) -> int:
        """The current row, -1 for none."""
        return self.table.currentIndex().row()

    def go(self, row: int) -> None:
        """Make a row the current and only selected one."""
        if 0 <= row < self.model.rowCount():
            index = self.model.index(row, 0)
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, mode)
            self.table.scrollTo(index)

    def clear_choice(self) -> None:
        """Choose nothing."""
        self.table.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)
