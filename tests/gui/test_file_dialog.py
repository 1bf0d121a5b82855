"""A file dialog must not read the workspace: closing it again would drop this process's locks on it."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileSystemModel, QWidget
from pytestqt.qtbot import QtBot

from core.services.desk import Desk
from gui.widgets.file_dialog import file_dialog

LOCKS = Path("/proc/locks")


def locks(path: Path) -> int:
    """Locks that this process holds on a file."""
    mine, file = str(os.getpid()), f":{path.stat().st_ino}"
    lines = (line.split() for line in LOCKS.read_text().splitlines())
    return sum(mine in words and any(word.endswith(file) for word in words) for words in lines)


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux lists its locks")
def test_listing_the_workspace_keeps_its_locks(qtbot: QtBot, workspace: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    with Desk.open(workspace, actor="Ana Ferreira") as desk:
        desk.counts()
        files = [workspace, workspace.with_name(workspace.name + "-shm")]
        before = [locks(file) for file in files]
        assert all(before)
        dialog = file_dialog(parent, "Open", workspace.parent)
        model = dialog.findChild(QFileSystemModel)
        assert model is not None
        dialog.open()
        index = model.index(str(workspace))
        qtbot.waitUntil(lambda: model.type(index) == "cdesk" and not model.fileIcon(index).isNull())
        assert [locks(file) for file in files] == before
        dialog.close()


def test_no_other_place_makes_a_file_dialog() -> None:
    gui = Path(__file__).resolve().parents[2] / "gui"
    makers = {path.name for path in gui.rglob("*.py") if "QFileDialog(" in path.read_text("utf-8")}
    assert makers == {"file_dialog.py"}
