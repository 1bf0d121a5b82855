"""Two lines an item: what, and below it the small print. An icon at the left says the kind."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.icons import draw
from gui.theme import body_font, color, scaled

NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
GLYPH_ROLE = Qt.ItemDataRole.UserRole + 2
TINT_ROLE = Qt.ItemDataRole.UserRole + 3
HEIGHT = 40
_Index = QModelIndex | QPersistentModelIndex


class TwoLineDelegate(QStyledItemDelegate):
    """Paints an item from DisplayRole, NOTE_ROLE, GLYPH_ROLE and TINT_ROLE."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, color("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), color("accent"))
        draw(
            painter,
            QRect(rect.left() + 10, rect.top() + 6, 15, 15),
            str(index.data(GLYPH_ROLE)),
            color(str(index.data(TINT_ROLE))),
        )
        left, width = rect.left() + 33, rect.width() - 41
        painter.setFont(body_font())
        painter.setPen(color("on_selection" if chosen else "text"))
        self._line(painter, QRect(left, rect.top() + 4, width, 17), str(index.data()))
        painter.setFont(scaled(body_font(), -2))
        painter.setPen(color("on_selection" if chosen else "muted"))
        self._line(painter, QRect(left, rect.top() + 21, width, 15), str(index.data(NOTE_ROLE)))
        painter.restore()

    def _line(self, painter: QPainter, rect: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
