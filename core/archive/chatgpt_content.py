"""One ChatGPT message to texts and assets.

What a reader of the chat would see becomes the text ``content``; every other string that may hold personal
information becomes a text of its own under its path in the source. Unknown kinds of content keep all their
strings and are flagged, never dropped.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.archive.fields import items, leaves, record, text
from core.model.record import ParsedText

_BODY = {
    "text": "parts", "multimodal_text": "parts", "code": "text", "execution_output": "text",
    "tether_browsing_display": "result", "tether_quote": "text", "tether_browsing_code": "text",
    "sonic_webpage": "text", "system_error": "text", "reasoning_recap": "content", "citable_code_output": "output_str",
    "user_editable_context": "", "model_editable_context": "", "thoughts": "", "computer_output": "",
    "app_pairing_content": "", "tool_output": "", "media": "", "citation": "", "image": "", "image_asset_pointer": "",
}  # fmt: skip
"""Which field of a known content type is the turn's own text; empty where none is."""

_TECHNICAL = frozenset({
    "content_type", "language", "response_format_name", "asset_pointer", "format", "direction", "decoding_id",
    "tether_id", "ref_id", "computer_id", "source_analysis_msg_id", "expiry_datetime", "gen_id", "parent_gen_id",
    "gen_size", "edit_op", "watermarked_asset_pointer", "mime_type", "mimeType", "status", "type",
})  # fmt: skip

_METADATA = (
    "user_context_message_data", "aggregate_result", "canvas", "citations", "_cite_metadata", "content_references",
    "search_result_groups", "args", "command", "jit_plugin_data", "pending_memory_info", "async_task_prompt",
    "async_task_title", "image_gen_title", "turn_summary", "summarized_turn_messages", "dalle", "safe_urls",
)  # fmt: skip
_METADATA_SET = frozenset((*_METADATA, "attachments"))

_ASSET_PARTS = {"image_asset_pointer", "audio_asset_pointer", "file_asset_pointer"}
_REAL_TIME = "real_time_user_audio_video_asset_pointer"
DALLE_TOOLS = {"dalle.text2im", "t2uay3k.sj1i4kz"}


@dataclass(slots=True)
class Content:
    """What one message holds: its own text, the other texts, its assets and plain flags."""

    kind: str
    body: str = ""
    others: list[ParsedText] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def texts(self) -> tuple[ParsedText, ...]:
        """The content first, even where it is empty, then the rest."""
        return (ParsedText("content", self.body), *self.others)


def plain_text(message: dict[str, Any]) -> str | None:
    """The text of a message that holds one string and nothing else, as nine in ten do; None for any other."""
    content = message.get("content")
    if not isinstance(content, dict) or content.get("content_type") != "text":
        return None
    parts = content.get("parts")
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], str) or len(content) > 2:
        return None
    if "attachments" in message or message.get("recipient") in DALLE_TOOLS:
        return None
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and any(metadata[key] for key in _METADATA_SET.intersection(metadata)):
        return None
    return parts[0]


def read_content(message: dict[str, Any]) -> Content:
    """Texts and assets of one message of any generation."""
    content = message.get("content")
    if not isinstance(content, dict):
        found = Content("text", body=text(content))
        if not isinstance(content, str) and content is not None:
            found.flags.append("content_not_an_object")
            _keep(found, content, "content")
    else:
        kind = text(content.get("content_type")) or "text"
        found = Content(kind)
        _read_body(found, content, kind)
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and not _METADATA_SET.isdisjoint(metadata):
        _read_metadata(found, metadata)
    if message.get("attachments"):
        _read_attachments(found, message["attachments"], "attachments")
    if message.get("recipient") in DALLE_TOOLS:
        _read_prompt(found)
    return found


def _read_body(found: Content, content: dict[str, Any], kind: str) -> None:
    main = _BODY.get(kind)
    if main is None:
        found.flags.append(f"unknown_content_type:{kind[:60]}")
    if not main or not content.get(main):
        main = "parts" if items(content.get("parts")) else main or ""
    value = content.get(main) if main else None
    if main == "parts":
        _read_parts(found, items(value))
    elif isinstance(value, str):
        found.body = value
    skip = _TECHNICAL if kind in _BODY else frozenset({"content_type"})
    for key, other in content.items():
        if key == main and (key == "parts" or isinstance(other, str)):
            continue
        if key not in skip and other:
            found.others.extend(ParsedText(at, body) for at, body in leaves(other, f"content.{key}", skip))
    if "asset_pointer" in content:
        _asset(found, content)


def _read_parts(found: Content, parts: list[Any]) -> None:
    shown: list[str] = []
    for number, part in enumerate(parts):
        if isinstance(part, str):
            shown.append(part)
            continue
        if not isinstance(part, dict):
            _keep(found, part, f"content.parts[{number}]")
            continue
        kind = text(part.get("content_type"))
        path = f"content.parts[{number}]"
        if kind == "audio_transcription" or (not kind and isinstance(part.get("text"), str)):
            shown.append(text(part.get("text")))  # what was said is the turn
            part = {k: v for k, v in part.items() if k != "text"}  # noqa: PLW2901 - the rest of the part
        elif kind in _ASSET_PARTS or "asset_pointer" in part:
            _asset(found, part)
        elif kind == _REAL_TIME:
            found.assets.append("audio and video")
        elif kind:
            found.flags.append(f"unknown_part_type:{kind[:60]}")
        _keep(found, part, path)
    found.body = "\n".join(shown)


def _asset(found: Content, part: dict[str, Any]) -> None:
    pointer = text(part.get("asset_pointer"))
    found.assets.append(pointer or text(part.get("content_type")) or "asset")


def _keep(found: Content, value: Any, path: str) -> None:
    found.others.extend(ParsedText(at, body) for at, body in leaves(value, path, _TECHNICAL))


def _read_metadata(found: Content, metadata: dict[str, Any]) -> None:
    for key in _METADATA:
        value = metadata.get(key)
        if not value:
            continue
        path = f"metadata.{key}"
        if isinstance(value, str):
            found.others.append(ParsedText(path, value))
        else:  # long lists of search results and the like: one text each, a string a line
            joined = "\n".join(body for _, body in leaves(value, path, _TECHNICAL))
            if joined:
                found.others.append(ParsedText(path, joined))
    if metadata.get("attachments"):
        _read_attachments(found, metadata["attachments"], "metadata.attachments")


def _read_attachments(found: Content, value: Any, path: str) -> None:
    for number, attachment in enumerate(items(value)):
        entry = record(attachment)
        pointer = text(entry.get("id")) or f"attachment {number + 1}"
        if not any(pointer in known for known in found.assets):
            found.assets.append(pointer)
        _keep(found, {k: v for k, v in entry.items() if k != "id"}, f"{path}[{number}]")


def _read_prompt(found: Content) -> None:
    """The image prompt inside a tool call's JSON, unescaped, so that a detector sees the words as written."""
    try:
        call = msgspec.json.decode(found.body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return
    for at, body in leaves(record(call), "content", frozenset({"size", "referenced_image_ids", "n"})):
        found.others.append(ParsedText(at, body))
