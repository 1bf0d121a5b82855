"""A small case of made-up people, taken through the command line in this process."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import main

ACCOUNT = "user-ada"


@dataclass(frozen=True)
class Said:
    """What one command line gave: its exit code, its lines, its JSON object where it had one."""

    code: int
    out: list[str]
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line of standard output as an object."""
        value = json.loads(self.out[-1])
        assert isinstance(value, dict)
        return value


Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in this process, as ``main.py`` would."""

    def act(*arguments: object) -> Said:
        capfd.readouterr()
        code = main.run([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Said(code, out.splitlines(), err)

    return act


def node(name: str, parent: str | None, children: list[str], role: str, text: str, at: float) -> dict[str, Any]:
    """One node of an export's tree, with its message."""
    message = {
        "id": f"m-{name}",
        "author": {"role": role},
        "create_time": at,
        "content": {"content_type": "text", "parts": [text]},
        "metadata": {},
    }
    return {"id": name, "message": message, "parent": parent, "children": children}


def conversation(name: str, at: float, question: str, answer: str) -> dict[str, Any]:
    """One conversation of a root, a question and an answer, made at ``at`` (seconds)."""
    mapping = {
        "root": {"id": "root", "message": None, "parent": None, "children": ["q"]},
        "q": node(f"{name}-q", "root", ["a"], "user", question, at) | {"id": "q"},
        "a": node(f"{name}-a", "q", [], "assistant", answer, at + 5) | {"id": "a"},
    }
    return {
        "id": name,
        "conversation_id": name,
        "title": f"Talk {name}",
        "create_time": at,
        "update_time": at + 5,
        "mapping": mapping,
        "current_node": "a",
    }


def write_export(path: Path) -> Path:
    """A ChatGPT export of one account: two talks before a switch-off, one while it stood."""
    beans = ("When do I plant beans?", "In May, when the soil is warm enough for them.")
    letter = ("Write to tom@example.org for me.", "Here is a letter to Tom about the rent.")
    eggs = ("How long does an egg cook?", "Seven minutes for a soft one, ten for a hard one.")
    talks = [
        conversation("c-garden", 1_680_000_000.0, *beans),
        conversation("c-letter", 1_680_100_000.0, *letter),
        conversation("c-off", 1_690_000_000.0, *eggs),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps(talks))
        archive.writestr("user.json", json.dumps({"id": ACCOUNT, "email": "ada@example.org"}))
    return path


def write_ledger(path: Path) -> Path:
    """The account is covered all the time; its switch was off from July 2023 on."""
    covered = {"complete_from": "2022-01-01T00:00:00Z", "complete_through": "2099-01-01T00:00:00Z"}
    times = {"effective_at": "2023-07-01T00:00:00Z", "recorded_at": "2023-07-01T00:00:05Z"}
    switch = {"event_id": "e-off", "account_id": ACCOUNT, "channel": "toggle", "action": "deny"}
    lines = [{"type": "coverage", "account_id": "*", **covered}, {"type": "event", **switch, **times}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace: imported, decided, scanned by rules."""
    folder = tmp_path_factory.mktemp("case")
    workspace = folder / "case.cdesk"
    export, ledger = write_export(folder / "export.zip"), write_ledger(folder / "ledger.jsonl")
    assert main.run(["import", str(workspace), str(export), str(ledger)]) == 0
    assert main.run(["decide", str(workspace)]) == 0
    assert main.run(["scan", str(workspace), "--rules-only", "--workers", "0"]) == 0
    return folder
