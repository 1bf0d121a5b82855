"""A release that was made: who got what, the hash of its manifest, and whether the bundle is still whole."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core import times
from core.model.release import ReleaseRow, VerifyFinding, VerifyReport
from core.text import display
from gui.panes.release_gates import GlyphLabel
from gui.panes.release_words import day, purpose_word, verified_words
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, PlainLabel, heading
from gui.widgets.pill import Pill
from gui.words import number, tr

MOST = 60
"""Findings shown one by one."""


class VerdictOfBundle(QWidget):
    """What a verifier found: one sentence, the key, and the findings with the files they name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pill = Pill()
        self.sentence = PlainLabel("", wrap=True)
        self.key = PlainLabel("", tone="muted", fixed=True, selectable=True)
        self.findings: tuple[PlainLabel, ...] = ()
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(8)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.pill)
        row.addWidget(self.sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.key)
        layout.addLayout(self._rows)
        layout.addStretch(1)

    def show_report(self, report: VerifyReport, expected: str = "") -> None:
        """Show a verdict."""
        glyph, token, words = verified_words(report, expected)
        self.pill.show_state(glyph, token, tr("Verified") if token == "eligible" else tr("Failed"))
        self.sentence.setText(words)
        self.key.setText(f"{tr('Key')} {report.key_fingerprint}")
        self.key.setVisible(bool(report.key_fingerprint))
        self._show_findings(report.findings)

    def _show_findings(self, findings: Sequence[VerifyFinding]) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = []
        for row, finding in enumerate(findings[:MOST]):
            glyph, token = ("warning-octagon", "not_eligible") if finding.fatal else ("info", "muted")
            mark = GlyphLabel(glyph, token, tr("Fault") if finding.fatal else tr("Remark"))
            words = PlainLabel(display(finding.sentence, 400), wrap=True, tone="" if finding.fatal else "muted")
            self._rows.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(words, row, 1)
            shown.append(words)
        if len(findings) > MOST:
            more = tr("{n} more").format(n=number(len(findings) - MOST))
            self._rows.addWidget(PlainLabel(more, tone="muted"), MOST, 1)
        self.findings = tuple(shown)


class BundlePane(QScrollArea):
    """``verify_asked`` carries the release."""

    verify_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: ReleaseRow | None = None
        self.name = ElidedLabel("", size=3, bold=True)
        self.pill = Pill()
        self.plan = PlainLabel("", wrap=True, tone="muted")
        self.hash = PlainLabel("", fixed=True, selectable=True)
        self.folder = ElidedLabel("", middle=True, fixed=True)
        self.facts = PlainLabel("")
        self.verdict = VerdictOfBundle()
        self.verify = button(tr("Verify"), glyph="shield-check", tip=tr("Check every hash and signature of the bundle"))
        self.verify.clicked.connect(lambda: self.verify_asked.emit(self._row))
        self.open = button(tr("Open folder"), glyph="folder-open", tip=tr("Show the bundle among your files"))
        self.open.clicked.connect(self._on_open)
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.pill)
        card = QFrame()
        card.setProperty("kind", "card")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        pairs = ((tr("Rows"), self.facts), (tr("Manifest SHA-256"), self.hash), (tr("Folder"), self.folder))
        for row, (name, value) in enumerate(pairs):
            grid.addWidget(heading(name), row, 0)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.verify)
        acts.addWidget(self.open)
        acts.addStretch(1)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 12, 16, 16)
        inner.setSpacing(12)
        inner.addLayout(grid)
        inner.addLayout(acts)
        inner.addWidget(self.verdict)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.plan)
        layout.addWidget(card)
        layout.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)

    @property
    def release(self) -> int:
        """The id of the release shown, 0 for none."""
        return self._row.id if self._row else 0

    def show_release(self, row: ReleaseRow, report: VerifyReport | None) -> None:
        """Show a release, and what a verifier found if one looked."""
        self._row = row
        self.name.setText(f"{row.set_name} → {row.recipient}")
        self.pill.show_state("export", "eligible", tr("Released"))
        words = tr("Released on {when} UTC for {purpose}, as of {day}.")
        self.plan.setText(
            words.format(
                when=times.show(row.at)[:16].replace("T", " "), purpose=purpose_word(row.purpose), day=day(row.as_of)
            )
        )
        self.facts.setText(f"{number(row.rows)}, {tr('one a conversation')}")
        self.hash.setText(row.manifest_sha256)
        self.folder.setText(row.bundle)
        self.open.setEnabled(Path(row.bundle).is_dir())
        self.verdict.setVisible(report is not None)
        if report is not None:
            self.verdict.show_report(report, row.manifest_sha256)

    def _on_open(self) -> None:
        if self._row is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._row.bundle))
