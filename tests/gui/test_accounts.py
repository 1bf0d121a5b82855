"""Accounts by mouse and key: search, the time line, events, and the way to the records."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import times
from core.model.moment import DAY, EARLIEST, LATEST, Interval
from core.model.view import AccountTimeline, UsedEvent
from gui.main_window import MainWindow
from gui.models.accounts_model import AccountColumn
from gui.pages.accounts import AccountsPage
from gui.pages.records import RecordsPage
from gui.panes.account_lanes import lanes, moment_words, span
from gui.panes.account_timeline import lane_point, ticks
from tests.gui.builders import settle

START = times.instant("2023-05-20T08:00:00Z") or 0


def event(key: str, action: str, effective: Interval | None, channel: str = "toggle") -> UsedEvent:
    return UsedEvent(key, channel, action, effective, START, "settings", "")


@pytest.fixture
def accounts(window: MainWindow) -> AccountsPage:
    window.show_page("accounts")
    settle(window)
    found = window.page("accounts")
    assert isinstance(found, AccountsPage)
    return found


def choose(page: AccountsPage, window: MainWindow, account: str) -> None:
    where = page.table.visualRect(page.model.index(page.model.row_of(account), AccountColumn.ACCOUNT)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    settle(window)


def test_periods_run_from_choice_to_choice() -> None:
    off, on = Interval(START, START), Interval(START + 10 * DAY, START + 10 * DAY)
    switch = lanes(AccountTimeline("a", events=(event("e1", "deny", off), event("e2", "allow", on))))[0]
    assert [(bar.lo, bar.hi, bar.kind, bar.sure) for bar in switch.bars] == [
        (START, START + 10 * DAY, "deny", True), (START + 10 * DAY, LATEST, "allow", True),
    ]  # fmt: skip


def test_uncertain_beginnings_are_bars_of_their_own() -> None:
    vague = Interval(START, START + 2 * DAY)
    form = lanes(AccountTimeline("a", events=(event("e1", "deny", vague, "form"),)))[1]
    assert [(bar.lo, bar.hi, bar.sure) for bar in form.bars] == [
        (START, START + 2 * DAY, False), (START + 2 * DAY, LATEST, True),
    ]  # fmt: skip
    unknown = lanes(AccountTimeline("a", events=(event("e1", "deny", None, "form"),)))[1]
    assert [(bar.lo, bar.hi, bar.sure) for bar in unknown.bars] == [(EARLIEST, LATEST, False)]


def test_moments_in_words() -> None:
    assert moment_words(None) == "time unknown"
    assert moment_words(Interval(START, START)) == "2023-05-20 08:00"
    assert moment_words(Interval(EARLIEST, START)) == "until 2023-05-20 08:00"
    assert moment_words(Interval(START, START + DAY)) == "2023-05-20 08:00 to 05-21 08:00"
    assert moment_words(Interval(START, LATEST)) == "from 2023-05-20 08:00"


def test_span_of_nothing_is_a_year() -> None:
    lo, hi = span(lanes(AccountTimeline("a")))
    assert 300 * DAY < hi - lo < 400 * DAY


@pytest.mark.parametrize("days", [0.1, 1, 20, 90, 700, 5_000, 150_000])
def test_ticks_are_few_and_in_view(days: float) -> None:
    lo, hi = START, START + days * DAY
    found = list(ticks(lo, hi, 8))
    assert len(found) <= 10
    assert all(lo <= at <= hi for at, _ in found)


def test_models_obey_qt(window: MainWindow, accounts: AccountsPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    detail = accounts.detail
    models = (accounts.model, detail.events, detail.talks, detail.evidence)
    testers = [QAbstractItemModelTester(model, mode) for model in models]
    for account in ("user-ada", "user-cyd", "user-ben"):
        choose(accounts, window, account)
    assert testers


def test_search_by_id(qtbot: QtBot, window: MainWindow, accounts: AccountsPage) -> None:
    assert accounts.model.rowCount() == 3
    accounts.search.setFocus()
    qtbot.keyClicks(accounts.search, "-BE")
    qtbot.keyClick(accounts.search, Qt.Key.Key_Return)
    settle(window)
    assert [accounts.model.account(row).account for row in range(accounts.model.rowCount())] == ["user-ben"]
    assert accounts.detail.name.text() == "user-ben"
    assert accounts.table.hasFocus()
    qtbot.keyClicks(accounts.search, "nobody")
    qtbot.waitUntil(lambda: accounts.model.rowCount() == 0)
    assert accounts.lists.currentWidget() is accounts.none


def test_arrow_keys_walk_the_list(qtbot: QtBot, window: MainWindow, accounts: AccountsPage) -> None:
    accounts.table.setFocus()
    qtbot.keyClick(accounts.table, Qt.Key.Key_Down)
    settle(window)
    assert accounts.detail.name.text() == "user-ben"


def test_account_is_told_whole(window: MainWindow, accounts: AccountsPage) -> None:
    choose(accounts, window, "user-ada")
    detail = accounts.detail
    assert detail.state.words == "No refusal"
    assert detail.about.text() == "Consumer · adult · EU"
    cells = [[detail.events.index(row, column).data() for column in range(3)] for row in range(2)]
    assert cells == [
        ["2023-05-20 08:00", "Denied", "Training switch"], ["2023-05-30 08:00", "Allowed", "Training switch"],
    ]  # fmt: skip
    assert detail.talks.rowCount() == 3
    assert [detail.tabs.tabText(n) for n in range(2)] == ["2 consent events", "3 conversations"]


def test_time_line_zooms_moves_and_tells(qtbot: QtBot, window: MainWindow, accounts: AccountsPage) -> None:
    choose(accounts, window, "user-ada")
    line = accounts.detail.timeline
    whole = line.hi - line.lo
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Plus)
    assert line.hi - line.lo < whole
    before = line.lo
    qtbot.keyClick(line, Qt.Key.Key_Right)
    assert line.lo > before
    qtbot.keyClick(line, Qt.Key.Key_Home)
    assert line.hi - line.lo == whole
    at = lane_point(line, 0, START)
    tip = line.tip_at(QPointF(at))
    assert "Training switch: denied" in tip
    assert "2023-05-20 08:00" in tip
    where = QPointF(at)
    turned = QWheelEvent(
        where, QPointF(line.mapToGlobal(at)), QPointF(0, 0).toPoint(), QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(line, turned)
    assert line.hi - line.lo < whole
    assert abs(line.place(START) - at.x()) < 1, "what is under the mouse stays there"
    start = line.lo
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(line, at.__class__(at.x() - 60, at.y()))
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=at.__class__(at.x() - 60, at.y()))
    assert line.lo > start


def test_conversation_mark_opens_the_record(qtbot: QtBot, window: MainWindow, accounts: AccountsPage) -> None:
    choose(accounts, window, "user-ada")
    line = accounts.detail.timeline
    talk = accounts.detail.talks.record(1)
    assert talk is not None
    assert talk.created is not None
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=lane_point(line, 3, talk.created))
    settle(window)
    page = window.current
    assert isinstance(page, RecordsPage)
    assert page.query.accounts == ("user-ada",)
    assert page.model.conversation(page.list.row) == talk.id


def test_conversation_row_opens_the_record(qtbot: QtBot, window: MainWindow, accounts: AccountsPage) -> None:
    choose(accounts, window, "user-cyd")
    detail = accounts.detail
    assert detail.tabs.currentWidget() is detail.talks_table, "without events the conversations are shown"
    talk = detail.talks.conversation(2)
    where = detail.talks_table.visualRect(detail.talks.index(2, 0)).center()
    qtbot.mouseClick(detail.talks_table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    settle(window)
    page = window.current
    assert isinstance(page, RecordsPage)
    assert page.model.conversation(page.list.row) == talk


def test_others_may_send_here(window: MainWindow) -> None:
    window.context.go("accounts", "user-ben")
    settle(window)
    page = window.current
    assert isinstance(page, AccountsPage)
    assert page.detail.name.text() == "user-ben"


def test_closing_the_workspace_forgets_the_account(window: MainWindow, accounts: AccountsPage) -> None:
    window.actions_.trigger("file.close")
    settle(window)
    assert accounts.model.rowCount() == 0
    assert accounts.details.currentIndex() == 0
