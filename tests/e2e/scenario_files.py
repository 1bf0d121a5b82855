"""The conformance scenarios written as the files a reviewer holds: exports, request logs, consent ledgers.

Names are prefixed with the scenario's id, so that all of them live in one workspace and none may touch another.
"""

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BUILDER = "builder"
COLUMNS = ("event_id", "account_id", "channel", "action", "effective_at", "recorded_at")
EXTRA = ("processed_at", "time_source", "project", "gizmo_id")

NOT_IN_FILES = {
    "S60": "no archive names the author of an imported message",
    "S61": "no archive marks a message as imported",
    "S90": "another vendor's export is refused by name",
}
"""Scenarios that speak of facts which no file format carries."""


@dataclass
class Ledger:
    """Ledger lines of one scenario: events apart from the rest, since a CSV carries events alone."""

    events: list[Json] = field(default_factory=list)
    rest: list[Json] = field(default_factory=list)


def carried(scenarios: Iterable[Json]) -> list[Json]:
    """Those scenarios that files can carry."""
    return [each for each in scenarios if each["id"] not in NOT_IN_FILES]


def named(scenario: Json, name: str | None) -> str | None:
    """A name of the scenario as it stands in the files."""
    return None if name is None else f"{scenario['id']}-{name}"


def ledger(scenario: Json, *, late: bool = False) -> Ledger:
    """The scenario's consent facts; ``late``: the events recorded after its override, else the others."""
    found = Ledger()
    after = min((each["recorded_at"] for each in scenario.get("overrides", ())), default="9999")
    clock = next((talk.get("time_source") for talk in scenario["conversations"]), None)
    for event in scenario["events"]:
        if (event["recorded_at"] > after) is not late:
            continue
        if event.get("type") == "retraction":
            keep = {"type": "retraction", "event_id": named(scenario, event["id"]), "reason": "entered in error"}
            found.rest.append(
                keep | {"retracts": named(scenario, event["retracts"]), "recorded_at": event["recorded_at"]}
            )
            continue
        line = {"event_id": named(scenario, event["id"]), "account_id": named(scenario, event["account"])}
        for key in ("channel", "action", "effective_at", *EXTRA):
            if event.get(key) is not None:
                line[key] = event[key]
        # An override is recorded when it is made; what came after it is what is imported after it.
        if not late:
            line["recorded_at"] = event["recorded_at"]
        if clock:  # an archive has the server's clock alone: the same doubt, told by the event's clock
            line["time_source"] = clock
        found.events.append(line)
    if not late:
        found.rest.extend(_standing(scenario))
        found.events.extend(_builders(scenario))
    return found


def _standing(scenario: Json) -> Iterator[Json]:
    """Coverage, accounts and deletions."""
    for account in scenario["accounts"]:
        ident = {"account_id": named(scenario, account["id"])}
        ends = {f"complete_{end}": account.get(f"ledger_complete_{end}") for end in ("from", "through")}
        yield {"type": "coverage"} | ident | {key: value for key, value in ends.items() if value}
        keep = {key: account[key] for key in ("plan", "age_band", "deleted_at") if account.get(key)}
        yield {"type": "account"} | ident | keep | {"recorded_at": "2020-01-01T00:00:00Z"}
    for talk in scenario["conversations"]:
        if talk.get("deleted_at"):
            yield {
                "type": "deletion",
                "account_id": named(scenario, talk["account"]),
                "conversation_id": named(scenario, talk["id"]),
                "deleted_at": talk["deleted_at"],
                "recorded_at": talk["deleted_at"],
            }


def _builders(scenario: Json) -> Iterator[Json]:
    """A builder's choice is an event of the builder's account about the GPT."""
    for talk in scenario["conversations"]:
        if "gpt_builder_training" in talk:
            choice = "allow" if talk["gpt_builder_training"] else "deny"
            yield {
                "event_id": named(scenario, "builder"),
                "account_id": named(scenario, BUILDER),
                "channel": "builder",
                "action": choice,
                "gizmo_id": named(scenario, talk["gpt_id"]),
                "effective_at": "2023-01-01T00:00:00Z",
                "recorded_at": "2023-01-01T00:00:00Z",
            }


def write_jsonl(path: Path, lines: Iterable[Json]) -> Path:
    """A ledger or a log, one object a line."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def write_csv(path: Path, events: Iterable[Json]) -> Path:
    """A ledger of events alone."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, (*reversed(COLUMNS), *EXTRA), restval="")
        writer.writeheader()
        writer.writerows(events)
    return path


def _chat(scenario: Json, talk: Json, *, own: bool) -> Json:
    """A conversation of a ChatGPT export; ``own``: it names its user itself."""
    mapping: Json = {"root": {"id": "root", "message": None, "parent": None, "children": []}}
    parent = "root"
    for at, message in enumerate(talk["messages"]):
        ident = named(scenario, message["id"])
        said = {
            "id": ident,
            "author": {"role": "assistant" if at % 2 else "user"},
            "create_time": message["sent_at"],
            "content": {"content_type": "text", "parts": [f"How do I water tomatoes, part {at}?"]},
        }
        mapping[f"n{at}"] = {"id": f"n{at}", "message": said, "parent": parent, "children": []}
        mapping[parent]["children"].append(f"n{at}")
        parent = f"n{at}"
    ident = named(scenario, talk["id"])
    found = {"id": ident, "conversation_id": ident, "title": "Garden", "create_time": talk["created_at"]}
    found |= {"mapping": mapping, "current_node": parent}
    if talk.get("workspace"):
        found["workspace_id"] = f"ws-{talk['workspace']}"
    if talk.get("gpt_id"):
        found["gizmo_id"] = named(scenario, talk["gpt_id"])
    if talk.get("mode") == "temporary":
        found["is_temporary_chat"] = True
    if talk.get("saved_at"):
        found["saved_at"] = talk["saved_at"]
    if own and talk["account"]:
        found["user_id"] = named(scenario, talk["account"])
    return found


def write_export(path: Path, talks: list[tuple[Json, Json]], *, account: str | None = None) -> Path:
    """A ChatGPT export of (scenario, conversation); with ``account`` a user.json, else each names its user."""
    ratings = [
        {
            "id": f"f-{at}",
            "conversation_id": named(scenario, talk["id"]),
            "rating": "thumbs_up",
            "content": "{}",
            "create_time": talk["feedback_at"],
            "workspace_id": None,
        }
        for at, (scenario, talk) in enumerate(talks)
        if talk.get("feedback_at")
    ]
    with zipfile.ZipFile(path, "w") as archive:
        chats = [_chat(scenario, talk, own=account is None) for scenario, talk in talks]
        archive.writestr("conversations.json", json.dumps(chats))
        archive.writestr("message_feedback.json", json.dumps(ratings))
        if account is not None:
            archive.writestr("user.json", json.dumps({"id": account, "email": "ada@example.org"}))
    return path


def envelope(scenario: Json, talk: Json, message: Json) -> Json:
    """One line of a request log: a chat completion, or an image of the consumer site."""
    question = "How do I water tomatoes?"
    line: Json = {
        "id": named(scenario, message["id"]),
        "conversation_id": named(scenario, talk["id"]),
        "timestamp": message["sent_at"],
        "organization": named(scenario, talk["account"]),
    }
    if talk["product"] != "api":
        line["product"] = talk["product"]
    if talk["product"] == "dalle_labs":
        line |= {"endpoint": "/v1/images/generations"}
        return line | {
            "request": {"prompt": question},
            "response": {"created": 1, "data": [{"url": "https://a.example/1"}]},
        }
    answer = {"index": 0, "message": {"role": "assistant", "content": "At dawn."}, "finish_reason": "stop"}
    line |= {key: talk[key] for key in ("project", "zdr") if key in talk}
    line["request"] = {"model": "gpt-4", "messages": [{"role": "user", "content": question}]}
    line["response"] = {"id": "chatcmpl-1", "object": "chat.completion", "choices": [answer]}
    return line | {"endpoint": "/v1/chat/completions"}


def write_archives(folder: Path, scenarios: list[Json], *, one_export: bool) -> list[Path]:
    """Every conversation of the scenarios: exports (one for all, or one an account) and request logs."""
    every = [(scenario, talk) for scenario in scenarios for talk in scenario["conversations"]]
    chats = [pair for pair in every if pair[1]["product"] == "chatgpt"]
    found = [write_export(folder / "all.zip", chats)] if one_export else list(_exports(folder, chats))
    for product in ("api", "dalle_labs", "mystery"):
        lines = [envelope(s, talk, m) for s, talk in every if talk["product"] == product for m in talk["messages"]]
        found.append(write_jsonl(folder / f"{product}.jsonl", lines))
    return found


def _exports(folder: Path, chats: list[tuple[Json, Json]]) -> Iterator[Path]:
    """One export an account; what has no account goes into one without user.json."""
    by_account: dict[str | None, list[tuple[Json, Json]]] = {}
    for scenario, talk in chats:
        by_account.setdefault(named(scenario, talk["account"]), []).append((scenario, talk))
    for account, pairs in by_account.items():
        yield write_export(folder / f"{account or 'nobody'}.zip", pairs, account=account)
