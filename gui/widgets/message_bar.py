"""One line above the page that tells what happened or why something was refused. Never modal."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.icons import icon
from gui.widgets.buttons import button, glyph_button
from gui.widgets.labels import PlainLabel
from gui.words import tr

_GLYPHS = {"info": "info", "good": "check-circle", "warn": "warning", "bad": "warning-octagon"}


class MessageBar(QFrame):
    """Shows one sentence with an optional action until it is closed or replaced. ``chosen`` carries the action's id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ""
        self._action = ""
        self._glyph = glyph_button("info", "")
        self._glyph.setEnabled(False)
        self._text = PlainLabel(wrap=True)
        self._offer = button("", kind="quiet")
        self._offer.clicked.connect(lambda: self.chosen.emit(self._action))
        close = glyph_button("x", tr("Close this message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._glyph)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._offer)
        layout.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def say(self, kind: str, sentence: str, action: str = "", label: str = "") -> None:
        """Show a sentence; ``kind`` is info, good, warn or bad."""
        self.kind = kind
        self._action = action
        token = {"info": "info", "good": "eligible", "warn": "undetermined", "bad": "not_eligible"}[kind]
        pixmap = icon(_GLYPHS[kind], token)
        self._glyph.setIcon(pixmap)
        self._glyph.setIconSize(QSize(18, 18))
        self._glyph.setEnabled(True)
        self._text.setText(sentence)
        self._offer.setText(label)
        self._offer.setVisible(bool(action))
        self.setProperty("kind", f"message-{kind}")
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
