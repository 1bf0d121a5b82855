"""Labels that show text as it is: never rich, never a link, never an image."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import body_font, fixed_font, scaled


def plain_tip(text: str) -> str:
    """A tool tip that Qt cannot take for rich text: angle brackets are replaced by look-alikes."""
    return text.replace("<", "‹").replace(">", "›")


class PlainLabel(QLabel):
    """The one label. ``tone`` names a colour of the theme; ``size`` is a step in pixels over running text."""

    def __init__(
        self,
        text: str = "",
        *,
        tone: str = "",
        size: int = 0,
        bold: bool = False,
        wrap: bool = False,
        fixed: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setFont(scaled(fixed_font() if fixed else body_font(), size, bold=bold))
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard,
            )
        if tone:
            self.setProperty("tone", tone)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Change the colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(PlainLabel):
    """One line that ends with an ellipsis where it does not fit; the whole of it is the tool tip."""

    def __init__(self, text: str = "", *, middle: bool = False, **options: object) -> None:
        super().__init__(text, **options)  # type: ignore[arg-type]
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), self.alignment(), shown)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            whole = QFontMetrics(self.font()).horizontalAdvance(self.text()) <= self.width()
            self.setToolTip("" if whole else plain_tip(self.text()))
        return super().event(event)


class Tile(QFrame):
    """A number with its name above and a remark below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._value = PlainLabel("—", size=11, bold=True)
        self._note = ElidedLabel("", tone="muted", size=-1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(2)
        layout.addWidget(PlainLabel(name, tone="muted"))
        layout.addWidget(self._value)
        layout.addWidget(self._note)

    @property
    def value(self) -> str:
        """The number shown."""
        return self._value.text()

    def set_value(self, value: str, note: str = "", tone: str = "") -> None:
        """Show a value and a remark."""
        self._value.setText(value)
        self._note.setText(note)
        self._note.set_tone(tone or "muted")


def heading(text: str) -> PlainLabel:
    """The small heading of a section inside a pane."""
    return PlainLabel(text, tone="muted", bold=True, size=-1)
