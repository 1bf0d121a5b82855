"""The card of the opt-out rate: chart or table of the same numbers, which lines to show, and a file to keep."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.model.insight import RateCell
from gui.charts.series import API, Series, series, series_word, share
from gui.models.table_model import WordsModel
from gui.panes.overview_reasons import HEAD
from gui.theme import body_font, color
from gui.widgets.buttons import button
from gui.widgets.empty_state import EmptyState
from gui.widgets.file_dialog import file_dialog
from gui.widgets.labels import ElidedLabel
from gui.widgets.table import plain_table
from gui.words import number, tr

if TYPE_CHECKING:
    from gui.charts.rates import RatesChart

_RULE = (
    "Accounts with a standing refusal, of those active in the month. Band: 95 % Wilson interval. Small groups hidden."
)


class LineToggle(QAbstractButton):
    """A line of the chart to show or hide: a sample of the line and its name."""

    def __init__(self, product: str, token: str, *, on: bool) -> None:
        super().__init__()
        self.product, self._token = product, token
        self.setText(series_word(product))
        self.setFont(body_font())
        self.setCheckable(True)
        self.setChecked(on)
        self.setToolTip(tr("Show or hide this line"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 34, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(color("accent") if self.hasFocus() else color("hover"))
            painter.setBrush(color("hover") if self.underMouse() else color("surface"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        tint = color(self._token if self.isChecked() else "disabled")
        pen = painter.pen()
        pen.setColor(tint)
        pen.setWidth(2)
        painter.setPen(pen)
        middle = self.height() // 2
        painter.drawLine(8, middle, 22, middle)
        if self.isChecked():
            painter.setBrush(tint)
            painter.drawEllipse(12, middle - 3, 6, 6)
        painter.setPen(color("text" if self.isChecked() else "muted"))
        painter.drawText(28, 0, self.width() - 28, self.height(), 0x0080, self.text())


class RatesPane(QFrame):
    """``save_asked`` carries the path of the file to write."""

    save_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._cells: tuple[RateCell, ...] = ()
        self._versions: tuple[tuple[str, str], ...] = ()
        self._series: tuple[Series, ...] = ()
        self.chart: RatesChart | None = None
        heads = ("Month", "Product", "Accounts", "Counted", "Rate", "Low", "High")
        self.model = WordsModel(tuple(map(tr, heads)), numbers=(2, 3, 4, 5, 6), parent=self)
        self.table = plain_table(self.model, tr("Opt-out rates"), stretch=1)
        self._note = ElidedLabel(tr(_RULE), tone="muted", size=-1)
        self.stack = QStackedWidget()
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(self._place)
        self.stack.addWidget(holder)
        self.stack.addWidget(self.table)
        few = tr("Not enough accounts to show a rate: cells under 10 accounts are hidden.")
        self.stack.addWidget(EmptyState("chart-line", tr("No rate to show"), few))
        self._toggles = QHBoxLayout()
        self._toggles.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        layout.addLayout(self._head())
        layout.addLayout(self._toggles)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._note)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStrut(HEAD)
        row.setSpacing(8)
        row.addWidget(ElidedLabel(tr("Opt-out rate over time"), bold=True, size=1), 1)
        self.as_chart, self.as_table = button(tr("Chart"), kind="quiet"), button(tr("Table"), kind="quiet")
        group = QButtonGroup(self)
        for index, made in enumerate((self.as_chart, self.as_table)):
            made.setCheckable(True)
            made.setProperty("kind", "segment")
            group.addButton(made, index)
            row.addWidget(made)
        self.as_chart.setChecked(True)
        group.idToggled.connect(self._on_view)
        self.save = button(tr("Save CSV…"), kind="quiet", glyph="floppy-disk", tip=tr("Keep these numbers in a file"))
        self.save.clicked.connect(self.ask_save)
        row.addWidget(self.save)
        return row

    def show_rates(self, cells: Sequence[RateCell], versions: Sequence[tuple[str, str]]) -> None:
        """Show rates by month and product, and policy versions as (day, title)."""
        self._cells, self._versions = tuple(cells), tuple(versions)
        self._series = series(cells, [text for text, _ in versions])
        self.model.set_rows([_row(cell) for cell in sorted(cells, key=lambda c: (c.period, c.product), reverse=True)])
        self._show_toggles()
        self._show_lines()
        self._show_view()

    def _show_toggles(self) -> None:
        from gui.charts.rates import series_token

        on = {toggle.product: toggle.isChecked() for toggle in self.toggles()}
        while self._toggles.count():
            item = self._toggles.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in self._series:
            toggle = LineToggle(one.product, series_token(one.product), on=on.get(one.product, one.product != API))
            toggle.toggled.connect(self._show_lines)
            self._toggles.addWidget(toggle)
        self._toggles.addStretch(1)

    def toggles(self) -> tuple[LineToggle, ...]:
        """The lines that can be shown."""
        items = (self._toggles.itemAt(index) for index in range(self._toggles.count()))
        widgets = (item.widget() for item in items if item is not None)
        return tuple(widget for widget in widgets if isinstance(widget, LineToggle))

    @Slot()
    def _show_lines(self) -> None:
        from gui.charts.rates import RatesChart

        if self.chart is None:
            self.chart = RatesChart()
            self.chart.read.connect(self._on_read)
            self._place.addWidget(self.chart)
        shown = {toggle.product for toggle in self.toggles() if toggle.isChecked()}
        self.chart.show_series([one for one in self._series if one.product in shown], self._versions)

    @Slot(str)
    def _on_read(self, text: str) -> None:
        self._note.setText(text or tr(_RULE))
        self._note.set_tone("text" if text else "muted")

    @Slot(int, bool)
    def _on_view(self, _index: int, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        if on:
            self._show_view()

    def _show_view(self) -> None:
        """Chart or table; where there is no point to draw, a sentence in the place of empty axes."""
        drawn = any(one.points for one in self._series)
        self.stack.setCurrentIndex(1 if self.as_table.isChecked() else 0 if drawn else 2)

    @Slot()
    def ask_save(self) -> None:
        """Ask for a file to keep the rates in."""
        dialog = file_dialog(self, tr("Save opt-out rates"))
        dialog.setNameFilter(tr("Comma-separated values (*.csv)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("opt-out-rates.csv")
        dialog.fileSelected.connect(lambda name: self.save_asked.emit(Path(name)))
        dialog.open()

    @property
    def cells(self) -> tuple[RateCell, ...]:
        """The rates shown."""
        return self._cells

    @property
    def view_buttons(self) -> tuple[QPushButton, QPushButton]:
        """Chart and table."""
        return self.as_chart, self.as_table


def _row(cell: RateCell) -> tuple[str, ...]:
    hidden = tr("hidden") if cell.suppressed else "—"
    counts = [hidden if value is None else number(value) for value in (cell.accounts, cell.opted_out)]
    return (
        cell.period, series_word(cell.product), *counts,
        hidden if cell.rate is None else share(cell.rate), share(cell.low), share(cell.high),
    )  # fmt: skip
