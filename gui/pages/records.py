"""Records: where the day is spent. Filters left, list in the middle, inspector right."""

from array import array
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from core.errors import Refusal
from core.model.verdict import Decision
from core.model.view import Change, ConversationRow, Facets, Kind, Query
from gui.context import Context, Place
from gui.jobs import Latest
from gui.models.records_model import RecordsModel
from gui.pages.base import Page
from gui.pages.reviewing import ReviewActs
from gui.panes.facets import FacetsPane
from gui.panes.inspector import Inspector, Side
from gui.panes.records_list import RecordsList
from gui.words import tr

FACETS, LIST, INSPECTOR = 200, 584, 368
TYPING = 300
"""Milliseconds of rest after which plain words are searched for by themselves."""
_SHOWN = Kind.RECORDS | Kind.LEDGER | Kind.VERDICTS | Kind.FINDINGS | Kind.DECISIONS
_MEMBERSHIP = Kind.RECORDS | Kind.LEDGER | Kind.SETTINGS


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands beside a list: its facets and how many conversations there are in all."""

    facets: Facets
    total: int


class RecordsPage(Page):
    """The list of conversations and everything about the chosen one."""

    name = "records"
    title = "Records"
    icon = "list-bullets"
    tip = "Every record with its verdict and the reason"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.query = Query()
        self.model = RecordsModel(self)
        self._ids = Latest(context.jobs)
        self._first = Latest(context.jobs)
        self._around = Latest(context.jobs)
        self._seek = Latest(context.jobs)
        self.facets = FacetsPane()
        self.list = RecordsList(self.model)
        self.inspector = Inspector(context)
        self._wide = False
        self._wanted = 0
        self._pending: Change | None = None
        self.typing = QTimer(self)
        self.typing.setSingleShot(True)
        self.typing.setInterval(TYPING)
        self.typing.timeout.connect(self._on_typed_out)
        self._build()
        self.acts = ReviewActs(context, self)
        self._bind()
        self.facets.chosen.connect(self.ask)
        self.list.asked.connect(self.ask)
        self.list.chosen.connect(self._on_chosen)
        self.list.search.returnPressed.connect(self._on_searched)
        self.list.search.textChanged.connect(self._on_search_changed)
        self._use_desk()

    def _build(self) -> None:
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        panes: tuple[QWidget, ...] = (self.facets, self.list, self.inspector)
        for pane in panes:
            self.split.addWidget(pane)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([FACETS, LIST, INSPECTOR])
        self.context.state.restore_splitter("records", self.split)
        self.split.splitterMoved.connect(lambda *_: self.context.state.save_splitter("records", self.split))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)

    def _bind(self) -> None:
        bind, inspector = self.context.actions.bind, self.inspector
        bind("record.next", lambda: self._move(1))
        bind("record.previous", lambda: self._move(-1))
        bind("record.next_open", lambda: self._move_open(1))
        bind("record.previous_open", lambda: self._move_open(-1))
        bind("record.next_finding", lambda: inspector.step(1))
        bind("record.previous_finding", lambda: inspector.step(-1))
        for side in Side:
            bind(f"record.{side.name.lower()}", partial(self._open_side, side))
        bind("view.facets", lambda: self.facets.setVisible(not self.facets.isVisible()))
        bind("view.inspector", lambda: inspector.setVisible(not inspector.isVisible()))
        bind("view.wide", lambda: self._widen(wide=not self._wide))
        bind("view.back", self._back)
        self.acts.bind()

    def _on_desk_changed(self) -> None:
        self._use_desk()
        super()._on_desk_changed()

    def _use_desk(self) -> None:
        desk = self.context.desk
        for latest in (self._ids, self._first, self._around, self._seek):
            latest.drop()
        self.inspector.show_row(None)
        self.model.set_source((lambda _ids: ()) if desk is None else desk.browsing.rows)
        self.query = Query()
        self._pending = None
        self.typing.stop()
        self.list.show_words("")

    def refresh(self, change: Change) -> None:
        """Rows keep their places while decisions are written; the list is asked anew when records come or go."""
        if not change.kinds & _SHOWN:
            return
        if self._ids.waiting or self._around.waiting:  # a scan tells of many changes: ask once more when answered
            self._pending = change if self._pending is None else Change(self._pending.kinds | change.kinds)
            return
        if change.kinds & _MEMBERSHIP or not change.conversations or not self.model.rowCount():
            self._ask_ids()
        else:
            self.model.refetch()
            self._on_chosen()
        self._ask_around()
        self.inspector.refresh()

    def visit(self, argument: object) -> None:
        """Show the records of a query, or one conversation among them."""
        if isinstance(argument, Place):
            self._wanted = argument.conversation
            self.ask(argument.query)
        elif isinstance(argument, Query):
            self.ask(argument)

    @Slot(object)
    def ask(self, query: Query) -> None:
        """Show another query."""
        self.query = self.context.query = query
        self.typing.stop()
        self.list.show_query(query)
        self.list.show_words(query.search)
        self._ask_ids()
        self._ask_around()

    def _ask_ids(self) -> None:
        browsing, query = self.context.open_desk.browsing, self.query
        self.list.show_query(query)
        first = not self.model.rowCount()
        if first:
            self._first.ask(tr("First records"), lambda _t, _r: browsing.first_rows(query), self._show_first)
        self._ids.ask(tr("List records"), lambda _t, _r: browsing.ids(query), self._show_ids)

    def _show_first(self, rows: tuple[ConversationRow, ...]) -> None:
        if rows and self._ids.waiting:
            self._show_ids(array("q", (row.id for row in rows)))

    def _show_ids(self, ids: "array[int]") -> None:
        self._first.drop()
        now = self.list.row
        held = self.model.conversation(now) if 0 <= now < self.model.rowCount() else 0
        same = ids == self.model.ids
        if same:
            self.model.refetch()
        else:
            self.model.set_ids(ids)
        self._show_emptiness()
        if ids and self.list.row < 0:
            found = self.model.row_of(held) if held else -1
            self.list.go(found if found >= 0 else min(max(now, 0), len(ids) - 1))
        self._go_wanted()
        self.list.tell()
        self._on_chosen()
        self._catch_up_pending()

    def _go_wanted(self) -> None:
        """Select what another page asked for, once it is in the list."""
        row = self.model.row_of(self._wanted) if self._wanted else -1
        if row >= 0:
            self.list.go(row)
        if row >= 0 or not self._ids.waiting:
            self._wanted = 0

    def _catch_up_pending(self) -> None:
        pending = self._pending
        if pending is not None and not self._ids.waiting and not self._around.waiting:
            self._pending = None
            self.refresh(pending)

    def _show_emptiness(self) -> None:
        empty = self.list.empty
        if self.query == Query(sort=self.query.sort, descending=self.query.descending):
            empty.tell(
                "tray", tr("No records yet"), tr("Import archives and a consent ledger, or drop files on the window.")
            )
        else:
            empty.tell("funnel", tr("No record fits"), tr("Take a filter away, or search for other words."))
        self.list.stack.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _ask_around(self) -> None:
        desk, query = self.context.open_desk, self.query
        self._around.ask(
            tr("Count filters"),
            lambda _t, _r: _Around(desk.browsing.facets(query), desk.counts().conversations),
            self._show_around,
        )

    def _show_around(self, around: _Around) -> None:
        self.facets.show_facets(around.facets, self.query)
        self.list.tell(around.total)
        self._catch_up_pending()

    @Slot()
    def _on_chosen(self) -> None:
        row = self.list.row
        self.inspector.show_row(self.model.record(row) if 0 <= row < self.model.rowCount() else None)

    @Slot()
    def _on_searched(self) -> None:
        from core.services.query import parse

        text = self.list.search.text().strip()
        try:
            typed = parse(text)
        except Refusal as refusal:
            self.context.say("bad", str(refusal))
            return
        merged = replace(
            self.query,
            search=typed.search,
            products=typed.products or self.query.products,
            decisions=typed.decisions or self.query.decisions,
            reasons=typed.reasons or self.query.reasons,
            entities=typed.entities or self.query.entities,
            accounts=typed.accounts or self.query.accounts,
            month=typed.month or self.query.month,
            review=typed.review or self.query.review,
        )
        self.ask(merged)
        self.list.table.setFocus()

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        """Plain words apply by themselves after a rest; words with a colon wait for Enter."""
        words = text.strip()
        self.typing.stop()
        self.list.hint.setVisible(words != self.query.search)
        if self.context.desk is None or words == self.query.search:
            return
        if not words:
            self.ask(replace(self.query, search=""))
        elif ":" not in words:
            self.typing.start()

    @Slot()
    def _on_typed_out(self) -> None:
        from core.services.query import parse

        try:
            words = parse(self.list.search.text().strip()).search
        except Refusal:  # half a query, such as an open quotation mark: it stays until Enter
            return
        if words != self.query.search:
            self.ask(replace(self.query, search=words))

    def seek_words(self) -> None:
        """Put the cursor into the search field."""
        self._widen(wide=False)
        self.list.search.setFocus()
        self.list.search.selectAll()

    def _move(self, by: int) -> None:
        self.list.go(max(0, self.list.row + by))

    def _move_open(self, by: int) -> None:
        """Go to the next undetermined conversation of this list in either direction."""
        browsing, ids, row = self.context.open_desk.browsing, self.model.ids, self.list.row
        query = replace(self.query, decisions=(Decision.UNDETERMINED,))

        def seek(_token: object, _report: object) -> int:
            wanted = set(browsing.ids(query))
            rows = range(row + 1, len(ids)) if by > 0 else range(row - 1, -1, -1)
            return next((place for place in rows if ids[place] in wanted), -1)

        self._seek.ask(tr("Find next undetermined"), seek, self._found_open)

    def _found_open(self, row: int) -> None:
        if row < 0:
            self.context.say("info", tr("No undetermined record further on in this list."))
        else:
            self.list.go(row)

    def _open_side(self, side: Side) -> None:
        self.inspector.show()
        self.inspector.open_side(side)

    def _widen(self, *, wide: bool) -> None:
        """Give the page to original and redacted, or give it back."""
        if wide == self._wide:
            return
        self._wide = wide
        self.list.setVisible(not wide)
        self.facets.setVisible(not wide)
        self.inspector.show()
        if wide:
            self.inspector.open_side(Side.REDACTION)

    def _back(self) -> None:
        """To the list; from a search field with words not yet applied, to the words that are."""
        search = self.list.search
        if search.hasFocus() and search.text().strip() != self.query.search:
            search.setText(self.query.search)
            return
        self._widen(wide=False)
        self.list.table.setFocus()
