"""Cells of the records list: quiet text, the verdict as a chip, a mark for overrides.

Some 240 cells are painted for every step of the scroll bar, so this asks the model directly and makes nothing new.
"""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.model.view import ConversationRow
from gui.icons import draw
from gui.models.records_model import NUMBERS, Column, RecordsModel
from gui.theme import shared_color
from gui.widgets.chip import chip_pixmap

_Index = QModelIndex | QPersistentModelIndex
_QUIET = frozenset({Column.DATE, Column.PRODUCT, Column.ACCOUNT, Column.REASON, Column.TURNS})
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_PAD = 8


class RecordsDelegate(QStyledItemDelegate):
    """Paints one cell."""

    def __init__(self, model: RecordsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        column, rect = index.column(), option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, shared_color("selection"))
            if column == Column.DATE:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), shared_color("accent"))
        found = self._model.cells(index.row())
        if found is None:
            return
        row, cells = found
        if column == Column.VERDICT:
            self._verdict(painter, rect, row, option)
            return
        quiet = column in _QUIET or (column == Column.FINDINGS and not row.findings)
        painter.setPen(shared_color("on_selection" if chosen else "muted" if quiet else "text"))
        inner, text = rect.adjusted(_PAD, 0, -_PAD, 0), cells[column]
        if column in NUMBERS:
            painter.drawText(inner, _RIGHT, text)
            return
        mode = Qt.TextElideMode.ElideMiddle if column == Column.ACCOUNT else Qt.TextElideMode.ElideRight
        if column > Column.PRODUCT:
            text = option.fontMetrics.elidedText(text, mode, inner.width())
        painter.drawText(inner, _LEFT, text)

    def _verdict(self, painter: QPainter, rect: QRect, row: ConversationRow, option: QStyleOptionViewItem) -> None:
        device = painter.device()
        chip = chip_pixmap(row.decision, option.font, rect.height() - 2, device.devicePixelRatioF())
        painter.drawPixmap(rect.left() + 4, rect.top() + 1, chip)
        glyph = "hourglass-medium" if row.pending else "user-gear" if row.overridden else ""
        left = rect.left() + 4 + round(chip.deviceIndependentSize().width()) + 3
        if glyph and left + 15 <= rect.right() + 2:
            draw(painter, QRect(left, rect.center().y() - 7, 15, 15), glyph, shared_color("muted"))
