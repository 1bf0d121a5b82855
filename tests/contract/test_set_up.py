"""The ground holds: no network, locks whole and without addresses, the set-up script on every machine."""

import ctypes
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from resources.setup import bootstrap
from tests.conftest import NetworkTouched, _touched

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(name: str) -> set[str]:
    """Names in a lock file, normalised."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {line.partition("==")[0].lower().replace("_", "-") for line in text.splitlines() if "==" in line[:60]}


def test_the_guard_refuses_the_internet() -> None:
    with pytest.raises(NetworkTouched), socket.socket() as plug:
        plug.connect(("127.0.0.1", 9))
    with pytest.raises(NetworkTouched):
        socket.getaddrinfo("localhost", 80)
    assert len(_touched) == 2
    _touched.clear()


def test_the_guard_allows_local_pipes() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.send(b"x")
        assert right.recv(1) == b"x"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert entry.startswith("#") or re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_locks_hold_what_the_project_asks_for() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=\[ ]", each)[0].lower() for each in requirements}

    runtime, everything = pinned("requirements.lock"), pinned("requirements-dev.lock")
    extras = PROJECT["project"]["optional-dependencies"]
    assert names(PROJECT["project"]["dependencies"]) <= runtime <= everything
    assert names(extras["dev"]) <= everything
    assert not names(extras["dev"]) & runtime
    assert "spacy" not in everything


def test_the_binding_stays_below_the_version_that_leaks_none() -> None:
    wanted = next(each for each in PROJECT["project"]["dependencies"] if each.startswith("PySide6"))
    assert wanted == "PySide6-Essentials>=6.11.3,<6.12"


def test_the_set_up_script_needs_the_standard_library_only() -> None:
    """``-I -S`` hides every installed package."""
    script = ROOT / "resources" / "setup" / "bootstrap.py"
    done = subprocess.run([sys.executable, "-I", "-S", str(script), "--help"], capture_output=True, check=True)
    assert b"models" in done.stdout


def test_versions_that_are_supported() -> None:
    assert [bootstrap.supported(v) for v in ((3, 10), (3, 11), (3, 13), (3, 14), None)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert bootstrap.version_of("no-such-python") is None


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ({"ID": "debian", "VERSION_ID": "12"}, "libglib2.0-0"),
        ({"ID": "debian", "VERSION_ID": "13"}, "libglib2.0-0t64"),
        ({"ID": "debian"}, "libglib2.0-0t64"),
        ({"ID": "ubuntu", "VERSION_ID": "22.04"}, "libglib2.0-0"),
        ({"ID": "ubuntu", "VERSION_ID": "24.04"}, "libglib2.0-0t64"),
    ],
)
def test_package_names_follow_the_release(monkeypatch: pytest.MonkeyPatch, release: dict[str, str], name: str) -> None:
    monkeypatch.setattr(bootstrap, "os_release", lambda: release)
    assert bootstrap.debian_name("libglib2.0-0t64") == name


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        if name in ("libEGL.so.1", "libxcb-cursor.so.0"):
            raise OSError(name)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert bootstrap.missing_libraries(window=False) == ["libegl1"]
    assert bootstrap.missing_libraries(window=True) == ["libegl1", "libxcb-cursor0"]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert bootstrap.missing_libraries(window=True) == []


def test_a_user_who_may_not_install_is_told_the_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "has_venv", lambda _: False)
    monkeypatch.setattr(bootstrap, "missing_libraries", lambda **_: ["libegl1"])
    monkeypatch.setattr(bootstrap, "missing_fonts", list)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(bootstrap.SetupError):
        bootstrap.check("python3")
    assert "sudo apt-get install --no-install-recommends python3-venv libegl1" in capsys.readouterr().out
