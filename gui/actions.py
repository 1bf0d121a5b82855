"""Everything a person can ask the window for, declared once.

Menus, shortcuts, the command palette and the shortcut sheet are all made of this tuple; handlers are bound by id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.icons import icon
from gui.words import tr

When = Literal["always", "desk", "records", "record"]
MENUS = ("File", "Edit", "Record", "Review", "View", "Help")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing to ask for. ``shortcut`` may name several keys, parted by ``"; "``; ``when`` says what it needs."""

    id: str
    text: str
    icon: str
    shortcut: str
    tip: str
    menu: str
    when: When = "desk"

    @property
    def keys(self) -> tuple[str, ...]:
        """Its shortcuts, the main one first."""
        return tuple(key for key in self.shortcut.split("; ") if key)


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.new", "New workspace…", "file-plus", "Ctrl+N", "Start an empty workspace in a file", "File", "always"
    ),
    ActionSpec("file.open", "Open workspace…", "folder-open", "Ctrl+O", "Open a workspace file", "File", "always"),
    ActionSpec(
        "file.demo",
        "Try the demo workspace",
        "play-circle",
        "",
        "Build a workspace from made-up samples and open it",
        "File",
        "always",
    ),
    ActionSpec(
        "file.import",
        "Import…",
        "download-simple",
        "Ctrl+I",
        "Read archives and consent ledgers into this workspace",
        "File",
        "always",
    ),
    ActionSpec("file.set_aside", "Set aside…", "tray", "", "What could not be read, where it stood and why", "File"),
    ActionSpec("release.new", "New approved set…", "plus", "", "Freeze eligible records for a release", "File"),
    ActionSpec("release.verify", "Verify a bundle…", "shield-check", "", "Check any bundle by itself", "File"),
    ActionSpec("overview.save", "Save CSV…", "floppy-disk", "", "Keep the opt-out rates in a file", "File"),
    ActionSpec("file.close", "Close workspace", "x", "Ctrl+W", "Close this workspace and go back to the start", "File"),
    ActionSpec("file.quit", "Quit", "sign-out", "Ctrl+Q", "Cancel what runs and leave", "File", "always"),
    ActionSpec(
        "edit.undo", "Undo last decision", "arrow-u-up-left", "Ctrl+Z; U", "Take back your latest decision", "Edit"
    ),
    ActionSpec(
        "edit.find", "Search records", "magnifying-glass", "/", "Put the cursor into the records' search field", "Edit"
    ),
    ActionSpec(
        "edit.palette",
        "Command palette",
        "command",
        "Ctrl+K",
        "Find any command or search the records",
        "Edit",
        "always",
    ),
    ActionSpec(
        "edit.reviewer",
        "Reviewer's name…",
        "user-circle",
        "",
        "Who stands for the decisions made from now on",
        "Edit",
        "always",
    ),
    ActionSpec(
        "record.next", "Next record", "caret-down", "J", "Go to the next record of the list", "Record", "records"
    ),
    ActionSpec(
        "record.previous",
        "Previous record",
        "caret-up",
        "K",
        "Go to the previous record of the list",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.next_open",
        "Next undetermined",
        "caret-double-down",
        "Shift+J",
        "Go to the next record without a clear verdict",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.previous_open",
        "Previous undetermined",
        "caret-double-up",
        "Shift+K",
        "Go to the previous record without a clear verdict",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.next_finding",
        "Next finding",
        "arrow-down",
        "N",
        "Go to the next finding of this record",
        "Record",
        "record",
    ),
    ActionSpec(
        "record.previous_finding",
        "Previous finding",
        "arrow-up",
        "P",
        "Go to the previous finding of this record",
        "Record",
        "record",
    ),
    ActionSpec(
        "record.why",
        "Why",
        "question",
        "Alt+1",
        "Show the clause and the events behind the verdict",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.text",
        "Text",
        "chat-text",
        "Alt+2",
        "Show the conversation; viewing it is noted in the audit trail",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.redaction",
        "Redaction",
        "eraser",
        "Alt+3",
        "Show original and redacted side by side",
        "Record",
        "records",
    ),
    ActionSpec(
        "record.history",
        "History",
        "clock-counter-clockwise",
        "Alt+4",
        "Show all that happened to this record",
        "Record",
        "records",
    ),
    ActionSpec(
        "review.exclude",
        "Exclude…",
        "prohibit",
        "X",
        "Keep the selected records out, with a reason",
        "Review",
        "record",
    ),
    ActionSpec(
        "review.include",
        "Request include…",
        "check-circle",
        "I",
        "Ask that the selected records be let in; needs evidence and a second person",
        "Review",
        "record",
    ),
    ActionSpec(
        "review.confirm",
        "Confirm include…",
        "users",
        "C",
        "Confirm a pending include as the second person",
        "Review",
        "record",
    ),
    ActionSpec(
        "review.reviewed",
        "Mark redaction as reviewed",
        "circle-wavy-check",
        "M",
        "Stand for the redaction of this conversation's texts",
        "Review",
        "record",
    ),
    ActionSpec(
        "review.scan",
        "Scan for personal information",
        "fingerprint",
        "Ctrl+Shift+S",
        "Look for personal information in every text not yet scanned",
        "Review",
    ),
    ActionSpec(
        "review.decide",
        "Decide again",
        "scales",
        "Ctrl+Shift+D",
        "Work out every verdict anew from the facts on file",
        "Review",
    ),
    ActionSpec(
        "view.facets", "Show or hide filters", "funnel", "[", "Collapse the pane on the left", "View", "records"
    ),
    ActionSpec(
        "view.inspector",
        "Show or hide inspector",
        "square-half",
        "]",
        "Collapse the pane on the right",
        "View",
        "records",
    ),
    ActionSpec(
        "view.wide",
        "Redaction in full width",
        "arrows-out-line-horizontal",
        "R",
        "Give the whole page to original and redacted",
        "View",
        "records",
    ),
    ActionSpec(
        "view.back",
        "Back to the list",
        "arrow-left",
        "Esc",
        "Leave the full width or the search and go back to the list",
        "View",
        "records",
    ),
    ActionSpec(
        "view.jobs", "Show or hide jobs", "hourglass", "Ctrl+J", "What runs now and what ran before", "View", "always"
    ),
    ActionSpec("view.theme", "Switch light and dark", "moon", "Ctrl+Shift+L", "Use the other theme", "View", "always"),
    ActionSpec("help.shortcuts", "Keyboard shortcuts", "keyboard", "?", "All keys on one sheet", "Help", "always"),
    ActionSpec(
        "help.about",
        "About Consent Desk",
        "info",
        "",
        "Version, detector, and the promise to stay offline",
        "Help",
        "always",
    ),
)


class Actions(QObject):
    """The QActions made of the specs, with handlers bound by id."""

    def __init__(self, parent: QWidget, pages: tuple[ActionSpec, ...] = ()) -> None:
        super().__init__(parent)
        self.specs = SPECS + pages
        self._handlers: dict[str, Callable[[], object]] = {}
        self._actions: dict[str, QAction] = {}
        for spec in self.specs:
            self._actions[spec.id] = self._make(spec, parent)

    def _make(self, spec: ActionSpec, parent: QWidget) -> QAction:
        action = QAction(icon(spec.icon), tr(spec.text), self)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(f"{tr(spec.tip)} ({spec.keys[0]})" if spec.keys else tr(spec.tip))
        action.setStatusTip(tr(spec.tip))
        action.triggered.connect(lambda _=False, name=spec.id: self.trigger(name))
        parent.addAction(action)
        return action

    def bind(self, name: str, handler: Callable[[], object]) -> None:
        """Say what an action does; KeyError if there is none of that id."""
        if name not in self._actions:
            raise KeyError(name)
        self._handlers[name] = handler

    def bound(self, name: str) -> bool:
        """Whether an action has a handler."""
        return name in self._handlers

    def trigger(self, name: str) -> None:
        """Do what an action does."""
        handler = self._handlers.get(name)
        if handler:
            handler()

    def get(self, name: str) -> QAction:
        """The QAction of an id."""
        return self._actions[name]

    def allow(self, *, desk: bool, records: bool, record: bool) -> None:
        """Enable what is possible now: with a desk, on the records page, with a record selected."""
        have = {"always": True, "desk": desk, "records": desk and records, "record": desk and records and record}
        for spec in self.specs:
            self._actions[spec.id].setEnabled(have[spec.when])

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for name in MENUS:
            menu = QMenu(tr(name), bar)
            bar.addMenu(menu)
            group = ""
            for spec in (spec for spec in self.specs if spec.menu == name):
                if group and spec.when != group:
                    menu.addSeparator()
                group = spec.when
                menu.addAction(self._actions[spec.id])
