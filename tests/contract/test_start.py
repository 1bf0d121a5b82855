"""Starting is cheap, and the binding does not eat ``None``."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("PySide6", "shiboken6", "pyqtgraph", "pandas", "numpy", "sqlmodel", "sqlalchemy", "onnxruntime", "tokenizers")


def loaded_after(statement: str) -> set[str]:
    """The heavy packages in ``sys.modules`` of a new interpreter after a statement."""
    code = f"import sys\n{statement}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_main_loads_nothing_heavy() -> None:
    """Spawned workers import it again, and the command line must answer at once."""
    assert loaded_after("import main") == set()


@pytest.mark.parametrize("verb", ["--help", "verify --help", "export --help"])
def test_help_loads_nothing_heavy(verb: str) -> None:
    assert loaded_after(f"import main\ntry: main.run({verb.split()!r})\nexcept SystemExit: pass") == set()


def test_services_load_no_window() -> None:
    window = {"PySide6", "shiboken6", "pyqtgraph"}
    assert not loaded_after("import core.services.desk") & window


def test_void_calls_do_not_lose_references_to_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 lost one a call on Python 3.11, and some 7,000 calls later the process died."""
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(500):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < 100
