"""A reviewer's walk through the records page, by key and mouse, on the real window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.model.verdict import Decision
from core.model.view import Change, Kind, Query
from gui.dialogs.override import OverrideDialog
from gui.main_window import MainWindow
from gui.models.records_model import Column
from gui.pages.records import RecordsPage
from gui.panes.facets import FacetRow
from gui.panes.inspector import Side
from tests.gui.builders import CANARY, settle


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key as the person would press it, wherever the focus is."""
    window.activateWindow()  # offscreen nobody hands the focus back after a dialog
    qtbot.waitActive(window)
    QApplication.processEvents()
    qtbot.keyClick(QApplication.focusWidget() or window, key, mods)
    settle(window)


def choose(page: RecordsPage, window: MainWindow, source: str) -> None:
    """Select a conversation by its source id, with the mouse."""
    for row in range(page.model.rowCount()):
        record = page.model.record(row)
        if record is not None and record.source_id == source:
            where = page.list.table.visualRect(page.model.index(row, Column.TITLE)).center()
            QTest.mouseClick(page.list.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
            settle(window)
            return
    raise AssertionError(source)


def dialog(window: MainWindow) -> OverrideDialog:
    return next(each for each in window.findChildren(OverrideDialog) if each.isVisible())


def decision_of(page: RecordsPage) -> Decision | None:
    record = page.model.record(page.list.row)
    assert record is not None
    return record.decision


def test_list_is_whole_and_adds_up(window: MainWindow, page: RecordsPage) -> None:
    assert page.model.rowCount() == 12
    status = window.status
    counts = window.context.open_desk.counts()
    assert status.records.text() == f"records {counts.records}"
    assert counts.records == counts.eligible + counts.undetermined + counts.not_eligible
    assert status.by[Decision.ELIGIBLE].text() == f"eligible {counts.eligible}"
    assert not status.undecided.isVisible()


def test_models_obey_qt(window: MainWindow, page: RecordsPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [
        QAbstractItemModelTester(model, mode)
        for model in (page.model, page.inspector.redaction.model, page.inspector.history.model, window.palette_.model)
    ]
    page.ask(Query(decisions=(Decision.ELIGIBLE,)))
    settle(window)
    page.ask(Query())
    settle(window)
    for side in Side:
        page.inspector.open_side(side)
        settle(window)
    assert testers


def test_keys_move_and_stop_at_the_ends(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    page.list.table.setFocus()
    page.list.go(0)
    press(qtbot, window, Qt.Key.Key_J)
    assert page.list.row == 1
    press(qtbot, window, Qt.Key.Key_K)
    press(qtbot, window, Qt.Key.Key_K)
    assert page.list.row == 0


def test_next_undetermined(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    page.list.table.setFocus()
    page.ask(Query(descending=False))
    settle(window)
    page.list.go(0)
    press(qtbot, window, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert decision_of(page) is Decision.UNDETERMINED
    first = page.list.row
    press(qtbot, window, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert page.list.row > first
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert page.list.row == first


def test_facet_click_filters_and_chip_click_lifts(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    row = next(each for each in page.facets.findChildren(FacetRow) if each.text() == "Undetermined")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    settle(window)
    assert page.query.decisions == (Decision.UNDETERMINED,)
    assert page.model.rowCount() == 3
    chip = page.list.chips.findChild(QPushButton)
    assert chip is not None
    assert chip.text().startswith("Undetermined")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle(window)
    assert page.model.rowCount() == 12


def test_status_count_is_a_link(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    qtbot.mouseClick(window.status.by[Decision.NOT_ELIGIBLE], Qt.MouseButton.LeftButton)
    settle(window)
    assert page.query == Query(decisions=(Decision.NOT_ELIGIBLE,))
    assert page.model.rowCount() == 1


def test_search_by_key_and_no_command_inside_the_field(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_Slash)
    assert page.list.search.hasFocus()
    before = page.list.row
    for letter in "jkxiur":
        qtbot.keyClick(page.list.search, letter)
    settle(window)
    assert page.list.search.text() == "jkxiur"
    assert page.list.row == before
    assert not window.findChildren(OverrideDialog)
    page.list.search.setText("product:chatgpt Jane")
    press(qtbot, window, Qt.Key.Key_Return)
    assert page.query.search == "Jane"
    assert page.query.products == ("chatgpt",)
    assert page.model.rowCount() == 2
    page.list.search.setText("decision:perhaps")
    page.list.search.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.message.isVisible()
    assert "perhaps" in window.message.text


def test_empty_result_says_so(window: MainWindow, page: RecordsPage) -> None:
    page.ask(Query(search="nowheretobefound"))
    settle(window)
    assert page.list.stack.currentIndex() == 1


def test_why_shows_clause_and_events(window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ada2")
    told = page.inspector.why.explanation
    assert told is not None
    assert told.decision is Decision.NOT_ELIGIBLE
    assert told.clause == "C3"
    assert told.events
    assert told.changes


def test_exclude_and_undo_by_key(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ben1")
    assert decision_of(page) is Decision.ELIGIBLE
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_X)
    asked = dialog(window)
    assert not asked.accept_button.isEnabled()
    qtbot.keyClicks(asked.reason, "A private matter.")
    qtbot.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert decision_of(page) is Decision.NOT_ELIGIBLE
    assert window.message.kind == "good"
    assert window.message.text.startswith("Excluded 1 conversation (2 records)")
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_U)
    assert window.message.text.startswith("Undone: excluding 2 records")
    assert decision_of(page) is Decision.ELIGIBLE


def test_include_against_a_refusal_needs_evidence(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ada2")
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_I)
    asked = dialog(window)
    qtbot.keyClicks(asked.reason, "Their letter says yes.")
    assert not asked.accept_button.isEnabled()
    qtbot.keyClicks(asked.evidence, "Letter 12")
    assert asked.accept_button.isEnabled()
    qtbot.keyClick(asked, Qt.Key.Key_Escape)


def test_include_waits_for_a_second_person(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "cyd0")
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_I)
    asked = dialog(window)
    assert not asked.accept_button.isEnabled()
    qtbot.keyClicks(asked.reason, "Their letter says yes.")
    assert asked.accept_button.isEnabled(), "over an undetermined verdict a reason and a second person suffice"
    qtbot.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert "waits for a second person" in window.message.text
    record = page.model.record(page.list.row)
    assert record is not None
    assert record.pending
    assert record.decision is Decision.UNDETERMINED


def test_rows_stay_in_place_while_decisions_are_written(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    page.ask(Query(decisions=(Decision.ELIGIBLE,)))
    settle(window)
    choose(page, window, "ben2")
    row, rows = page.list.row, page.model.rowCount()
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_X)
    asked = dialog(window)
    qtbot.keyClicks(asked.reason, "No.")
    qtbot.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert (page.list.row, page.model.rowCount()) == (row, rows)


def test_redaction_side_by_side_and_findings_by_key(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ada1")
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_R)
    pane = page.inspector.redaction
    assert not page.list.isVisible()
    assert pane.isVisible()
    assert "jane@example.org" in pane.original.view.toPlainText()
    assert "jane@example.org" not in pane.redacted.view.toPlainText()
    assert "<EMAIL_ADDRESS_1>" in pane.redacted.view.toPlainText()
    press(qtbot, window, Qt.Key.Key_N)
    assert pane.list.currentIndex().row() == 0
    assert pane.original.view.extraSelections()
    press(qtbot, window, Qt.Key.Key_P)
    assert pane.list.currentIndex().row() == pane.model.rowCount() - 1
    press(qtbot, window, Qt.Key.Key_M)
    assert window.message.kind == "good"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert page.list.isVisible()


def test_hidden_branch_is_folded_until_pressed(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ada1")
    press(qtbot, window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    view = page.inspector.text.pane.view
    assert "Another answer" not in view.toPlainText()
    index = next(i for i, place in enumerate(view.sheet.placed) if place.segment.folded)
    top = next(t for place, t, _ in view.visible_segments() if place is view.sheet.placed[index])
    qtbot.mouseClick(view.gutter, Qt.MouseButton.LeftButton, pos=QPoint(8, top + 4))
    settle(window)
    assert "Another answer" in view.toPlainText()


def test_viewing_and_copying_are_audited(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    desk = window.context.open_desk
    choose(page, window, "ada1")
    size = desk.counts().audit_size
    press(qtbot, window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert desk.counts().audit_size == size + 1
    view = page.inspector.text.pane.view
    view.setFocus()
    view.selectAll()
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert "jane@example.org" in QGuiApplication.clipboard().text()
    assert desk.counts().audit_size == size + 2


def test_brackets_collapse_panes(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_BracketLeft)
    press(qtbot, window, Qt.Key.Key_BracketRight)
    assert not page.facets.isVisible()
    assert not page.inspector.isVisible()
    press(qtbot, window, Qt.Key.Key_BracketLeft)
    assert page.facets.isVisible()


def test_no_record_text_in_the_title(window: MainWindow, page: RecordsPage) -> None:
    choose(page, window, "ben0")
    page.inspector.open_side(Side.TEXT)
    settle(window)
    assert CANARY in page.inspector.text.pane.view.toPlainText()
    assert not any(word in window.windowTitle() for word in CANARY.split())


@pytest.mark.parametrize("column", [Column.ACCOUNT, Column.TURNS, Column.VERDICT])
def test_header_click_sorts_by_query(qtbot: QtBot, window: MainWindow, page: RecordsPage, column: Column) -> None:
    window.resize(1500, 800)  # room for the account's column
    settle(window)
    head = page.list.table.horizontalHeader()
    where = QPoint(head.sectionViewportPosition(column) + 8, head.height() // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=where)
    settle(window)
    assert page.query.sort == {Column.ACCOUNT: "account", Column.TURNS: "turns", Column.VERDICT: "decision"}[column]
    assert page.model.rowCount() == 12


def test_plain_words_apply_after_a_rest_and_query_words_wait(
    qtbot: QtBot, window: MainWindow, page: RecordsPage
) -> None:
    page.typing.setInterval(0)
    page.seek_words()
    qtbot.keyClicks(page.list.search, "Words")
    qtbot.waitUntil(lambda: page.query.search == "Words")
    settle(window)
    assert page.list.search.text() == "Words"
    assert not page.list.hint.isVisible()
    qtbot.keyClicks(page.list.search, " product:")
    assert page.list.hint.isVisible()
    assert not page.typing.isActive()
    page.typing.setInterval(60_000)
    page.refresh(Change(Kind.RECORDS))
    settle(window)
    assert page.list.search.text() == "Words product:", "a refresh takes away nothing that is being typed"
    window.actions_.trigger("view.back")
    assert page.list.search.text() == "Words"
    assert page.list.search.hasFocus()
    assert not page.list.hint.isVisible()
