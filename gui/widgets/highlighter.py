"""Marks spans by colour and by underline: solid certain, dashed likely, dotted maybe, wavy told."""

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.theme import color
from gui.widgets.segments import Sheet

UNDERLINES = {
    "certain": QTextCharFormat.UnderlineStyle.SingleUnderline,
    "likely": QTextCharFormat.UnderlineStyle.DashUnderline,
    "maybe": QTextCharFormat.UnderlineStyle.DotLine,
    "told": QTextCharFormat.UnderlineStyle.WaveUnderline,
    "replaced": QTextCharFormat.UnderlineStyle.NoUnderline,
}
_TOKENS = {"certain": "certain", "likely": "likely", "maybe": "maybe", "told": "told", "replaced": "eligible"}


def mark_format(style: str) -> QTextCharFormat:
    """The format of a tier's name or of ``replaced``."""
    token = _TOKENS[style]
    made = QTextCharFormat()
    made.setBackground(color(f"{token}_soft"))
    made.setUnderlineStyle(UNDERLINES[style])
    made.setUnderlineColor(color(token))
    if style == "replaced":
        made.setForeground(color(token))
    return made


class SpanHighlighter(QSyntaxHighlighter):
    """Reads the marks of a sheet block by block."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._sheet = Sheet()
        self._formats: dict[str, QTextCharFormat] = {}

    def use(self, sheet: Sheet) -> None:
        """Take the marks of a sheet; call before the document gets its text."""
        self._sheet = sheet

    def recolour(self) -> None:
        """Follow a theme switch."""
        self._formats.clear()
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        if number in self._sheet.dim:
            dim = QTextCharFormat()
            dim.setForeground(color("muted"))
            self.setFormat(0, len(text.encode("utf-16-le")) // 2, dim)
        for mark in self._sheet.marks.get(number, ()):
            if mark.style not in self._formats:
                self._formats[mark.style] = mark_format(mark.style)
            self.setFormat(mark.start, mark.length, self._formats[mark.style])
