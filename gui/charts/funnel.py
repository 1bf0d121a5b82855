"""The way of the records: loaded, eligible, redacted, approved, released, and what is lost at each step."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.model.insight import FunnelStep
from gui.icons import draw
from gui.theme import body_font, color, scaled
from gui.words import humane, number, percent, tr

STEP, BAR = 48, 10
_WORDS = {
    "loaded": "Loaded",
    "eligible": "Eligible",
    "redacted": "Redacted",
    "approved": "Approved",
    "released": "Released",
}


def loss_sentence(step: FunnelStep) -> str:
    """What a step lost and why mostly, empty where nothing was lost."""
    if not step.lost:
        return ""
    code = step.main_reason.isupper()
    reason = humane(step.main_reason) if code else step.main_reason
    words = tr("{lost} lost, mostly: {reason}") if code else tr("{lost} lost: {reason}")
    return words.format(lost=number(step.lost), reason=reason[:1].lower() + reason[1:] if not _name(reason) else reason)


def _name(reason: str) -> bool:
    """Whether the reason begins with a name in capitals."""
    return reason[:2].isupper()


class Funnel(QWidget):
    """One bar a step, its records and share of all, and below it the loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[FunnelStep, ...] = ()
        self.setFont(body_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_steps(self, steps: Sequence[FunnelStep]) -> None:
        """Show other steps."""
        self._steps = tuple(steps)
        said = (f"{_WORDS.get(s.step, s.step)} {number(s.records)} {loss_sentence(s)}".strip() for s in steps)
        self.setAccessibleName("; ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, STEP * max(1, len(self._steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, STEP * max(1, len(self._steps)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = max((step.records for step in self._steps), default=0)
        pitch = self.height() / max(1, len(self._steps))
        for index, step in enumerate(self._steps):
            self._step(painter, step, round(index * pitch), whole)

    def _step(self, painter: QPainter, step: FunnelStep, top: int, whole: int) -> None:
        width = self.width()
        painter.setFont(scaled(body_font(), 0, bold=True))
        painter.setPen(color("text"))
        line = QRect(0, top, width, 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tr(_WORDS[step.step]))
        said = number(step.records)
        painter.drawText(line.adjusted(0, 0, -52, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)
        painter.setFont(body_font())
        painter.setPen(color("muted"))
        painter.drawText(
            line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(step.records, whole)
        )
        self._loss(painter, step, width)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, top + 20, width, BAR)
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(track, 5, 5)
        if step.records and whole:
            painter.setBrush(color("accent"))
            track.setWidth(max(6.0, width * step.records / whole))
            painter.drawRoundedRect(track, 5, 5)

    def _loss(self, painter: QPainter, step: FunnelStep, width: int) -> None:
        """What was lost on the way here, small, between the step's name and its number."""
        said = loss_sentence(step)
        if not said:
            return
        font = scaled(body_font(), -2)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        top = round(self._steps.index(step) * self.height() / len(self._steps))
        room = QRect(20, top + 31, width - 20, 16)
        draw(painter, QRect(2, top + 32, 13, 13), "arrow-elbow-down-right", color("muted"))
        painter.setPen(color("muted"))
        shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
