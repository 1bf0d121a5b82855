"""Import, set aside, the second person, about: by key and mouse."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from core.model.review import OverrideAction
from core.model.verdict import Decision
from core.model.view import Query
from gui.dialogs.about import AboutDialog
from gui.dialogs.importing import ImportDialog
from gui.dialogs.override import ConfirmDialog
from gui.dialogs.set_aside import SetAsideDialog
from gui.errors import BugDialog
from gui.main_window import MainWindow
from gui.pages.records import RecordsPage
from gui.screenshots import grab
from gui.widgets.file_dialog import remembering_dialog, with_suffix
from gui.widgets.labels import PlainLabel
from tests.gui.builders import conversation, export, settle

D = TypeVar("D", bound=QDialog)


def shown(window: MainWindow, kind: type[D]) -> D:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def cell(dialog: ImportDialog, row: int, column: int) -> str:
    return str(dialog.model.index(row, column).data())


def test_import_dialog_tells_what_became_of_each_file(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_.trigger("file.import")
    dialog = shown(window, ImportDialog)
    tester = QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert not dialog.start.isEnabled()
    good = export(tmp_path / "good.zip", "user-eve", [conversation("eve1", 1, "A question.", "An answer.")])
    bad = tmp_path / "bad.txt"
    bad.write_text("shopping list")
    dialog.add((good, bad, good))
    assert dialog.model.rowCount() == 2
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    settle(window)
    assert [cell(dialog, 0, column) for column in (0, 2, 4)] == ["good.zip", "Complete", "1"]
    assert cell(dialog, 1, 2) == "Refused"
    assert "bad.txt" in cell(dialog, 1, 8)
    assert dialog.choose.isEnabled()
    assert tester.model() is dialog.model
    dialog.close()


def test_import_dialog_leaves_no_file_waiting_after_a_fault(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise ValueError

    monkeypatch.setattr(type(window.context.open_desk.importing), "run", fail)
    window.actions_.trigger("file.import")
    dialog = shown(window, ImportDialog)
    dialog.add((export(tmp_path / "more.zip", "user-eve", [conversation("eve1", 1, "Why?", "So.")]),))
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    settle(window)
    assert cell(dialog, 0, 2) == "Not finished"
    assert "stays" in cell(dialog, 0, 8)
    assert dialog.start.isEnabled()
    said = " ".join(label.text() for label in shown(window, BugDialog).findChildren(PlainLabel))
    assert "the step that failed was undone" in said
    shown(window, BugDialog).reject()
    dialog.close()


def test_set_aside_shows_place_and_reason_and_notes_a_look(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    desk = window.context.open_desk
    ledger = tmp_path / "odd.jsonl"
    line = '{"type": "account", "account_id": "user-fay", "recorded_at": "2023-01-01T00:00:00Z"}\n'
    ledger.write_text(line + '{"type": "event", "event_id": "e9", "account_id": "user-fay", "channel": "pigeon"}\n')
    desk.importing.run([ledger])
    settle(window)
    qtbot.mouseClick(window.status.set_aside, Qt.MouseButton.LeftButton)
    settle(window)
    dialog = shown(window, SetAsideDialog)
    assert dialog.model.index(0, 0).data() == "odd.jsonl"
    assert "line 2" in str(dialog.model.index(0, 1).data())
    dialog.table.selectRow(0)
    before = desk.counts().audit_size
    qtbot.mouseClick(dialog._look, Qt.MouseButton.LeftButton)
    settle(window)
    assert "pigeon" in dialog._raw.view.toPlainText()
    assert desk.counts().audit_size == before + 1
    dialog.close()


def test_second_person_confirms_by_key(qtbot: QtBot, window: MainWindow, page: RecordsPage) -> None:
    desk = window.context.open_desk
    page.ask(Query(decisions=(Decision.UNDETERMINED,)))
    settle(window)
    page.list.go(0)
    ids = desk.browsing.record_ids(page.list.selected())
    desk.reviewing.review(ids, OverrideAction.INCLUDE, reason="They wrote.", evidence="Letter 7")
    settle(window)
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Qt.Key.Key_C)
    dialog = shown(window, ConfirmDialog)
    qtbot.keyClicks(dialog.second, "Bo Lindgren")
    qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
    settle(window)
    assert "confirmed by Bo Lindgren" in window.message.text
    record = page.model.record(page.list.row)
    assert record is not None
    assert record.decision is Decision.ELIGIBLE
    assert record.overridden


def test_about_names_the_detector(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_.trigger("help.about")
    settle(window)
    dialog = shown(window, AboutDialog)
    assert "Detector" in dialog._detector.text()
    dialog.close()


def test_a_read_only_workspace_says_so_and_shows_no_text(window: MainWindow, page: RecordsPage) -> None:
    desk = window.context.open_desk
    other = type(desk).open(desk.path, read_only=True)
    window.context.set_desk(other)
    settle(window)
    assert window.message.kind == "warn"
    page.inspector.open_side(page.inspector.side.TEXT)
    settle(window)
    assert page.inspector.text.pane.view.toPlainText() == ""
    desk.close()


def test_pictures_of_every_page_leave_the_workspace_alone(qtbot: QtBot, workspace: Path, tmp_path: Path) -> None:
    before = workspace.read_bytes()
    paths = grab(tmp_path / "out", workspace, "dark", 1)
    names = {path.name for path in paths}
    assert {"start-dark-1x.png", "records-dark-1x.png", "records-text-dark-1x.png", "redaction-dark-1x.png"} <= names
    assert all(path.stat().st_size > 5_000 for path in paths)
    assert workspace.read_bytes() == before


def test_a_chosen_file_can_be_taken_off_by_key(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_.trigger("file.import")
    dialog = shown(window, ImportDialog)
    dialog.add((tmp_path / "one.zip", tmp_path / "two.zip"))
    assert not dialog.remove.isEnabled()
    dialog.table.selectRow(0)
    assert dialog.remove.isEnabled()
    dialog.activateWindow()
    dialog.table.setFocus()
    qtbot.waitUntil(dialog.table.hasFocus)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert [cell(dialog, row, 0) for row in range(dialog.model.rowCount())] == ["two.zip"]
    qtbot.mouseClick(dialog.shut, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_a_workspace_keeps_its_suffix_and_files_their_folder(window: MainWindow, tmp_path: Path) -> None:
    assert with_suffix(Path("may.2023"), ".cdesk").name == "may.2023.cdesk"
    assert with_suffix(Path("may.cdesk"), ".cdesk").name == "may.cdesk"
    first = remembering_dialog(window.context.state, window, "Choose")
    first.filesSelected.emit([str(tmp_path / "one.zip")])
    assert remembering_dialog(window.context.state, window, "Choose").directory().path() == str(tmp_path)
