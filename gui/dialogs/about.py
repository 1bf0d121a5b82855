"""About: the version, the detector in use, and the promise to stay offline."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from core.model.view import DetectorStatus
from gui.context import Context
from gui.widgets.buttons import button
from gui.widgets.labels import PlainLabel
from gui.words import tr

if TYPE_CHECKING:
    from core.services.desk import Desk


def app_version() -> str:
    """The installed version; of a checkout, that it is one."""
    try:
        return version("consent-desk")
    except PackageNotFoundError:
        return tr("development checkout")


class AboutDialog(QDialog):
    """A few plain lines."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Consent Desk"))
        self.setFixedWidth(460)
        self._detector = PlainLabel("", wrap=True)
        promise = tr("Works offline: it opens no connection, sends nothing and asks nobody. The one exception is the "
                     "command “models install”, which you run yourself.")  # fmt: skip
        close = button(tr("Close"), kind="primary")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel("Consent Desk", size=6, bold=True))
        layout.addWidget(PlainLabel(f"{app_version()} · Qt {qVersion()} · Apache-2.0", tone="muted"))
        layout.addWidget(PlainLabel(promise, wrap=True))
        layout.addWidget(self._detector)
        layout.addLayout(row)
        desk = context.desk
        self._detector.setVisible(desk is not None)
        if desk is not None:
            self._ask(context, desk)

    def _ask(self, context: Context, desk: "Desk") -> None:
        def show(status: DetectorStatus) -> None:
            self._detector.setText(f"{status.sentence} {tr('Detector')} {status.version[:16]}.")

        context.jobs.start(tr("Ask for the detector"), lambda _t, _r: desk.scanning.detector(), done=show, shown=False)
