"""What every test stands on: folders of its own, no network, no record text in logs, nothing left running."""

import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_HOME = Path(tempfile.mkdtemp(prefix="consent-desk-tests-"))
# Set before anything is imported that reads them. The cache folder stays: the models are found where they are.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")
os.environ["CONSENT_DESK_DATA"] = str(_HOME / "data")
os.environ["CONSENT_DESK_CONFIG"] = str(_HOME / "config")

CANARY = "Quetzal Ibarra-Nkemelu writes from quetzal@canary.example"
GRACE = 5.0  # seconds that a thread or process may take to end by itself after its test
_SHARED = Path(__file__).resolve().parents[2] / "shared"
_touched: list[str] = []

settings.register_profile(
    "ci", deadline=None, max_examples=50, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class NetworkTouched(AssertionError):  # noqa: N818 - it says what happened
    """Something asked for the internet: the product is offline."""


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: sees every socket of this process, those made in C included."""
    if event == "socket.connect" and not isinstance(arguments[1], str | bytes):
        what = f"connect to {arguments[1]!r}"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        what = f"look-up of {arguments[0]!r}"
    else:
        return
    _touched.append(what)
    raise NetworkTouched(what)


sys.addaudithook(_guard)


def pytest_unconfigure() -> None:
    """Leave nothing behind on disk."""
    shutil.rmtree(_HOME, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs data or models that this machine does not have."""
    no_shared = pytest.mark.skip(reason="the measuring data is not beside the checkout")
    no_models = pytest.mark.skip(reason="the detector's models are not installed")
    has_models = any(item.get_closest_marker("models") for item in items) and _models_installed()
    for item in items:
        if item.get_closest_marker("shared") and not _SHARED.is_dir():
            item.add_marker(no_shared)
        if item.get_closest_marker("models") and not has_models:
            item.add_marker(no_models)


def _models_installed() -> bool:
    from core.services import models

    return all(state.installed for state in models.states() if state.runnable)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data; only for tests marked ``shared``."""
    return _SHARED


@pytest.fixture
def canary() -> str:
    """A text for records: if it turns up in a log, :func:`quiet` fails the test."""
    return CANARY


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Fail a test in which the canary's text reached a log."""
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    yield
    root.removeHandler(listener)
    words = (CANARY, *CANARY.split()[:2], CANARY.rsplit(maxsplit=1)[-1])
    leaks = sum(any(word in line for word in words) for line in listener.lines)
    assert not leaks, f"record text reached the log {leaks} times"


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    """Fail a test that touched the internet, even if the code under test swallowed the error."""
    _touched.clear()
    yield
    assert not _touched, f"the network was touched: {_touched}"


def _ours() -> set[threading.Thread]:
    """Threads that Python started; those of Qt's pools are looked after by the window's own fixtures."""
    return {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)}


@pytest.fixture(autouse=True)
def drained() -> Iterator[None]:
    """Fail a test that leaves a thread or a process running; those of wider fixtures were there before it."""
    threads, children = _ours(), set(active_children())
    yield
    deadline = time.monotonic() + GRACE
    for thread in _ours() - threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    for child in set(active_children()) - children:
        child.join(max(0.0, deadline - time.monotonic()))
    left = [f"thread {t.name}" for t in _ours() - threads]
    left += [f"process {p.name}" for p in set(active_children()) - children]
    assert not left, f"still running after the test: {', '.join(left)}"
