"""One line over the foot of the page that tells what happened or why something was refused. Never modal."""

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.icons import icon
from gui.widgets.buttons import button, glyph_button
from gui.widgets.labels import PlainLabel
from gui.words import tr

_GLYPHS = {"info": "info", "good": "check-circle", "warn": "warning", "bad": "warning-octagon"}


STAYS = 8_000
"""Milliseconds after which good news leaves by itself; what is refused or waits stays until it is closed."""
WIDEST, GAP = 760, 12


class MessageBar(QFrame):
    """Shows one sentence with an optional action until it is closed or replaced. ``chosen`` carries the action's id.

    It lies over its parent, so that a page keeps its place when a message comes or goes.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        parent.installEventFilter(self)
        self.fading = QTimer(self)
        self.fading.setSingleShot(True)
        self.fading.setInterval(STAYS)
        self.fading.timeout.connect(self.hide)
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
        self._place()
        self.show()
        self.raise_()
        if kind == "good":
            self.fading.start()
        else:
            self.fading.stop()

    def leave(self) -> None:
        """Go with the page that the message was about, unless it asks for something."""
        if self.kind in {"good", "info"}:
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._under and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """At the foot of the parent, as high as the sentence needs."""
        width = min(WIDEST, self._under.width() - 2 * GAP)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else self.sizeHint().height()
        self.setGeometry((self._under.width() - width) // 2, self._under.height() - height - GAP, width, height)
