"""What an empty pane says: what it is, why it is empty, and the one thing to do."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.icons import draw
from gui.theme import color
from gui.widgets.buttons import action_button
from gui.widgets.labels import PlainLabel

WIDTH = 264
"""Pixels of a sentence's lines."""


class Glyph(QWidget):
    """A large quiet icon on a soft disc."""

    def __init__(self, name: str, *, side: int = 56, token: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side, self._token = name, side, token
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_glyph(self, name: str, token: str = "muted") -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent_soft" if self._token == "accent" else "sunken"))
        painter.drawEllipse(self.rect())
        inset = self._side // 4
        square = QRect(inset, inset, self._side - 2 * inset, self._side - 2 * inset)
        draw(painter, square, self._name, color(self._token))


class EmptyState(QWidget):
    """Centred icon, title, sentence and at most one action."""

    def __init__(self, glyph: str, title: str, sentence: str, action: QAction | None = None) -> None:
        super().__init__()
        self._glyph = Glyph(glyph)
        self._title = PlainLabel(title, size=2, bold=True)
        self._sentence = PlainLabel(sentence, tone="muted", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setFixedWidth(WIDTH)
        self._fit()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        if action is not None:
            layout.addSpacing(8)
            layout.addWidget(action_button(action), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def tell(self, glyph: str, title: str, sentence: str) -> None:
        """Say something else."""
        self._glyph.set_glyph(glyph)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._fit()

    def _fit(self) -> None:
        """Room for every line of the sentence: a centred label does not ask for it by itself."""
        self._sentence.setMinimumHeight(max(0, self._sentence.heightForWidth(WIDTH)))
