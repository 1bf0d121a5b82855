"""What the product stands on and what it does not screen: the facts behind ``doctor`` and the window's About page."""

import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib import metadata

from core import __version__, paths
from core.errors import Refusal
from core.release.sign import SigningKey
from core.services import models
from core.settings import SETTINGS, Settings
from resources.setup import bootstrap

LIBRARIES = (
    "PySide6-Essentials",
    "pyqtgraph",
    "pandas",
    "sqlmodel",
    "SQLAlchemy",
    "onnxruntime",
    "tokenizers",
    "numpy",
)
OPTIONAL = {"isal": "faster reading of compressed archives", "spacy": "a second reader of names"}
INSTALL = "consent-desk models install"

# What no scan looks at, and why: a reviewer must know it before trusting a redaction.
UNSCREENED = (
    ("pictures, sound and other files", "only text is read; a record that refers to a file waits behind a gate"),
    ("languages without cover", "the model knows six European languages; other texts wait for a person"),
    ("text inside attachments", "attachments are named, never opened"),
    ("what only context gives away", "a person can be known by circumstances that name nobody"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the report; ``ok`` is False where something is missing that a person can mend."""

    topic: str
    name: str
    value: str
    ok: bool = True


def facts() -> tuple[Fact, ...]:
    """Everything ``doctor`` says, in its order. Reads the models' files and the person's key; touches no network and
    no workspace.
    """
    return (*_versions(), *_models(), *_system(), *_folders(), _signing_key(), *_settings(), *_unscreened())


def _versions() -> tuple[Fact, ...]:
    found = [
        Fact("version", "Consent Desk", __version__),
        Fact("version", "Python", f"{platform.python_version()} on {platform.platform(terse=True)}"),
        Fact(
            "version", "SQLite", f"{sqlite3.sqlite_version}{'' if _full_text() else ' without FTS5'}", ok=_full_text()
        ),
    ]
    found += [_installed(name) for name in LIBRARIES]
    found += [_installed(name, why) for name, why in OPTIONAL.items()]
    return tuple(found)


def _full_text() -> bool:
    with sqlite3.connect(":memory:") as conn:
        has = conn.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None
    conn.close()
    return has


def _installed(name: str, optional: str = "") -> Fact:
    try:
        return Fact("version", name, metadata.version(name))
    except metadata.PackageNotFoundError:
        value = f"not installed (optional: {optional})" if optional else "not installed"
        return Fact("version", name, value, ok=bool(optional))


def _models() -> tuple[Fact, ...]:
    found = []
    for state in models.states():
        package = state.package
        if state.installed and not state.runnable:
            value = f"installed in {state.folder}, but not used: {package.needs} is not installed"
        elif state.installed:
            value = f"{package.version}, SHA-256 of every file checked, {package.licence}; {package.attribution}"
        else:
            value = f"{', '.join(state.faults[:3])} missing or altered; get it by: {INSTALL}"
        found.append(Fact("model", package.name, value, ok=state.installed or not state.runnable))
        found += [Fact("model file", f"{package.folder}/{file.to}", file.sha256) for file in _weights(state)]
    return tuple(found)


def _weights(state: models.ModelState) -> tuple[models.ModelFile, ...]:
    return tuple(
        f for f in state.package.files if state.installed and f.to.endswith((".onnx", "model", "tokenizer.json"))
    )


def _system() -> tuple[Fact, ...]:
    if not sys.platform.startswith("linux"):
        return (Fact("system", "libraries", "nothing to install on this system"),)
    missing = bootstrap.missing_libraries(window=True)
    value = f"missing; get them by: {bootstrap.apt_line(missing)}" if missing else "every library of the window is here"
    return (Fact("system", "libraries", value, ok=not missing),)


def _folders() -> tuple[Fact, ...]:
    named = (("keys", paths.data_dir()), ("models", paths.cache_dir()), ("settings", paths.config_dir()))
    return tuple(Fact("folder", name, str(folder)) for name, folder in named)


def _signing_key() -> Fact:
    try:
        key = SigningKey.own()
    except Refusal as refusal:
        return Fact("signing key", "fingerprint", str(refusal), ok=False)
    return Fact("signing key", "fingerprint", key.fingerprint if key else "none yet; the first export makes it")


def _settings() -> tuple[Fact, ...]:
    chosen = Settings()
    return tuple(Fact("setting", s.key, f"{chosen.value(s.key)!r}: {s.help}") for s in SETTINGS)


def _unscreened() -> tuple[Fact, ...]:
    return tuple(Fact("not screened", what, why) for what, why in UNSCREENED)
