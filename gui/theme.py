"""The look: Fusion with an explicit palette made from tokens, in light and dark.

Widgets that paint for themselves read :func:`tokens`; all others follow the palette. ``system`` asks the desktop
and falls back to light where it does not say.
"""

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from string import Template
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from core.paths import resource

CHOICES = ("system", "light", "dark")
PROPORTIONAL = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans")
FIXED = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono")
WIDE_FONTS = frozenset({"DejaVu Sans", "DejaVu Sans Mono"})
BODY = 13
"""Size of running text in pixels; one less in fonts that run wide."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The named colours of one theme."""

    name: str
    dark: bool
    colors: MappingProxyType[str, str]

    def color(self, name: str) -> QColor:
        """The colour of a token; KeyError if there is none of that name."""
        return QColor(self.colors[name])


@cache
def load(name: str) -> Tokens:
    """The tokens of ``light`` or ``dark``."""
    raw = tomllib.loads(resource("themes", f"{name}.toml").read_text("utf-8"))
    return Tokens(name, bool(raw["dark"]), MappingProxyType(dict(raw["colors"])))


class _Current:
    """The one theme in force; painters ask at paint time, so that a switch needs no registration."""

    tokens: Tokens | None = None


def tokens() -> Tokens:
    """The tokens in force, light before any theme was applied."""
    return _Current.tokens or load("light")


def color(name: str) -> QColor:
    """The colour of a token of the theme in force; a copy, free to be changed."""
    return QColor(shared_color(name))


def shared_color(name: str) -> QColor:
    """The same without the copy, for painters of many cells; not to be changed."""
    return _made(tokens().name, name)


@cache
def _made(theme: str, name: str) -> QColor:
    return load(theme).color(name)


def palette(theme: Tokens) -> QPalette:
    """The palette of a theme, with every role and group set."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "window",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.BrightText: "not_eligible",
        QPalette.ColorRole.Light: "raised",
        QPalette.ColorRole.Midlight: "hover",
        QPalette.ColorRole.Mid: "border_strong",
        QPalette.ColorRole.Dark: "border_strong",
        QPalette.ColorRole.Shadow: "shadow",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.HighlightedText: "on_selection",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, name in roles.items():
        made.setColor(role, theme.color(name))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.color("disabled"))
    return made


def _family(wanted: tuple[str, ...]) -> str:
    known = set(QFontDatabase.families())
    return next((name for name in wanted if name in known), "")


def body_font() -> QFont:
    """The font of running text: the desktop's own on macOS and Windows, else the best one installed."""
    font = QFont(QApplication.font())
    if sys.platform.startswith("linux"):
        family = _family(PROPORTIONAL)
        if family:
            font.setFamily(family)
    font.setPixelSize(BODY - (font.family() in WIDE_FONTS))
    return font


@cache
def _fixed_family() -> str:
    return _family(FIXED)


def fixed_font() -> QFont:
    """The font of identifiers and hashes."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if _fixed_family():
        font.setFamily(_fixed_family())
    font.setPixelSize(BODY - 1 - (font.family() in WIDE_FONTS))
    return font


def scaled(font: QFont, step: int, *, bold: bool = False) -> QFont:
    """``font`` made larger by ``step`` pixels, semi-bold if asked."""
    made = QFont(font)
    made.setPixelSize(max(9, font.pixelSize() + step))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


class Theme(QObject):
    """The person's choice of theme, applied to the whole application."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__()
        self._app = app
        self._choice = choice if choice in CHOICES else "system"
        app.setStyle("Fusion")
        app.setFont(body_font())
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def choice(self) -> str:
        """What the person chose: system, light or dark."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return tokens()

    def choose(self, choice: str) -> None:
        """Apply ``system``, ``light`` or ``dark``."""
        if choice not in CHOICES:
            raise ValueError(choice)
        self._choice = choice
        self._apply()

    def toggle(self) -> None:
        """Switch between light and dark."""
        self.choose("light" if tokens().dark else "dark")

    def _name(self) -> str:
        if self._choice != "system":
            return self._choice
        dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _apply(self) -> None:
        theme = load(self._name())
        if _Current.tokens is theme and self._app.styleSheet():
            return
        _Current.tokens = theme
        self._app.setPalette(palette(theme))
        shapes = Template(resource("themes", "shapes.qss").read_text("utf-8"))
        self._app.setStyleSheet(shapes.substitute(theme.colors))
        self.changed.emit()

    @Slot()
    def _on_system_changed(self) -> None:
        if self._choice == "system":
            self._apply()
