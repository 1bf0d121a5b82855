"""The command palette: type a few letters, get any command; what is no command is searched for in the records."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.delegates.command import KEY_ROLE, CommandDelegate
from gui.icons import icon
from gui.words import tr

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Command:
    """One line: an action's id, or a search where ``id`` is empty."""

    id: str
    text: str
    key: str
    glyph: QIcon


class PaletteModel(QAbstractListModel):
    """The commands that match what was typed, actions first."""

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._shown: list[Command] = []
        self.narrow("")

    def narrow(self, text: str) -> None:
        """Show the commands whose words begin with, or contain, what was typed."""
        words = text.casefold().split()
        found = []
        for spec in self._actions.specs:
            action = self._actions.get(spec.id)
            name = f"{spec.menu} {spec.text}".casefold()
            if spec.id != "edit.palette" and action.isEnabled() and all(word in name for word in words):
                found.append(Command(spec.id, tr(spec.text), spec.keys[0] if spec.keys else "", action.icon()))
        if words and self._actions.get("edit.find").isEnabled():
            said = tr("Search the records for “{text}”").format(text=text.strip())
            found.append(Command("", said, "", icon("magnifying-glass")))
        self.beginResetModel()
        self._shown = found
        self.endResetModel()

    def command(self, row: int) -> Command:
        """The command of a row."""
        return self._shown[row]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        command = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return command.text
        if role == Qt.ItemDataRole.DecorationRole:
            return command.glyph
        return command.key if role == KEY_ROLE else None


class Palette(QDialog):
    """``searched`` carries words to look for in the records."""

    searched = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self._window = parent
        self.setFixedSize(520, 380)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Type a command, or words to search the records for"))
        self.field.setAccessibleName(tr("Command or search"))
        self.field.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = PaletteModel(actions, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)

    def appear(self, text: str = "") -> None:
        """Open under the top of the window."""
        window = self._window
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 40)
        self.field.setText(text)
        self._on_typed(text)
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.model.rowCount():
                row = (self.list.currentIndex().row() + step) % self.model.rowCount()
                self.list.setCurrentIndex(self.model.index(row, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex().row())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self.model.narrow(text)
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, row: int) -> None:
        if not 0 <= row < self.model.rowCount():
            return
        command, words = self.model.command(row), self.field.text().strip()
        self.hide()
        if command.id:
            self._actions.get(command.id).trigger()
        else:
            self.searched.emit(words)
