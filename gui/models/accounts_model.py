"""The accounts that a search found."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.model.view import AccountRow
from core.text import display
from gui.widgets.labels import plain_tip
from gui.words import humane, number, tr

ACCOUNT_ROLE = Qt.ItemDataRole.UserRole + 1
ID_LIMIT = 120
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_AGES = {"13_17": "13–17", "under_13": "under 13", "adult": "adult"}


class AccountColumn(IntEnum):
    """The columns of the list."""

    ACCOUNT = 0
    CONVERSATIONS = 1
    EVENTS = 2
    PLAN = 3
    AGE = 4
    REGION = 5
    STATE = 6


HEADS = ("Account", "Conv.", "Events", "Plan", "Age", "Region", "State")
TIPS = {
    AccountColumn.CONVERSATIONS: "Conversations on file",
    AccountColumn.EVENTS: "Consent events on file",
    AccountColumn.STATE: "Whether a refusal by switch or form stands now",
}
_NUMBERS = frozenset({AccountColumn.CONVERSATIONS, AccountColumn.EVENTS})


def shown_id(account: str) -> str:
    """An account's id with nothing hidden in it."""
    return " ".join(display(account, ID_LIMIT).split())


def age_word(age_band: str) -> str:
    """An age band in words, an em dash where unknown."""
    return tr(_AGES.get(age_band, humane(age_band))) if age_band else "—"


def state_of(row: AccountRow) -> tuple[str, str, str]:
    """Icon, colour token and word of what the account last said, by whatever channel."""
    if row.opted_out:
        return "prohibit", "not_eligible", tr("Opted out")
    if not row.events:
        return "circle-dashed", "none", tr("No events")
    if row.shares:
        return "check", "eligible", tr("Shares API")
    return "check", "none", tr("No refusal")


class AccountsModel(QAbstractTableModel):
    """Rows of accounts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AccountRow, ...] = ()
        self._cells: tuple[tuple[str, ...], ...] = ()

    def set_rows(self, rows: Sequence[AccountRow]) -> None:
        """Show other accounts."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._cells = tuple(
            (
                shown_id(row.account), number(row.conversations), number(row.events), humane(row.plan) or "—",
                age_word(row.age_band), row.region.upper() if len(row.region) < 4 else humane(row.region),
                state_of(row)[2],
            )
            for row in rows
        )  # fmt: skip
        self.endResetModel()

    def account(self, row: int) -> AccountRow:
        """The account of a row."""
        return self._rows[row]

    def row_of(self, account: str) -> int:
        """The row of an account, -1 if it is not listed."""
        return next((place for place, row in enumerate(self._rows) if row.account == account), -1)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()] or "—"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in _NUMBERS else _LEFT
        if role == ACCOUNT_ROLE:
            return self._rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == AccountColumn.ACCOUNT:
            return plain_tip(self._cells[index.row()][0])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole and section in TIPS:
            return tr(TIPS[AccountColumn(section)])
        return None
