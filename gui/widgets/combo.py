"""A combo box whose arrow is drawn in the theme's colours: a styled one has none."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from gui.icons import draw
from gui.theme import color


class Combo(QComboBox):
    """One of several."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        spot = QRect(self.width() - 22, (self.height() - 14) // 2, 14, 14)
        draw(painter, spot, "caret-down", color("muted" if self.isEnabled() else "disabled"))
