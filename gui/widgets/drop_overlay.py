"""What covers the page while files are dragged over the window."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.icons import draw
from gui.theme import body_font, color, scaled
from gui.words import tr


class DropOverlay(QWidget):
    """Painted over its parent; takes no mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def appear(self) -> None:
        """Cover the parent."""
        self.fit()
        self.raise_()
        self.show()

    def fit(self) -> None:
        """Take the size of the widget below."""
        self.setGeometry(self._under.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = color("window")
        veil.setAlphaF(0.88)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(color("accent_soft"))
        box = QRect(0, 0, min(420, self.width() - 32), 160)
        box.moveCenter(self.rect().center())
        painter.drawRoundedRect(box, 12, 12)
        draw(painter, QRect(box.center().x() - 20, box.top() + 32, 40, 40), "download-simple", color("accent"))
        painter.setFont(scaled(body_font(), 2, bold=True))
        painter.setPen(color("text"))
        words = box.adjusted(16, 84, -16, -24)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, tr("Drop archives and ledgers to import them"))
