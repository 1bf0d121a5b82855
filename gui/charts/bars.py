"""Bars made of words and numbers: rows that count something, each a way to its records."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.icons import draw
from gui.theme import body_font, color
from gui.widgets.labels import plain_tip
from gui.words import number

HEIGHT = 24
_BAR = 8


class BarRow(QAbstractButton):
    """Icon, words, a bar and a count. ``part`` of ``whole`` gives the bar's length."""

    def __init__(
        self, words: str, part: int, whole: int, *, glyph: str, token: str, tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setFont(body_font())
        self._glyph, self._token = glyph, token
        self._part, self._share = part, part / whole if whole else 0.0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain_tip(tip or words))
        self.setAccessibleName(f"{words}, {number(part)}")

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, metrics = self.rect(), self.fontMetrics()
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.isDown():
            painter.setBrush(color("hover"))
            painter.drawRoundedRect(rect, 5, 5)
        draw(painter, QRect(8, (HEIGHT - 16) // 2, 16, 16), self._glyph, color(self._token))
        said = number(self._part)
        right = rect.width() - 8
        number_left = right - max(36, metrics.horizontalAdvance(said))
        bar_left = 32 + min(round(rect.width() * 0.5), 240)
        room = number_left - 12 - bar_left
        words = QRect(32, 0, bar_left - 44, HEIGHT)
        painter.setPen(color("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, middle, metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width()))
        painter.drawText(QRect(number_left, 0, right - number_left, HEIGHT), middle | Qt.AlignmentFlag.AlignRight, said)
        if room > 8:
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(bar_left, (HEIGHT - _BAR) / 2, room, _BAR)
            painter.setBrush(color("sunken"))
            painter.drawRoundedRect(track, 4, 4)
            painter.setBrush(color(self._token))
            track.setWidth(max(3.0, room * self._share))
            painter.drawRoundedRect(track, min(4.0, track.width() / 2), 4)
        if self.hasFocus():
            painter.setPen(color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 5, 5)
