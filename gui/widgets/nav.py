"""The pages, on the left: an icon and a name each."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon

WIDTH = 128


class Nav(QFrame):
    """One checkable button a page. ``chosen`` carries the page's name."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QToolButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(2)
        self._layout.addStretch(1)

    def add(self, name: str, action: QAction, glyph: str) -> None:
        """Add a page."""
        made = QToolButton()
        made.setProperty("kind", "nav")
        made.setText(action.text())
        made.setIcon(icon(glyph))
        made.setIconSize(QSize(18, 18))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setCheckable(True)
        made.setToolTip(action.toolTip())
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.clicked.connect(lambda: self.chosen.emit(name))
        action.enabledChanged.connect(made.setEnabled)
        self._group.addButton(made)
        self._buttons[name] = made
        self._layout.insertWidget(len(self._buttons) - 1, made)

    def button(self, name: str) -> QToolButton:
        """The button of a page."""
        return self._buttons[name]

    def mark(self, name: str) -> None:
        """Show which page is open."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)
