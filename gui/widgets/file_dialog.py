"""Choosing files without opening any: the one place that makes file dialogs.

Qt's own dialog tells a file's kind by reading it. If that file is the open workspace, closing it again drops this
process's locks on it (see :mod:`core.services.desk`), so these dialogs know kinds by name alone.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QToolButton, QWidget

from gui.icons import icon
from gui.state import State
from gui.words import tr


class NamesOnly(QFileIconProvider):
    """Icons and kinds of files by what the folder says of them; nothing is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setOptions(QAbstractFileIconProvider.Option.DontUseCustomDirectoryIcons)

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """A folder's or a file's plain icon."""
        kinds = QAbstractFileIconProvider.IconType
        if isinstance(what, QFileInfo):
            what = kinds.Folder if what.isDir() else kinds.File
        return super().icon(what)

    def type(self, info: QFileInfo) -> str:
        """Folder, or the file's suffix."""
        if info.isDir():
            return tr("Folder")
        return info.suffix() or tr("File")


_GLYPHS = {
    "backButton": "arrow-left",
    "forwardButton": "arrow-right",
    "toParentButton": "arrow-up",
    "newFolderButton": "folder-plus",
    "listModeButton": "list",
    "detailModeButton": "list-dashes",
}
_NAMES_ONLY: list[NamesOnly] = []


def file_dialog(parent: QWidget, title: str, folder: Path | None = None) -> QFileDialog:
    """A file dialog on a folder (default: the current one) that reads no file."""
    if not _NAMES_ONLY:
        _NAMES_ONLY.append(NamesOnly())  # made with the application running, kept for as long as a dialog may use it
    with TemporaryDirectory() as empty:  # a dialog starts to look around before it can be told how
        dialog = QFileDialog(parent, title, empty)
        dialog.setIconProvider(_NAMES_ONLY[0])
        dialog.setDirectory(str(folder or Path.cwd()))
    for name, glyph in _GLYPHS.items():
        made = dialog.findChild(QToolButton, name)
        if isinstance(made, QToolButton):  # Qt's own dialog; its icons are drawn for light themes only
            made.setIcon(icon(glyph))
    return dialog


def remembering_dialog(state: State, parent: QWidget, title: str) -> QFileDialog:
    """The same in the folder chosen last."""
    dialog = file_dialog(parent, title, state.folder())
    dialog.filesSelected.connect(lambda names: state.remember_folder(Path(names[0]).parent) if names else None)
    return dialog


def with_suffix(path: Path, suffix: str) -> Path:
    """The path with its suffix, also where its name holds a dot: ``may.2023`` becomes ``may.2023.cdesk``."""
    return path if path.suffix == suffix else path.with_name(path.name + suffix)
