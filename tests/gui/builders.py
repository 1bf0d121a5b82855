"""Made-up archives for the window's tests, and how to let the window come to rest."""

import json
import zipfile
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow

CANARY = "Quetzal Ibarra-Nkemelu writes from quetzal@canary.example"
"""The text that must not reach a log, a title or a setting; see ``tests/conftest.py``."""
START = 1_684_000_000  # 2023-05-13, seconds
DAY = 86_400


def conversation(key: str, day: int, said: str, answer: str, *, branch: str = "") -> dict[str, Any]:
    """One conversation of a chat export; with ``branch`` a second answer that is not on the visible path."""
    at = START + day * DAY

    def node(name: str, parent: str | None, role: str, text: str, children: list[str]) -> dict[str, Any]:
        message = {
            "id": f"m-{name}", "author": {"role": role}, "create_time": at + 60,
            "content": {"content_type": "text", "parts": [text]},
        }  # fmt: skip
        return {"id": name, "message": message if text else None, "parent": parent, "children": children}

    answers = [f"{key}-a"] + ([f"{key}-b"] if branch else [])
    mapping = {
        f"{key}-r": node(f"{key}-r", None, "system", "", [f"{key}-u"]),
        f"{key}-u": node(f"{key}-u", f"{key}-r", "user", said, answers),
        f"{key}-a": node(f"{key}-a", f"{key}-u", "assistant", answer, []),
    }
    if branch:
        mapping[f"{key}-b"] = node(f"{key}-b", f"{key}-u", "assistant", branch, [])
    return {
        "id": key, "conversation_id": key, "title": f"About {key}", "create_time": at, "update_time": at + 60,
        "mapping": mapping, "current_node": f"{key}-a",
    }  # fmt: skip


def export(path: Path, account: str, conversations: list[dict[str, Any]]) -> Path:
    """A chat export of one account."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps(conversations))
        archive.writestr("user.json", json.dumps({"id": account, "email": f"{account}@example.org"}))
    return path


def covered(account: str) -> dict[str, str]:
    """A ledger line: everything is known of this account."""
    span = {"complete_from": "2023-01-01T00:00:00Z", "complete_through": "2024-01-01T00:00:00Z"}
    return {"type": "coverage", "account_id": account} | span


def toggled(event: str, action: str, day: int) -> dict[str, str]:
    """A ledger line: Ada turns the training switch on a day of May 2023."""
    when = f"2023-05-{day}T08:00:00Z"
    line = {"type": "event", "event_id": event, "account_id": "user-ada", "channel": "toggle", "action": action}
    return line | {"effective_at": when, "recorded_at": when, "source": "settings"}


def sources(folder: Path) -> list[Path]:
    """Two accounts that the ledger covers (one switched training off for a while) and one that it does not."""
    said = "Hi, I am Jane Doe, write to jane@example.org or call +44 20 7946 0958."
    answer = "Hello Jane, I noted jane@example.org."
    ledger = [covered("user-ada"), covered("user-ben"), toggled("e1", "deny", 20), toggled("e2", "allow", 30)]
    for who in ("user-ada", "user-ben", "user-cyd"):
        line = {"type": "account", "account_id": who, "plan": "consumer", "age_band": "adult", "region": "eu"}
        ledger.append(line | {"recorded_at": "2023-01-01T00:00:00Z"})
    path = folder / "ledger.jsonl"
    path.write_text("\n".join(map(json.dumps, ledger)) + "\n")
    return [
        export(folder / "ada.zip", "user-ada", [
            conversation("ada1", 0, said, answer, branch="Another answer for Jane."),
            conversation("ada2", 10, "While it is off.", "Nothing to see."),
            conversation("ada3", 20, "On again, with 😀 before Jane Doe.", answer),
        ]),
        export(folder / "ben.zip", "user-ben", [conversation(f"ben{n}", n, f"Words {n}", CANARY) for n in range(6)]),
        export(folder / "cyd.zip", "user-cyd", [conversation(f"cyd{n}", 3 + n, "Why?", "So.") for n in range(3)]),
        path,
    ]  # fmt: skip


def settle(window: MainWindow) -> None:
    """Run everything that is under way to its end, changes that the writer has yet to tell of included."""
    for _ in range(4):
        window.context.jobs.drain()
        desk = window.context.desk
        if desk is not None and not desk.read_only:
            desk.writer.run(lambda _conn: None)
        QApplication.processEvents()
