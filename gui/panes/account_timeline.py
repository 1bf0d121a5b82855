"""The time line of one account. Wheel or ``+`` and ``-`` zoom, dragging or the arrows move, ``Home`` shows all."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.model.moment import DAY, SECOND
from gui.icons import draw
from gui.panes.account_lanes import Bar, Lane, Mark, span
from gui.theme import body_font, color, scaled
from gui.widgets.labels import plain_tip
from gui.words import tr

GUTTER, LANE, AXIS = 112, 28, 24
CLOSEST = DAY // 24
_GLYPHS = {
    "eligible": "check-circle",
    "undetermined": "question",
    "not_eligible": "prohibit",
    "none": "circle-dashed",
    "override": "user-gear",
    "release": "export",
}
_TINTS = {"deny": "not_eligible", "allow": "eligible", "covered": "info", "override": "maybe", "release": "told"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_000_000_000 * SECOND, 250_000_000_000 * SECOND


def _moment(at: float) -> datetime:
    return _EPOCH + timedelta(microseconds=min(max(int(at), _FIRST), _LAST))


def ticks(lo: float, hi: float, most: int) -> Iterator[tuple[int, str]]:
    """At most about ``most`` round moments between two (microseconds UTC), with their words."""
    days = (hi - lo) / DAY
    steps = (
        (1, "d"),
        (7, "d"),
        (31, "m"),
        (92, "q"),
        (184, "h"),
        (366, "y"),
        (1830, "5y"),
        (3660, "10y"),
        (36600, "100y"),
    )
    kind = next((name for length, name in steps if days / length <= most), "100y")
    if kind == "d":
        step = 1 if days <= most else 7
        day = _moment(lo).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        while (at := int((day - _EPOCH).total_seconds()) * SECOND) <= hi:
            yield at, day.date().isoformat()
            day += timedelta(days=step)
        return
    months = {"m": 1, "q": 3, "h": 6, "y": 12, "5y": 60, "10y": 120, "100y": 1200}[kind]
    first = _moment(lo)
    number = (first.year * 12 + first.month - 1) // months * months + months
    while number // 12 < 9999:
        start = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        at = int((start - _EPOCH).total_seconds()) * SECOND
        if at > hi:
            return
        yield at, f"{start.year}" if months >= 12 else f"{start.year}-{start.month:02}"
        number += months


class AccountTimeline(QWidget):
    """``conversation_chosen`` carries the id of the conversation whose mark was clicked."""

    conversation_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[Lane, ...] = ()
        self.lo, self.hi = 0.0, float(DAY)
        self._held: QPointF | None = None
        self._dragged = False
        self.setFont(scaled(body_font(), -1))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lanes(self, shown: Sequence[Lane]) -> None:
        """Show another account's lanes, all of the facts in view."""
        self._lanes = tuple(shown)
        self.setAccessibleName(tr("Time line, {n} lanes").format(n=len(shown)))
        self.setAccessibleDescription("; ".join(_spoken(lane) for lane in shown if lane.bars or lane.marks))
        self.updateGeometry()
        self.fit()

    def fit(self, *, whole: bool = False) -> None:
        """Bring the facts into view; with ``whole`` also what people did later."""
        self.lo, self.hi = map(float, span(self._lanes, whole=whole))
        self.update()

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show more (below 1) or less time around a pixel, else around the middle."""
        at = self.time((GUTTER + self.width()) / 2 if around is None else around)
        length = min(max((self.hi - self.lo) / factor, CLOSEST), float(400 * 366 * DAY))
        share = (at - self.lo) / (self.hi - self.lo)
        self.lo = at - share * length
        self.hi = self.lo + length
        self.update()

    def move_by(self, pixels: float) -> None:
        """Move the view to later times."""
        by = pixels * (self.hi - self.lo) / max(1, self.width() - GUTTER)
        self.lo, self.hi = self.lo + by, self.hi + by
        self.update()

    def place(self, at: float) -> float:
        """The pixel of an instant, which may lie outside the view."""
        return GUTTER + (at - self.lo) / (self.hi - self.lo) * (self.width() - GUTTER)

    def time(self, x: float) -> float:
        """The instant of a pixel."""
        return self.lo + (x - GUTTER) / max(1, self.width() - GUTTER) * (self.hi - self.lo)

    def sizeHint(self) -> QSize:
        return QSize(480, LANE * max(1, len(self._lanes)) + AXIS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axis(painter)
        for index, lane in enumerate(self._lanes):
            self._paint_lane(painter, lane, index * LANE)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(color("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_axis(self, painter: QPainter) -> None:
        bottom = LANE * len(self._lanes)
        for at, words in ticks(self.lo, self.hi, max(2, (self.width() - GUTTER) // 62)):
            x = self.place(at)
            if x < GUTTER:
                continue
            painter.setPen(QPen(color("border"), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom + 4))
            width = self.fontMetrics().horizontalAdvance(words)
            left = min(x - width / 2, self.width() - width - 2)
            if left >= GUTTER - width / 2:
                painter.setPen(color("muted"))
                painter.drawText(QPointF(left, bottom + 18), words)

    def _paint_lane(self, painter: QPainter, lane: Lane, top: int) -> None:
        painter.setPen(QPen(color("border"), 1))
        painter.drawLine(0, top + LANE, self.width(), top + LANE)
        painter.setPen(color("text" if lane.bars or lane.marks else "muted"))
        name = QRect(4, top, GUTTER - 12, LANE)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, lane.name)
        painter.save()
        painter.setClipRect(QRect(GUTTER, top, self.width() - GUTTER, LANE))
        for bar in lane.bars:
            self._paint_bar(painter, bar, top)
        for mark in lane.marks:
            self._paint_mark(painter, mark, top)
        painter.restore()
        for right in (False, True):
            if self._outside(lane, right=right):
                left = self.width() - 15 if right else GUTTER - 2
                draw(painter, QRect(left, top + 7, 14, 14), "caret-right" if right else "caret-left", color("muted"))

    def _outside(self, lane: Lane, *, right: bool) -> list[Mark]:
        return [mark for mark in lane.marks if (mark.at > self.hi if right else mark.at < self.lo)]

    def _rect(self, bar: Bar, top: int) -> QRectF:
        left, right = max(self.place(bar.lo), GUTTER - 8.0), min(self.place(bar.hi), self.width() + 8.0)
        return QRectF(left, top + 7, max(right - left, 2.0), LANE - 14)

    def _paint_bar(self, painter: QPainter, bar: Bar, top: int) -> None:
        if bar.hi < self.lo or bar.lo > self.hi:
            return
        box, token = self._rect(bar, top), _TINTS[bar.kind]
        tint = color(token)
        if bar.sure:
            painter.setPen(QPen(tint, 1))
            painter.setBrush(color(f"{token}_soft"))
        else:
            painter.setPen(QPen(tint, 1, Qt.PenStyle.DashLine))
            painter.setBrush(QBrush(tint, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(box, 3, 3)
        words = {"deny": tr("off"), "allow": tr("on"), "covered": tr("complete")}[bar.kind]
        inner = box.intersected(QRectF(GUTTER, top, self.width() - GUTTER, LANE)).adjusted(8, -2, -4, 2)
        if bar.sure and inner.width() > self.fontMetrics().horizontalAdvance(words):
            painter.setPen(tint)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_mark(self, painter: QPainter, mark: Mark, top: int) -> None:
        x = self.place(mark.at)
        if not GUTTER - 10 <= x <= self.width() + 10:
            return
        tint = color(_TINTS.get(mark.kind, mark.kind))
        if mark.kind in _GLYPHS:
            spot = QRect(round(x) - 7, top + 7, 14, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("surface"))
            painter.drawEllipse(spot.adjusted(1, 1, -1, -1))
            draw(painter, spot, _GLYPHS[mark.kind], tint)
            return
        painter.setPen(QPen(tint, 2))
        painter.drawLine(QPointF(x, top + 4), QPointF(x, top + LANE - 4))

    def _at(self, where: QPointF) -> tuple[list[Mark], list[Bar]]:
        """What lies under a point: marks first."""
        index = int(where.y() // LANE)
        if where.x() < GUTTER or not 0 <= index < len(self._lanes):
            return [], []
        lane = self._lanes[index]
        marks = [mark for mark in lane.marks if abs(self.place(mark.at) - where.x()) <= 7]
        if where.x() > self.width() - 16:
            marks += self._outside(lane, right=True)
        elif where.x() < GUTTER + 14:
            marks += self._outside(lane, right=False)
        return marks, [bar for bar in lane.bars if self._rect(bar, index * LANE).contains(where)]

    def tip_at(self, where: QPointF) -> str:
        """What a tool tip at a point says."""
        marks, bars = self._at(where)
        tips = [found.tip for found in (marks or bars)]
        more = f"\n… {len(tips) - 4} {tr('more')}" if len(tips) > 4 else ""
        return plain_tip("\n\n".join(dict.fromkeys(tips[:4])) + more)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways, turned = event.angleDelta().x(), event.angleDelta().y()
        if abs(sideways) > abs(turned):
            self.move_by(-sideways / 2)
        elif turned:
            self.zoom(1.25 ** (turned / 120), event.position().x())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            marks, _bars = self._at(event.position())
            hand = any(mark.conversation for mark in marks)
            self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
            return
        by = event.position().x() - self._held.x()
        if self._dragged or abs(by) > 4:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.move_by(-by)
            self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and not self._dragged:
            chosen = next((mark.conversation for mark in self._at(event.position())[0] if mark.conversation), 0)
            if chosen:
                self.conversation_chosen.emit(chosen)
        self._held = None
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Plus: lambda: self.zoom(1.5),
            Qt.Key.Key_Equal: lambda: self.zoom(1.5),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / 1.5),
            Qt.Key.Key_Left: lambda: self.move_by(-80),
            Qt.Key.Key_Right: lambda: self.move_by(80),
            Qt.Key.Key_Home: self.fit,
            Qt.Key.Key_End: lambda: self.fit(whole=True),
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()


def _spoken(lane: Lane) -> str:
    tips = [mark.tip for mark in lane.marks] + [bar.tip for bar in lane.bars]
    return f"{lane.name}: " + ", ".join(tip.replace("\n", " ") for tip in tips[:12])


def lane_point(widget: AccountTimeline, lane: int, at: int) -> QPoint:
    """Where an instant lies in a lane, for those who point at it."""
    return QPoint(round(widget.place(at)), lane * LANE + LANE // 2)
