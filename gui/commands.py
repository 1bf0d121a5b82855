"""The handlers of actions that belong to the window as a whole."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog

from core.model.view import FileReport, ImportReport
from gui.dialogs.about import AboutDialog
from gui.dialogs.importing import ImportDialog
from gui.dialogs.set_aside import SetAsideDialog
from gui.dialogs.shortcuts import ShortcutSheet
from gui.pages import registry
from gui.pages.overview import OverviewPage
from gui.pages.records import RecordsPage
from gui.pages.releases import ReleasesPage
from gui.undo import Undo
from gui.widgets.file_dialog import remembering_dialog, with_suffix
from gui.words import tr
from gui.workspace import SUFFIX, imported_sentence

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Commands:
    """Binds files, theme, help and navigation to the actions' ids."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._workspace = window.workspace
        self._undo = Undo(window.context)
        bind = window.actions_.bind
        for page in registry.PAGES:
            bind(f"view.{page.name}", partial(window.show_page, page.name))
        bind("file.new", self._new)
        bind("file.open", self._open)
        bind("file.demo", self._workspace.demo)
        bind("file.import", self._import)
        bind("file.close", self._workspace.close)
        bind("file.quit", window.close)
        bind("edit.undo", self._undo.undo)
        bind("edit.find", self._find)
        bind("edit.palette", window.palette_.appear)
        bind("edit.reviewer", self._reviewer)
        bind("review.scan", self._workspace.scan)
        bind("review.decide", self._workspace.decide)
        bind("release.new", lambda: self._on_releases().ask_new())
        bind("release.verify", lambda: self._on_releases().ask_verify())
        bind("overview.save", self._save_rates)
        bind("view.jobs", window.toggle_drawer)
        bind("view.theme", self._theme)
        bind("help.shortcuts", lambda: ShortcutSheet(window.actions_.specs, window).open())
        bind("help.about", lambda: AboutDialog(window.context, window).open())
        bind("file.set_aside", lambda: SetAsideDialog(window.context, window).open())
        self._workspace.imported.connect(self._on_imported)

    def _dialog(self, title: str, pattern: str) -> QFileDialog:
        dialog = remembering_dialog(self._window.context.state, self._window, title)
        dialog.setNameFilter(pattern)
        return dialog

    def _new(self) -> None:
        dialog = self._dialog(tr("New workspace"), tr("Workspaces (*.cdesk)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.lstrip("."))
        dialog.fileSelected.connect(lambda name: self._workspace.open(with_suffix(Path(name), SUFFIX), create=True))
        dialog.open()

    def _open(self) -> None:
        dialog = self._dialog(tr("Open workspace"), tr("Workspaces (*.cdesk);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._workspace.open(Path(name)))
        dialog.open()

    def _import(self) -> None:
        window = self._window
        if window.context.desk is not None:
            dialog = ImportDialog(window.context, self._workspace, window)
            dialog.set_aside_asked.connect(lambda: SetAsideDialog(window.context, window).open())
            dialog.show()
            return
        self._choose_files()

    def _choose_files(self) -> None:
        dialog = self._dialog(tr("Import archives and ledgers"), tr("All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.bring(tuple(map(Path, names))))
        dialog.open()

    def bring(self, paths: tuple[Path, ...]) -> None:
        """Import files; a lone workspace is opened instead; without a workspace ask where to make one."""
        window = self._window
        if len(paths) == 1 and paths[0].suffix == SUFFIX:
            self._workspace.open(paths[0])
        elif window.context.desk is not None:
            self._workspace.bring(paths)
        else:
            dialog = self._dialog(tr("Make a workspace for these files"), tr("Workspaces (*.cdesk)"))
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(SUFFIX.lstrip("."))
            dialog.selectFile(f"{paths[0].stem or tr('workspace')}{SUFFIX}")
            dialog.fileSelected.connect(
                lambda name: self._workspace.open(with_suffix(Path(name), SUFFIX), create=True, then=paths)
            )
            dialog.open()

    def _on_releases(self) -> ReleasesPage:
        self._window.show_page(ReleasesPage.name)
        page = self._window.current
        assert isinstance(page, ReleasesPage)  # noqa: S101 - tells the type checker which page it is
        return page

    def _save_rates(self) -> None:
        self._window.show_page(OverviewPage.name)
        page = self._window.current
        if isinstance(page, OverviewPage):
            page.rates.ask_save()

    def _find(self) -> None:
        self._window.show_page(RecordsPage.name)
        page = self._window.current
        if isinstance(page, RecordsPage):
            page.seek_words()

    def _reviewer(self) -> None:
        window = self._window
        dialog = QInputDialog(window)
        dialog.setWindowTitle(tr("Reviewer"))
        dialog.setLabelText(tr("Who stands for the decisions made from now on?"))
        dialog.setTextValue(window.top.reviewer.text())
        dialog.textValueSelected.connect(self._name_reviewer)
        dialog.open()

    def _name_reviewer(self, name: str) -> None:
        name = name.strip()
        if not name:
            return
        window = self._window
        window.context.settings.set("reviewer", name)
        window.top.show_reviewer(name)
        if window.context.desk is not None:
            window.context.desk.actor = name

    def _theme(self) -> None:
        theme = self._window.context.theme
        theme.toggle()
        self._window.context.settings.set("theme", theme.choice)

    def _on_imported(self, report: ImportReport) -> None:
        refused: list[FileReport] = [file for file in report.files if file.status == "refused"]
        window = self._window
        if refused:
            window.context.say("bad", f"{refused[0].reason} {imported_sentence(report)}")
        elif report.totals.quarantined:
            window.context.say("warn", imported_sentence(report), "file.set_aside")
        else:
            window.context.say("good", imported_sentence(report), "review.scan")
