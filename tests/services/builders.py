"""Made-up archives and ledgers, and short ways to ask a desk."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from core.services.desk import Desk

CANARY = "Quetzal Ibarra-Nkemelu"
MAIL = "quetzal@canary.example"
COVERED = {"complete_from": "2020-01-01T00:00:00Z", "complete_through": "2099-01-01T00:00:00Z"}


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def chat(source: str, created: str, turns: list[tuple[str, str]], hidden: str = "") -> dict[str, object]:
    """One conversation of an export: turns a minute apart; ``hidden`` is an answer on an abandoned branch."""
    at = seconds(created)
    mapping: dict[str, dict[str, object]] = {"root": {"id": "root", "message": None, "parent": None, "children": []}}
    parent = "root"

    def add(node: str, role: str, text: str, under: str, when: float) -> None:
        mapping[node] = {
            "id": node, "parent": under, "children": [],
            "message": {
                "id": node, "author": {"role": role, "name": None, "metadata": {}}, "create_time": when,
                "content": {"content_type": "text", "parts": [text]}, "weight": 1.0, "metadata": {},
                "recipient": "all", "status": "finished_successfully", "end_turn": True,
            },
        }  # fmt: skip
        children = mapping[under]["children"]
        assert isinstance(children, list)
        children.append(node)

    for number, (role, text) in enumerate(turns):
        node = f"{source}-m{number}"
        add(node, role, text, parent, at + 60 * number)
        parent = node
    if hidden:
        add(f"{source}-h", "assistant", hidden, f"{source}-m0", at + 30)
    return {
        "id": source, "conversation_id": source, "title": f"Talk {source}", "create_time": at,
        "update_time": at + 600, "mapping": mapping, "current_node": parent, "moderation_results": [],
    }  # fmt: skip


def export_zip(
    path: Path, account: str, chats: list[dict[str, object]], *, members: dict[str, object] | None = None
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps(chats))
        archive.writestr("user.json", json.dumps({"id": account, "email": f"{account}@people.example"}))
        archive.writestr("message_feedback.json", "[]")
        for name, body in (members or {}).items():
            archive.writestr(name, json.dumps(body))
    return path


def jsonl(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def event(event_id: str, account: str, channel: str, action: str, at: str, **more: object) -> dict[str, object]:
    return {
        "type": "event", "event_id": event_id, "account_id": account, "channel": channel, "action": action,
        "effective_at": at, "recorded_at": at, **more,
    }  # fmt: skip


def request(source: str, organisation: str, at: str, text: str) -> dict[str, object]:
    return {
        "id": source, "created": seconds(at), "organization": organisation, "endpoint": "/v1/chat/completions",
        "model": "gpt-x", "request": {"model": "gpt-x", "messages": [
            {"role": "system", "content": "Answer briefly."}, {"role": "user", "content": text}]},
        "response": {"id": f"r-{source}", "object": "chat.completion", "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Certainly, here it is."}}]},
    }  # fmt: skip


def sources(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    hello = "Please tell me how to bake a good loaf of bread at home this weekend."
    ada = [
        chat("a1", "2023-06-01T10:00:00", [("user", hello), ("assistant", "Mix flour and water, then wait.")],
             hidden=f"Dear {CANARY}, mix flour and water."),
        chat("a2", "2023-06-02T10:00:00", [
            ("user", f"Please write a short letter to {MAIL} about the loaf of bread."),
            ("assistant", f"I wrote the letter to {MAIL} and it says that the bread is ready."),
        ]),
    ]  # fmt: skip
    ben = [
        chat("b1", "2023-06-01T10:00:00", [("user", "How do I repair the chain of a bicycle at home?"),
                                           ("assistant", "Clean the chain first and then put oil on it.")]),
        chat("b2", "2023-07-10T10:00:00", [("user", "How do I paint the wooden fence in the garden?"),
                                           ("assistant", "Use a wide brush and paint along the wood.")]),
    ]  # fmt: skip
    cid = [chat("c1", "2023-06-03T10:00:00", [("user", "What is the best time of the year to plant a tree?"),
                                              ("assistant", "Plant the tree in the autumn.")])]  # fmt: skip
    return [
        export_zip(folder / "ada.zip", "user-ada", ada),
        export_zip(folder / "ben.zip", "user-ben", ben),
        export_zip(folder / "cid.zip", "user-cid", cid),
        jsonl(
            folder / "api.jsonl",
            request("q1", "org-in", "2023-06-05T10:00:00", "Please explain what a lighthouse is good for."),
            request("q2", "org-out", "2023-06-05T10:00:00", "Please explain how a water mill works in detail."),
        ),
        jsonl(
            folder / "ledger.jsonl",
            {"type": "coverage", "account_id": "user-ada", **COVERED},
            {"type": "coverage", "account_id": "user-ben", **COVERED},
            {"type": "coverage", "account_id": "org-in", **COVERED},
            event("ev-ben", "user-ben", "toggle", "deny", "2023-07-01T00:00:00Z"),
            event("ev-org", "org-in", "api_sharing", "allow", "2023-05-01T00:00:00Z"),
        ),
    ]


Feed = Callable[..., None]
"""Imports ledger lines into the open workspace."""


def record(desk: Desk, name: str) -> int:
    return desk.browsing.resolve_record(name)


def decision(desk: Desk, name: str) -> tuple[str, str]:
    """Decision and reason of a record as stored."""
    told = [line for line in desk.deciding.lines() if line["record"] == name]
    assert len(told) == 1
    return str(told[0]["decision"]), str(told[0]["reason"])
