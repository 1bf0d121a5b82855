"""The gutter of a text view: who speaks, which turns are hidden, and where to fold."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.icons import draw
from gui.theme import body_font, color, scaled
from gui.widgets.segments import Placed

if TYPE_CHECKING:
    from gui.widgets.record_text import RecordTextView

WIDE, NARROW = 92, 28


class Gutter(QWidget):
    """Painted beside the visible blocks. ``pressed`` carries a segment's index."""

    pressed = Signal(int)

    def __init__(self, view: "RecordTextView", *, narrow: bool) -> None:
        super().__init__(view)
        self._view = view
        self.narrow = narrow
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(scaled(body_font(), -1, bold=True))

    @property
    def extent(self) -> int:
        """Its width in pixels."""
        return NARROW if self.narrow else WIDE

    def sizeHint(self) -> QSize:
        return QSize(self.extent, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), color("surface"))
        for place, top, bottom in self._view.visible_segments():
            self._paint(painter, place, top, bottom)

    def _paint(self, painter: QPainter, place: Placed, top: int, bottom: int) -> None:
        segment = place.segment
        user = segment.glyph == "user"
        tint = color("muted" if segment.hidden or not user else "accent")
        pen = QPen(color("border_strong") if segment.hidden or not user else tint, 2)
        pen.setStyle(Qt.PenStyle.DotLine if segment.hidden else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        edge = self.width() - 3
        painter.drawLine(edge, top + 2, edge, bottom - 2)
        line = self.fontMetrics().height()
        glyph = segment.glyph
        if segment.foldable:
            glyph = "caret-right" if segment.folded else "caret-down"
        draw(painter, QRect(6, top + (line - 15) // 2 + 1, 15, 15), glyph, tint)
        if not self.narrow:
            painter.setPen(tint)
            words = QRect(25, top, self.width() - 32, line + 2)
            text = self.fontMetrics().elidedText(segment.label, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._view.segment_at(round(event.position().y()))
        if index >= 0:
            self.pressed.emit(index)
