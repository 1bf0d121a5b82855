"""The little time line of a verdict: consent events and the record's own moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core import times
from core.model.moment import DAY, EARLIEST, LATEST, Interval
from core.model.view import UsedEvent
from gui.theme import body_font, color, scaled
from gui.words import channel_word, tr

AXIS, MARGIN = 40, 28
BELOW = 44
"""Pixels below the axis."""
_RECORD = "record"


@dataclass(frozen=True, slots=True)
class Point:
    """Something at a moment: ``kind`` is allow, deny or record; ``lo`` and ``hi`` microseconds."""

    lo: int
    hi: int
    kind: str
    label: str
    tip: str


def points(events: Sequence[UsedEvent], moment: Interval | None) -> tuple[Point, ...]:
    """What a time line shows, earliest first; events without a time are left out."""
    made = []
    for event in events:
        if event.effective is None:
            continue
        word = tr("off") if event.action == "deny" else tr("on")
        what = f"{channel_word(event.channel)} {word}"
        tip = f"{what}: {times.show(event.effective.lo)}"
        kind = "deny" if event.action == "deny" else "allow"
        made.append(Point(event.effective.lo, event.effective.hi, kind, what, tip))
    if moment is not None:
        made.append(
            Point(moment.lo, moment.hi, _RECORD, tr("this record"), f"{tr('this record')}: {times.show(moment.lo)}")
        )
    return tuple(sorted(made, key=lambda point: (point.lo, point.hi)))


class TimelineStrip(QWidget):
    """Events above a line, the record as a diamond on it; what is not exact is a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._from, self._to = 0, 1
        self._axis = AXIS
        self.setFont(scaled(body_font(), -2))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_points(self, shown: Sequence[Point]) -> None:
        """Show other moments."""
        self._points = tuple(shown)
        ends = [at for point in shown for at in (point.lo, point.hi) if EARLIEST < at < LATEST]
        lo, hi = (min(ends), max(ends)) if ends else (0, DAY)
        pad = max(DAY, (hi - lo) // 8)
        self._from, self._to = lo - pad, hi + pad
        self._axis = AXIS if any(point.kind != _RECORD for point in shown) else 12
        self.updateGeometry()
        self.setAccessibleName("; ".join(point.tip for point in shown))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._axis + BELOW)

    def _x(self, at: int) -> float:
        part = (min(max(at, self._from), self._to) - self._from) / (self._to - self._from)
        return MARGIN + part * (self.width() - 2 * MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_states(painter)
        painter.setPen(QPen(color("border_strong"), 1))
        painter.drawLine(8, self._axis, self.width() - 8, self._axis)
        painter.setPen(color("muted"))
        days = QRect(8, self._axis + BELOW - 16, self.width() - 16, 16)
        painter.drawText(days, Qt.AlignmentFlag.AlignLeft, times.show(self._from)[:10])
        painter.drawText(days, Qt.AlignmentFlag.AlignRight, times.show(self._to)[:10])
        above = below = -1e9
        for point in self._points:
            if point.kind == _RECORD:
                below = self._label(painter, point, self._axis + 9, below)
            else:
                above = self._label(painter, point, self._axis - 31, above)
        for point in self._points:
            self._mark(painter, point)

    def _paint_states(self, painter: QPainter) -> None:
        """Between two choices the line carries the colour of the one in force."""
        choices = [point for point in self._points if point.kind != _RECORD]
        for place, point in enumerate(choices):
            end = choices[place + 1].lo if place + 1 < len(choices) else self._to
            token = "not_eligible_soft" if point.kind == "deny" else "eligible_soft"
            left, right = self._x(point.hi), self._x(end)
            if right > left:
                painter.fillRect(QRectF(left, self._axis - 4, right - left, 8), color(token))

    def _label(self, painter: QPainter, point: Point, top: int, taken: float) -> float:
        x, metrics = self._x(point.lo), self.fontMetrics()
        words = point.label
        width = metrics.horizontalAdvance(words)
        left = min(max(4.0, x - width / 2), self.width() - width - 4.0)
        if left < taken + 6:
            return taken
        painter.setPen(color({"deny": "not_eligible", "allow": "eligible"}.get(point.kind, "accent")))
        painter.drawText(QRectF(left, top, width + 2, 16), Qt.AlignmentFlag.AlignLeft, words)
        return left + width

    def _mark(self, painter: QPainter, point: Point) -> None:
        tint = color({"deny": "not_eligible", "allow": "eligible"}.get(point.kind, "accent"))
        x, end = self._x(point.lo), self._x(point.hi)
        painter.setPen(Qt.PenStyle.NoPen)
        if end - x > 3:
            soft = color({"deny": "not_eligible", "allow": "eligible"}.get(point.kind, "accent"))
            soft.setAlphaF(0.35)
            painter.fillRect(QRectF(x, self._axis - 2.5, end - x, 5), soft)
        if point.kind == _RECORD:
            painter.setBrush(tint)
            corners = [
                QPointF(x, self._axis - 7),
                QPointF(x + 7, self._axis),
                QPointF(x, self._axis + 7),
                QPointF(x - 7, self._axis),
            ]
            painter.drawPolygon(QPolygonF(corners))
            return
        painter.setBrush(color("surface"))
        painter.setPen(QPen(tint, 2))
        painter.drawEllipse(QPointF(x, self._axis), 5.5, 5.5)
        if point.kind == "deny":
            painter.drawLine(QPointF(x - 2, self._axis - 2), QPointF(x + 2, self._axis + 2))
            painter.drawLine(QPointF(x - 2, self._axis + 2), QPointF(x + 2, self._axis - 2))
        else:
            painter.setBrush(tint)
            painter.drawEllipse(QPointF(x, self._axis), 1.5, 1.5)

    def _near(self, at: QPoint) -> str:
        near = [point for point in self._points if abs(self._x(point.lo) - at.x()) < 8]
        return "\n".join(point.tip for point in near)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._near(event.pos()), self)
            return True
        return super().event(event)
