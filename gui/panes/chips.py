"""The query as chips that can be taken away one by one."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.model.view import Query
from gui.widgets.buttons import button
from gui.widgets.flow import FlowLayout
from gui.widgets.labels import plain_tip
from gui.words import decision_word, humane, product_word, tr

_REVIEWS = {"to_review": "To review", "overridden": "Overridden", "unreviewed_language": "Language not covered"}


def parts(query: Query) -> Iterator[tuple[str, Query]]:
    """Each part of a query in words, with the query that is left without it."""
    for product in query.products:
        yield product_word(product), replace(query, products=tuple(p for p in query.products if p != product))
    for decision in query.decisions:
        yield decision_word(decision), replace(query, decisions=tuple(d for d in query.decisions if d != decision))
    for reason in query.reasons:
        yield humane(reason), replace(query, reasons=tuple(r for r in query.reasons if r != reason))
    for entity in query.entities:
        yield f"PII: {humane(entity)}", replace(query, entities=tuple(e for e in query.entities if e != entity))
    for account in query.accounts:
        yield f"{tr('Account')}: {account}", replace(query, accounts=tuple(a for a in query.accounts if a != account))
    if query.month:
        yield query.month, replace(query, month="")
    if query.review:
        yield tr(_REVIEWS.get(query.review, humane(query.review))), replace(query, review="")
    if query.search:
        yield f"“{query.search}”", replace(query, search="")


class ChipRow(QWidget):
    """``asked`` carries the query without the chip that was pressed."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = FlowLayout(self)
        self.hide()

    def show_query(self, query: Query) -> None:
        """Show the chips of a query."""
        self._layout.clear()
        found = list(parts(query))
        for text, rest in found:
            shown = text if len(text) <= 40 else f"{text[:39]}…"
            made = button(f"{shown}  ×", kind="chip", tip=plain_tip(f"{tr('Remove')} {text}"))
            made.clicked.connect(lambda _=False, left=rest: self.asked.emit(left))
            self._layout.addWidget(made)
        if len(found) > 1:
            clear = button(tr("Clear all"), kind="link")
            clear.clicked.connect(lambda: self.asked.emit(Query(sort=query.sort, descending=query.descending)))
            self._layout.addWidget(clear)
        self.setVisible(bool(found))
        self.updateGeometry()
