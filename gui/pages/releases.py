"""Releases: freeze what may go out, hold every gate, write a bundle that proves itself, verify any bundle."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget

from core.cancel import CancelToken
from core.errors import Cancelled
from core.model.release import ApprovedSet, Gate, ReleaseReport, ReleaseRow, VerifyReport
from core.model.view import Change, Kind, Query
from core.progress import Report
from gui.context import Context, Place
from gui.dialogs.release_conversations import GateDialog
from gui.dialogs.release_set import NewSet, NewSetDialog, SecondApprovalDialog
from gui.dialogs.release_verify import VerifyDialog
from gui.jobs import JobView, Latest
from gui.pages.base import Page
from gui.panes.release_bundle import BundlePane
from gui.panes.release_check import GateCheck
from gui.panes.release_lists import ReleaseLists
from gui.panes.release_set import SetPane
from gui.widgets.empty_state import EmptyState
from gui.widgets.file_dialog import file_dialog
from gui.words import count, tr

LISTS, BODY = 320, 832
_SHOWN = Kind.SETS | Kind.RELEASES
_GATED = Kind.RECORDS | Kind.LEDGER | Kind.VERDICTS | Kind.FINDINGS | Kind.DECISIONS | Kind.SETTINGS | Kind.SETS
_NONE, _SET, _RELEASE = range(3)


@dataclass(frozen=True, slots=True)
class _Found:
    sets: tuple[ApprovedSet, ...]
    releases: tuple[ReleaseRow, ...]


class ReleasesPage(Page):
    """Sets and releases left, the chosen one right."""

    name = "releases"
    title = "Releases"
    icon = "export"
    tip = "Approve sets, hold the gates, write and verify bundles"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._latest = Latest(context.jobs)
        self._looked = Latest(context.jobs)
        self.check = GateCheck(context, self)
        self.sets: tuple[ApprovedSet, ...] = ()
        self.releases: tuple[ReleaseRow, ...] = ()
        self.gates: dict[int, tuple[Gate, ...]] = {}
        self.verdicts: dict[int, VerifyReport] = {}
        self._writing = 0
        self._wanted_set = ""
        self._wanted_hash = ""
        self.lists = ReleaseLists()
        self.set_pane = SetPane()
        self.bundle_pane = BundlePane()
        self.stack = QStackedWidget()
        self._build()
        self._wire()

    def _build(self) -> None:
        says = tr("Freeze the eligible records you stand for. A second person approves them before anything leaves.")
        self.stack.addWidget(EmptyState("package", tr("Nothing chosen"), says))
        self.stack.addWidget(self.set_pane)
        self.stack.addWidget(self.bundle_pane)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.lists)
        self.split.addWidget(self.stack)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([LISTS, BODY])
        self.context.state.restore_splitter("releases", self.split)
        self.split.splitterMoved.connect(lambda *_: self.context.state.save_splitter("releases", self.split))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)

    def _wire(self) -> None:
        self.lists.set_chosen.connect(self._on_set)
        self.lists.release_chosen.connect(self._on_release)
        self.lists.new_asked.connect(self.ask_new)
        self.lists.verify_asked.connect(self.ask_verify)
        pane = self.set_pane
        pane.second_asked.connect(self._on_second)
        pane.stop_asked.connect(lambda: self.context.jobs.cancel(self._writing))
        pane.gates.shown.connect(self._on_show)
        pane.gates.check_asked.connect(self._ask_gates)
        pane.gates.cancel_asked.connect(self.check.cancel)
        pane.plan.asked.connect(self._ask_gates)
        pane.plan.write_asked.connect(self._on_write)
        self.check.moved.connect(pane.gates.show_waiting)
        self.check.done.connect(self._on_checked)
        self.check.failed.connect(self._on_check_failed)
        self.bundle_pane.verify_asked.connect(self._on_verify)
        self.context.jobs.changed.connect(self._on_job)

    def refresh(self, change: Change) -> None:
        """Lists anew where sets or releases changed; gates again where anything they look at did."""
        if change.kinds & _SHOWN:
            self._ask()
        elif change.kinds & _GATED:
            self.gates.clear()
            if self.stack.currentIndex() == _SET:
                self.check.again()

    def _on_desk_changed(self) -> None:
        self._latest.drop()
        self._looked.drop()
        self.check.drop()
        self.gates, self.verdicts = {}, {}
        self.sets, self.releases = (), ()
        self.lists.show_lists((), (), {})
        self.stack.setCurrentIndex(_NONE)
        super()._on_desk_changed()

    def _ask(self) -> None:
        releasing = self.context.open_desk.releasing
        self._latest.ask(
            tr("List sets and releases"), lambda _t, _r: _Found(releasing.sets(), releasing.releases()), self._show
        )

    def _show(self, found: _Found) -> None:
        shown = self.set_pane.found
        self.sets, self.releases = found.sets, found.releases
        self.lists.show_lists(self.sets, self.releases, self.gates)
        made = next((n for n, each in enumerate(self.releases) if each.manifest_sha256 == self._wanted_hash), -1)
        if made >= 0:
            self._wanted_hash = ""
            self._on_release(made)
            return
        if self.stack.currentIndex() == _RELEASE:
            return
        wanted = self._wanted_set or (shown.name if shown else "")
        self._wanted_set = ""
        row = next((n for n, each in enumerate(self.sets) if each.name == wanted), 0)
        if self.sets:
            self._on_set(row)
        else:
            self.stack.setCurrentIndex(_NONE)

    @Slot(int)
    def _on_set(self, row: int) -> None:
        found = self.sets[row]
        same = self.set_pane.found == found and self.stack.currentIndex() == _SET
        self.lists.mark(self.lists.sets_view, row)
        recipient = next((each.recipient for each in self.releases), "")
        self.set_pane.show_set(found, self.gates.get(found.id), recipient)
        self.stack.setCurrentIndex(_SET)
        if not same or found.id not in self.gates:
            self._ask_gates()

    @Slot()
    def _ask_gates(self) -> None:
        found, plan = self.set_pane.found, self.set_pane.plan
        if found is None:
            return
        self.gates.pop(found.id, None)
        self.set_pane.show_state(None)
        self.set_pane.gates.show_waiting(None)
        self.check.ask(found.name, plan.purpose_id, plan.cut_off)

    @Slot(str, object)
    def _on_checked(self, name: str, gates: tuple[Gate, ...]) -> None:
        found = next((each for each in self.sets if each.name == name), None)
        if found is None:
            return
        self.gates[found.id] = gates
        self.lists.show_lists(self.sets, self.releases, self.gates)
        if self.set_pane.found is not None and self.set_pane.found.id == found.id:
            self.set_pane.show_state(gates)

    @Slot(str)
    def _on_check_failed(self, why: str) -> None:
        self.set_pane.gates.show_unknown(why or tr("not checked"))
        self.set_pane.show_state(None)

    @Slot(object)
    def _on_show(self, gate: Gate) -> None:
        dialog = GateDialog(self.context, gate, self)
        dialog.chosen.connect(self._on_conversation)
        dialog.open()

    @Slot(int, str)
    def _on_conversation(self, conversation: int, account: str) -> None:
        self.context.go("records", Place(Query(accounts=(account,) if account else ()), conversation))

    @Slot()
    def ask_new(self) -> None:
        """Ask for what another approved set needs."""
        dialog = NewSetDialog(self.context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.approved.connect(self._approve)
        dialog.open()

    @Slot(object)
    def _approve(self, new: NewSet) -> None:
        def done(made: ApprovedSet) -> None:
            self._wanted_set = made.name
            self.stack.setCurrentIndex(_NONE)
            self._ask()
            what = count(made.conversations, "conversation", "conversations")
            self.context.say("good", tr("Froze {what} as {name}.").format(what=what, name=made.name))

        self.context.act(
            "Approve a set",
            lambda desk: desk.releasing.approve(new.name, query=new.query, by=new.by, second=new.second or None),
            initiator=self,
            done=done,
        )

    @Slot()
    def _on_second(self) -> None:
        found = self.set_pane.found
        if found is None:
            return
        dialog = SecondApprovalDialog(found, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(lambda who, name=found.name: self._confirm(name, who))
        dialog.open()

    def _confirm(self, name: str, who: str) -> None:
        def done(made: ApprovedSet) -> None:
            self.context.say("good", tr("{who} approved {name} too.").format(who=made.second_by, name=made.name))

        self.context.act(
            "Approve as second person",
            lambda desk: desk.releasing.confirm(name, second=who),
            initiator=self,
            done=done,
        )

    @Slot()
    def _on_write(self) -> None:
        dialog = file_dialog(self, tr("Write the bundle into"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        last = next((Path(each.bundle).parent for each in self.releases), self.context.open_desk.path.parent)
        dialog.setDirectory(str(last))
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def write(self, out: Path) -> None:
        """Write the set shown as a bundle into a folder."""
        found, plan, desk = self.set_pane.found, self.set_pane.plan, self.context.open_desk
        if found is None or self._writing:
            return
        recipient, purpose, as_of = plan.recipient.text().strip(), plan.purpose_id, plan.cut_off

        def work(token: CancelToken, report: Report) -> ReleaseReport:
            return desk.releasing.export(
                out, found.name, recipient=recipient, purpose=purpose, as_of=as_of, cancel=token, report=report
            )

        def tell(made: ReleaseReport) -> str:
            return tr("Wrote {rows} to {who}.").format(rows=count(made.rows, "row", "rows"), who=recipient)

        self.set_pane.show_writing(None, on=True)
        name = tr("Release {name}").format(name=found.name)
        job = self.context.jobs.start(name, work, done=self._written, failed=self._not_written, tell=tell)
        self._writing = job if any(view.id == job for view in self.context.jobs.active) else 0

    def _written(self, made: ReleaseReport) -> None:
        self._writing = 0
        self.set_pane.show_writing(None, on=False)
        self._wanted_hash = made.manifest_sha256
        rows = count(made.rows, "row", "rows")
        self.context.say("good", tr("Wrote {rows}. Verify the bundle, then hand it over.").format(rows=rows))
        self._ask()

    def _not_written(self, error: Exception) -> None:
        self._writing = 0
        self.set_pane.show_writing(None, on=False)
        if isinstance(error, Cancelled):
            self.context.say("info", tr("Cancelled. Nothing was written."))
            return
        self.context.jobs.failed.emit(tr("Write a bundle"), error)
        self._ask_gates()

    @Slot(object)
    def _on_job(self, view: JobView) -> None:
        if self._writing and view.id == self._writing and view.progress is not None:
            self.set_pane.show_writing(view.progress, on=True)

    @Slot(int)
    def _on_release(self, row: int) -> None:
        found = self.releases[row]
        self.check.drop()
        self.lists.mark(self.lists.releases_view, row)
        self.bundle_pane.show_release(found, self.verdicts.get(found.id))
        self.stack.setCurrentIndex(_RELEASE)

    @Slot(object)
    def _on_verify(self, row: ReleaseRow) -> None:
        releasing, folder = self.context.open_desk.releasing, Path(row.bundle)

        def done(report: VerifyReport) -> None:
            self.verdicts[row.id] = report
            if self.bundle_pane.release == row.id:
                self.bundle_pane.show_release(row, report)

        self._looked.ask(tr("Verify a bundle"), lambda _t, _r: releasing.verify(folder), done)

    @Slot()
    def ask_verify(self) -> None:
        """Ask for a bundle to verify."""
        dialog = file_dialog(self, tr("Verify a bundle"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.verify_folder(Path(name)))
        dialog.open()

    def verify_folder(self, folder: Path) -> None:
        """Verify any folder and show what was found."""
        releasing = self.context.open_desk.releasing

        def done(report: VerifyReport) -> None:
            dialog = VerifyDialog(folder, report, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self.context.jobs.start(tr("Verify a bundle"), lambda _t, _r: releasing.verify(folder), done=done)
