"""A small real workspace and the real window on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.services.desk import Desk
from gui.app import application
from gui.jobs import Jobs
from gui.main_window import MainWindow
from gui.pages.records import RecordsPage
from gui.state import State
from gui.theme import Theme
from tests.gui.builders import settle, sources


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of twelve conversations, decided and scanned."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "small.cdesk"
    with Desk.open(path, create=True, actor="Ana Ferreira") as desk:
        report = desk.importing.run(sources(folder))
        assert report.totals.imported >= 12, report
        desk.deciding.decide()
        desk.scanning.run(workers=0)
    return path


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Path:
    """A copy of the template for one test."""
    return Path(shutil.copy(template, tmp_path / "small.cdesk"))


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Plain widgets application."""
    return QApplication


@pytest.fixture
def empty_window(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The window without a workspace. Closing it fails where a job is left behind."""
    application()
    window = MainWindow(Jobs(), Theme(qapp, "light"), State(tmp_path))
    window.context.settings.set("reviewer", "Ana Ferreira")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    assert not window.context.jobs.active


@pytest.fixture
def window(empty_window: MainWindow, workspace: Path) -> MainWindow:
    """The window on the small workspace, on the records page."""
    empty_window.workspace.open(workspace)
    settle(empty_window)
    empty_window.show_page("records")
    settle(empty_window)
    return empty_window


@pytest.fixture
def page(window: MainWindow) -> RecordsPage:
    """The records page."""
    found = window.page("records")
    assert isinstance(found, RecordsPage)
    return found
