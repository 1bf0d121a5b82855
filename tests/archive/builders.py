"""Small made files for the readers' tests; every person in them is invented."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

T0 = 1_690_000_000.0


def message(ident: str, role: str = "user", text: str = "hello", at: float | None = T0, **more: Any) -> dict[str, Any]:
    return {
        "id": ident, "author": {"role": role, "name": None, "metadata": {}}, "create_time": at,
        "content": {"content_type": "text", "parts": [text]}, "metadata": {}, "recipient": "all", **more,
    }  # fmt: skip


def node(key: str, parent: str | None, said: dict[str, Any] | None, children: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": key, "parent": parent, "children": list(children), "message": said}


def conversation(
    ident: str = "c1", *nodes: dict[str, Any], current: str | None = "last", **more: Any
) -> dict[str, Any]:
    """A conversation of these nodes, or of a root and one exchange; the current node is the last one."""
    made = nodes or (
        node("root", None, None, ("m1",)),
        node("m1", "root", message("m1"), ("m2",)),
        node("m2", "m1", message("m2", "assistant", "hello back", T0 + 10)),
    )
    found = {
        "id": ident, "title": "A title", "create_time": T0, "update_time": T0 + 60,
        "mapping": {x["id"]: x for x in made}, "current_node": made[-1]["id"] if current == "last" else current,
    }  # fmt: skip
    return {**found, **more}


def zipped(path: Path, members: Mapping[str, Any], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip whose members are bytes, text, or values that become JSON."""
    path.write_bytes(zip_bytes(members, method))
    return path


def zip_bytes(members: Mapping[str, Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
    return held.getvalue()


def jsonl(path: Path, *values: Any) -> Path:
    """One value a line; bytes are written as they are."""
    path.write_bytes(b"".join((x if isinstance(x, bytes) else json.dumps(x).encode()) + b"\n" for x in values))
    return path


def event(ident: str = "e1", account: str = "a1", **more: Any) -> dict[str, Any]:
    return {
        "event_id": ident, "account_id": account, "channel": "toggle", "action": "deny",
        "effective_at": "2023-06-01T00:00:00Z", "recorded_at": "2023-06-01T00:00:05Z", **more,
    }  # fmt: skip


def envelope(ident: str = "chatcmpl-1", **more: Any) -> dict[str, Any]:
    return {
        "id": ident, "created": int(T0), "organization": "org-a", "model": "m",
        "request": {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}]},
        "response": {"choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}}]}, **more,
    }  # fmt: skip
