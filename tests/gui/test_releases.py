"""Releases by mouse and key: freeze, approve as a second person, hold the gates, write, verify."""

import threading
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QListView
from pytestqt.qtbot import QtBot

from core.cancel import CancelToken
from core.model.release import ApprovedSet, Gate, SetState
from core.model.review import OverrideAction
from core.model.verdict import Decision
from core.model.view import Query
from core.progress import Progress, Report
from gui.dialogs.release_conversations import GateDialog
from gui.dialogs.release_set import NewSetDialog, SecondApprovalDialog
from gui.dialogs.release_verify import VerifyDialog
from gui.main_window import MainWindow
from gui.models.records_model import Column
from gui.pages.records import RecordsPage
from gui.pages.releases import ReleasesPage
from gui.panes.release_words import FORBIDDEN, plan_words, set_state
from tests.gui.builders import settle

D = TypeVar("D", bound=QDialog)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def releases(window: MainWindow) -> ReleasesPage:
    window.show_page("releases")
    settle(window)
    found = window.page("releases")
    assert isinstance(found, ReleasesPage)
    return found


def shown(window: MainWindow, kind: type[D]) -> D:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def click_row(view: QListView, row: int, window: MainWindow) -> None:
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(row, 0)).center())
    settle(window)


def freeze(qtbot: QtBot, window: MainWindow, page: ReleasesPage, name: str, second: str = "") -> None:
    """Approve a set through the dialog."""
    qtbot.mouseClick(page.lists.new, LEFT)
    settle(window)
    dialog = shown(window, NewSetDialog)
    qtbot.keyClicks(dialog.name, name)
    qtbot.keyClicks(dialog.second, second)
    qtbot.mouseClick(dialog.accept_button, LEFT)
    settle(window)


def read_all(window: MainWindow) -> None:
    """A person stands for the redaction of every text, so that no gate depends on the installed models."""
    desk = window.context.open_desk
    for conversation in desk.browsing.ids(Query()):
        desk.reviewing.mark_reviewed(conversation)
    settle(window)


def ready(qtbot: QtBot, window: MainWindow, page: ReleasesPage) -> None:
    """A set that two people approved and whose gates are green."""
    read_all(window)
    freeze(qtbot, window, page, "May", second="Ravi Lindqvist")
    qtbot.keyClicks(page.set_pane.plan.recipient, "Example Lab")
    settle(window)


def release(qtbot: QtBot, window: MainWindow, page: ReleasesPage, out: Path) -> None:
    """Write the bundle by the button, with the folder a person would choose."""
    ready(qtbot, window, page)
    assert page.set_pane.plan.why() == ""
    qtbot.mouseClick(page.set_pane.plan.write, LEFT)
    dialog = next(each for each in page.findChildren(QFileDialog) if each.isVisible())
    dialog.close()
    dialog.fileSelected.emit(str(out))
    settle(window)


def made(state: SetState, second: str = "") -> ApprovedSet:
    return ApprovedSet(1, "May", "", state, "Ana", second, 0, 3, 7, 2)


def test_states_in_words() -> None:
    red = (Gate("two_people", ok=False, count=1), Gate("complete", ok=True))
    assert set_state(made(SetState.DRAFT), red)[2] == "Draft"
    assert set_state(made(SetState.APPROVED, "Ben"), None)[2] == "Approved"
    assert set_state(made(SetState.APPROVED, "Ben"), red)[2] == "Gates red 1"
    assert set_state(made(SetState.RELEASED, "Ben"), red)[2] == "Released"


def test_plan_in_words() -> None:
    said = plan_words(made(SetState.APPROVED), "research-team", "model_improvement", 1_693_526_400_000_000)
    assert said == "3 conversations to research-team for model improvement, as of 2023-09-01."


def test_models_obey_qt(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(model, mode) for model in (releases.lists.sets, releases.lists.releases)]
    freeze(qtbot, window, releases, "One")
    freeze(qtbot, window, releases, "Two")
    assert releases.lists.sets.rowCount() == 2
    assert testers


def test_nothing_yet(releases: ReleasesPage) -> None:
    assert releases.lists._none.isVisible()
    assert not releases.set_pane.isVisible()


def test_draft_waits_for_another_person(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    freeze(qtbot, window, releases, "May")
    pane = releases.set_pane
    assert pane.pill.words == "Draft"
    assert pane.second.isVisible()
    assert not pane.plan.write.isEnabled()
    qtbot.mouseClick(pane.second, LEFT)
    dialog = shown(window, SecondApprovalDialog)
    qtbot.keyClicks(dialog.second, " ANA  ferreira")
    assert not dialog.accept_button.isEnabled(), "the same person under another spelling"
    assert "somebody else" in dialog.problem.text()
    dialog.second.clear()
    qtbot.keyClicks(dialog.second, "Ravi Lindqvist")
    qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
    settle(window)
    assert not pane.second.isVisible()
    assert pane.found is not None
    assert pane.found.second_by == "Ravi Lindqvist"
    assert next(gate for gate in releases.gates[pane.found.id] if gate.gate == "two_people").ok


def test_new_set_previews_and_needs_a_name(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    qtbot.mouseClick(releases.lists.new, LEFT)
    settle(window)
    dialog = shown(window, NewSetDialog)
    eligible = len(window.context.open_desk.browsing.ids(Query(decisions=(Decision.ELIGIBLE,))))
    assert dialog.preview.text().startswith(f"{eligible} conversations, ")
    assert dialog.preview.text().endswith(f"{12 - eligible} left out")
    assert not dialog.filtered.isEnabled(), "no filter is set"
    assert not dialog.accept_button.isEnabled()
    qtbot.keyClicks(dialog.name, "May")
    qtbot.keyClicks(dialog.second, "ana ferreira")
    assert not dialog.accept_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle(window)
    assert releases.sets == ()


def test_new_set_from_the_filter(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    window.show_page("records", Query(accounts=("user-ben",)))
    settle(window)
    window.show_page("releases")
    qtbot.mouseClick(releases.lists.new, LEFT)
    settle(window)
    dialog = shown(window, NewSetDialog)
    assert dialog.filtered.isChecked()
    qtbot.keyClicks(dialog.name, "Ben")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    settle(window)
    assert [(each.name, each.query, each.conversations) for each in releases.sets] == [("Ben", "account:user-ben", 6)]


def test_taken_name_is_told(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    freeze(qtbot, window, releases, "May")
    freeze(qtbot, window, releases, "May")
    assert "already" in window.message.text
    assert len(releases.sets) == 1


def test_red_gate_shows_its_conversations(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    freeze(qtbot, window, releases, "May", second="Ravi Lindqvist")
    found = releases.set_pane.found
    assert found is not None
    window.context.open_desk.reviewing.review(
        [window.context.open_desk.browsing.resolve_record("ben1/m-ben1-u")],
        OverrideAction.EXCLUDE,
        reason="A private matter.",
    )
    settle(window)
    red = {gate.gate: gate for gate in releases.gates[found.id] if not gate.ok}
    assert red["still_eligible"].count == 1
    assert releases.set_pane.pill.words == f"Gates red {len(red)}"
    assert "red" in releases.set_pane.plan.why()
    qtbot.mouseClick(releases.set_pane.gates.buttons["still_eligible"], LEFT)
    settle(window)
    dialog = shown(window, GateDialog)
    assert dialog.model.rowCount() == 1
    where = dialog.table.visualRect(dialog.model.index(0, Column.TITLE)).center()
    qtbot.mouseClick(dialog.table.viewport(), LEFT, pos=where)
    qtbot.mouseClick(dialog.open_button, LEFT)
    settle(window)
    page = window.current
    assert isinstance(page, RecordsPage)
    assert page.model.conversation(page.list.row) == red["still_eligible"].conversations[0]


def test_forbidden_purposes_cannot_be_chosen(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    freeze(qtbot, window, releases, "May")
    purpose = releases.set_pane.plan.purpose
    purpose.setFocus()
    for _ in range(4):
        qtbot.keyClick(purpose, Qt.Key.Key_Down)
    assert releases.set_pane.plan.purpose_id == "model_improvement"
    flags = [purpose.model().index(row, 0).flags() for row in range(purpose.count())]
    enabled = [bool(each & Qt.ItemFlag.ItemIsEnabled) for each in flags]
    assert enabled == [purpose.itemData(row) not in FORBIDDEN for row in range(purpose.count())]


def test_cut_off_must_be_a_time(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    ready(qtbot, window, releases)
    plan = releases.set_pane.plan
    qtbot.keyClicks(plan.as_of, "someday")
    assert "no time" in plan.why()
    plan.as_of.clear()
    qtbot.keyClicks(plan.as_of, "2023-09-01")
    qtbot.keyClick(plan.as_of, Qt.Key.Key_Return)
    settle(window)
    assert plan.sentence.text().endswith("as of 2023-09-01.")
    assert plan.why() == ""
    plan.as_of.clear()
    qtbot.keyClicks(plan.as_of, "2999-01-01")
    qtbot.keyClick(plan.as_of, Qt.Key.Key_Return)
    settle(window)
    assert "future" in releases.set_pane.gates.result.text()
    assert not plan.write.isEnabled()


def test_button_says_what_it_does(qtbot: QtBot, window: MainWindow, releases: ReleasesPage) -> None:
    ready(qtbot, window, releases)
    found = releases.set_pane.found
    assert found is not None
    plan = releases.set_pane.plan
    assert plan.write.text() == f"Write {found.conversations} rows to Example Lab…"
    assert plan.write.isEnabled()
    plan.recipient.clear()
    assert plan.why() == "Name the recipient."
    assert not plan.write.isEnabled()


def test_write_verify_and_open(qtbot: QtBot, window: MainWindow, releases: ReleasesPage, tmp_path: Path) -> None:
    release(qtbot, window, releases, tmp_path / "out")
    assert len(releases.releases) == 1
    row, pane = releases.releases[0], releases.bundle_pane
    assert releases.stack.currentWidget() is pane
    assert pane.hash.text() == row.manifest_sha256
    assert "Verify the bundle" in window.message.text
    qtbot.mouseClick(pane.verify, LEFT)
    settle(window)
    assert pane.verdict.pill.words == "Verified"
    click_row(releases.lists.sets_view, 0, window)
    assert releases.set_pane.pill.words == "Released"
    click_row(releases.lists.releases_view, 0, window)
    assert releases.stack.currentWidget() is pane
    assert pane.verdict.pill.words == "Verified", "what was verified is remembered"


def test_altered_bundle_is_named(qtbot: QtBot, window: MainWindow, releases: ReleasesPage, tmp_path: Path) -> None:
    release(qtbot, window, releases, tmp_path / "out")
    bundle = Path(releases.releases[0].bundle)
    shard = next(bundle.glob("data/*.jsonl"))
    body = bytearray(shard.read_bytes())
    body[10] ^= 1
    shard.write_bytes(body)
    qtbot.mouseClick(releases.lists.verify, LEFT)
    chooser = next(each for each in releases.findChildren(QFileDialog) if each.isVisible())
    chooser.close()
    chooser.fileSelected.emit(str(bundle))
    settle(window)
    dialog = shown(window, VerifyDialog)
    assert dialog.verdict.pill.words == "Failed"
    assert any(shard.name in label.text() for label in dialog.verdict.findings)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_folder_that_is_no_bundle(window: MainWindow, releases: ReleasesPage, tmp_path: Path) -> None:
    releases.verify_folder(tmp_path)
    settle(window)
    dialog = shown(window, VerifyDialog)
    assert dialog.verdict.pill.words == "Failed"
    dialog.close()


def until_cancelled(*_: object, cancel: CancelToken, report: Report, **__: object) -> NoReturn:
    """A service that works until somebody stops it."""
    report(Progress("Working", 1, 2))
    pause = threading.Event()
    while True:
        cancel.check()
        pause.wait(0.01)


def test_cancelled_check_vouches_for_nothing(
    qtbot: QtBot, window: MainWindow, releases: ReleasesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(qtbot, window, releases)
    monkeypatch.setattr(window.context.open_desk.releasing, "gates", until_cancelled)
    qtbot.mouseClick(releases.set_pane.gates.check, LEFT)
    qtbot.waitUntil(lambda: "Working 1 of 2" in releases.set_pane.gates.result.text())
    assert not releases.set_pane.plan.write.isEnabled()
    qtbot.mouseClick(releases.set_pane.gates.cancel, LEFT)
    settle(window)
    assert releases.set_pane.gates.result.text() == "not checked"
    assert releases.set_pane.plan.why() == "The gates are not checked yet."


def test_writing_can_be_stopped(
    qtbot: QtBot, window: MainWindow, releases: ReleasesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(qtbot, window, releases)
    monkeypatch.setattr(window.context.open_desk.releasing, "export", until_cancelled)
    releases.write(tmp_path)
    assert releases.set_pane.plan.why() == "A bundle is being written."
    qtbot.mouseClick(releases.set_pane.stop, LEFT)
    settle(window)
    assert window.message.text == "Cancelled. Nothing was written."
    assert releases.set_pane.plan.write.isEnabled()
    assert releases.releases == ()


def test_refused_folder_leaves_nothing(
    qtbot: QtBot, window: MainWindow, releases: ReleasesPage, tmp_path: Path
) -> None:
    ready(qtbot, window, releases)
    (tmp_path / "file").write_text("in the way")
    releases.write(tmp_path / "file")
    settle(window)
    assert releases.releases == ()
    assert window.message.kind == "bad"
    assert not releases.set_pane._writing.isVisible()
