"""One reviewer, one afternoon: the whole job through the real window, by key and mouse alone."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from core.model.verdict import Decision
from core.model.view import Query
from gui.dialogs.override import OverrideDialog
from gui.dialogs.release_set import NewSetDialog
from gui.main_window import MainWindow
from gui.pages.records import RecordsPage
from gui.pages.releases import ReleasesPage
from tests.gui.builders import settle, sources
from tests.gui.test_records_page import choose, decision_of, press

D = TypeVar("D", bound=QDialog)
LEFT = Qt.MouseButton.LeftButton


def shown(window: MainWindow, kind: type[D]) -> D:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def drop(window: MainWindow, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPointF(9, 9).toPoint(), copy, data, LEFT, none))
    window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, LEFT, none))
    settle(window)


def command(qtbot: QtBot, window: MainWindow, words: str, expected: str) -> None:
    """Run a command through the palette."""
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.palette_.field, words)
    assert window.palette_.model.command(0).id == expected
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    settle(window)


def visit(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Go to a page by its button."""
    qtbot.mouseClick(window.nav.button(name), LEFT)
    settle(window)


def test_the_main_job(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> None:
    window = empty_window
    window.workspace.open(tmp_path / "case.cdesk", create=True)
    settle(window)
    drop(window, sources(tmp_path))
    assert "Imported" in window.message.text
    counts = window.context.open_desk.counts()
    assert counts.conversations == 12
    assert counts.undecided == 0, "an import decides what it brought"
    command(qtbot, window, "scan for personal", "review.scan")
    counts = window.context.open_desk.counts()
    assert counts.texts_scanned == counts.texts

    visit(qtbot, window, "records")
    page = window.page("records")
    assert isinstance(page, RecordsPage)
    choose(page, window, "ada2")
    told = page.inspector.why.explanation
    assert told is not None
    assert (told.decision, told.clause) == (Decision.NOT_ELIGIBLE, "C3")

    choose(page, window, "ada1")
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_X)
    asked = shown(window, OverrideDialog)
    qtbot.keyClicks(asked.reason, "Somebody else's address.")
    qtbot.mouseClick(asked.accept_button, LEFT)
    settle(window)
    assert decision_of(page) is Decision.NOT_ELIGIBLE
    page.list.table.setFocus()
    press(qtbot, window, Qt.Key.Key_U)
    assert decision_of(page) is Decision.ELIGIBLE

    press(qtbot, window, Qt.Key.Key_R)
    pane = page.inspector.redaction
    assert "jane@example.org" in pane.original.view.toPlainText()
    assert "jane@example.org" not in pane.redacted.view.toPlainText()
    press(qtbot, window, Qt.Key.Key_Escape)
    eligible = window.context.open_desk.browsing.ids(Query(decisions=(Decision.ELIGIBLE,)))
    page.list.table.setFocus()
    for each in eligible:  # a person stands for every redaction, so that no gate rests on which model is installed
        page.list.go(page.model.row_of(each))
        press(qtbot, window, Qt.Key.Key_M)

    visit(qtbot, window, "releases")
    releases = window.page("releases")
    assert isinstance(releases, ReleasesPage)
    qtbot.mouseClick(releases.lists.new, LEFT)
    settle(window)
    dialog = shown(window, NewSetDialog)
    qtbot.keyClicks(dialog.name, "May")
    qtbot.keyClicks(dialog.second, "Ravi Lindqvist")
    qtbot.mouseClick(dialog.accept_button, LEFT)
    settle(window)
    plan = releases.set_pane.plan
    qtbot.keyClicks(plan.recipient, "Example Lab")
    settle(window)
    assert plan.why() == ""
    qtbot.mouseClick(plan.write, LEFT)
    chooser = next(each for each in releases.findChildren(QFileDialog) if each.isVisible())
    chooser.close()
    chooser.fileSelected.emit(str(tmp_path / "out"))
    settle(window)

    [release] = releases.releases
    assert release.rows == len(eligible)
    QTest.mouseClick(releases.bundle_pane.verify, LEFT)
    settle(window)
    assert releases.bundle_pane.verdict.pill.words == "Verified"
    written = "".join(path.read_text("utf-8") for path in Path(release.bundle).glob("data/*.jsonl"))
    assert "<EMAIL_ADDRESS_1>" in written
    assert "jane@example.org" not in written
    assert "While it is off." not in written
    assert "Another answer" not in written, "a hidden branch went out"
