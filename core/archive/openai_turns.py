"""Request and response bodies of the vendor's API to turns, whichever endpoint they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.archive.fields import items, leaves, record, text
from core.model.record import ParsedText

_TEXT_PARTS = {"text", "input_text", "output_text", "summary_text", "reasoning_text"}
_ASSET_PARTS = {
    "image_url", "input_image", "input_audio", "audio", "file", "input_file", "image_file", "output_image",
}  # fmt: skip
_TECHNICAL = frozenset({"type", "id", "object", "status", "call_id", "tool_call_id", "finish_reason", "role", "detail"})
TOKENS = "its prompt is given as tokens, which cannot be read"


@dataclass(slots=True)
class Turn:
    """One turn before it becomes a record. ``choice`` is 0 for what was answered, above for further choices."""

    role: str
    body: str = ""
    name: str = ""
    kind: str = "text"
    hidden: str = ""
    choice: int = 0
    others: list[ParsedText] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def request_turns(body: dict[str, Any]) -> tuple[list[Turn], str]:
    """Turns of a request and why it is not whole (empty where it is)."""
    turns: list[Turn] = []
    incomplete = ""
    if text(body.get("instructions")):
        turns.append(Turn("system", body["instructions"], hidden="system"))
    if isinstance(body.get("messages"), list):
        turns.extend(_message(record(x)) for x in body["messages"])
    if body.get("input") is not None:
        turns.extend(_input(body["input"]))
    if body.get("prompt") is not None:
        found, incomplete = _prompt(body["prompt"])
        turns.extend(found)
    if body.get("previous_response_id"):
        incomplete = "earlier turns are in another record"
    for key in ("image", "mask"):
        if body.get(key) and turns:
            turns[-1].assets.append(key)
    return turns, incomplete or ("" if turns else "prompt missing")


def response_turns(body: dict[str, Any]) -> tuple[list[Turn], str]:
    """Turns of a response and why it is not whole (empty where it is)."""
    turns: list[Turn] = []
    for number, choice in enumerate(items(body.get("choices"))):
        entry = record(choice)
        turn = _message(record(entry.get("message")), "assistant") if "message" in entry else Turn("assistant")
        if "text" in entry:
            turn.body = text(entry["text"])
        turn.choice = number
        turns.append(turn)
    turns.extend(_output(record(x)) for x in items(body.get("output")))
    turns.extend(found for x in items(body.get("data")) if (found := _image(record(x))) is not None)
    return turns, "" if turns else "response missing"


def _prompt(prompt: Any) -> tuple[list[Turn], str]:
    entries = prompt if isinstance(prompt, list) else [prompt]
    if isinstance(prompt, list) and any(not isinstance(x, str) for x in prompt):
        return [Turn("user", flags=["token_prompt"])], TOKENS
    return [Turn("user", text(x)) for x in entries if isinstance(x, str)], ""


def _input(value: Any) -> Iterator[Turn]:
    if isinstance(value, str):
        yield Turn("user", value)
        return
    for item in items(value):
        if isinstance(item, str):
            yield Turn("user", item)
        elif isinstance(item, dict):
            yield _output(item, "user") if item.get("type") not in (None, "message") else _message(item)


def _message(message: dict[str, Any], role: str = "") -> Turn:
    turn = Turn(text(message.get("role")) or role or "user", name=text(message.get("name")))
    _fill(turn, message.get("content"))
    if not turn.body and text(message.get("refusal")):
        turn.body = message["refusal"]
    if turn.role in ("system", "developer"):
        turn.hidden = "system"
    rest = {k: v for k, v in message.items() if k not in ("content", "role", "name", "refusal", "audio")}
    turn.others.extend(ParsedText(at, body) for at, body in leaves(rest, "message", _TECHNICAL))
    if message.get("tool_calls") or message.get("function_call"):
        turn.hidden = turn.hidden or ("" if turn.body else "tool_call")
    audio = record(message.get("audio"))
    if audio:
        turn.assets.append("audio")
        turn.body = turn.body or text(audio.get("transcript"))
    return turn


def _fill(turn: Turn, content: Any) -> None:
    if isinstance(content, str):
        turn.body = content
        return
    shown: list[str] = []
    for number, part in enumerate(items(content)):
        entry = record(part)
        kind = text(entry.get("type"))
        if isinstance(part, str):
            shown.append(part)
        elif kind in _TEXT_PARTS:
            shown.append(text(entry.get("text")))
        elif kind == "refusal":
            shown.append(text(entry.get("refusal")))
        elif kind in _ASSET_PARTS:
            _part_asset(turn, entry, kind, number)
        else:
            turn.flags.append(f"unknown_part_type:{kind[:60]}")
            turn.others.extend(ParsedText(at, body) for at, body in leaves(part, f"content[{number}]"))
    turn.body = "\n".join(shown)


def _part_asset(turn: Turn, entry: dict[str, Any], kind: str, number: int) -> None:
    """An asset is named, never kept: its data may be megabytes, its address may name people."""
    turn.assets.append(kind)
    for at, body in leaves(entry, f"content[{number}]", _TECHNICAL | {"data", "file_data"}):
        if not body.startswith("data:"):
            turn.others.append(ParsedText(at, body))


def _output(item: dict[str, Any], role: str = "assistant") -> Turn:
    kind = text(item.get("type")) or "message"
    if kind == "message":
        return _message(item, role)
    turn = Turn("tool" if kind.endswith("_output") else "assistant", kind=kind)
    turn.hidden = "context" if kind == "reasoning" else "tool_call"
    if kind == "image_generation_call":
        turn.assets.append(kind)
        item = {k: v for k, v in item.items() if k != "result"}
    if isinstance(item.get("output"), str):
        turn.body, turn.hidden = item["output"], ""
    rest = {k: v for k, v in item.items() if not (k == "output" and turn.body)}
    turn.others.extend(ParsedText(at, body) for at, body in leaves(rest, kind, _TECHNICAL))
    return turn


def _image(image: dict[str, Any]) -> Turn | None:
    if not any(key in image for key in ("url", "b64_json", "revised_prompt")):
        return None
    turn = Turn("assistant", text(image.get("revised_prompt")), kind="image")
    address = text(image.get("url")).partition("?")[0]  # the query is a signature; the path names people
    turn.assets.append(address.rpartition("/")[2] or "image")
    return turn
