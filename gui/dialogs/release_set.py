"""Freezing a set: its name, which records, who stands for it; and the second person's separate act."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.model.release import ApprovedSet
from core.model.review import person
from core.model.view import Query
from gui.context import Context
from gui.jobs import Latest
from gui.panes.release_words import preview_words, set_counts
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.words import tr


@dataclass(frozen=True, slots=True)
class NewSet:
    """What was asked for; ``query`` None means every eligible conversation."""

    name: str
    query: Query | None
    by: str
    second: str


def _field(form: QFormLayout, name: str, field: QWidget) -> None:
    label = PlainLabel(name)
    label.setBuddy(field)
    form.addRow(label, field)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    return form


class NewSetDialog(QDialog):
    """``approved`` carries a :class:`NewSet`."""

    approved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from core.services.query import show

        self._context = context
        self._latest = Latest(context.jobs)
        self._query = context.query
        self.setWindowTitle(tr("New approved set"))
        self.setFixedWidth(480)
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("What people will call this set"))
        self.everything = QRadioButton(tr("Every eligible conversation"))
        self.filtered = QRadioButton(tr("What the Records page shows now"))
        self._written = show(context.query)
        self.filtered.setEnabled(bool(self._written))
        (self.filtered if self._written else self.everything).setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.everything)
        group.addButton(self.filtered)
        self.by = QLineEdit(context.open_desk.actor)
        self.second = QLineEdit()
        self.second.setPlaceholderText(tr("Leave empty: then it stays a draft"))
        self.preview = PlainLabel("", bold=True)
        self.problem = PlainLabel("", tone="undetermined", wrap=True)
        self.accept_button = button(tr("Approve set"), kind="primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self._on_accepted)
        self._build()
        self.everything.toggled.connect(self._ask)
        for field in (self.name, self.by, self.second):
            field.textChanged.connect(self._check)
        self.finished.connect(lambda _result: self._latest.drop())
        self._ask()
        self._check()

    def _build(self) -> None:
        form = _form()
        _field(form, tr("&Name"), self.name)
        which = QVBoxLayout()
        which.setSpacing(4)
        which.addWidget(self.everything)
        which.addWidget(self.filtered)
        written = ElidedLabel(self._written or tr("no filter is set"), tone="muted", size=-1)
        written.setContentsMargins(24, 0, 0, 0)
        which.addWidget(written)
        form.addRow(PlainLabel(tr("Records")), which)
        form.addRow(PlainLabel(tr("Would freeze")), self.preview)
        _field(form, tr("Approved &by"), self.by)
        _field(form, tr("&Second person"), self.second)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.problem, 1)
        row.addWidget(cancel)
        row.addWidget(self.accept_button)
        says = tr(
            "Only eligible conversations are frozen; the others are left out and counted. Names are no proof of who "
            "sits here: they say who stands for the set."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(tr("New approved set"), size=3, bold=True))
        layout.addWidget(PlainLabel(says, tone="muted", wrap=True))
        layout.addLayout(form)
        layout.addLayout(row)

    @property
    def query(self) -> Query | None:
        """Which records are meant."""
        return self._query if self.filtered.isChecked() else None

    @Slot()
    def _ask(self) -> None:
        releasing, query = self._context.open_desk.releasing, self.query
        self.preview.setText(tr("Counting …"))
        self._latest.ask(
            tr("Count a set"),
            lambda _t, _r: releasing.preview(query),
            lambda found: self.preview.setText(preview_words(*found)),
        )

    @Slot()
    def _check(self) -> None:
        same = bool(self.second.text().strip()) and person(self.second.text()) == person(self.by.text())
        self.problem.setText(tr("The second person must be somebody else.") if same else "")
        whole = bool(self.name.text().strip()) and bool(self.by.text().strip())
        self.accept_button.setEnabled(whole and not same)

    @Slot()
    def _on_accepted(self) -> None:
        made = NewSet(
            self.name.text().strip(), self.query, self.by.text().strip(), self.second.text().strip()
        )  # fmt: skip
        self.accept()
        self.approved.emit(made)


class SecondApprovalDialog(QDialog):
    """``confirmed`` carries the second person's name."""

    confirmed = Signal(str)

    def __init__(self, found: ApprovedSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = found.approved_by
        self.setWindowTitle(tr("Second approval"))
        self.setFixedWidth(440)
        self.second = QLineEdit()
        self.second.setPlaceholderText(tr("Your name"))
        self.problem = PlainLabel("", tone="undetermined", wrap=True)
        self.accept_button = button(tr("Approve as second person"), kind="primary")
        self.accept_button.setDefault(True)
        self.accept_button.setEnabled(False)
        self.second.textChanged.connect(self._check)
        self.accept_button.clicked.connect(self._on_accepted)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        form = _form()
        form.addRow(PlainLabel(tr("First person")), PlainLabel(found.approved_by))
        _field(form, tr("&Second person"), self.second)
        row = QHBoxLayout()
        row.addWidget(self.problem, 1)
        row.addWidget(cancel)
        row.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(tr("Second approval"), size=3, bold=True))
        layout.addWidget(PlainLabel(f"{found.name}: {set_counts(found)}.", tone="muted", wrap=True))
        layout.addLayout(form)
        layout.addLayout(row)

    @Slot()
    def _check(self) -> None:
        name = self.second.text()
        same = bool(name.strip()) and person(name) == person(self._first)
        self.problem.setText(tr("It must be somebody else than {first}.").format(first=self._first) if same else "")
        self.accept_button.setEnabled(bool(name.strip()) and not same)

    @Slot()
    def _on_accepted(self) -> None:
        name = self.second.text().strip()
        self.accept()
        self.confirmed.emit(name)
