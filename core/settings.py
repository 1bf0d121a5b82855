"""The settings of the product, each declared once: its key, type, default, range and what it does.

The dialog, the ``doctor`` verb and the documentation read this declaration. Values lie in ``settings.json`` in the
configuration folder (mode 0600). No setting may hold anything out of a record.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core import paths
from core.errors import Refusal

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. Its type is that of ``default``; ``choices`` or ``low``/``high`` (inclusive) bound it."""

    key: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "system", "The look of the window.", choices=("system", "light", "dark")),
    Setting("reviewer", "", "The name under which decisions and approvals are recorded."),
    Setting("workers", 0, "Processes that look for personal information; 0 takes one a core.", low=0, high=64),
    Setting("rules_only", default=False, help="Look for personal information by rules alone, model or not."),
)
_DECLARED: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


def checked(key: str, value: object) -> Value:
    """The value if it fits the declaration. Raises Refusal, in one sentence, if the key or the value does not."""
    setting = _DECLARED.get(key)
    if setting is None:
        raise Refusal(f"There is no setting named {key}; the settings are {', '.join(_DECLARED)}.")
    if type(value) is not type(setting.default) or not isinstance(value, str | int):
        raise Refusal(f"The setting {key} takes a value of type {type(setting.default).__name__}.")
    if setting.choices and value not in setting.choices:
        raise Refusal(f"The setting {key} is one of {', '.join(setting.choices)}.")
    if setting.high and isinstance(value, int) and not setting.low <= value <= setting.high:
        raise Refusal(f"The setting {key} lies between {setting.low} and {setting.high}.")
    return value


class Settings:
    """The settings in force: what the file says where it fits the declaration, else the defaults."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.config_dir() / "settings.json"
        self._values: dict[str, Value] = {setting.key: setting.default for setting in SETTINGS}
        for key, value in self._read().items():
            try:
                self._values[key] = checked(key, value)
            except Refusal:
                continue  # of a newer version, or edited by hand: the default stands

    def _read(self) -> dict[str, object]:
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stored if isinstance(stored, dict) else {}

    def value(self, key: str) -> Value:
        """The value of any setting."""
        return self._values[key]

    def text(self, key: str) -> str:
        """The value of a text setting."""
        return str(self._values[key])

    def number(self, key: str) -> int:
        """The value of a number setting."""
        return int(self._values[key])

    def flag(self, key: str) -> bool:
        """The value of an on/off setting."""
        return bool(self._values[key])

    def set(self, key: str, value: Value) -> None:
        """Check a value and store it at once; the file is replaced in one step. Raises Refusal."""
        self._values[key] = checked(key, value)
        handle, name = tempfile.mkstemp(prefix=".settings-", dir=self.path.parent)  # made with mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(self._values, stream, indent=1)
        Path(name).replace(self.path)
