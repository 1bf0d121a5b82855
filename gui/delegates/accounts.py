"""Cells of the accounts list: quiet text, the state as a pill."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.model.view import AccountRow
from gui.models.accounts_model import ACCOUNT_ROLE, AccountColumn, state_of
from gui.theme import color
from gui.widgets.pill import paint_pill

_Index = QModelIndex | QPersistentModelIndex
_PAD = 8


class AccountsDelegate(QStyledItemDelegate):
    """Paints one cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, color("selection"))
            if index.column() == 0:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), color("accent"))
        row = index.data(ACCOUNT_ROLE)
        if not isinstance(row, AccountRow):
            return
        if index.column() == AccountColumn.STATE:
            glyph, token, words = state_of(row)
            paint_pill(painter, rect.adjusted(4, 1, -2, -1), glyph, token, words, option.font)
            return
        quiet = index.column() != AccountColumn.ACCOUNT
        painter.setPen(color("on_selection" if chosen else "muted" if quiet else "text"))
        painter.setFont(option.font)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        mode = Qt.TextElideMode.ElideRight if quiet else Qt.TextElideMode.ElideMiddle
        flags = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.drawText(inner, int(flags), option.fontMetrics.elidedText(str(index.data()), mode, inner.width()))
