"""What a verifier says of any folder."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.model.release import VerifyReport
from gui.panes.release_bundle import VerdictOfBundle
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.words import tr


class VerifyDialog(QDialog):
    """A bundle's verdict; shown without being modal, so that the record of it can stay open."""

    def __init__(self, folder: Path, report: VerifyReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Verify a bundle"))
        self.resize(640, min(520, 220 + 36 * len(report.findings)))
        self.verdict = VerdictOfBundle()
        self.verdict.show_report(report)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.verdict)
        close = button(tr("Close"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(folder.name, size=3, bold=True))
        layout.addWidget(ElidedLabel(str(folder), tone="muted", middle=True))
        layout.addWidget(scroll, 1)
        layout.addLayout(row)
