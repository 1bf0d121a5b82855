"""What a file is, told from its content, never from its name.

Claude and Grok exports also hold a ``conversations.json``, so even the member's name proves nothing: the first
elements decide.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.archive.batch import is_input, is_output
from core.archive.chatgpt import SHARD
from core.archive.container import Cut, NotAList, Source
from core.archive.jsontext import BOM, BadJson, parse
from core.archive.lines import lines
from core.archive.windows import Element, elements
from core.archive.zips import Zip
from core.errors import Refusal
from core.model.record import SourceKind

PEEK_LINES = 50
PEEK_BYTES = 4 * 1024 * 1024
_LEDGER_TYPES = {"event", "retraction", "coverage", "deletion", "account"}
_API_KEYS = {
    "request", "response", "request_body", "response_body", "messages", "choices", "prompt", "body", "output",
}  # fmt: skip
_KNOWN_NOT_READ = {
    SourceKind.CLAUDE_EXPORT: "a Claude export",
    SourceKind.GATEWAY_LOG: "a gateway's log",
    SourceKind.CORPUS: "a published corpus",
}
UNKNOWN = "is not an archive or a consent ledger that is known here"


def sniff(path: Path) -> SourceKind:
    """The kind of a file; raises Refusal in one sentence for everything that cannot be imported."""
    with Source(path) as source:
        kind = kind_of(source)
    if kind in _KNOWN_NOT_READ:
        raise Refusal(f"{path.name} is {_KNOWN_NOT_READ[kind]}, which this version does not read.")
    if kind is SourceKind.UNKNOWN:
        raise Refusal(f"{path.name} {UNKNOWN}.")
    return kind


def is_csv(source: Source) -> bool:
    """Whether a ledger is CSV: its first line names columns."""
    try:
        line = next(lines(source.chunks()), None)
    except Cut:
        return False
    return line is not None and _csv_header(line.raw)


def kind_of(source: Source) -> SourceKind:
    """The kind of an open file, ``UNKNOWN`` where nothing fits; raises Refusal for an unsafe or broken file."""
    if source.is_zip:
        return _zip_kind(Zip(source))
    try:
        start = _start(source)
        if start.startswith(b"["):
            kind = _array_kind(source.chunks())
            return kind or SourceKind.UNKNOWN
        return _lines_kind(source)
    except Cut as cut:
        raise Refusal(f"{source.name} shows too little to be known: {cut}.") from None


def _zip_kind(archive: Zip) -> SourceKind:
    shards = [x for x in archive.members if SHARD.match(x.base)]
    for shard in tuple(shards):
        try:
            kind = _array_kind(archive.chunks(shard))
        except NotAList:
            shards = [x for x in shards if x is not shard]
            continue
        except Cut:
            continue
        return kind or SourceKind.CHATGPT_EXPORT  # an empty list: an account without chats
    if shards or any(x.name.lower() == "group_chats.json" for x in archive.members):
        return SourceKind.CHATGPT_EXPORT
    for member in archive.members:
        if archive.depth == 0 and member.base.lower().endswith(".zip"):
            try:
                kind = _zip_kind(archive.nested(member))
            except (Cut, Refusal):
                continue
            if kind is not SourceKind.UNKNOWN:
                return kind
    return SourceKind.UNKNOWN


def _start(source: Source) -> bytes:
    held = b""
    for chunk in source.chunks():
        held = (held + chunk).removeprefix(BOM).lstrip()
        if held:
            break
    return held


def _array_kind(chunks: Iterator[bytes]) -> SourceKind | None:
    """The kind that the first elements show; None for an empty list."""
    seen = 0
    for found in elements(chunks, window=64 * 1024):
        if isinstance(found, Element) and isinstance(found.value, dict):
            kind = _element_kind(found.value)
            if kind is not SourceKind.UNKNOWN:
                return kind
        seen += 1
        if seen >= PEEK_LINES:
            break
    return SourceKind.UNKNOWN if seen else None


def _element_kind(value: dict[str, Any]) -> SourceKind:
    if "mapping" in value or ("current_node" in value and "title" in value):
        return SourceKind.CHATGPT_EXPORT
    if "chat_messages" in value:
        return SourceKind.CLAUDE_EXPORT
    if "conversations" in value or "conversation" in value:
        return SourceKind.CORPUS
    return SourceKind.UNKNOWN


def _lines_kind(source: Source) -> SourceKind:
    seen = 0
    for line in lines(source.chunks()):
        raw = line.raw.strip()
        if not raw:
            continue
        if not seen and _csv_header(line.raw):
            return SourceKind.CONSENT_LEDGER
        seen += 1
        try:
            value, _ = parse(raw.removeprefix(b"data:").strip())
        except BadJson:
            value = None
        kind = _value_kind(value) if isinstance(value, dict) else SourceKind.UNKNOWN
        if kind is not SourceKind.UNKNOWN:
            return kind
        if seen >= PEEK_LINES or line.offset > PEEK_BYTES:
            break
    return SourceKind.UNKNOWN


def _value_kind(value: dict[str, Any]) -> SourceKind:
    keys = value.keys()
    if is_input(value) or is_output(value):
        return SourceKind.BATCH
    if "account_id" in keys and ({"channel", "action"} <= keys or value.get("type") in _LEDGER_TYPES):
        return SourceKind.CONSENT_LEDGER
    if "retracts" in keys or {"event_id", "channel"} <= keys:
        return SourceKind.CONSENT_LEDGER
    if {"call_type", "startTime"} <= keys:
        return SourceKind.GATEWAY_LOG
    if "conversation" in keys or "conversations" in keys or "message_tree_id" in keys:
        return SourceKind.CORPUS
    if value.get("product") == "dalle_labs" or str(value.get("endpoint", "")).startswith("/v1/images"):
        return SourceKind.IMAGE_LOG
    return SourceKind.API_LOG if not _API_KEYS.isdisjoint(keys) else SourceKind.UNKNOWN


def _csv_header(raw: bytes) -> bool:
    if raw.lstrip()[:1] in (b"{", b"["):
        return False
    try:
        row = next(csv.reader([raw[:65536].decode("utf-8", "surrogateescape")]), [])
    except csv.Error:
        return False
    return {"event_id", "account_id"} <= set(row) or {"account_id", "channel", "action"} <= set(row)
