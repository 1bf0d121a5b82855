"""Contrast of every pair that is used, and the same tokens in both themes."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.theme import Theme, load, palette, tokens

GROUNDS = ("window", "surface", "sunken", "raised", "hover")
VERDICTS = ("eligible", "undetermined", "not_eligible", "info")
TIERS = ("certain", "likely", "maybe", "told")
PAIRS = [
    *((text, ground) for text in ("text", "muted") for ground in GROUNDS),
    *((name, f"{name}_soft") for name in (*VERDICTS, "none")),
    *((name, ground) for name in VERDICTS for ground in ("window", "surface")),
    *(("text", f"{name}_soft") for name in (*TIERS, *VERDICTS)),
    *((tier, "surface") for tier in TIERS),
    ("accent", "surface"), ("accent", "window"), ("accent", "accent_soft"), ("on_accent", "accent"),
    ("on_selection", "selection"),
]  # fmt: skip


def luminance(color: QColor) -> float:
    """WCAG 2.2 relative luminance."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_contrast(name: str, front: str, back: str) -> None:
    theme = load(name)
    assert contrast(theme.color(front), theme.color(back)) >= 4.5


def test_themes_name_the_same_tokens() -> None:
    assert load("light").colors.keys() == load("dark").colors.keys()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_palette_sets_every_role(name: str) -> None:
    made = palette(load(name))
    known = {QColor(value).name() for value in load(name).colors.values()}
    roles = [role for role in made.ColorRole if role not in (made.ColorRole.NoRole, made.ColorRole.NColorRoles)]
    assert {made.color(role).name() for role in roles} <= known


def test_toggle_and_unknown_choice(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    theme.toggle()
    assert tokens().dark
    assert theme.choice == "dark"
    with pytest.raises(ValueError, match="sepia"):
        theme.choose("sepia")
    theme.choose("light")
