"""Opening, making and closing workspaces, always away from the GUI thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.cancel import CancelToken
from core.model.view import Counts, ImportReport
from core.paths import data_dir
from core.progress import Report
from gui.context import Context
from gui.words import count, number, tr

if TYPE_CHECKING:
    from core.services.desk import Desk

SUFFIX = ".cdesk"


def imported_sentence(report: ImportReport) -> str:
    """What an import did, such as ``Imported 192, 3 already known, set aside 1; 1 file refused.``."""
    total = report.totals
    parts = [f"{tr('Imported')} {number(total.imported)}"]
    if total.new_versions:
        parts.append(f"{count(total.new_versions, 'new version', 'new versions')}")
    if total.duplicates:
        parts.append(f"{number(total.duplicates)} {tr('already known')}")
    parts.append(f"{tr('set aside')} {number(total.quarantined)}")
    refused = sum(file.status == "refused" for file in report.files)
    said = ", ".join(parts)
    return f"{said}; {count(refused, 'file refused', 'files refused')}." if refused else f"{said}."


class Workspace(QObject):
    """Keeps the one open desk. ``counted`` carries the counts, or None without a desk; ``imported`` a report."""

    counted = Signal(object)
    imported = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        context.bridge.changed.connect(lambda _change, _who: self.count())

    def open(self, path: Path, *, create: bool = False, then: tuple[Path, ...] = ()) -> None:
        """Open (or make) a workspace file in place of the present one, then import files into it."""
        actor = self._context.settings.text("reviewer")

        def act(_token: CancelToken, _report: Report) -> "Desk":
            from core.services.desk import Desk

            return Desk.open(path, create=create, actor=actor)

        def done(desk: "Desk") -> None:
            self._use(desk)
            if then:
                self.bring(then)

        self._context.jobs.start(tr("Open {name}").format(name=path.name), act, done=done, shown=False)

    def _use(self, desk: "Desk") -> None:
        self.close()
        self._context.state.remember(desk.path)
        self._context.set_desk(desk)
        self.count()

    def demo(self) -> None:
        """Build the demo workspace beside the application's own data, then open it."""

        def act(token: CancelToken, report: Report) -> Path:
            from core.services.demo import build

            return build(data_dir() / "demo", cancel=token, report=report)

        self._context.jobs.start(tr("Build the demo workspace"), act, done=self.open)

    def close(self) -> None:
        """Close the desk, if one is open."""
        desk = self._context.desk
        if desk is not None:
            self._context.set_desk(None)
            desk.close()
            self.counted.emit(None)

    def bring(
        self,
        paths: tuple[Path, ...],
        account: str | None = None,
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> int:
        """Import files; the job's id. ``failed`` gets what stopped it, a cancel too."""
        desk = self._context.open_desk

        def act(token: CancelToken, report: Report) -> ImportReport:
            return desk.importing.run(paths, account=account, cancel=token, report=report)

        name = paths[0].name if len(paths) == 1 else count(len(paths), "file", "files")
        done = self.imported.emit
        title = tr("Import {name}").format(name=name)
        return self._context.jobs.start(title, act, done=done, failed=failed, tell=imported_sentence)

    def scan(self) -> None:
        """Scan what was not scanned yet."""
        desk = self._context.open_desk

        def act(token: CancelToken, report: Report) -> str:
            got = desk.scanning.run(cancel=token, report=report)
            texts = count(got.scanned, "text", "texts")
            found = count(got.findings, "finding", "findings")
            return tr("Scanned {texts}, {found}.").format(texts=texts, found=found)

        self._context.jobs.start(tr("Scan for personal information"), act, tell=str)

    def decide(self) -> None:
        """Work out every verdict anew."""
        desk = self._context.open_desk

        def act(token: CancelToken, report: Report) -> Counts:
            return desk.deciding.decide(cancel=token, report=report)

        def tell(counts: Counts) -> str:
            return tr("Decided {records}.").format(records=count(counts.records, "record", "records"))

        self._context.jobs.start(tr("Decide again"), act, tell=tell)

    def count(self) -> None:
        """Ask for the counts of the status strip."""
        desk = self._context.desk
        if desk is None:
            self.counted.emit(None)
            return

        def told(counts: Counts) -> None:
            if self._context.desk is desk:
                self.counted.emit(counts)

        self._context.jobs.start(tr("Count"), lambda _token, _report: desk.counts(), done=told, shown=False)
