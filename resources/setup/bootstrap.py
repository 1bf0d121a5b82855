"""Sets up a checkout from nothing: system libraries, ``.venv``, the locked packages, the detector's models.

Standard library only, since it runs before anything is installed; the Makefile only calls it, so that the same
steps work without make, on macOS and on Windows::

    python3 resources/setup/bootstrap.py all

``check``, ``venv``, ``install`` and ``models`` are the single steps; ``ready`` does ``all`` unless it was done for
this very lock file. Every step can be run again and then does only what is missing.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "consent-desk.stamp"
OLDEST, NEWEST = (3, 11), (3, 13)

# Shared libraries that Qt opens, with the Debian package of each. A missing one ends the process without a word.
OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0t64",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONTS = ("fonts-dejavu-core", "fonts-noto-color-emoji", "fonts-wqy-microhei")


class SetupError(Exception):
    """A step cannot go on; the text says what to do, in one sentence."""


def say(text: str) -> None:
    """One line for the person who waits."""
    print(f"setup: {text}", flush=True)


def run(command: list[str], *, quiet: bool = False) -> bool:
    """Run a command in the checkout; True if it ended well. ``quiet`` hides what it prints."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode == 0
    except OSError:
        return False


# --- system libraries ---------------------------------------------------------------------------------------------


def os_release() -> dict[str, str]:
    """The fields of ``/etc/os-release``; empty where there is none."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines) if value}


def debian_name(package: str) -> str:
    """The package's name on this release: before Debian 13 and Ubuntu 24.04 the time_t suffix did not exist."""
    release = os_release()
    version = release.get("VERSION_ID", "").partition(".")[0]
    first = 24 if release.get("ID") == "ubuntu" else 13
    if package.endswith("t64") and version.isdigit() and int(version) < first:
        return package[: -len("t64")]
    return package


def missing_libraries(*, window: bool) -> list[str]:
    """Debian names of the libraries that Qt needs and this Linux system lacks; empty on other systems.

    ``window`` asks for those of a real window on X11 too, else only for the offscreen ones.
    """
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in {**OFFSCREEN, **(WINDOW if window else {})}.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(debian_name(package))
    return missing


def missing_fonts() -> list[str]:
    """Debian's font packages that screenshots want and that are not installed; empty where dpkg is absent."""
    if not shutil.which("dpkg-query"):
        return []
    return [font for font in FONTS if not run(["dpkg-query", "--show", font], quiet=True)]


def has_venv(python: str) -> bool:
    """Whether this interpreter can make a virtual environment with pip in it."""
    return run([python, "-c", "import ensurepip, venv"], quiet=True)


def apt_line(packages: list[str]) -> str:
    """The one line that a person may run to get these packages."""
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages, with fresh lists. True if apt ended well."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return run(["apt-get", "update", "-qq"]) and run(command)


def check(python: str) -> None:
    """Bring in or name what the system lacks. Raises SetupError only for what the set-up itself cannot do without."""
    vital = [] if has_venv(python) else ["python3-venv"]
    missing = vital + missing_libraries(window=True) + missing_fonts()
    if not missing:
        say("the system has every library that the window needs")
        return
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        say(f"installing {' '.join(missing)}")
        apt_install(missing)
        vital = [] if has_venv(python) else ["python3-venv"]
        missing = vital + missing_libraries(window=True) + missing_fonts()
    if missing:
        say(f"this system lacks some packages; on Debian or Ubuntu get them by:  {apt_line(missing)}")
    if vital:
        raise SetupError(f"{python} cannot make virtual environments; install its venv package and start again.")


# --- Python -------------------------------------------------------------------------------------------------------


def version_of(python: str) -> tuple[int, int] | None:
    """``(3, 12)`` and so on of an interpreter, None if it does not run."""
    command = [python, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        major, minor = done.stdout.split()
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    return int(major), int(minor)


def supported(version: tuple[int, int] | None) -> bool:
    """Whether the product runs on this version of Python."""
    return version is not None and OLDEST <= version <= NEWEST


def find_python() -> str:
    """The interpreter to build on: the running one, ``python3``, or any supported one on the path."""
    names = ["python3", *(f"python{major}.{minor}" for major, minor in ((3, 13), (3, 12), (3, 11))), "python"]
    for python in [sys.executable, *names]:
        if python and supported(version_of(python)):
            return python
    raise SetupError("Consent Desk needs Python 3.11, 3.12 or 3.13, and none of them is on the path.")


def venv_python() -> str:
    """The interpreter inside ``.venv``."""
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def make_venv(python: str) -> None:
    """Create ``.venv`` unless a working one of a supported version stands there; a broken one is replaced."""
    if supported(version_of(venv_python())):
        return
    say(f"creating .venv with Python {'.'.join(map(str, version_of(python) or ()))}")
    if not run([python, "-m", "venv", "--clear", str(VENV)]):
        raise SetupError(f"{VENV} could not be created.")


def lock_file(*, runtime: bool) -> Path:
    """The lock that is installed: what a user needs, or that and the tools of the tests."""
    return ROOT / ("requirements.lock" if runtime else "requirements-dev.lock")


def stamp(*, runtime: bool) -> str:
    """What STAMP holds once everything in this lock is installed for this interpreter."""
    digest = hashlib.sha256(lock_file(runtime=runtime).read_bytes()).hexdigest()
    return f"{digest} {version_of(venv_python())}"


def is_ready(*, runtime: bool) -> bool:
    """Whether ``install`` was already done for this lock; a full install also serves the run-time one."""
    if not supported(version_of(venv_python())) or not STAMP.exists():
        return False
    done = STAMP.read_text(encoding="utf-8")
    return done == stamp(runtime=False) or (runtime and done == stamp(runtime=True))


def install(*, runtime: bool) -> None:
    """Install the lock with its hashes, by uv where there is one, else by pip."""
    if is_ready(runtime=runtime):
        say("the locked packages are installed")
        return
    lock = lock_file(runtime=runtime)
    STAMP.unlink(missing_ok=True)
    say(f"installing the packages of {lock.name}")
    by_uv = ["uv", "pip", "install", "--quiet", "--python", venv_python(), "--require-hashes", "-r", str(lock)]
    by_pip = [venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if not (shutil.which("uv") and run(by_uv)) and not run([*by_pip, "--require-hashes", "-r", str(lock)]):
        raise SetupError(f"the packages of {lock.name} could not be installed; see the lines above.")
    STAMP.write_text(stamp(runtime=runtime), encoding="utf-8")


def models() -> None:
    """Fetch the detector's models by the product's own verb; without them the product runs on its rules alone."""
    if not run([venv_python(), "main.py", "models", "install"]):
        say("the models are not there, so the detector runs on rules alone; try again by:  main.py models install")


# --- the command line -----------------------------------------------------------------------------------------------


def main(argv: list[str] | None = None) -> int:
    """Run one step, or all. 0 if it was done, 1 with one sentence if not."""
    parser = argparse.ArgumentParser(description="Set up Consent Desk in this checkout.")
    parser.add_argument("step", choices=["check", "venv", "install", "models", "all", "ready"])
    parser.add_argument("--runtime", action="store_true", help="only what a user needs, without the tools of the tests")
    options = parser.parse_args(argv)
    steps = ["check", "venv", "install", "models"] if options.step in ("all", "ready") else [options.step]
    try:
        if options.step == "ready" and is_ready(runtime=options.runtime) and not missing_libraries(window=False):
            return 0
        python = find_python()
        if "check" in steps:
            check(python)
        if "venv" in steps:
            make_venv(python)
        if "install" in steps:
            install(runtime=options.runtime)
        if "models" in steps:
            models()
    except SetupError as refused:
        say(str(refused))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
