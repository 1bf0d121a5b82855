"""What one sees without a workspace: three ways to begin, and the workspaces opened lately."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.context import Context
from gui.icons import icon
from gui.widgets.buttons import button
from gui.widgets.empty_state import Glyph
from gui.widgets.labels import ElidedLabel, PlainLabel, heading
from gui.words import tr


class _Way(QPushButton):
    """A large button: icon, what it does, one line of explanation."""

    def __init__(self, action: QAction, glyph: str, note: str, *, first: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(action.text())
        self.clicked.connect(action.trigger)
        mark = Glyph(glyph, side=36, token="accent" if first else "muted")
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (PlainLabel(action.text().rstrip("…"), bold=True), PlainLabel(note, tone="muted")):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 16, 8)
        layout.setSpacing(12)
        layout.addWidget(mark)
        layout.addLayout(words, 1)


class StartPage(QWidget):
    """``chosen`` carries the path of a recent workspace."""

    chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        column = QFrame()
        column.setMaximumWidth(520)
        column.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        says = tr("Decide, record by record, whether AI interaction data may be used for training, and show why.")
        get = context.actions.get
        self._column.addWidget(PlainLabel(tr("Consent Desk"), size=13, bold=True))
        self._column.addWidget(PlainLabel(says, tone="muted", wrap=True, size=1))
        self._column.addSpacing(16)
        ways = (
            ("file.demo", "play-circle", tr("Made-up accounts with every clause in them; ready in a minute or two")),
            (
                "file.import",
                "download-simple",
                tr("Chat exports, API and image logs, consent ledgers; or drop files here"),
            ),
            ("file.open", "folder-open", tr("A .cdesk file made earlier")),
        )
        for name, glyph, note in ways:
            self._column.addWidget(_Way(get(name), glyph, note, first=name == "file.demo"))
        self._column.addSpacing(12)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._column.addLayout(self._recent)
        promise = tr("Works offline. Nothing leaves this computer unless you release it.")
        self._column.addSpacing(8)
        self._column.addWidget(PlainLabel(promise, tone="muted", size=-1))
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(column, 8)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(3)
        self.show_recents(context.state.recents())

    def show_recents(self, paths: tuple[Path, ...]) -> None:
        """List the workspaces opened lately."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not paths:
            return
        self._recent.addWidget(heading(tr("Recent")))
        for path in paths:
            self._recent.addWidget(self._line(path))

    def _line(self, path: Path) -> QWidget:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        name = button(path.name, kind="quiet", tip=str(path))
        name.setIcon(icon("database"))
        name.setIconSize(QSize(16, 16))
        name.clicked.connect(lambda: self.chosen.emit(path))
        layout.addWidget(name)
        layout.addWidget(ElidedLabel(str(path.parent), tone="muted", middle=True), 1)
        return line
