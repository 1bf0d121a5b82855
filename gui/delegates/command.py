"""One command of the palette: icon, name, and its key at the right."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import color

KEY_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class CommandDelegate(QStyledItemDelegate):
    """Paints a command."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, 30)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("selection"))
            painter.drawRoundedRect(rect, 6, 6)
        glyph = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(glyph, QIcon):
            glyph.paint(painter, QRect(rect.left() + 8, rect.top() + 7, 16, 16))
        painter.setPen(color("on_selection" if chosen else "text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(34, 0, -80, 0), middle, str(index.data(Qt.ItemDataRole.DisplayRole)))
        painter.setPen(color("on_selection" if chosen else "muted"))
        painter.drawText(
            rect.adjusted(0, 0, -10, 0), middle | Qt.AlignmentFlag.AlignRight, str(index.data(KEY_ROLE) or "")
        )
        painter.restore()
