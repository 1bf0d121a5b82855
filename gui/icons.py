"""Icons: glyphs of an icon font, drawn in the theme's colours at the moment of painting.

An icon therefore follows a theme switch by itself; nothing has to be made again.
"""

from functools import cache

import qtawesome
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap

from gui.theme import color, tokens

FONT = "ph"
FILL = 0.94
"""How much of its square a glyph fills."""


@cache
def _glyph(name: str) -> str:
    prefix, _, key = name.rpartition(".")
    found: str = qtawesome.charmap(f"{prefix or FONT}.{key}")
    return found


def draw(painter: QPainter, rect: QRect, name: str, tint: QColor) -> None:
    """Draw a glyph centred in ``rect``."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(qtawesome.font(name.partition(".")[0] if "." in name else FONT, max(1, round(side * FILL))))
    painter.setPen(tint)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _glyph(name))
    painter.restore()


class _Engine(QIconEngine):
    """Draws one glyph in a token's colour."""

    def __init__(self, name: str, token: str, on_token: str) -> None:
        super().__init__()
        self._name, self._token, self._on_token = name, token, on_token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = self._on_token if state == QIcon.State.On else self._token
        draw(painter, rect, self._name, color("disabled" if mode == QIcon.Mode.Disabled else token))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if made.isNull():  # asked for while a view has no room yet: there is nothing to paint on
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token, self._on_token)


class _Turn(_Engine):
    """The theme that a switch leads to: a sun while it is dark, a moon while it is light."""

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._name = "sun" if tokens().dark else "moon"
        super().paint(painter, rect, mode, state)

    def clone(self) -> QIconEngine:
        return _Turn(self._name, self._token, self._on_token)


def icon(name: str, token: str = "muted", on_token: str = "accent") -> QIcon:
    """An icon by glyph name (``"magnifying-glass"``), tinted with a token and, when checked, another."""
    return QIcon((_Turn if name == "moon" else _Engine)(name, token, on_token))
