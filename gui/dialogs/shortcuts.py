"""All keys on one sheet, made of the action specs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui.actions import MENUS, ActionSpec
from gui.widgets.labels import PlainLabel, heading
from gui.words import tr


class ShortcutSheet(QDialog):
    """Three columns of keys by menu."""

    def __init__(self, specs: tuple[ActionSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        for menus in (MENUS[:2], MENUS[2:4], MENUS[4:]):
            column = QVBoxLayout()
            column.setSpacing(8)
            for menu in menus:
                column.addWidget(heading(tr(menu)))
                column.addWidget(self._block([spec for spec in specs if spec.menu == menu and spec.keys]))
            column.addStretch(1)
            columns.addLayout(column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(PlainLabel(tr("Keyboard shortcuts"), size=4, bold=True))
        layout.addLayout(columns)
        layout.addWidget(PlainLabel(tr("No key works while you type in a text field."), tone="muted"))
        layout.addWidget(buttons)

    def _block(self, specs: list[ActionSpec]) -> QWidget:
        block = QFrame()
        grid = QGridLayout(block)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for row, spec in enumerate(specs):
            keys = PlainLabel("   ".join(spec.keys), fixed=True, tone="accent")
            keys.setMinimumWidth(96)
            grid.addWidget(keys, row, 0)
            grid.addWidget(PlainLabel(tr(spec.text).rstrip("…")), row, 1)
        grid.setColumnStretch(1, 1)
        return block
