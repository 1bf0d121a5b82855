"""What a person sees when something goes wrong: a refusal's sentence in a bar, a bug in a dialog without content.

Neither ever shows or logs record text: of a bug only the exception's type and the places in the program are kept,
never its message.
"""

import platform
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from core.errors import Cancelled, Refusal
from gui.widgets.labels import PlainLabel
from gui.words import tr


def sentence(error: BaseException) -> str:
    """The sentence of a refusal; empty for a bug."""
    if isinstance(error, Cancelled):
        return tr("Cancelled. What was finished before stays.")
    return str(error) if isinstance(error, Refusal) else ""


def places(error: BaseException) -> str:
    """Type of an exception and where it came from, without its message or any value."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([type(error).__name__, *lines, f"Python {platform.python_version()} · {platform.system()}"])


class BugDialog(QDialog):
    """Says that the program is at fault, with the places to report. Window-modal, never nested."""

    def __init__(self, name: str, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 320)
        text = places(error)
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        head = PlainLabel(tr("This is a fault of the program, not of your data."), size=3, bold=True)
        what = tr(
            "“{name}” stopped. What was finished before stays; the step that failed was undone. "
            "The report below holds no record text."
        )
        layout.addWidget(head)
        layout.addWidget(PlainLabel(what.format(name=name), tone="muted", wrap=True))
        layout.addWidget(shown)
        layout.addWidget(buttons)


class Excepthook(QObject):
    """Turns exceptions that escape a slot into a signal; installed for the life of the application."""

    raised = Signal(object)

    def install(self) -> None:
        """Become ``sys.excepthook``."""
        sys.excepthook = self._hook

    def remove(self) -> None:
        """Give ``sys.excepthook`` back."""
        sys.excepthook = sys.__excepthook__

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        sys.stderr.write(places(error) + "\n")
        self.raised.emit(error)
