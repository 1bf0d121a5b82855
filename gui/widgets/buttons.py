"""Buttons in the house's few kinds."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from gui.icons import icon


def button(text: str, *, glyph: str = "", kind: str = "", tip: str = "", parent: QWidget | None = None) -> QPushButton:
    """A push button; ``kind`` is empty, primary, danger, quiet, link, chip, search or row."""
    made = QPushButton(text, parent)
    if kind:
        made.setProperty("kind", kind)
    if glyph:
        tint = {"primary": "on_accent", "danger": "not_eligible", "chip": "info"}.get(kind, "muted")
        made.setIcon(icon(glyph, tint))
        made.setIconSize(QSize(16, 16))
    if tip:
        made.setToolTip(tip)
        made.setAccessibleDescription(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    return made


def action_button(action: QAction, *, key: str = "", kind: str = "", glyph: str = "") -> QPushButton:
    """A push button that triggers an action, follows its enabled state and may show its key."""
    text = action.text().rstrip("…")
    made = button(f"{text}  {key}" if key else text, glyph=glyph, kind=kind, tip=action.toolTip())
    made.clicked.connect(action.trigger)
    made.setEnabled(action.isEnabled())
    action.enabledChanged.connect(made.setEnabled)
    return made


def icon_button(action: QAction, *, size: int = 18) -> QToolButton:
    """An icon-only button for an action, with its name for screen readers."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    made.setIconSize(QSize(size, size))
    made.setAccessibleName(action.text())
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def glyph_button(glyph: str, name: str, *, size: int = 16, parent: QWidget | None = None) -> QToolButton:
    """An icon-only button with a name for screen readers and tool tip."""
    made = QToolButton(parent)
    made.setIcon(icon(glyph))
    made.setIconSize(QSize(size, size))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def button_row(*buttons: QPushButton) -> QHBoxLayout:
    """The foot of a dialog: its buttons at the right, the one that does the work last."""
    row = QHBoxLayout()
    row.addStretch(1)
    for each in buttons:
        row.addWidget(each)
    return row
