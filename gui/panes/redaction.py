"""Redaction: findings, and original beside redacted with the scroll locked by turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.model.span import REDACTED_TIERS, Span
from core.model.view import RedactedTurn
from gui.actions import Actions
from gui.delegates.twoline import TwoLineDelegate
from gui.models.lines_model import Line, LinesModel
from gui.panes.turns import redaction_segments
from gui.widgets.buttons import action_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel, PlainLabel
from gui.widgets.record_pane import RecordPane
from gui.widgets.record_text import Copier, RecordTextView
from gui.words import count, humane, tr

WIDE = 760
"""Pixels from which the findings stand beside the texts instead of above them."""
_TIER_GLYPHS = {"certain": "check-circle", "likely": "check", "maybe": "question", "told": "arrow-bend-down-right"}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding and where it is: segment, span, and its place in the redacted text if it was replaced."""

    segment: int
    span: Span
    replaced: tuple[int, int] | None
    replacement: str


def findings(turns: Sequence[RedactedTurn]) -> tuple[Found, ...]:
    """All findings in reading order."""
    made = []
    for place, turn in enumerate(turns):
        for span in sorted(turn.original.spans):
            piece = next((p for p in turn.pieces if p[0] <= span.start and span.end <= p[1]), None)
            made.append(Found(place, span, piece[2:4] if piece else None, piece[5] if piece else ""))
    return tuple(made)


def _line(found: Found) -> Line:
    span = found.span
    note = f"{tr(span.tier.value)} · {span.score:.2f} · {span.detector}"
    text = found.replacement or f"{humane(span.entity)} ({tr('kept')})"
    return Line(text, note, _TIER_GLYPHS[span.tier.value], span.tier.value)


class RedactionPane(QWidget):
    """Three parts: findings, original, redacted."""

    def __init__(self, actions: Actions, copier: Copier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Found, ...] = ()
        self._locked = False
        self.model = LinesModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMinimumSize(176, 84)
        self.list.setAccessibleName(tr("Findings"))
        self.original = RecordPane(copier, narrow=True)
        self.redacted = RecordPane(copier, narrow=True)
        self._count = PlainLabel("", tone="muted")
        self._state = ElidedLabel("")
        self._body = QSplitter(Qt.Orientation.Vertical)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(1)
        self._body.addWidget(self._titled(tr("Findings"), self.list, self._count))
        self._texts = QSplitter(Qt.Orientation.Horizontal)
        self._texts.setChildrenCollapsible(False)
        self._texts.setHandleWidth(1)
        self._texts.addWidget(self._titled(tr("Original"), self.original))
        self._texts.addWidget(self._titled(tr("Redacted"), self.redacted))
        self._body.addWidget(self._texts)
        self._body.setStretchFactor(1, 1)
        self._empty = EmptyState("fingerprint", tr("Not scanned yet"), "", actions.get("review.scan"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._foot(actions))
        self._connect()

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_current)
        for here, there in ((self.original.view, self.redacted.view), (self.redacted.view, self.original.view)):
            here.verticalScrollBar().valueChanged.connect(lambda _value, a=here, b=there: self._follow(a, b))

    def _titled(self, name: str, widget: QWidget, extra: QWidget | None = None) -> QWidget:
        made = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 12, 6)
        head.addWidget(PlainLabel(name, tone="muted", bold=True, size=-1))
        head.addStretch(1)
        if extra is not None:
            head.addWidget(extra)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(widget, 1)
        return made

    def _foot(self, actions: Actions) -> QWidget:
        foot = QFrame()
        foot.setProperty("kind", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._state, 1)
        reviewed = action_button(actions.get("review.reviewed"), key="m", glyph="circle-wavy-check")
        reviewed.setText(f"{tr('Mark as reviewed')}  m")
        row.addWidget(reviewed)
        return foot

    def show_turns(self, turns: Sequence[RedactedTurn]) -> None:
        """Show a conversation's texts before and after."""
        scanned = any(turn.original.scanned for turn in turns)
        self._stack.setCurrentWidget(self._body if scanned else self._empty)
        self._empty.tell(
            "fingerprint",
            tr("Not scanned yet"),
            tr("Nothing of this conversation was looked through for personal information."),
        )
        self._found = findings(turns)
        left, right = redaction_segments(turns)
        self.original.view.show_segments(left)
        self.redacted.view.show_segments(right)
        self.model.set_lines([_line(found) for found in self._found])
        self._tell(turns)

    def _tell(self, turns: Sequence[RedactedTurn]) -> None:
        replaced = sum(found.span.tier in REDACTED_TIERS for found in self._found)
        self._count.setText(f"{replaced} {tr('of')} {len(self._found)} {tr('replaced')}")
        texts = [turn.original for turn in turns if turn.released]
        uncovered = sorted({text.language for text in texts if text.scanned and not text.covered})
        missing = sum(not text.scanned for text in texts)
        if texts and all(text.reviewed for text in texts):
            self._say("eligible", tr("A person stands for this redaction."))
        elif missing:
            self._say("undetermined", count(missing, "text is not scanned yet", "texts are not scanned yet"))
        elif uncovered:
            self._say(
                "undetermined", tr("Not covered by the detector: {languages}").format(languages=", ".join(uncovered))
            )
        else:
            self._say("muted", tr("Scanned; not reviewed by a person."))

    def _say(self, tone: str, text: str) -> None:
        self._state.set_tone(tone)
        self._state.setText(text)

    def clear(self) -> None:
        """Show nothing; no text stays behind."""
        self._found = ()
        self.model.set_lines(())
        self.original.view.show_segments(())
        self.redacted.view.show_segments(())

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) finding, round and round."""
        rows = self.model.rowCount()
        if rows:
            now = self.list.currentIndex().row()
            row = (now + by) % rows if now >= 0 else (0 if by > 0 else rows - 1)
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self.model.index(row, 0), mode)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        found = self._found[current.row()]
        self._locked = True
        self.original.view.reveal(found.segment, found.span.start, found.span.end)
        if found.replaced is not None:
            self.redacted.view.reveal(found.segment, *found.replaced)
        self._locked = False
        if found.replaced is None:
            self._follow(self.original.view, self.redacted.view)

    def _follow(self, here: RecordTextView, there: RecordTextView) -> None:
        """Scroll the other side to the same part of the same turn."""
        if self._locked:
            return
        self._locked = True
        there.set_top_place(*here.top_place())
        self._locked = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._body.orientation() != way:
            self._body.setOrientation(way)
            self._body.setSizes([240, self.width() - 240] if wide else [168, self.height() - 168])
        for pane in (self.original, self.redacted):
            pane.view.set_narrow(narrow=not wide)
