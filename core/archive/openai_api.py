"""API interaction logs and DALL·E labs requests: one envelope is one conversation of one exchange.

The envelope is what a verdict is about; its turns are shown and released as turns. So each turn becomes a
:class:`~core.model.record.ParsedMessage` with the same time: the first bears the envelope's id, the others ``ID#1``,
``ID#2`` and so on. Where the envelope names a thread, the flag ``thread:NAME`` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.archive import digest
from core.archive.chatgpt_tree import finished
from core.archive.container import Cut, Source
from core.archive.fields import first, leaves, moment, name, record, text
from core.archive.items import RAW_SHOWN, Found
from core.archive.jsontext import BadJson, parse
from core.archive.lines import Line, lines
from core.archive.openai_turns import Turn, request_turns, response_turns
from core.archive.stream_log import Streams, is_chunk
from core.model.moment import LATEST, UNKNOWN_CREATION_FLOOR, Interval
from core.model.record import ParsedConversation, ParsedMessage, ParsedText, Product, Rejected

REQUESTS = ("request", "request_body", "body")
RESPONSES = ("response", "response_body", "output")
ACCOUNTS = ("organization", "account_id", "org_id", "organization_id")
TIMES = ("created", "timestamp", "created_at", "response_created_at", "request_created_at", "startTime")
_TURN_FIELDS = frozenset({
    "messages", "input", "prompt", "instructions", "model", "image", "mask", "tools", "response_format", "size",
    "quality", "style", "n", "stream", "tool_choice", "service_tier", "background", "output_format", "moderation",
    "previous_response_id", "type",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Envelope:
    """One line of a log taken apart: what came in, what went out, and everything around them."""

    outer: dict[str, Any]
    request: dict[str, Any]
    response: dict[str, Any]


def read_log(source: Source, account: str | None) -> Iterator[Found]:
    """Every envelope of the log. Raises :class:`Cut` where it ends within a line."""
    streams = Streams()
    for line in lines(source.chunks()):
        raw = line.raw.strip()
        if raw.startswith(b"data:"):
            raw = raw[5:].strip()
        if not raw or raw == b"[DONE]":
            continue
        value, flags, refused = _value(line, raw)
        if refused is not None:
            yield refused
            if not line.closed:
                raise Cut(f"it ends in the middle of line {line.number}")
        elif is_chunk(value):
            for whole in streams.add(value):
                yield read_envelope(taken_apart(whole), account)
        else:
            yield read_envelope(taken_apart(value), account, flags)
    for whole in streams.rest():
        yield read_envelope(taken_apart(whole), account, ("stream_unfinished",))


def _value(line: Line, raw: bytes) -> tuple[dict[str, Any], tuple[str, ...], Rejected | None]:
    reason = "it is longer than the limit" if line.too_long else ""
    offset = line.offset
    if not reason:
        try:
            value, flags = parse(raw)
        except BadJson as error:
            reason, offset = error.reason, offset + (error.offset or 0)
        else:
            if isinstance(value, dict) and _is_envelope(value):
                return value, flags, None
            reason = "it is not an API record"
    sentence = f"Line {line.number} was set aside: {reason}."
    return {}, (), Rejected("", sentence, line=line.number, offset=offset, raw=raw[:RAW_SHOWN])


def _is_envelope(value: dict[str, Any]) -> bool:
    keys = ("messages", "prompt", "input", "choices", "data", *REQUESTS, *RESPONSES)
    return any(value.get(key) is not None for key in keys)


def taken_apart(outer: dict[str, Any]) -> Envelope:
    """The request and response of an envelope under any of their names; a bare response has no request."""
    request = record(first(outer, *REQUESTS))
    response = record(first(outer, *RESPONSES))
    if isinstance(outer.get("input"), dict):
        request = request or outer["input"]
    elif not request and (outer.get("messages") is not None or outer.get("prompt") is not None or "input" in outer):
        request = {key: outer[key] for key in ("messages", "prompt", "input", "instructions") if key in outer}
    if not response and any(key in outer for key in ("choices", "data")):
        response = {key: outer[key] for key in ("choices", "data", "id", "created", "model") if key in outer}
    if not response and isinstance(outer.get("output"), list):
        response = {"output": outer["output"]}
    if not response and isinstance(first(outer, "output", "response"), str):
        response = {"choices": [{"text": first(outer, "output", "response")}]}
    return Envelope(outer, request, response)


def read_envelope(
    envelope: Envelope, account: str | None, flags: tuple[str, ...] = (), incomplete: str = ""
) -> ParsedConversation:
    """One envelope as a conversation; ``incomplete`` is a reason known from outside, such as a missing half."""
    outer, request, response = envelope.outer, envelope.request, envelope.response
    asked, ask_fault = request_turns(request)
    answered, answer_fault = response_turns(response)
    stated = moment(first(outer, *TIMES) or first(response, "created", "created_at"),
                    client=outer.get("time_source") == "client")  # fmt: skip
    when = stated or Interval(UNKNOWN_CREATION_FLOOR, LATEST)
    model = text(first(outer, "model") or first(response, "model") or first(request, "model"))
    ident = name(first(outer, "id", "request_id", "response_id") or response.get("id"))
    ident = ident or digest.of([(x.role, x.body) for x in (*asked, *answered)]).hex()[:32]
    thread = name(first(outer, "conversation_id", "thread_id", "session_id"))
    product = text(outer.get("product"))
    found = ParsedConversation(
        source_id=ident,
        product=product if product in set(Product) else Product.API if not product else Product.OTHER,
        account=_account(outer) or account,
        messages=_messages(ident, [*asked, *answered], when, model, known=stated is not None),
        content_sha=b"",
        nodes=len(asked) + len(answered),
        created=when,
        created_known=stated is not None,
        created_shown=None if stated is None else stated.lo,
        title="",
        texts=tuple(_around(outer, request)),
        temporary=outer.get("is_temporary_chat") is True,
        project=name(first(outer, "project", "project_id") or _header(outer, "openai-project")) or None,
        zdr=outer.get("zdr") is True,
        incomplete=incomplete or ask_fault or answer_fault,
        flags=(*flags, f"thread:{thread}") if thread else flags,
    )
    return finished(found)


def _account(outer: dict[str, Any]) -> str:
    return name(first(outer, *ACCOUNTS) or _header(outer, "openai-organization"))


def _header(outer: dict[str, Any], wanted: str) -> str:
    for place in ("headers", "request_headers", "response_headers"):
        for key, value in record(outer.get(place)).items():
            if key.casefold() == wanted:
                return text(value)
    return ""


def _around(outer: dict[str, Any], request: dict[str, Any]) -> Iterator[ParsedText]:
    """Texts of the envelope and of the request that are no turns: the end user, metadata, tools' descriptions."""
    for key in ("user", "metadata", "safety_identifier"):
        for at, body in leaves(outer.get(key), key):
            yield ParsedText(at, body)
    for key, value in request.items():
        if key not in _TURN_FIELDS:
            for at, body in leaves(value, f"request.{key}"):
                yield ParsedText(at, body)
    tools = "\n".join(body for _, body in leaves(request.get("tools"), "tools", frozenset({"type"})))
    if tools:
        yield ParsedText("request.tools", tools)


def _messages(ident: str, turns: list[Turn], when: Interval, model: str, *, known: bool) -> tuple[ParsedMessage, ...]:
    def key(number: int) -> str:
        return ident if not number else f"{ident}#{number}"

    return tuple(
        ParsedMessage(
            source_id=key(number),
            node_id=key(number),
            parent_node=key(number - 1 - turn.choice) if number > turn.choice else None,
            seq=number,
            role=turn.role,
            texts=(ParsedText("content", turn.body), *turn.others),
            sent=when,
            sent_known=known,
            author_name=turn.name,
            visible=not turn.choice,
            hidden_kind="branch" if turn.choice else turn.hidden,
            content_type=turn.kind,
            model=model if turn.role == "assistant" else "",
            assets=tuple(turn.assets),
            flags=tuple(turn.flags),
            part=number > 0,
        )
        for number, turn in enumerate(turns)
    )
