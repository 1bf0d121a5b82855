"""Logs that kept a streamed answer as it came: chunks are joined to one response a completion id."""

from collections.abc import Iterator
from typing import Any

from core.archive.fields import items, name, record, text

MAX_OPEN = 10_000


def is_chunk(value: dict[str, Any]) -> bool:
    """Whether this is one piece of a streamed chat completion."""
    return value.get("object") == "chat.completion.chunk"


class Streams:
    """Answers that are still coming in, by completion id."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Any]] = {}
        self._texts: dict[str, dict[int, list[str]]] = {}
        self._unfinished: dict[str, set[int]] = {}

    def add(self, chunk: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Take one chunk; yields the whole response once every choice of it has finished."""
        ident = name(chunk.get("id"))
        head = {key: value for key, value in chunk.items() if key not in ("choices", "object")}
        self._open.setdefault(ident, head)
        texts = self._texts.setdefault(ident, {})
        unfinished = self._unfinished.setdefault(ident, set())
        done = False
        for choice in items(chunk.get("choices")):
            entry = record(choice)
            index = entry.get("index")
            index = index if isinstance(index, int) else 0
            if index not in texts:
                texts[index] = []
                unfinished.add(index)
            piece = text(record(entry.get("delta")).get("content"))
            if piece:
                texts[index].append(piece)
            if entry.get("finish_reason"):
                unfinished.discard(index)
                done = True
        if done and not unfinished:
            yield self._whole(ident)
        elif len(self._open) > MAX_OPEN:
            yield self._whole(next(iter(self._open)))

    def rest(self) -> Iterator[dict[str, Any]]:
        """What never finished."""
        for ident in list(self._open):
            yield self._whole(ident)

    def _whole(self, ident: str) -> dict[str, Any]:
        texts = self._texts.pop(ident)
        self._unfinished.pop(ident)
        choices = [
            {"index": index, "message": {"role": "assistant", "content": "".join(texts[index])}}
            for index in sorted(texts)
        ]
        return {**self._open.pop(ident), "object": "chat.completion", "choices": choices}
