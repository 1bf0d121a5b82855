"""The rules of the house, read off the committed files themselves."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {"gui", "core", "resources", "tests", "main.py", "pyproject.toml", "README.md"}
BESIDE = {"Makefile", "LICENSE", "requirements.lock", "requirements-dev.lock"}
LONGEST_MODULE = 400
LONGEST_FUNCTION = 80
QT = re.compile(r"(PySide\d|shiboken\d|PyQt\d|qtpy|qtawesome|pyqtgraph|gui)\b")
REACHING = re.compile(
    r"(socket|ssl|ftplib|smtplib|http|requests|httpx|aiohttp|huggingface_hub|pickle|shelve)(\..*)?"
    r"|urllib\.request|PySide6\.QtNetwork"
)
QT_OVERRIDE = re.compile(r"[a-z]+[A-Z]\w*|paint|event|count|data|flags|parent|index|validate|undo|redo")
# Spelled in pieces, so that this file does not find itself.
ADDRESSES = re.compile("http" + r"s?://(files|registry|deb|pypi|security\.debian)\.")
MACHINE = re.compile(r"(?<![\w.])/(work/(main|shared)|root/\.|tmp/[a-z]+/CONTRACT)")


def committed() -> list[Path]:
    """Files under version control, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def modules(*folders: str) -> list[Path]:
    """Python files of these folders of the checkout."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def names_of(tree: ast.AST) -> list[str]:
    """Every module that a tree imports."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found


def test_the_top_level_is_fixed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in committed()}
    assert {name for name in top if not name.startswith(".")} <= TOP | BESIDE
    assert {"main.py", "pyproject.toml", "LICENSE"} <= top


def test_no_module_is_longer_than_a_person_reads() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in committed() if p.suffix == ".py"}
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_MODULE} == {}


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes that another module may use: not those inside a function or a private class."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from public(child)


def test_every_module_and_public_function_says_what_it_does() -> None:
    silent = []
    for path in [*modules("core", "gui"), ROOT / "main.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            silent.append(f"{path.relative_to(ROOT)}")
        for node in public(tree):
            overrides = "gui" in path.parts and QT_OVERRIDE.fullmatch(node.name)
            if not ast.get_docstring(node) and not overrides:
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


def test_functions_stay_short() -> None:
    long = []
    for path in [*modules("core", "gui"), ROOT / "main.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {length}")
    assert long == []


def test_core_never_imports_a_window() -> None:
    seen = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("core")
        for name in names_of(ast.parse(path.read_text(encoding="utf-8")))
        if QT.match(name)
    }
    assert seen == set()


def test_nothing_reaches_for_the_network_or_unpickles() -> None:
    """The one verb that fetches calls pip, as a process of its own."""
    seen = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in [*modules("core", "gui"), ROOT / "main.py"]
        for name in names_of(ast.parse(path.read_text(encoding="utf-8")))
        if REACHING.fullmatch(name)
    }
    assert seen == set()


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    told = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if ADDRESSES.search(line) or MACHINE.search(line):
                told.append(f"{path.relative_to(ROOT)}:{number}")
    assert told == []


def test_no_workspace_key_or_archive_of_a_person_is_committed() -> None:
    allowed = ROOT / "resources" / "samples"
    kept = [
        p for p in committed() if p.suffix in (".cdesk", ".zip", ".gz", ".zst", ".pem") and allowed not in p.parents
    ]
    assert kept == []
