"""The opt-out rate over time: a line and a Wilson band a product, policy versions as upright lines.

pyqtgraph knows no theme, so all items are made anew from the tokens when the palette changes. Import this module
late: it loads pyqtgraph.
"""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.charts.series import API, ORDER, Series, day, series_word, spoken
from gui.theme import body_font, color, scaled
from gui.words import tr

TOKENS = {"chatgpt": "series_1", "dalle_labs": "series_2", API: "series_3", "claude": "series_4"}
MONTH = 30.4 * 86_400
TICK = 56
"""Pixels that a month's name needs on the axis."""
FEWEST = 160
"""Pixels below which the plot makes no room for names."""


def series_token(product: str) -> str:
    """The colour token of a product's line."""
    return TOKENS.get(product, "muted")


def _percent_ticks(values: Sequence[float], _scale: float, spacing: float) -> list[str]:
    return [f"{value:.0f} %" if spacing >= 1 else f"{value:.1f} %" for value in values]


class RatesChart(QWidget):
    """``read`` carries what stands under the mouse in one line, empty where nothing does."""

    read = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series: tuple[Series, ...] = ()
        self._versions: tuple[tuple[str, str], ...] = ()
        self._left = pg.AxisItem("left")
        self._left.enableAutoSIPrefix(enable=False)
        self._left.tickStrings = _percent_ticks
        self._bottom = pg.DateAxisItem(utcOffset=0)
        self.plot = pg.PlotWidget(axisItems={"left": self._left, "bottom": self._bottom})
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.scene().sigMouseMoved.connect(self._on_moved)
        self._hair = pg.InfiniteLine(angle=90, movable=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.setAccessibleName(tr("Opt-out rate over time; the table shows the same numbers"))
        self._draw()
        self.plot.getViewBox().sigResized.connect(self._draw)

    def show_series(self, shown: Sequence[Series], versions: Sequence[tuple[str, str]]) -> None:
        """Show lines and the versions (day, title) that lie within their months."""
        self._series, self._versions = tuple(shown), tuple(versions)
        self._draw()

    @property
    def shown(self) -> tuple[Series, ...]:
        """The lines shown."""
        return self._series

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_hair"):
            self._draw()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hair.hide()
        self.read.emit("")

    def _draw(self, _box: object = None) -> None:
        self.plot.clear()
        self.plot.setBackground(color("surface"))
        for axis in (self._left, self._bottom):
            axis.setPen(pg.mkPen(color("border_strong")))
            axis.setTextPen(pg.mkPen(color("muted")))
            axis.setTickFont(scaled(body_font(), -2))
        self.plot.showGrid(x=False, y=True, alpha=0.10)
        self._range()
        for version in self._versions:
            self._version(*version)
        for one in self._series:
            self._line(one)
        self._names()
        self._hair.setPen(pg.mkPen(color("muted"), style=Qt.PenStyle.DotLine))
        self._hair.hide()
        self.plot.addItem(self._hair, ignoreBounds=True)

    def _range(self) -> None:
        points = [point for one in self._series for point in one.points]
        if not points:
            self._from, self._to, self._top = 0.0, 1.0, 1.0
            return
        first, last = min(p.at for p in points), max(p.at for p in points)
        months = {point.period: point.at for one in self._series for point in one.points}
        every = max(1, -(-len(months) * TICK // max(FEWEST, int(self.plot.getViewBox().width()))))
        ticks = [(months[period], period) for period in sorted(months)[::every]]
        self._bottom.setTicks([ticks])
        share = self._names_width() / max(FEWEST, self.plot.getViewBox().width())
        self._from = first - MONTH / 2
        self._to = last + max(MONTH / 2, (last - self._from) * share / max(0.2, 1 - share))
        self._top = min(104.0, max(p.high for p in points) * 1.12 + 1)
        self.plot.setXRange(self._from, self._to, padding=0)
        self.plot.setYRange(0, self._top, padding=0)

    def _names_width(self) -> float:
        """Pixels that the longest name needs at the right of its line."""
        metrics = QFontMetrics(scaled(body_font(), -1, bold=True))
        return 20.0 + max((metrics.horizontalAdvance(series_word(one.product)) for one in self._series), default=0)

    def _version(self, text: str, _title: str) -> None:
        at = day(text)
        if not self._from < at < self._to:
            return
        tint = color("muted")
        line = pg.InfiniteLine(at, angle=90, pen=pg.mkPen(tint, style=Qt.PenStyle.DashLine))
        self.plot.addItem(line, ignoreBounds=True)
        label = pg.TextItem(f"{tr('Policy of')} {text}", color=tint, anchor=(0, 0))
        label.setFont(scaled(body_font(), -2))
        label.setPos(at, self._top)
        self.plot.addItem(label, ignoreBounds=True)

    def _line(self, one: Series) -> None:
        tint = color(series_token(one.product))
        soft = QColor(tint)
        soft.setAlphaF(0.14)
        for run in one.runs:
            x = [point.at for point in run]
            low = pg.PlotCurveItem(x, [point.low for point in run])
            high = pg.PlotCurveItem(x, [point.high for point in run])
            if len(run) > 1:
                self.plot.addItem(pg.FillBetweenItem(low, high, brush=pg.mkBrush(soft)))
            else:
                point = run[0]
                bar = pg.ErrorBarItem(
                    x=_array([point.at]), y=_array([point.rate]), top=_array([point.high - point.rate]),
                    bottom=_array([point.rate - point.low]), pen=pg.mkPen(soft, width=3 * self.devicePixelRatioF()),
                )  # fmt: skip
                self.plot.addItem(bar)
            style = Qt.PenStyle.DashLine if one.product == API else Qt.PenStyle.SolidLine
            pen = pg.mkPen(tint, width=2 * self.devicePixelRatioF(), style=style)
            curve = pg.PlotDataItem(
                x, [point.rate for point in run], pen=pen, antialias=True, symbol="o", symbolSize=6,
                symbolBrush=pg.mkBrush(tint), symbolPen=pg.mkPen(color("surface")),
            )  # fmt: skip
            self.plot.addItem(curve)

    def _names(self) -> None:
        """The lines' names at their ends, pushed apart where they would overlap."""
        ends = sorted((one.points[-1].rate, one.product, one.points[-1].at) for one in self._series if one.points)
        step, place = self._top * 0.075, -1e9
        for rate, product, at in ends:
            place = max(rate, place + step)
            label = pg.TextItem(series_word(product), color=color(series_token(product)), anchor=(0, 0.5))
            label.setFont(scaled(body_font(), -1, bold=True))
            label.setPos(at + (self._to - self._from) * 0.012, place)
            self.plot.addItem(label, ignoreBounds=True)

    def _on_moved(self, where: QPointF) -> None:
        points = [point for one in self._series for point in one.points]
        if not points:
            return
        at = self.plot.getViewBox().mapSceneToView(where).x()
        near = min(points, key=lambda point: abs(point.at - at))
        if abs(near.at - at) > MONTH:
            self._hair.hide()
            self.read.emit("")
            return
        self._hair.setPos(near.at)
        self._hair.show()
        self.read.emit(self._reading(near.period))

    def _reading(self, period: str) -> str:
        """What is known of a month, product by product; a version that began in it is named."""
        parts = [period]
        for one in sorted(self._series, key=lambda s: ORDER.index(s.product) if s.product in ORDER else 9):
            shown = next((spoken(p.cell) for p in one.points if p.period == period), "")
            if not shown and period in one.hidden:
                shown = tr("hidden")
            if shown:
                parts.append(f"{series_word(one.product)} {shown}")
        parts += [title for text, title in self._versions if text[:7] == period]
        return " · ".join(parts)


def _array(values: list[float]) -> object:
    import numpy as np

    return np.asarray(values)
