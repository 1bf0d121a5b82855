"""The filters: each value with the number of conversations it would leave, and a little histogram of months."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from core.model.verdict import Decision
from core.model.view import FacetCount, Facets, Query
from gui.icons import draw
from gui.panes.months import Months
from gui.theme import body_font, color
from gui.widgets.chip import GLYPHS
from gui.widgets.labels import heading, plain_tip
from gui.words import decision_word, humane, number, product_word, tr

T = TypeVar("T")
TOP = 7
"""Values of a facet shown at first; those chosen are always shown."""


class FacetRow(QAbstractButton):
    """One value: a box, a word, a count."""

    def __init__(self, text: str, count: int, *, chosen: bool, glyph: str = "", tint: str = "muted") -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setFont(body_font())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(f"{text}, {count}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._count, self._glyph, self._tint = number(count), glyph, tint

    def sizeHint(self) -> QSize:
        return QSize(120, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(rect, 5, 5)
        if self.hasFocus():
            painter.setPen(color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 5, 5)
        mark = "check-square" if self.isChecked() else self._glyph or "square"
        tint = "accent" if self.isChecked() else self._tint
        draw(painter, QRect(6, 3, 16, 16), mark, color(tint))
        metrics = self.fontMetrics()
        right = metrics.horizontalAdvance(self._count)
        words = QRect(28, 0, rect.width() - right - 40, rect.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(color("text"))
        painter.drawText(words, middle, metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width()))
        painter.setPen(color("muted"))
        painter.drawText(rect.adjusted(0, 0, -8, 0), middle | Qt.AlignmentFlag.AlignRight, self._count)


class FacetsPane(QScrollArea):
    """``chosen`` carries the query that a click asks for."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(160)
        self._query = Query()

    def show_facets(self, facets: Facets, query: Query) -> None:
        """Show the values of a query's facets."""
        self._query = query
        focused = next((row.accessibleDescription() for row in self.findChildren(FacetRow) if row.hasFocus()), "")
        place = self.verticalScrollBar().value()
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(1)
        review = FacetRow(
            tr("To review"), facets.to_review, chosen=query.review == "to_review", glyph="tray", tint="undetermined"
        )
        review.clicked.connect(lambda on: self.chosen.emit(replace(query, review="to_review" if on else "")))
        layout.addWidget(review)
        self._add(
            layout, "Verdict", facets.decisions, [d.label for d in query.decisions], self._decision, _decision_row
        )
        self._add(layout, "Product", facets.products, query.products, self._plain("products"), _words(product_word))
        self._add(layout, "Reason", facets.reasons, query.reasons, self._plain("reasons"), _words(humane))
        self._add(
            layout, "Personal information", facets.entities, query.entities, self._plain("entities"), _words(humane)
        )
        if facets.months:
            layout.addSpacing(8)
            layout.addWidget(heading(tr("Months")))
            months = Months(facets.months, query.month)
            months.chosen.connect(lambda month: self.chosen.emit(replace(query, month=month)))
            layout.addWidget(months)
        layout.addStretch(1)
        self.setWidget(body)
        self.verticalScrollBar().setValue(place)
        for row in body.findChildren(FacetRow):
            if focused and row.accessibleDescription() == focused:
                row.setFocus()

    def _add(
        self,
        layout: QVBoxLayout,
        name: str,
        values: Sequence[FacetCount],
        chosen: Sequence[str],
        pick: Callable[[str, bool], Query],
        make: Callable[[FacetCount, bool], FacetRow],
    ) -> None:
        if not values:
            return
        layout.addSpacing(8)
        layout.addWidget(heading(tr(name)))
        layout.addSpacing(2)
        top = [value for place, value in enumerate(values) if place < TOP or value.value in chosen]
        for value in top:
            row = make(value, value.value in chosen)
            row.setAccessibleDescription(f"{tr(name)}: {value.value}")
            row.clicked.connect(lambda on, v=value.value: self.chosen.emit(pick(v, on)))
            layout.addWidget(row)

    def _plain(self, field: str) -> Callable[[str, bool], Query]:
        def pick(value: str, on: bool) -> Query:  # noqa: FBT001 - a toggled state
            held: tuple[str, ...] = getattr(self._query, field)
            changed: dict[str, Any] = {field: _toggled(held, value, on=on)}
            return replace(self._query, **changed)

        return pick

    def _decision(self, value: str, on: bool) -> Query:  # noqa: FBT001 - a toggled state
        decision = next(d for d in Decision if d.label == value)
        return replace(self._query, decisions=_toggled(self._query.decisions, decision, on=on))


def _toggled(held: tuple[T, ...], value: T, *, on: bool) -> tuple[T, ...]:
    return (*held, value) if on else tuple(other for other in held if other != value)


def _words(word: Callable[[str], str]) -> Callable[[FacetCount, bool], FacetRow]:
    def make(value: FacetCount, chosen: bool) -> FacetRow:  # noqa: FBT001 - a toggled state
        return FacetRow(word(value.value), value.count, chosen=chosen)

    return make


def _decision_row(value: FacetCount, chosen: bool) -> FacetRow:  # noqa: FBT001 - a toggled state
    decision = next((d for d in Decision if d.label == value.value), None)
    tint = decision.label if decision is not None else "none"
    return FacetRow(decision_word(decision), value.count, chosen=chosen, glyph=GLYPHS[decision], tint=tint)
