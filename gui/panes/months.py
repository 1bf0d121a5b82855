"""A histogram of months, small enough for a side pane; a click keeps one month."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.model.view import FacetCount
from gui.theme import body_font, color, scaled
from gui.words import number, tr

_BARS, _WORDS = 40, 14
_LATEST = 24
"""Months shown, the latest ones."""


class Months(QWidget):
    """``chosen`` carries a month ``YYYY-MM``, or an empty text when the chosen one is clicked again."""

    chosen = Signal(str)

    def __init__(self, months: Sequence[FacetCount], kept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._months = tuple(months)[-_LATEST:]
        self._kept = kept
        self.setFont(scaled(body_font(), -2))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Conversations by month"))

    def sizeHint(self) -> QSize:
        return QSize(140, _BARS + _WORDS + 4)

    def bar(self, index: int) -> QRect:
        """Where a month's bar stands, its full column."""
        left, right = 4, self.width() - 4
        step = (right - left) / max(1, len(self._months))
        return QRect(round(left + index * step), 2, max(2, round(step) - 1), _BARS)

    def _at(self, point: QPoint) -> int:
        for index in range(len(self._months)):
            if self.bar(index).adjusted(0, 0, 1, _WORDS).contains(point):
                return index
        return -1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        most = max((month.count for month in self._months), default=1)
        for index, month in enumerate(self._months):
            column = self.bar(index)
            height = max(2, round(column.height() * month.count / most))
            token = "accent" if not self._kept or month.value == self._kept else "border_strong"
            painter.fillRect(column.adjusted(0, column.height() - height, 0, 0), color(token))
        painter.setPen(color("muted"))
        words = QRect(4, _BARS + 2, self.width() - 8, _WORDS)
        if self._months:
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft, self._months[0].value)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, self._months[-1].value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint())
        if index >= 0:
            month = self._months[index].value
            self.chosen.emit("" if month == self._kept else month)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos())
            if index >= 0:
                month = self._months[index]
                QToolTip.showText(event.globalPos(), f"{month.value}: {number(month.count)}", self)
            return True
        return super().event(event)
