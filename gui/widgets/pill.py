"""A state as an icon and a word on a soft ground, for states that are no verdict. Never colour alone."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.icons import draw
from gui.theme import body_font, color, scaled

_PAD, _ICON, _GAP = 7, 14, 4


def pill_width(font: QFont, words: str) -> int:
    """How wide a pill is, in pixels."""
    return 2 * _PAD + _ICON + _GAP + QFontMetrics(font).horizontalAdvance(words)


def paint_pill(painter: QPainter, rect: QRect, glyph: str, token: str, words: str, font: QFont) -> None:
    """Paint a pill at the left of ``rect``, centred vertically. ``token`` has a soft companion ``TOKEN_soft``."""
    height = min(rect.height() - 2, QFontMetrics(font).height() + 4)
    box = QRect(
        rect.left(), rect.top() + (rect.height() - height) // 2, min(pill_width(font, words), rect.width()), height
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(f"{token}_soft"))
    painter.drawRoundedRect(box, height / 2, height / 2)
    draw(painter, QRect(box.left() + _PAD, box.top() + (height - _ICON) // 2, _ICON, _ICON), glyph, color(token))
    painter.setPen(color(token))
    painter.setFont(font)
    inner = box.adjusted(_PAD + _ICON + _GAP, 0, -_PAD + 2, 0)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    painter.restore()


class Pill(QWidget):
    """One state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ("circle-dashed", "none", "")
        self.setFont(scaled(body_font(), 0, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, glyph: str, token: str, words: str) -> None:
        """Show another state."""
        self._state = (glyph, token, words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """The word shown."""
        return self._state[2]

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self.font(), self._state[2]), QFontMetrics(self.font()).height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        glyph, token, words = self._state
        paint_pill(painter, self.rect(), glyph, token, words, self.font())
