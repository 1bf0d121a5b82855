"""The one widget that shows record text.

Plain text only, read only. Nothing leaves it by dragging or by the primary selection; copying hands the *stored* text
to ``copier``, which notes it in the audit trail before it fills the clipboard. Text is never read back from Qt's
document, which changes some characters: selections are mapped to the stored text.
"""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QMenu, QPlainTextEdit, QTextEdit, QWidget

from core.text import SHOWN_LIMIT
from gui.icons import icon
from gui.theme import body_font, color
from gui.widgets.gutter import Gutter
from gui.widgets.highlighter import SpanHighlighter
from gui.widgets.segments import Placed, Segment, Sheet, lay_out
from gui.words import tr

Copier = Callable[[str], None]


class RecordTextView(QPlainTextEdit):
    """Segments one below the other. ``laid_out`` tells that another sheet is shown, ``pressed`` a gutter's segment."""

    laid_out = Signal()
    pressed = Signal(int)

    def __init__(self, copier: Copier, *, narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copier = copier
        self._segments: tuple[Segment, ...] = ()
        self._limit: int | None = SHOWN_LIMIT
        self.sheet = Sheet()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(body_font())
        self.setCursorWidth(0)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self.document().setDefaultTextOption(option)
        self.document().setDocumentMargin(8)
        self._marks = SpanHighlighter(self.document())
        self.gutter = Gutter(self, narrow=narrow)
        self.gutter.pressed.connect(self.pressed)
        self.setViewportMargins(self.gutter.extent, 0, 0, 0)
        self.updateRequest.connect(self._on_update)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons only in the gutter, or words too."""
        if narrow != self.gutter.narrow:
            self.gutter.narrow = narrow
            self.setViewportMargins(self.gutter.extent, 0, 0, 0)
            self._place_gutter()

    def show_segments(self, segments: Sequence[Segment], *, keep: bool = False) -> None:
        """Show other segments; with ``keep`` stay where the reader was."""
        top = self.top_place() if keep else (0, 0.0)
        if not keep:
            self._limit = SHOWN_LIMIT
        self._segments = tuple(segments)
        self.sheet = lay_out(self._segments, self._limit)
        self._marks.use(self.sheet)
        self.setExtraSelections([])
        self.setPlainText(self.sheet.text)
        self.laid_out.emit()
        if keep:
            self.set_top_place(*top)
        self.gutter.update()

    def show_all(self) -> None:
        """Lift the limit for this document."""
        self._limit = None
        self.show_segments(self._segments, keep=True)

    def visible_segments(self) -> Iterator[tuple[Placed, int, int]]:
        """Segments in sight with their top and bottom in pixels of the viewport."""
        block = self.firstVisibleBlock()
        index = self.sheet.at_block(block.blockNumber())
        height = self.viewport().height()
        while 0 <= index < len(self.sheet.placed):
            place = self.sheet.placed[index]
            top, bottom = self._edges(place)
            if top > height:
                return
            yield place, top, bottom
            index += 1

    def _edges(self, place: Placed) -> tuple[int, int]:
        document, offset = self.document(), self.contentOffset()
        first = self.blockBoundingGeometry(document.findBlockByNumber(place.block)).translated(offset)
        last = self.blockBoundingGeometry(document.findBlockByNumber(place.last_block)).translated(offset)
        return round(first.top()), round(last.bottom())

    def segment_at(self, y: int) -> int:
        """Index of the segment at a height of the viewport, -1 for none."""
        for place, top, bottom in self.visible_segments():
            if top <= y <= bottom:
                return self.sheet.placed.index(place)
        return -1

    def _lines(self, index: int) -> tuple[int, int]:
        """First line of a segment and how many it has, wrapped ones counted."""
        document = self.document()
        place = self.sheet.placed[index]
        first = document.findBlockByNumber(place.block).firstLineNumber()
        after = document.findBlockByNumber(place.last_block + 1)
        end = after.firstLineNumber() if after.isValid() else document.lineCount()
        return first, max(1, end - first)

    def top_place(self) -> tuple[int, float]:
        """The segment at the top edge and how far into it the view is (0 to 1)."""
        index = self.sheet.at_block(self.firstVisibleBlock().blockNumber())
        if index < 0:
            return 0, 0.0
        first, lines = self._lines(index)
        return index, min(1.0, max(0.0, (self.verticalScrollBar().value() - first) / (lines + 1)))

    def set_top_place(self, index: int, part: float) -> None:
        """Scroll so that this part of this segment is at the top edge."""
        if 0 <= index < len(self.sheet.placed):
            first, lines = self._lines(index)
            self.verticalScrollBar().setValue(first + round(part * (lines + 1)))

    def reveal(self, index: int, start: int, end: int) -> None:
        """Mark one span as the current one and bring it into sight."""
        if not 0 <= index < len(self.sheet.placed):
            return
        first, last = self.sheet.position(index, start, end)
        cursor = self.textCursor()
        cursor.setPosition(first)
        self.setTextCursor(cursor)
        self.centerCursor()
        marked = QTextCursor(self.document())
        marked.setPosition(first)
        marked.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(color("accent"))
        form.setForeground(color("on_accent"))
        current = QTextEdit.ExtraSelection()
        current.cursor = marked
        current.format = form
        self.setExtraSelections([current])

    def selected_text(self) -> str:
        """The stored text under the selection."""
        cursor = self.textCursor()
        return self.sheet.stored(cursor.selectionStart(), cursor.selectionEnd())

    def copy_selected(self) -> None:
        """Give the stored text under the selection to the copier."""
        text = self.selected_text()
        if text:
            self._copier(text)

    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()  # neither a drag nor the primary selection gets anything

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.textCursor().hasSelection():
            cursor = self.textCursor()
            cursor.clearSelection()  # a press on a selection would begin a drag
            self.setTextCursor(cursor)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut):
            self.copy_selected()
            event.accept()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(icon("copy"), tr("Copy (noted in the audit trail)"))
        copy.setEnabled(self.textCursor().hasSelection())
        copy.triggered.connect(self.copy_selected)
        menu.addAction(tr("Select all")).triggered.connect(self.selectAll)
        menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._marks.recolour()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self.gutter.setGeometry(QRect(inside.topLeft(), QSize(self.gutter.extent, inside.height())))

    @Slot(QRect, int)
    def _on_update(self, rect: QRect, dy: int) -> None:
        self.gutter.scroll(0, dy) if dy else self.gutter.update(0, rect.y(), self.gutter.width(), rect.height())
