"""The frame: actions, palette, plain text everywhere, dropping files, starting empty."""

import re
from pathlib import Path

import pytest
import qtawesome
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

import gui
from core.errors import Refusal
from core.text import display
from gui.dialogs.shortcuts import ShortcutSheet
from gui.errors import BugDialog, places, sentence
from gui.main_window import MainWindow
from gui.widgets.labels import PlainLabel, plain_tip
from gui.widgets.record_text import RecordTextView
from tests.gui.builders import conversation, export, settle

HERE = Path(next(iter(gui.__path__)))
SOURCES = sorted(HERE.rglob("*.py"))
RICH = re.compile(
    r"\b(QTextBrowser|QTextEdit\(|QMessageBox|QErrorMessage|QProgressDialog|QWizard|setHtml|insertHtml|appendHtml"
    r"|setMarkdown|RichText|MarkdownText|AutoText)\b"
)


def test_actions_are_whole(window: MainWindow) -> None:
    window.page("records")
    specs = window.actions_.specs
    ids = [spec.id for spec in specs]
    keys = [QKeySequence(key).toString() for spec in specs for key in spec.keys]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert all(keys)
    glyphs = qtawesome.charmap
    for spec in specs:
        assert spec.tip
        assert spec.menu
        assert glyphs(f"ph.{spec.icon}")
        assert window.actions_.bound(spec.id), f"{spec.id} does nothing"


def test_menus_hold_every_action(window: MainWindow) -> None:
    menus = [child for child in window.top.findChildren(QWidget) if child.metaObject().className() == "QMenu"]
    shown = {action.text() for menu in menus for action in menu.actions()}
    assert shown >= {window.actions_.get(spec.id).text() for spec in window.actions_.specs}


def test_palette_finds_and_runs_a_command(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_
    assert palette.isVisible()
    qtbot.keyClicks(palette.field, "jobs")
    assert palette.model.command(0).id == "view.jobs"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.drawer.isVisible()
    assert not palette.isVisible()


def test_palette_searches_records(qtbot: QtBot, window: MainWindow) -> None:
    window.palette_.appear()
    qtbot.keyClicks(window.palette_.field, "Jane")
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    settle(window)
    page = window.current
    assert page is not None
    assert page.name == "records"
    assert page.query.search == "Jane"


def test_slash_finds_records_from_any_page(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("overview")
    settle(window)
    window.stack.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    settle(window)
    assert window.current is window.page("records")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Search records"


def test_shortcut_sheet_names_every_key(qtbot: QtBot, window: MainWindow) -> None:
    sheet = ShortcutSheet(window.actions_.specs, window)
    words = " ".join(label.text() for label in sheet.findChildren(PlainLabel))
    assert all(key in words for spec in window.actions_.specs for key in spec.keys)
    sheet.close()


def test_no_widget_can_render_rich_text(window: MainWindow) -> None:
    window.page("records")
    allowed = {"record_text.py"}
    for path in SOURCES:
        found = RICH.search(path.read_text("utf-8"))
        assert found is None or path.name in allowed, f"{path.name}: {found.group() if found else ''}"
        if path.name != "labels.py":
            assert not re.search(r"\bQLabel\(|, QLabel\)|\(QLabel\)", path.read_text("utf-8")), path.name
    for widget in QApplication.allWidgets():
        if isinstance(widget, QLabel) and type(widget) is not QLabel:
            assert widget.textFormat() == Qt.TextFormat.PlainText
        assert not isinstance(widget, QTextEdit), "a rich text editor exists"
    assert "<" not in plain_tip("<img src='x'>")
    assert issubclass(RecordTextView, QWidget)
    assert display("<b>") == "<b>"


def test_window_without_workspace_offers_three_ways(qtbot: QtBot, empty_window: MainWindow) -> None:
    window = empty_window
    assert window.stack.currentWidget() is window.start
    assert not window.nav.isVisible()
    assert not window.status.records.isVisible()
    names = {child.accessibleName() for child in window.start.findChildren(QWidget)}
    assert {"Try the demo workspace", "Import…", "Open workspace…"} <= names
    assert not window.actions_.get("record.next").isEnabled()


def test_dropped_files_are_imported(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = export(tmp_path / "more.zip", "user-dan", [conversation("dan1", 1, "New here.", "Welcome.")])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPointF(9, 9).toPoint(), copy, data, left, none))
    assert window.overlay.isVisible()
    window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))
    assert not window.overlay.isVisible()
    assert window.drawer.isVisible()
    settle(window)
    assert window.message.kind == "good"
    assert "Imported 1" in window.message.text
    assert window.current.model.rowCount() == 13


def test_a_refused_file_is_told_in_the_bar(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    path.write_bytes(b"PK\x03\x04 not a whole zip")
    window.drop((path,))
    settle(window)
    assert window.message.kind == "bad"
    assert "notes.zip" in window.message.text


def test_theme_switch_keeps_working(window: MainWindow) -> None:
    for _ in range(2):
        window.actions_.trigger("view.theme")
        settle(window)
        assert not window.grab().isNull()


def test_bug_report_holds_no_message(qtbot: QtBot, window: MainWindow) -> None:
    def fail() -> None:
        raise ValueError("Jane Doe's words")

    with pytest.raises(ValueError, match="Jane") as caught:
        fail()
    assert "Jane" not in places(caught.value)
    assert "ValueError" in places(caught.value)
    assert sentence(caught.value) == ""
    assert sentence(Refusal("No.")) == "No."
    box = BugDialog("Import", caught.value, window)
    box.open()
    box.reject()


def test_recent_workspaces_and_closing(qtbot: QtBot, window: MainWindow) -> None:
    recents = window.context.state.recents()
    assert [path.name for path in recents] == ["small.cdesk"]
    window.actions_.trigger("file.close")
    settle(window)
    assert window.context.desk is None
    assert window.stack.currentWidget() is window.start
    window.start.chosen.emit(recents[0])
    settle(window)
    assert window.context.desk is not None


def test_good_news_leaves_and_the_page_keeps_its_place(window: MainWindow) -> None:
    before = window.stack.geometry()
    window.context.say("good", "Done.")
    assert window.message.isVisible()
    assert window.stack.geometry() == before
    assert window.message.fading.isActive()
    window.message.fading.timeout.emit()
    assert not window.message.isVisible()
    window.context.say("good", "Done.")
    window.context.say("bad", "It cannot be.")
    assert not window.message.fading.isActive()
    window.show_page("overview")
    assert window.message.isVisible(), "what was refused stays until it is closed"
    window.context.say("good", "Done.")
    window.show_page("records")
    assert not window.message.isVisible()


@pytest.mark.parametrize(
    ("words", "command"), [("verify", "release.verify"), ("approved set", "release.new"), ("csv", "overview.save")]
)
def test_palette_finds_the_commands_of_pages(window: MainWindow, words: str, command: str) -> None:
    window.palette_.appear(words)
    assert window.palette_.model.command(0).id == command
    window.palette_.hide()


def test_a_command_of_a_page_goes_there(window: MainWindow) -> None:
    window.actions_.trigger("release.new")
    settle(window)
    assert window.current is window.page("releases")
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    settle(window)


def test_the_reviewer_is_asked_for_once(qtbot: QtBot, empty_window: MainWindow, workspace: Path) -> None:
    window = empty_window
    window.context.settings.set("reviewer", "")
    window.workspace.open(workspace)
    settle(window)
    dialog = next(each for each in window.findChildren(QInputDialog) if each.isVisible())
    dialog.setTextValue("Bo Lindgren")
    dialog.accept()
    assert window.context.open_desk.actor == "Bo Lindgren"
    assert window.context.settings.text("reviewer") == "Bo Lindgren"
