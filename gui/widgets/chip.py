"""The verdict chip: an icon and a word on a soft ground, the same in lists and panes. Never colour alone."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.model.verdict import Decision
from gui.icons import draw
from gui.theme import body_font, color, scaled, tokens
from gui.words import decision_token, decision_word

GLYPHS = {
    Decision.ELIGIBLE: "check-circle",
    Decision.UNDETERMINED: "question",
    Decision.NOT_ELIGIBLE: "prohibit",
    None: "circle-dashed",
}
_PAD, _ICON, _GAP = 7, 14, 4


def chip_width(font: QFont, decision: Decision | None) -> int:
    """How wide a chip is, in pixels."""
    return 2 * _PAD + _ICON + _GAP + QFontMetrics(font).horizontalAdvance(decision_word(decision))


def paint_chip(painter: QPainter, rect: QRect, decision: Decision | None, font: QFont) -> None:
    """Paint a verdict's chip at the left of ``rect``, centred vertically."""
    token = decision_token(decision)
    height = min(rect.height() - 2, QFontMetrics(font).height() + 4)
    width = min(chip_width(font, decision), rect.width())
    box = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(f"{token}_soft"))
    painter.drawRoundedRect(box, height / 2, height / 2)
    glyph = QRect(box.left() + _PAD, box.top() + (height - _ICON) // 2, _ICON, _ICON)
    draw(painter, glyph, GLYPHS[decision], color(token))
    painter.setPen(color(token))
    painter.setFont(font)
    words = box.adjusted(_PAD + _ICON + _GAP, 0, -_PAD + 2, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, decision_word(decision))
    painter.restore()


_chips: dict[tuple[Decision | None, str, str, int, float], QPixmap] = {}


def chip_pixmap(decision: Decision | None, font: QFont, height: int, ratio: float) -> QPixmap:
    """A chip painted once for each verdict, theme, font and scale: lists show thousands of the same four."""
    key = (decision, tokens().name, font.key(), height, ratio)
    made = _chips.get(key)
    if made is None:
        width = chip_width(font, decision)
        made = _chips[key] = QPixmap(round(width * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        paint_chip(painter, QRect(0, 0, width, height), decision, font)
        painter.end()
    return made


class VerdictChip(QWidget):
    """One verdict."""

    def __init__(self, decision: Decision | None = None, *, size: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decision = decision
        self.setFont(scaled(body_font(), size, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_decision(decision)

    def set_decision(self, decision: Decision | None) -> None:
        """Show another verdict."""
        self._decision = decision
        self.setAccessibleName(decision_word(decision))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.font(), self._decision), QFontMetrics(self.font()).height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._decision, self.font())
