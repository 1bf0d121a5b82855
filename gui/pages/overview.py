"""Overview: how much there is, how many people refuse, what becomes of the records and what waits for a person."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.model.insight import Overview
from core.model.view import Change, Counts, Kind, Query
from gui.charts.funnel import Funnel
from gui.charts.series import share
from gui.context import Context
from gui.jobs import Latest
from gui.pages.base import Page
from gui.panes.overview_rates import RatesPane
from gui.panes.overview_reasons import HEAD, CausesPane, ReasonsPane
from gui.widgets.buttons import action_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import PlainLabel, Tile
from gui.words import count, number, tr

_SHOWN = Kind.ALL & ~Kind.AUDIT & ~Kind.SETTINGS
_WAITING, _EMPTY, _FULL = range(3)


@dataclass(frozen=True, slots=True)
class _Found:
    counts: Counts
    overview: Overview | None


class OverviewPage(Page):
    """Tiles, the opt-out rate, the funnel, reasons and causes."""

    name = "overview"
    title = "Overview"
    icon = "squares-four"
    tip = "How much there is, how many refuse, what waits for you"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._latest = Latest(context.jobs)
        self.tiles = {name: Tile(tr(name)) for name in ("Records", "Accounts", "Opt-out rate", "To review")}
        self.rates = RatesPane()
        self.funnel = Funnel()
        self.reasons = ReasonsPane()
        self.causes = CausesPane()
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState("hourglass", tr("Counting"), tr("The numbers of this workspace are on their way."))
        )
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self._full())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.rates.save_asked.connect(self._on_save)
        self.causes.ledger.clicked.connect(context.actions.get("file.import").trigger)
        for pane in (self.reasons, self.causes):
            pane.asked.connect(self._on_asked)

    def _empty(self) -> QWidget:
        get = self.context.actions.get
        says = tr("Import archives and a consent ledger, or look at made-up ones first.")
        made = EmptyState("tray", tr("Nothing to count yet"), says, get("file.import"))
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            demo = action_button(get("file.demo"), kind="quiet")
            column.insertWidget(column.count() - 1, demo, 0, Qt.AlignmentFlag.AlignHCenter)
        return made

    def _full(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(12)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles.values():
            tile.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            tiles.addWidget(tile, 1)
        grid.addLayout(tiles, 0, 0, 1, 2)
        grid.addWidget(self.rates, 1, 0)
        grid.addWidget(_card(tr("From loaded to released"), tr("records"), self.funnel), 1, 1)
        grid.addWidget(self.reasons, 2, 0)
        grid.addWidget(self.causes, 2, 1)
        grid.setColumnStretch(0, 17)
        grid.setColumnStretch(1, 10)
        grid.setRowStretch(1, 5)
        grid.setRowStretch(2, 4)
        self.rates.setMinimumSize(420, 280)
        self.reasons.setMinimumHeight(200)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        return scroll

    def refresh(self, change: Change) -> None:
        """Count anew, away from the window's thread; what is shown stays until the answer is there."""
        if not change.kinds & _SHOWN:
            return
        desk = self.context.open_desk

        def work(_token: object, _report: object) -> _Found:
            counts = desk.counts()
            return _Found(counts, desk.insight.overview() if counts.records or counts.conversations else None)

        self._latest.ask(tr("Count for the overview"), work, self._show)

    def _on_desk_changed(self) -> None:
        self._latest.drop()
        self.stack.setCurrentIndex(_WAITING)
        super()._on_desk_changed()

    def _show(self, found: _Found) -> None:
        if found.overview is None:
            self.stack.setCurrentIndex(_EMPTY)
            return
        self._show_tiles(found.counts, found.overview)
        self.rates.show_rates(found.overview.rates, found.overview.policy_dates)
        self.funnel.show_steps(found.overview.funnel)
        self.reasons.show_reasons(found.overview.reasons)
        self.causes.show_causes(found.overview.causes, sum(reason.records for reason in found.overview.reasons))
        self.stack.setCurrentIndex(_FULL)

    def _show_tiles(self, counts: Counts, overview: Overview) -> None:
        talks = count(counts.conversations, "conversation", "conversations")
        aside = f"{number(counts.set_aside)} {tr('set aside')}"
        self.tiles["Records"].set_value(number(counts.records), f"{talks} · {aside}")
        self.tiles["Accounts"].set_value(number(counts.accounts), tr("with records, organisations included"))
        rate = overview.overall
        if rate is None or rate.rate is None:
            why = tr("too few accounts to show") if rate is not None else tr("no account is known yet")
            self.tiles["Opt-out rate"].set_value("—", why)
        else:
            words = tr("{low} to {high} · {part} of {whole} accounts")
            note = words.format(
                low=share(rate.low).removesuffix(" %"), high=share(rate.high),
                part=number(rate.opted_out or 0), whole=number(rate.accounts or 0),
            )  # fmt: skip
            self.tiles["Opt-out rate"].set_value(share(rate.rate), note)
        tone = "undetermined" if counts.to_review else "eligible"
        note = tr("conversations wait for a person") if counts.to_review else tr("nothing waits for a person")
        self.tiles["To review"].set_value(number(counts.to_review), note, tone)

    @Slot(object)
    def _on_asked(self, query: Query) -> None:
        self.context.go("records", query)

    @Slot(object)
    def _on_save(self, path: Path) -> None:
        cells, insight = self.rates.cells, self.context.open_desk.insight

        def told(written: int) -> None:
            what = count(written, "line", "lines")
            self.context.say("good", tr("Saved {what} to {name}.").format(what=what, name=path.name))

        self.context.jobs.start(
            tr("Save opt-out rates"), lambda _t, _r: insight.save(cells, path), done=told, shown=False
        )


def _card(title: str, remark: str, body: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("kind", "card")
    head = QHBoxLayout()
    head.addStrut(HEAD)
    head.addWidget(PlainLabel(title, bold=True, size=1))
    head.addStretch(1)
    head.addWidget(PlainLabel(remark, tone="muted"))
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(12)
    layout.addLayout(head)
    layout.addWidget(body, 1)
    return card
