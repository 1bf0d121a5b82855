"""API logs, image requests, streamed logs and batches."""

import gzip
from pathlib import Path
from typing import Any

import pytest
import zstandard

from core.archive import batch
from core.archive.openai_api import read_envelope, taken_apart
from core.archive.reader import read
from core.archive.sniff import sniff
from core.model.record import Ended, ParsedConversation, Rejected, SourceKind
from tests.archive.builders import T0, envelope, jsonl


def parsed(value: dict[str, Any]) -> ParsedConversation:
    return read_envelope(taken_apart(value), None)


def turns(found: ParsedConversation) -> list[tuple[str, str]]:
    return [(x.role, x.texts[0].body) for x in found.messages]


def records(path: Path, **more: Any) -> list[ParsedConversation]:
    return [x for x in read(path, **more) if isinstance(x, ParsedConversation)]


HI = [("system", "Be brief."), ("user", "hi"), ("assistant", "hello")]


@pytest.mark.parametrize("pack", ["", ".gz", ".zst"])
def test_an_envelope_is_one_conversation_of_turns(tmp_path: Path, pack: str) -> None:
    path = jsonl(tmp_path / "log", envelope("r1", thread_id="t1", project="p", zdr=True, user="ana@example.org"), b"")
    data = path.read_bytes()
    path.write_bytes({"": data, ".gz": gzip.compress(data), ".zst": zstandard.compress(data)}[pack])
    assert sniff(path) is SourceKind.API_LOG
    (found,) = records(path)
    assert turns(found) == HI
    assert [x.source_id for x in found.messages] == ["r1", "r1#1", "r1#2"]
    assert {x.sent.lo for x in found.messages} == {int(T0) * 1_000_000}
    assert (found.source_id, found.product, found.account, found.project, found.zdr) == (
        "r1",
        "api",
        "org-a",
        "p",
        True,
    )
    assert found.flags == ("thread:t1",)
    assert [(x.field, x.body) for x in found.texts] == [("user", "ana@example.org")]
    assert not found.incomplete


def test_aliases_of_the_envelope() -> None:
    base = envelope()
    request, response = base["request"], base["response"]
    for value in (
        {"request_body": request, "response_body": response}, {"body": request, "response": response},
        {"input": request, "output": response}, {"messages": request["messages"], "response": response},
        {"messages": request["messages"], "output": "hello"},
    ):  # fmt: skip
        found = parsed({"id": "x", "timestamp": "2023-07-01T00:00:00Z", "account_id": "org", **value})
        assert turns(found) == HI
        assert (found.account, found.incomplete, found.created_known) == ("org", "", True)
    bare = parsed({"object": "chat.completion", "id": "c", "created": 1, **response})
    assert (turns(bare), bare.incomplete) == (HI[2:], "prompt missing")
    headers = parsed(
        {**envelope(organization=None), "headers": {"OpenAI-Organization": "org-h", "OpenAI-Project": "p1"}}
    )
    assert (headers.account, headers.project) == ("org-h", "p1")
    assert parsed(envelope(response=None)).incomplete == "response missing"


def test_contents_of_every_endpoint() -> None:
    chat = parsed(envelope(request={"messages": [
        {"role": "user", "content": [{"type": "text", "text": "look"}, {"type": "image_url"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"arguments": "Ana"}}]},
        {"role": "tool", "content": "found"}]}))  # fmt: skip
    assert turns(chat)[:3] == [("user", "look"), ("assistant", ""), ("tool", "found")]
    assert chat.messages[0].assets == ("image_url",)
    assert chat.messages[1].hidden_kind == "tool_call"
    assert any("Ana" in x.body for x in chat.messages[1].texts)
    answers = parsed({"id": "r", "created_at": 1.5, "request": {"input": "hi", "instructions": "be kind"}, "response": {
        "output": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
                   {"type": "message", "content": [{"type": "output_text", "text": "yes"}]}]}})  # fmt: skip
    assert turns(answers) == [("system", "be kind"), ("user", "hi"), ("assistant", ""), ("assistant", "yes")]
    assert answers.messages[2].hidden_kind == "context"
    assert [x.body for x in answers.messages[2].texts] == ["", "hm"]
    chain = parsed({"id": "r", "request": {"input": "hi", "previous_response_id": "r0"}, "response": {"output": []}})
    assert chain.incomplete == "earlier turns are in another record"
    legacy = parsed(envelope(request={"prompt": "Once"}, response={"choices": [{"text": "upon"}, {"text": "more"}]}))
    assert [(x.texts[0].body, x.visible, x.parent_node) for x in legacy.messages] == [
        ("Once", True, None), ("upon", True, "chatcmpl-1"), ("more", False, "chatcmpl-1"),
    ]  # fmt: skip
    assert "tokens" in parsed(envelope(request={"prompt": [1, 2, 3]})).incomplete


def test_images_and_the_consumer_site(tmp_path: Path) -> None:
    url = "https://x.example.org/private/org-1/user-2/img-3.png?sig=secret"
    value = {"id": "i1", "timestamp": "2023-05-01T00:00:00Z", "account_id": "u1", "endpoint": "/v1/images/generations",
             "request": {"prompt": "a fox", "n": 2},
             "response": {"data": [{"url": url, "revised_prompt": "a red fox"}, {"b64_json": "AAAA"}]}}  # fmt: skip
    path = jsonl(tmp_path / "labs", value, value | {"product": "dalle_labs"}, value | {"product": "hologram"})
    assert sniff(path) is SourceKind.IMAGE_LOG
    found = records(path)
    assert [x.product for x in found] == ["api", "dalle_labs", "other"]
    assert turns(found[0]) == [("user", "a fox"), ("assistant", "a red fox"), ("assistant", "")]
    assert [x.assets for x in found[0].messages] == [(), ("img-3.png",), ("image",)]
    every = repr(found[0])
    assert "secret" not in every
    assert "user-2" not in every


def test_a_streamed_answer_is_one_record(tmp_path: Path) -> None:
    def chunk(ident: str, text: str, reason: str | None = None) -> bytes:
        import json

        delta = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
        line = {"id": ident, "object": "chat.completion.chunk", "created": 5, "choices": [delta]}
        return b"data: " + json.dumps(line).encode()

    path = jsonl(tmp_path / "s", chunk("a", "He"), chunk("b", "x"), chunk("a", "llo", "stop"), b"data: [DONE]")
    found = records(path)
    assert [(x.source_id, turns(x), x.incomplete) for x in found] == [
        ("a", [("assistant", "Hello")], "prompt missing"), ("b", [("assistant", "x")], "prompt missing"),
    ]  # fmt: skip
    assert found[1].flags == ("stream_unfinished",)


def test_bad_lines_are_set_aside_and_a_cut_is_said(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "log", envelope("r1"), b"oops", {"neither": 1}, [1], envelope("r2"))
    path.write_bytes(path.read_bytes() + b'{"id":"r3","requ')
    found = list(read(path))
    refused = [x for x in found if isinstance(x, Rejected)]
    assert [x.source_id for x in found if isinstance(x, ParsedConversation)] == ["r1", "r2"]
    assert [x.line for x in refused] == [2, 3, 4, 6]
    assert refused[0].reason == "Line 2 was set aside: it is not valid JSON."
    assert found[-1] == Ended(complete=False, reason="log was read only in part: it ends in the middle of line 6.")


def test_batches_are_joined_or_incomplete(tmp_path: Path) -> None:
    def asked(ident: str) -> dict[str, Any]:
        return {"custom_id": ident, "method": "POST", "url": "/v1/chat/completions", "body": envelope()["request"]}

    def answered(ident: str) -> dict[str, Any]:
        body = {**envelope()["response"], "created": 7, "id": "chatcmpl-x"}
        return {"id": "b", "custom_id": ident, "response": {"status_code": 200, "body": body}, "error": None}

    first = jsonl(tmp_path / "in", asked("1"), asked("2"))
    second = jsonl(tmp_path / "out", answered("2"), answered("3"), {"custom_id": "1", "response": None, "error": {}})
    assert sniff(first) is sniff(second) is SourceKind.BATCH
    assert [x.incomplete for x in records(first)] == ["response missing"] * 2
    assert [x.incomplete for x in records(second)] == ["prompt missing", "prompt missing", "prompt missing"]
    assert batch.pairs([second, first]) == {first: second}
    both = {x.source_id: x for x in records(first, companion=second)}
    assert {k: v.incomplete for k, v in both.items()} == {"1": "response missing", "2": "", "3": "prompt missing"}
    assert turns(both["2"]) == HI
    assert both["2"].created.lo == 7_000_000
