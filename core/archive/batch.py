"""Batch files: requests and results are two files that belong together by ``custom_id``.

Given both, one record a ``custom_id`` is made of the pair; given one alone, its records are incomplete (the prompt or
the response is missing) and cannot be approved.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.archive.container import Cut, Source
from core.archive.fields import name, record
from core.archive.items import RAW_SHOWN, Found
from core.archive.jsontext import BadJson, parse
from core.archive.lines import lines
from core.archive.openai_api import Envelope, read_envelope
from core.errors import Refusal
from core.model.record import ParsedConversation, Rejected

MAX_JOINED = 1024**3
_PEEK = 64 * 1024


def is_input(value: dict[str, Any]) -> bool:
    """Whether a line is a batch request."""
    return "custom_id" in value and "body" in value and "response" not in value


def is_output(value: dict[str, Any]) -> bool:
    """Whether a line is a batch result or error."""
    return "custom_id" in value and ("response" in value or "error" in value)


def read_batch(source: Source, account: str | None, companion: Path | None = None) -> Iterator[Found]:
    """Records of a batch file; with ``companion``, the other half, of the pair."""
    others: dict[str, dict[str, Any]] = {}
    if companion is not None:
        others = _held(companion)
    seen: set[str] = set()
    for value, refused in _values(source):
        if refused is not None:
            yield refused
            continue
        ident = name(value.get("custom_id"))
        if ident in seen:
            yield Rejected(
                "", "A batch line was set aside: its custom_id stands twice in the file.", raw=ident.encode()
            )
            continue
        seen.add(ident)
        yield _record(value, others.pop(ident, None), account)
    for value in others.values():
        yield _record(value, None, account)


def pairs(paths: Sequence[Path]) -> dict[Path, Path]:
    """Which of these files are the two halves of one batch: input file to output file."""
    first_ids = {path: _first(path) for path in paths}
    inputs = [path for path, value in first_ids.items() if value and is_input(value)]
    found: dict[Path, Path] = {}
    for path in inputs:
        wanted = _ids(path)
        for other, value in first_ids.items():
            if value and is_output(value) and other not in found.values() and name(value.get("custom_id")) in wanted:
                found[path] = other
                break
    return found


def _record(one: dict[str, Any], other: dict[str, Any] | None, account: str | None) -> ParsedConversation:
    asked = one if is_input(one) else other
    result = other if is_input(one) else one
    request = record(asked.get("body")) if asked else {}
    answer = record(result.get("response")) if result else {}
    response = record(answer.get("body"))
    fault = ""
    if asked is None:
        fault = "prompt missing"
    elif not response or response.get("error"):
        fault = "response missing"
    outer = {"id": name(one.get("custom_id")), **({"created": response["created"]} if "created" in response else {})}
    return read_envelope(Envelope(outer, request, response), account, incomplete=fault)


def _values(source: Source) -> Iterator[tuple[dict[str, Any], Rejected | None]]:
    for line in lines(source.chunks()):
        if not line.raw.strip():
            continue
        reason = "it is longer than the limit" if line.too_long else "it is not a batch line"
        try:
            value = {} if line.too_long else parse(line.raw)[0]
        except BadJson as error:
            value, reason = {}, error.reason
        if isinstance(value, dict) and (is_input(value) or is_output(value)):
            yield value, None
        else:
            sentence = f"Line {line.number} was set aside: {reason}."
            yield {}, Rejected("", sentence, line=line.number, offset=line.offset, raw=line.raw[:RAW_SHOWN])
            if not line.closed:
                raise Cut(f"it ends in the middle of line {line.number}")


def _held(path: Path) -> dict[str, dict[str, Any]]:
    """The other half in memory, by custom_id; its size is limited."""
    with Source(path) as source:
        if source.size > MAX_JOINED:
            raise Refusal(f"{path.name} is larger than {MAX_JOINED // 1024**2} MiB: import the two halves one by one.")
        return {name(value.get("custom_id")): value for value, refused in _values(source) if refused is None}


def _first(path: Path) -> dict[str, Any] | None:
    try:
        with Source(path) as source:
            return None if source.is_zip else next((v for v, refused in _values(source) if refused is None), None)
    except (Refusal, Cut):
        return None


def _ids(path: Path) -> set[str]:
    with Source(path) as source:
        return {name(value.get("custom_id")) for value, refused in _values(source) if refused is None}
