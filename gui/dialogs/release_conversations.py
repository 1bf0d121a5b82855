"""The conversations that keep a gate red; one of them opens among the records."""

from array import array

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from core.model.release import Gate
from gui.context import Context
from gui.models.records_model import RecordsModel
from gui.panes.records_list import RecordsTable
from gui.panes.release_words import gate_word
from gui.widgets.buttons import button, button_row
from gui.widgets.labels import PlainLabel
from gui.words import tr


class GateDialog(QDialog):
    """``chosen`` carries a conversation's id and its account, empty where unknown."""

    chosen = Signal(int, str)

    def __init__(self, context: Context, gate: Gate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(gate_word(gate.gate))
        self.resize(880, 480)
        self.model = RecordsModel(self)
        self.model.set_source(context.open_desk.browsing.rows)
        self.model.set_ids(array("q", gate.conversations))
        self.table = RecordsTable(self.model)
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.table.horizontalHeader().setSectionsClickable(False)
        self.open_button = button(tr("Open in Records"), kind="primary")
        self.open_button.setEnabled(False)
        close = button(tr("Close"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(gate_word(gate.gate), size=3, bold=True))
        layout.addWidget(PlainLabel(gate.sentence, tone="muted", wrap=True))
        layout.addWidget(self.table, 1)
        layout.addLayout(button_row(close, self.open_button))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.activated.connect(self._on_chosen)
        self.open_button.clicked.connect(lambda: self._on_chosen(self.table.currentIndex()))

    @Slot(QModelIndex)
    def _on_row(self, index: QModelIndex) -> None:
        self.open_button.setEnabled(index.isValid())

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        row = self.model.record(index.row())
        if row is not None:
            self.accept()
            self.chosen.emit(row.id, row.account or "")
