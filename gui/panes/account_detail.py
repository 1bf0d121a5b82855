"""All that is on file for one account: time line, consent events, conversations with verdicts, evidence, faults."""

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from core.model.view import AccountRow, AccountTimeline, ConversationRow
from core.text import display
from gui.models.accounts_model import age_word, shown_id, state_of
from gui.models.records_model import Column, RecordsModel
from gui.models.table_model import WordsModel
from gui.panes.account_lanes import action_word, clock, lanes, moment_words
from gui.panes.account_timeline import AccountTimeline as TimelineWidget
from gui.panes.records_list import RecordsTable
from gui.widgets.buttons import button, glyph_button
from gui.widgets.empty_state import Glyph
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.widgets.pill import Pill
from gui.widgets.table import plain_table
from gui.words import channel_word, count, humane, tr

_LONG = 400
_MINUTE = "2023-07-15 11:59"


class AccountDetail(QWidget):
    """``conversation_chosen`` carries a conversation's id, ``records_asked`` nothing: all of the account's records."""

    conversation_chosen = Signal(int)
    records_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel("", middle=True, size=3, bold=True)
        self.state = Pill()
        self.about = ElidedLabel("", tone="muted")
        self.faults = PlainLabel("", tone="undetermined", wrap=True)
        self._faulty = QWidget()
        self.timeline = TimelineWidget()
        self.events = WordsModel(
            tuple(map(tr, ("Effective (UTC)", "Choice", "Channel", "Recorded", "Source and evidence"))), parent=self
        )
        self.events_table = plain_table(self.events, tr("Consent events"), stretch=4)
        self.talks = RecordsModel(self)
        self.talks_table = RecordsTable(self.talks)
        self.evidence = WordsModel(tuple(map(tr, ("What", "Value"))), parent=self)
        self.evidence_table = plain_table(self.evidence, tr("Evidence in the archives"), stretch=1)
        self.tabs = QTabWidget()
        self._led = True  # which table is shown follows the account until the person chooses one
        self._build()
        self.timeline.conversation_chosen.connect(self.conversation_chosen)
        self.talks_table.activated.connect(self._on_talk)
        self.talks_table.clicked.connect(self._on_talk)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        layout.addWidget(self.about)
        self._build_faults()
        layout.addWidget(self._faulty)
        layout.addWidget(self._lanes())
        self._build_tables()
        layout.addWidget(self.tabs, 1)
        says = tr("Accounts are matched by their exact id. Look-alikes are never joined.")
        layout.addWidget(ElidedLabel(says, tone="muted", size=-1))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.state)
        self.records = button(tr("Show records"), glyph="list-bullets", tip=tr("All records of this account"))
        self.records.clicked.connect(self.records_asked)
        row.addWidget(self.records)
        return row

    def _build_faults(self) -> None:
        row = QHBoxLayout(self._faulty)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Glyph("warning", side=24, token="undetermined"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.faults, 1)

    def _lanes(self) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(PlainLabel(tr("Time line"), bold=True))
        head.addSpacing(8)
        legend = tr("solid: stands · hatched: may have begun then · times in UTC")
        head.addWidget(ElidedLabel(legend, tone="muted", size=-1), 1)
        acts: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("magnifying-glass-minus", tr("Zoom out (-)"), lambda: self.timeline.zoom(1 / 1.5)),
            ("magnifying-glass-plus", tr("Zoom in (+)"), lambda: self.timeline.zoom(1.5)),
            ("arrows-out-line-horizontal", tr("Fit the facts (Home)"), self.timeline.fit),
        )
        for glyph, name, act in acts:
            made = glyph_button(glyph, name)
            made.clicked.connect(lambda _=False, a=act: a())
            head.addWidget(made)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.timeline)
        return card

    def _build_tables(self) -> None:
        advance = self.fontMetrics().horizontalAdvance
        for column, sample in ((0, _MINUTE), (1, "Allowed"), (2, "Workspace sharing"), (3, _MINUTE)):
            self.events_table.setColumnWidth(column, advance(sample) + 18)
        self.evidence_table.setColumnWidth(0, 180)
        self.talks_table.setColumnHidden(Column.ACCOUNT, True)  # noqa: FBT003 - Qt takes no name here
        self.talks_table.horizontalHeader().setSectionsClickable(False)
        self.talks_table.horizontalHeader().setSortIndicatorShown(False)
        self.talks_table.setAccessibleName(tr("Conversations of this account"))
        for table in (self.events_table, self.talks_table, self.evidence_table):
            self.tabs.addTab(table, "")
        self.tabs.tabBarClicked.connect(self._on_tab)
        self.tabs.setDocumentMode(True)

    def show_account(self, row: AccountRow, timeline: AccountTimeline) -> None:
        """Show another account."""
        self.name.setText(shown_id(row.account))
        self.state.show_state(*state_of(row))
        known = [humane(row.plan), age_word(row.age_band) if row.age_band else "", row.region.upper()]
        told = " · ".join(part for part in known if part) or tr("plan, age and region unknown")
        self.about.setText(told)
        self.faults.setText("\n".join(_sentence(display(fault, _LONG)) for fault in timeline.faults))
        self._faulty.setVisible(bool(timeline.faults))
        self.timeline.show_lanes(lanes(timeline))
        rows = _event_rows(timeline)
        self.events.set_rows(rows)
        longest = max((row[0] for row in rows), key=len, default="")
        self.events_table.setColumnWidth(0, self.fontMetrics().horizontalAdvance(max(longest, _MINUTE, key=len)) + 18)
        self._show_talks(timeline.conversations)
        self.evidence.set_rows([(humane(name), display(value, _LONG)) for name, value in timeline.evidence])
        titles = (
            count(len(timeline.events), "consent event", "consent events"),
            count(len(timeline.conversations), "conversation", "conversations"),
            count(len(timeline.evidence), "line of evidence", "lines of evidence"),
        )
        for index, title in enumerate(titles):
            self.tabs.setTabText(index, title)
        if self._led and self.tabs.currentIndex() < 2:
            self.tabs.setCurrentIndex(0 if timeline.events else 1)
        self.tabs.setTabEnabled(2, bool(timeline.evidence))

    def _show_talks(self, rows: Sequence[ConversationRow]) -> None:
        held = {row.id: row for row in rows}
        self.talks.set_source(lambda ids: tuple(held[each] for each in ids if each in held))
        self.talks.set_ids(array("q", held))

    @Slot()
    def _on_tab(self) -> None:
        self._led = False

    @Slot(QModelIndex)
    def _on_talk(self, index: QModelIndex) -> None:
        self.conversation_chosen.emit(self.talks.conversation(index.row()))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _event_rows(timeline: AccountTimeline) -> list[tuple[str, ...]]:
    return [
        (
            moment_words(event.effective), action_word(event.action), channel_word(event.channel),
            clock(event.recorded),
            " · ".join(display(part, _LONG) for part in (event.source, event.evidence, event.event_id) if part),
        )
        for event in timeline.events
    ]  # fmt: skip
