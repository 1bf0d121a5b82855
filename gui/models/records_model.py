"""The table that shows a million rows: ids for the whole list, rows a page at a time.

The ids of the current query and order are one ``array('q')`` made by a worker (8 bytes a row); rows are fetched by id
when a view asks for them, 256 at once, and the last 64 pages are kept. Scroll bar and jumps are exact, and rows keep
their places while decisions are written.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core import times
from core.model.view import ConversationRow
from core.text import display
from gui.widgets.labels import plain_tip
from gui.words import decision_word, humane, number, product_word, tr

PAGE = 256
KEPT_PAGES = 64
TITLE_LIMIT = 160
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Fetch = Callable[[Sequence[int]], tuple[ConversationRow, ...]]
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    """The columns of the list."""

    DATE = 0
    PRODUCT = 1
    ACCOUNT = 2
    TITLE = 3
    TURNS = 4
    FINDINGS = 5
    VERDICT = 6
    REASON = 7


HEADS = ("Date", "Product", "Account", "Title", "Turns", "PII", "Verdict", "Reason")
SORTS = ("created", "product", "account", "title", "turns", "findings", "decision", "reason")
NUMBERS = frozenset({Column.TURNS, Column.FINDINGS})


@dataclass(frozen=True, slots=True)
class _Shown:
    """A row with its cells made into words once."""

    row: ConversationRow
    cells: tuple[str, ...]


def _shown(row: ConversationRow) -> _Shown:
    when = times.show(row.created)
    title = " ".join(display(row.title, TITLE_LIMIT).split())
    found = number(row.findings) if row.scanned or row.findings else "–"
    return _Shown(
        row,
        (
            when[:10], product_word(row.product), row.account or tr("unknown"), title or tr("(no title)"),
            number(row.turns), found, decision_word(row.decision), humane(row.reason),
        ),
    )  # fmt: skip


class RecordsModel(QAbstractTableModel):
    """Rows of conversations by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._fetch: Fetch = lambda _ids: ()
        self._pages: OrderedDict[int, tuple[_Shown | None, ...]] = OrderedDict()

    def set_source(self, fetch: Fetch) -> None:
        """Where rows come from: another workspace, an empty list until ids are given."""
        self.beginResetModel()
        self._fetch = fetch
        self._ids = array("q")
        self._pages.clear()
        self.endResetModel()

    @property
    def ids(self) -> "array[int]":
        """The ids in order; not to be changed."""
        return self._ids

    def set_ids(self, ids: "array[int]") -> None:
        """Show another list. A list that only goes on where the present one ends keeps the view as it is."""
        old = len(self._ids)
        if old and len(ids) >= old and ids[:old] == self._ids:
            if len(ids) > old:
                self.beginInsertRows(QModelIndex(), old, len(ids) - 1)
                self._ids = ids
                self._pages.pop((old - 1) // PAGE, None)
                self.endInsertRows()
            return
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self.endResetModel()

    def refetch(self) -> None:
        """Ask for all rows anew, in their present places."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(HEADS) - 1))

    def row_of(self, conversation: int) -> int:
        """The row of an id, -1 if it is not in the list."""
        try:
            return self._ids.index(conversation)
        except ValueError:
            return -1

    def conversation(self, row: int) -> int:
        """The id of a row."""
        return self._ids[row]

    def record(self, row: int) -> ConversationRow | None:
        """The row's values; None if it vanished meanwhile."""
        shown = self._at(row)
        return None if shown is None else shown.row

    def cells(self, row: int) -> tuple[ConversationRow, tuple[str, ...]] | None:
        """The row's values and its cells in words, for the delegate."""
        shown = self._at(row)
        return None if shown is None else (shown.row, shown.cells)

    def _at(self, row: int) -> _Shown | None:
        page, place = divmod(row, PAGE)
        held = self._pages.get(page)
        if held is None:
            wanted = self._ids[page * PAGE : (page + 1) * PAGE]
            found = {each.id: _shown(each) for each in self._fetch(wanted)}
            held = self._pages[page] = tuple(found.get(each) for each in wanted)
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return held[place]

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole or role == ROW_ROLE or role == Qt.ItemDataRole.ToolTipRole:
            if not index.isValid():
                return None
            shown = self._at(index.row())
            if shown is None:
                return None
            if role == Qt.ItemDataRole.DisplayRole:
                return shown.cells[index.column()]
            if role == ROW_ROLE:
                return shown.row
            return self._tip(shown, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in NUMBERS else _LEFT
        return None

    def _tip(self, shown: _Shown, column: int) -> str | None:
        if column == Column.DATE:
            return times.show(shown.row.created)
        if column in (Column.ACCOUNT, Column.REASON, Column.TITLE):
            return plain_tip(shown.cells[column])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in NUMBERS else _LEFT
        return None
