"""Where the product keeps its own files, and the modes they get.

Keys and secrets live outside the workspace, so that copying a workspace never copies them.
Folders are made with mode 0700, files with 0600.
"""

import os
from pathlib import Path

import platformdirs

APP = "consent-desk"


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def data_dir() -> Path:
    """Folder of keys and secrets; ``CONSENT_DESK_DATA`` overrides the platform's own."""
    return _private(Path(os.environ.get("CONSENT_DESK_DATA") or platformdirs.user_data_dir(APP, appauthor=False)))


def cache_dir() -> Path:
    """Folder of the detector's models; ``CONSENT_DESK_CACHE`` overrides the platform's own."""
    return _private(Path(os.environ.get("CONSENT_DESK_CACHE") or platformdirs.user_cache_dir(APP, appauthor=False)))


def config_dir() -> Path:
    """Folder of settings and window layout; ``CONSENT_DESK_CONFIG`` overrides the platform's own."""
    return _private(Path(os.environ.get("CONSENT_DESK_CONFIG") or platformdirs.user_config_dir(APP, appauthor=False)))


def resource(*parts: str) -> Path:
    """Path of a file shipped in ``resources/``."""
    return Path(__file__).resolve().parent.parent.joinpath("resources", *parts)


def make_private(path: Path) -> None:
    """Give an existing file or folder to its owner alone."""
    path.chmod(0o700 if path.is_dir() else 0o600)
