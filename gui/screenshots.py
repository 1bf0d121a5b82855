"""Pictures of every page, for people to look at: one file a page, theme and scale, without a display.

The scale is Qt's own, ``QT_SCALE_FACTOR``, which must be set before the application starts; so each scale runs in a
process of its own: ``python -m gui.screenshots OUT WORKSPACE THEME SCALE`` sets it by itself.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SIZE = (1280, 800)


def grab(out: Path, workspace: Path, theme: str, scale: int) -> list[Path]:
    """Write ``PAGE-THEME-SCALEx.png`` for every page; the files in order.

    ``workspace`` is left as it is: a copy of it is shown. Call in a fresh process whose ``QT_SCALE_FACTOR`` is
    ``scale``. A page is grabbed when no job runs and nothing is left to paint.
    """
    from gui.app import application
    from gui.jobs import Jobs
    from gui.main_window import MainWindow
    from gui.state import State
    from gui.theme import Theme

    app = application()
    out.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Jobs(), Theme(app, theme), State(Path(folder)))
        window.asks_name = False
        window.resize(*SIZE)
        window.show()
        for page in _scenes(window, _copy(workspace, Path(folder))):
            _settle(window)
            path = out / f"{page}-{theme}-{scale}x.png"
            window.grab().save(str(path))
            written.append(path)
        window.close()
    return written


def _settle(window: "MainWindow") -> None:
    """Let jobs end and what they brought be laid out and painted; a fixed number of rounds suffices."""
    from PySide6.QtWidgets import QApplication

    for _ in range(4):
        window.context.jobs.drain()
        QApplication.processEvents()


def _copy(workspace: Path, folder: Path) -> Path:
    """A copy to look at: looking at text is noted in the trail, and pictures are no reason to write into it."""
    for suffix in ("", "-wal"):
        part = workspace.with_name(workspace.name + suffix)
        if part.exists():
            shutil.copyfile(part, folder / part.name)
    return folder / workspace.name


def _scenes(window: "MainWindow", workspace: Path) -> Iterator[str]:
    """Bring the window to one scene after the other, by the same ways a person would use."""
    from core.model.verdict import Decision
    from core.model.view import Query
    from gui.pages import registry
    from gui.pages.records import RecordsPage

    yield "start"
    window.workspace.open(workspace)
    _settle(window)
    for page in registry.PAGES:
        if page is not RecordsPage:
            window.show_page(page.name)
            yield page.name
    records = window.page(RecordsPage.name)
    window.show_page(RecordsPage.name, Query())
    _settle(window)
    assert isinstance(records, RecordsPage)  # noqa: S101 - tells the type checker which page it is
    refused = window.context.open_desk.browsing.ids(Query(products=("chatgpt",), decisions=(Decision.NOT_ELIGIBLE,)))
    records.list.go(records.model.row_of(refused[0]) if refused else 0)
    yield "records"
    window.show_page(RecordsPage.name, Query(sort="turns"))
    _settle(window)
    records.list.go(0)
    window.actions_.trigger("record.text")
    yield "records-text"
    window.show_page(RecordsPage.name, Query(sort="findings"))
    _settle(window)
    records.list.go(0)
    window.actions_.trigger("view.wide")
    _settle(window)
    window.actions_.trigger("record.next_finding")
    yield "redaction"


def main() -> None:
    """Set the scale, then grab."""
    out, workspace, theme, scale = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    for path in grab(out, workspace, theme, scale):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
