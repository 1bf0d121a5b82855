"""Starts the window: paint first, open the workspace after."""

import sys
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from gui.errors import Excepthook
from gui.jobs import Jobs
from gui.main_window import MainWindow
from gui.state import State
from gui.theme import Theme
from gui.words import tr


def application() -> QApplication:
    """The one QApplication of the process, made if there is none."""
    there = QApplication.instance()
    app = there if isinstance(there, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("consent-desk")
    app.setApplicationDisplayName("Consent Desk")
    app.setDesktopFileName("consent-desk")
    if QLocale().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))  # the C locale writes numbers without separators
    return app


def run(workspace: Path | None = None) -> int:
    """Show the window, on ``workspace`` if given, until it is closed; the exit code."""
    app = application()
    state = State()
    window = MainWindow(Jobs(), Theme(app, Settings().text("theme")), state)
    hook = Excepthook()
    hook.raised.connect(lambda error: window.tell_failure(tr("The window"), error))
    hook.install()
    state.restore_window(window)
    window.show()
    if workspace is not None:
        QTimer.singleShot(0, lambda: window.workspace.open(workspace))
    code = app.exec()
    hook.remove()
    return code
