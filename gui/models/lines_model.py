"""A list of two-line items: findings and histories."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.delegates.twoline import GLYPH_ROLE, NOTE_ROLE, TINT_ROLE

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """One item: what, the small print, an icon and the token of its colour."""

    text: str
    note: str
    glyph: str
    tint: str = "muted"


class LinesModel(QAbstractListModel):
    """Shows lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == NOTE_ROLE:
            return line.note
        if role == GLYPH_ROLE:
            return line.glyph
        if role == TINT_ROLE:
            return line.tint
        return f"{line.text}, {line.note}" if role == Qt.ItemDataRole.AccessibleTextRole else None
