"""History: every verdict, decision, scan and release of a record, newest first."""

from collections.abc import Sequence

from PySide6.QtWidgets import QListView, QStackedWidget, QVBoxLayout, QWidget

from core import times
from core.model.view import HistoryLine
from gui.delegates.twoline import TwoLineDelegate
from gui.models.lines_model import Line, LinesModel
from gui.widgets.empty_state import EmptyState
from gui.words import tr

_GLYPHS = (
    ("exclu", "prohibit", "not_eligible"),
    ("undo", "arrow-u-up-left", "muted"),
    ("undid", "arrow-u-up-left", "muted"),
    ("confirm", "users", "eligible"),
    ("inclu", "check-circle", "eligible"),
    ("redaction", "circle-wavy-check", "eligible"),
    ("scan", "fingerprint", "muted"),
    ("releas", "export", "accent"),
    ("approv", "circle-wavy-check", "accent"),
    ("import", "download-simple", "muted"),
    ("view", "eye", "muted"),
    ("copied", "copy", "muted"),
    ("decid", "scales", "muted"),
)


def _line(line: HistoryLine) -> Line:
    low = line.what.casefold()
    glyph, tint = next(((g, t) for word, g, t in _GLYPHS if word in low), ("circle", "muted"))
    when = times.show(line.at).replace("T", " ").rstrip("Z")
    return Line(
        line.what[:1].upper() + line.what[1:],
        " · ".join(part for part in (f"{when} UTC", line.who) if part),
        glyph,
        tint,
    )


class HistoryPane(QWidget):
    """A list of what happened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LinesModel(self)
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(TwoLineDelegate(view))
        view.setUniformItemSizes(True)
        view.setAccessibleName(tr("History"))
        self._stack = QStackedWidget()
        self._stack.addWidget(view)
        self._stack.addWidget(
            EmptyState("clock-counter-clockwise", tr("No history yet"), tr("Nothing was done to this record."))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self._stack)

    def show_lines(self, lines: Sequence[HistoryLine]) -> None:
        """Show a record's history."""
        self.model.set_lines([_line(line) for line in lines])
        self._stack.setCurrentIndex(0 if lines else 1)
