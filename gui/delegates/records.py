"""Cells of the records list: quiet text, the verdict as a chip, a mark for overrides."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.model.view import ConversationRow
from gui.icons import draw
from gui.models.records_model import ROW_ROLE, Column
from gui.theme import color
from gui.widgets.chip import chip_width, paint_chip

_Index = QModelIndex | QPersistentModelIndex
_QUIET = frozenset({Column.DATE, Column.PRODUCT, Column.ACCOUNT, Column.REASON, Column.TURNS})
_PAD = 8


class RecordsDelegate(QStyledItemDelegate):
    """Paints one cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, color("selection"))
            if index.column() == 0:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), color("accent"))
        row = index.data(ROW_ROLE)
        if not isinstance(row, ConversationRow):
            return
        if index.column() == Column.VERDICT:
            self._verdict(painter, rect, row, option)
            return
        quiet = index.column() in _QUIET or (index.column() == Column.FINDINGS and not row.findings)
        painter.setPen(color("on_selection" if chosen else "muted" if quiet else "text"))
        painter.setFont(option.font)
        flags = index.data(Qt.ItemDataRole.TextAlignmentRole)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        mode = Qt.TextElideMode.ElideMiddle if index.column() == Column.ACCOUNT else Qt.TextElideMode.ElideRight
        text = option.fontMetrics.elidedText(str(index.data()), mode, inner.width())
        painter.drawText(inner, int(flags), text)

    def _verdict(self, painter: QPainter, rect: QRect, row: ConversationRow, option: QStyleOptionViewItem) -> None:
        paint_chip(painter, rect.adjusted(4, 1, -2, -1), row.decision, option.font)
        glyph = "hourglass-medium" if row.pending else "user-gear" if row.overridden else ""
        left = rect.left() + 4 + chip_width(option.font, row.decision) + 3
        if glyph and left + 15 <= rect.right() + 2:
            draw(painter, QRect(left, rect.center().y() - 7, 15, 15), glyph, color("muted"))
