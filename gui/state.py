"""What the window remembers between starts: geometry, panes, recent workspaces. Never content.

What a person chooses on purpose (theme, name) is a setting and lies with the others in :mod:`core.settings`.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

from core.paths import config_dir, make_private

RECENTS = 6


class State:
    """A settings file in the configuration folder (or ``folder``), readable by its owner alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or config_dir()) / "window.ini"
        self._settings = QSettings(str(self._path), QSettings.Format.IniFormat)

    def recents(self) -> tuple[Path, ...]:
        """Workspaces opened lately that are still there, newest first."""
        raw = str(self._settings.value("recents", "") or "")
        paths = (Path(line) for line in raw.split("\n") if line)
        return tuple(path for path in paths if path.exists())

    def remember(self, path: Path) -> None:
        """Put a workspace first among the recent ones."""
        rest = [other for other in self.recents() if other != path]
        self._settings.setValue("recents", "\n".join(map(str, [path, *rest][:RECENTS])))

    def folder(self) -> Path | None:
        """The folder of the files chosen last, None if it is gone."""
        saved = str(self._settings.value("folder", "") or "")
        return Path(saved) if saved and Path(saved).is_dir() else None

    def remember_folder(self, folder: Path) -> None:
        """Begin the next file dialog there."""
        self._settings.setValue("folder", str(folder))

    def save_window(self, window: QWidget) -> None:
        """Remember a window's place and size."""
        self._settings.setValue("geometry", window.saveGeometry())

    def restore_window(self, window: QWidget) -> None:
        """Put a window where it was."""
        saved = self._settings.value("geometry")
        if isinstance(saved, QByteArray):
            window.restoreGeometry(saved)

    def save_splitter(self, key: str, splitter: QSplitter) -> None:
        """Remember the sizes of panes."""
        self._settings.setValue(f"panes/{key}", splitter.saveState())

    def restore_splitter(self, key: str, splitter: QSplitter) -> None:
        """Give panes their sizes back."""
        saved = self._settings.value(f"panes/{key}")
        if isinstance(saved, QByteArray):
            splitter.restoreState(saved)

    def flush(self) -> None:
        """Write the file."""
        self._settings.sync()
        if self._path.exists():
            make_private(self._path)
