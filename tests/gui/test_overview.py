"""The overview by mouse and key: its numbers add up, its lines never join what is hidden, its rows lead to records."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from core.model.insight import FunnelStep, RateCell, ReasonCount
from core.model.view import Query
from gui.charts.funnel import loss_sentence
from gui.charts.series import middle, series, spoken
from gui.main_window import MainWindow
from gui.pages.overview import OverviewPage
from gui.pages.records import RecordsPage
from gui.panes.overview_rates import RatesPane
from tests.gui.builders import settle

VERSIONS = (("2023-04-25", "A made-up article"),)


def cell(period: str, rate: float | None, product: str = "chatgpt") -> RateCell:
    if rate is None:
        return RateCell(period, product, "all", None, None, None, None, None, suppressed=True)
    low, high = max(0.0, rate - 0.1), min(1.0, rate + 0.1)
    return RateCell(period, product, "all", 20, round(20 * rate), rate, low, high, suppressed=False)


CELLS = (
    cell("2023-03", 0.1), cell("2023-04", 0.2), cell("2023-05", 0.3), cell("2023-06", None), cell("2023-07", 0.2),
    cell("2023-08", 0.25), cell("2023-10", 0.3), cell("2023-05", 0.4, "api"), cell("2023-06", 0.5, "api"),
)  # fmt: skip


@pytest.fixture
def overview(window: MainWindow) -> OverviewPage:
    window.show_page("overview")
    settle(window)
    found = window.page("overview")
    assert isinstance(found, OverviewPage)
    return found


@pytest.fixture
def pane(qtbot: QtBot) -> RatesPane:
    made = RatesPane()
    qtbot.addWidget(made)
    made.resize(720, 320)
    made.show_rates(CELLS, VERSIONS)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_lines_break_at_hidden_and_missing_months_and_at_versions() -> None:
    chatgpt, api = series(CELLS, [day for day, _ in VERSIONS])
    assert [[point.period for point in run] for run in chatgpt.runs] == [
        ["2023-03", "2023-04"], ["2023-05"], ["2023-07", "2023-08"], ["2023-10"],
    ]  # fmt: skip
    assert chatgpt.hidden == ("2023-06",)
    assert [point.period for point in api.points] == ["2023-05", "2023-06"]


def test_undated_cells_are_no_points() -> None:
    assert series([cell("unknown", 0.5), cell("all", 0.5)]) == ()


def test_hidden_cells_tell_no_number() -> None:
    assert not any(char.isdigit() for char in spoken(cell("2023-06", None)))
    assert spoken(cell("2023-06", 0.25)) == "25.0 % (15.0 to 35.0 %), 5 of 20"


def test_loss_is_told_with_its_reason() -> None:
    assert loss_sentence(FunnelStep("loaded", 10, 0, "")) == ""
    assert loss_sentence(FunnelStep("eligible", 6, 4, "LEDGER_GAP")) == "4 lost, mostly: ledger gap"
    assert loss_sentence(FunnelStep("redacted", 5, 1, "not scanned yet")) == "1 lost: not scanned yet"


def test_tiles_and_reasons_add_up(window: MainWindow, overview: OverviewPage) -> None:
    counts = window.context.open_desk.counts()
    assert overview.tiles["Records"].value == str(counts.records)
    assert overview.tiles["Accounts"].value == str(counts.accounts)
    assert overview.tiles["To review"].value == str(counts.to_review)
    said = [row.accessibleName().rpartition(", ")[2] for row in overview.reasons.rows()]
    assert sum(map(int, said)) == counts.records
    assert overview.tiles["Opt-out rate"].value == "—", "three accounts are too few to show"


def test_cause_leads_to_its_records(qtbot: QtBot, window: MainWindow, overview: OverviewPage) -> None:
    row = overview.causes.rows()[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    settle(window)
    records = window.current
    assert isinstance(records, RecordsPage)
    assert records.query.reasons
    assert records.model.rowCount() == 3


def test_cause_by_key(qtbot: QtBot, window: MainWindow, overview: OverviewPage) -> None:
    row = overview.causes.rows()[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    settle(window)
    assert isinstance(window.current, RecordsPage)


def test_review_all(qtbot: QtBot, window: MainWindow, overview: OverviewPage) -> None:
    qtbot.mouseClick(overview.causes.everything, Qt.MouseButton.LeftButton)
    settle(window)
    assert isinstance(window.current, RecordsPage)
    assert window.current.query == Query(review="to_review")


def test_empty_workspace_offers_import_and_demo(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> None:
    empty_window.workspace.open(tmp_path / "empty.cdesk", create=True)
    settle(empty_window)
    empty_window.show_page("overview")
    settle(empty_window)
    page = empty_window.page("overview")
    assert isinstance(page, OverviewPage)
    offered = {button.text() for button in page.stack.currentWidget().findChildren(QPushButton)}
    assert offered == {"Import", "Try the demo workspace"}


def test_api_is_hidden_until_asked_for(qtbot: QtBot, pane: RatesPane) -> None:
    chatgpt, api = pane.toggles()
    assert chatgpt.isChecked()
    assert not api.isChecked()
    assert api.text() == "API (opted in)"
    qtbot.mouseClick(api, Qt.MouseButton.LeftButton)
    assert pane.chart is not None
    assert [one.product for one in pane.chart.shown] == ["chatgpt", "api"]
    qtbot.mouseClick(chatgpt, Qt.MouseButton.LeftButton)
    assert [one.product for one in pane.chart.shown] == ["api"]


def test_all_lines_hidden_draws_nothing(qtbot: QtBot, pane: RatesPane) -> None:
    qtbot.mouseClick(pane.toggles()[0], Qt.MouseButton.LeftButton)
    assert pane.chart is not None
    assert pane.chart.shown == ()


def test_table_shows_the_same_numbers(qtbot: QtBot, pane: RatesPane) -> None:
    tester = QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    chart, table = pane.view_buttons
    qtbot.mouseClick(table, Qt.MouseButton.LeftButton)
    assert pane.stack.currentWidget() is pane.table
    assert pane.model.rowCount() == len(CELLS)
    rows = [[pane.model.index(row, column).data() for column in range(7)] for row in range(pane.model.rowCount())]
    assert ["2023-06", "ChatGPT", "hidden", "hidden", "hidden", "—", "—"] in rows
    assert ["2023-05", "ChatGPT", "20", "6", "30.0 %", "20.0 %", "40.0 %"] in rows
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton)
    assert pane.stack.currentIndex() == 0
    assert tester


def test_mouse_reads_a_month(qtbot: QtBot, pane: RatesPane) -> None:
    assert pane.chart is not None
    plot = pane.chart.plot
    with qtbot.waitSignal(pane.chart.read) as read:
        plot.scene().sigMouseMoved.emit(plot.getViewBox().mapViewToScene(QPointF(middle("2023-05"), 20)))
    assert read.args is not None
    assert read.args[0].startswith("2023-05")
    assert "30.0 %" in read.args[0]


def test_theme_switch_recolours(window: MainWindow, overview: OverviewPage) -> None:
    overview.rates.show_rates(CELLS, VERSIONS)
    chart = overview.rates.chart
    assert chart is not None
    before = chart.plot.backgroundBrush().color().name()
    window.actions_.trigger("view.theme")
    assert chart.plot.backgroundBrush().color().name() != before
    window.actions_.trigger("view.theme")


def test_csv_keeps_what_is_shown(qtbot: QtBot, window: MainWindow, overview: OverviewPage, tmp_path: Path) -> None:
    overview.rates.show_rates(CELLS, VERSIONS)
    qtbot.mouseClick(overview.rates.save, Qt.MouseButton.LeftButton)
    dialog = next(each for each in overview.findChildren(QFileDialog) if each.isVisible())
    out = tmp_path / "rates.csv"
    dialog.close()
    dialog.fileSelected.emit(str(out))
    settle(window)
    with out.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(CELLS)
    assert sum(row["suppressed"] == "true" and not row["rate"] for row in rows) == 1
    assert window.message.text == "Saved 9 lines to rates.csv."


def test_csv_that_cannot_be_written_is_told(window: MainWindow, overview: OverviewPage, tmp_path: Path) -> None:
    overview.rates.save_asked.emit(tmp_path / "nowhere" / "rates.csv")
    settle(window)
    assert "rates.csv cannot be written" in window.message.text


def test_no_axes_without_a_rate(pane: RatesPane) -> None:
    assert pane.stack.currentIndex() == 0
    pane.show_rates((cell("2023-06", None),), VERSIONS)
    assert pane.stack.currentIndex() == 2
    pane.as_table.click()
    assert pane.stack.currentIndex() == 1
    pane.as_chart.click()
    assert pane.stack.currentIndex() == 2


def test_a_ledger_is_asked_for_where_none_covers(overview: OverviewPage) -> None:
    causes = (ReasonCount("LEDGER_GAP", "", "undetermined", 6),)
    overview.causes.show_causes(causes, 25)
    assert not overview.causes.ledger.isVisible()
    overview.causes.show_causes(causes, 8)
    assert overview.causes.ledger.isVisible()
