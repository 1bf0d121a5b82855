"""The strip on top: menus, the command field, the theme and the reviewer's name."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from gui.actions import Actions
from gui.icons import icon
from gui.widgets.buttons import button, icon_button
from gui.widgets.labels import PlainLabel
from gui.words import tr


class TopStrip(QFrame):
    """Menus left, command field in the middle, person right."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self.setFixedHeight(44)
        menus = QMenuBar()
        menus.setNativeMenuBar(False)
        menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        actions.fill(menus)
        self.search = button(tr("Search or run a command"), glyph="magnifying-glass", kind="search")
        key = QHBoxLayout(self.search)
        key.setContentsMargins(0, 0, 10, 0)
        hint = PlainLabel("Ctrl+K", tone="muted", size=-1)
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        key.addWidget(hint, 0, Qt.AlignmentFlag.AlignRight)
        self.search.setFixedSize(340, 28)
        self.search.setToolTip(actions.get("edit.palette").toolTip())
        self.search.clicked.connect(lambda: actions.get("edit.palette").trigger())
        self.reviewer = button("", kind="quiet", tip=actions.get("edit.reviewer").toolTip())
        self.reviewer.setIcon(icon("user-circle"))
        self.reviewer.setIconSize(QSize(18, 18))
        self.reviewer.clicked.connect(lambda: actions.get("edit.reviewer").trigger())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(menus)
        layout.addStretch(1)
        layout.addWidget(self.search)
        layout.addStretch(1)
        layout.addWidget(icon_button(actions.get("view.theme")))
        layout.addWidget(self.reviewer)

    def show_reviewer(self, name: str) -> None:
        """Name the person who stands for decisions."""
        self.reviewer.setText(name)
        self.reviewer.setAccessibleName(f"{tr('Reviewer')}: {name}")
