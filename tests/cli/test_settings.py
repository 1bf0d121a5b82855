"""Settings: declared once, checked, kept in a file of their owner's alone."""

import json
from pathlib import Path

import pytest

from core.errors import Refusal
from core.settings import SETTINGS, Settings, Value, checked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_every_setting_explains_itself_and_its_default_fits() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert checked(setting.key, setting.default) == setting.default


def test_a_value_stays(path: Path) -> None:
    settings = Settings(path)
    assert (settings.text("theme"), settings.number("workers"), settings.flag("rules_only")) == ("system", 0, False)
    settings.set("theme", "dark")
    settings.set("workers", 2)
    assert (Settings(path).text("theme"), Settings(path).value("workers")) == ("dark", 2)
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("key", "value"), [("theme", "pink"), ("workers", 65), ("workers", -1), ("workers", True), ("x", 1)]
)
def test_what_does_not_fit_is_refused(path: Path, key: str, value: Value) -> None:
    with pytest.raises(Refusal):
        Settings(path).set(key, value)
    assert not path.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"theme": "pink", "workers": "many", "gone": 1}', "\udcff"])
def test_a_spoilt_file_gives_the_defaults(path: Path, body: str) -> None:
    path.write_bytes(body.encode("utf-8", "surrogateescape"))
    assert Settings(path).text("theme") == "system"


def test_one_bad_value_leaves_the_others(path: Path) -> None:
    path.write_text(json.dumps({"theme": "pink", "reviewer": "Ines"}), encoding="utf-8")
    assert (Settings(path).text("theme"), Settings(path).text("reviewer")) == ("system", "Ines")
