"""What could not be read: where it stood, why, and on request what it was."""

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from core.model.view import QuarantineRow
from gui.context import Context
from gui.models.table_model import WordsModel
from gui.widgets.buttons import button
from gui.widgets.labels import PlainLabel
from gui.widgets.record_pane import RecordPane
from gui.widgets.segments import Segment
from gui.widgets.table import plain_table
from gui.words import count, number, tr


def place(row: QuarantineRow) -> str:
    """Where a thing stood in its file."""
    parts = [row.member] if row.member else []
    if row.line is not None:
        parts.append(f"{tr('line')} {number(row.line)}")
    elif row.index is not None:
        parts.append(f"{tr('item')} {number(row.index)}")
    elif row.offset is not None:
        parts.append(f"{tr('byte')} {number(row.offset)}")
    return ", ".join(parts)


class SetAsideDialog(QDialog):
    """A table of what was set aside; a look at the raw bytes is noted in the audit trail."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rows: tuple[QuarantineRow, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Set aside"))
        self.resize(820, 460)
        self.model = WordsModel((tr("File"), tr("Place"), tr("Why it was set aside")), parent=self)
        self.table = plain_table(self.model, tr("Set aside"), stretch=2)
        self.table.setColumnWidth(0, 150)
        self.table.setColumnWidth(1, 120)
        self._head = PlainLabel(tr("Set aside"), size=3, bold=True)
        self._look = button(tr("Show raw text (noted in the audit trail)"), glyph="eye")
        self._look.setEnabled(False)
        self._raw = RecordPane(lambda _text: None, narrow=True)
        self._raw.setFixedHeight(120)
        self._raw.hide()
        close = button(tr("Close"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self._look)
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._head)
        layout.addWidget(PlainLabel(tr("Everything else in these files was imported."), tone="muted"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self._raw)
        layout.addLayout(row)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._look.clicked.connect(self._on_look)
        desk = context.open_desk
        context.jobs.start(
            tr("List what was set aside"), lambda _t, _r: desk.importing.quarantine(), done=self._show, shown=False
        )

    def _show(self, rows: tuple[QuarantineRow, ...]) -> None:
        self._rows = rows
        self._head.setText(count(len(rows), "thing was set aside", "things were set aside"))
        self.model.set_rows([(row.file.rpartition("/")[2], place(row), row.reason) for row in rows])

    @Slot(QModelIndex)
    def _on_row(self, current: QModelIndex) -> None:
        self._look.setEnabled(current.isValid())
        self._raw.hide()
        self._raw.view.show_segments(())

    @Slot()
    def _on_look(self) -> None:
        row = self._rows[self.table.currentIndex().row()]

        def show(raw: str) -> None:
            self._raw.view.show_segments([Segment(row.id, tr("Raw"), "file", raw)])
            self._raw.show()

        self._context.act(
            "Show raw text", lambda desk: desk.importing.quarantine_raw(row.id), initiator=self, done=show
        )
