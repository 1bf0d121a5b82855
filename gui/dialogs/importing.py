"""Import: which files, what each was taken for, and what became of it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.errors import Cancelled
from core.model.view import FileReport, ImportReport
from gui.context import Context
from gui.errors import sentence
from gui.jobs import JobView
from gui.models.table_model import WordsModel
from gui.widgets.buttons import button
from gui.widgets.empty_state import EmptyState
from gui.widgets.file_dialog import remembering_dialog
from gui.widgets.jobs_drawer import progress_text
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.widgets.table import plain_table
from gui.words import count, humane, number, tr
from gui.workspace import Workspace, imported_sentence

_STATES = {"complete": "Complete", "partial": "In part", "refused": "Refused"}


def size_text(path: Path) -> str:
    """A file's size in the largest unit that leaves a number."""
    try:
        size = float(path.stat().st_size)
    except OSError:
        return "—"
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def report_row(file: FileReport) -> tuple[str, ...]:
    """The cells of a file that was looked at."""
    counts = (file.seen, file.imported, file.duplicates, file.new_versions, file.quarantined)
    state = tr(_STATES.get(file.status, humane(file.status)))
    return (Path(file.path).name, humane(file.kind), state, *map(number, counts), file.reason)


class ImportDialog(QDialog):
    """Not modal: work goes on beside it, and closing it leaves the import running. ``set_aside_asked`` is a wish."""

    set_aside_asked = Signal()

    def __init__(self, context: Context, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._workspace = workspace
        self._paths: tuple[Path, ...] = ()
        self._job = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import"))
        self.resize(1000, 420)
        self.setAcceptDrops(True)
        heads = ("File", "Taken for", "State", "Seen", "Imported", "Known", "New versions", "Set aside", "Remark")
        self.model = WordsModel([tr(head) for head in heads], numbers=range(3, 8), parent=self)
        self.table = plain_table(self.model, tr("Files"), stretch=8)
        for column, width in enumerate((164, 116, 84, 60, 80, 68, 104, 80)):
            self.table.setColumnWidth(column, width)
        self.account = QLineEdit()
        self.account.setPlaceholderText(tr("Account of exports that name none (optional)"))
        self.account.setAccessibleName(tr("Account of exports that name none"))
        self.choose = button(tr("Choose files…"), glyph="folder-open")
        self.remove = button(
            tr("Remove"), kind="quiet", glyph="minus-circle", tip=tr("Take the chosen files off (Del)")
        )
        self.shut = button(tr("Close"), kind="quiet", tip=tr("An import that runs goes on in the jobs"))
        self.start = button("", kind="primary")
        self.aside = button(tr("Set aside…"), glyph="tray", kind="quiet")
        self._line = ElidedLabel("", tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stack = QStackedWidget()
        self._build()
        self.choose.clicked.connect(self._on_choose)
        self.start.clicked.connect(self._on_start)
        self.aside.clicked.connect(self.set_aside_asked)
        self.remove.clicked.connect(self._on_remove)
        self.shut.clicked.connect(self.reject)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        context.jobs.changed.connect(self._on_job)
        workspace.imported.connect(self._on_imported)
        self.add(())

    def _build(self) -> None:
        says = tr("Chat exports, API and image logs, batches, consent ledgers: each is recognised by what is in it.")
        self._stack.addWidget(EmptyState("download-simple", tr("Drop files here"), says))
        self._stack.addWidget(self.table)
        self._bar.hide()
        self.aside.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        row.addWidget(self.account, 1)
        row.addWidget(self.aside)
        row.addWidget(self.shut)
        row.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(tr("Import archives and ledgers"), size=3, bold=True))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._line)
        layout.addLayout(row)

    def add(self, paths: tuple[Path, ...]) -> None:
        """Put files on the list; a file twice is one."""
        self._paths = tuple(dict.fromkeys((*self._paths, *paths)))
        self._show_waiting(tr("Waiting"))
        self._stack.setCurrentIndex(1 if self._paths else 0)
        self._on_selected()
        self.start.setText(tr("Import {files}").format(files=count(len(self._paths), "file", "files")))
        self.start.setEnabled(bool(self._paths) and not self._job)

    def _show_waiting(self, state: str, remark: str = "") -> None:
        """Show the files before anything is known of them, all in one state."""
        blank = ("",) * 5
        self.model.set_rows([(path.name, "", state, *blank, remark or size_text(path)) for path in self._paths])

    @Slot()
    def _on_choose(self) -> None:
        dialog = remembering_dialog(self._context.state, self, tr("Choose files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.add(tuple(map(Path, names))))
        dialog.open()

    @Slot()
    def _on_selected(self) -> None:
        chosen = self.table.selectionModel().hasSelection()
        self.remove.setEnabled(chosen and bool(self._paths) and not self._job)

    @Slot()
    def _on_remove(self) -> None:
        if self._job or not self._paths:
            return
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        self._paths = tuple(path for row, path in enumerate(self._paths) if row not in rows)
        self.add(())

    @Slot()
    def _on_start(self) -> None:
        self.remove.setEnabled(False)
        self.choose.setEnabled(False)
        self.start.setEnabled(False)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._line.set_tone("muted")
        self._line.setText(tr("Starting…"))
        self._job = self._workspace.bring(self._paths, self.account.text().strip() or None, failed=self._on_failed)

    @Slot(object)
    def _on_job(self, view: JobView) -> None:
        if view.id == self._job and view.progress is not None:
            self._bar.setRange(0, view.progress.total or 0)
            self._bar.setValue(view.progress.done)
            self._line.setText(progress_text(view.progress))

    @Slot(object)
    def _on_imported(self, report: ImportReport) -> None:
        if not self._job:
            return
        self._rest()
        self.model.set_rows([report_row(file) for file in report.files])
        self._line.setText(imported_sentence(report))
        self.aside.setVisible(report.totals.quarantined > 0)
        self._paths = ()
        self.start.setText(tr("Import"))

    def _on_failed(self, error: Exception) -> None:
        self._rest()
        stays = tr("What was finished before stays. Import again: what is known already is left as it is.")
        self._show_waiting(tr("Not finished"), stays)
        self.start.setEnabled(bool(self._paths))
        self._line.set_tone("muted" if isinstance(error, Cancelled) else "not_eligible")
        self._line.setText(sentence(error) or tr("The import stopped by a fault of the program."))
        if not sentence(error):
            self._context.jobs.failed.emit(tr("Import"), error)

    def _rest(self) -> None:
        self._job = 0
        self._bar.hide()
        self.choose.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self._on_remove()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add(tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))
