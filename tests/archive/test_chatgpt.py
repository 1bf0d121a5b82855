"""ChatGPT exports: layouts of every year, the tree, contents, and what stands beside them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.archive.chatgpt_tree import Beside, read_conversation
from core.archive.reader import read
from core.model.moment import LATEST, UNKNOWN_CREATION_FLOOR, Interval
from core.model.record import AccountEvidence, Ended, ParsedConversation, ParsedMessage, Rejected
from tests.archive.builders import T0, conversation, message, node, zip_bytes, zipped

ZERO = int(T0 * 1_000_000)


def parsed(*nodes: dict[str, Any], **more: Any) -> ParsedConversation:
    return read_conversation(conversation("c1", *nodes, **more), Beside("a1"))


def said(content: Any, **more: Any) -> ParsedMessage:
    return parsed(node("m1", None, message("m1") | {"content": content} | more)).messages[0]


def texts(found: ParsedMessage) -> dict[str, str]:
    return {x.field: x.body for x in found.texts}


def items(path: Path, **more: Any) -> tuple[list[ParsedConversation], list[Any], Ended]:
    found = list(read(path, **more))
    end = found[-1]
    assert isinstance(end, Ended)
    assert not any(isinstance(x, Ended) for x in found[:-1])
    chats = [x for x in found if isinstance(x, ParsedConversation)]
    return chats, [x for x in found if isinstance(x, Rejected | AccountEvidence)], end


def test_layouts_of_2023_and_2026(tmp_path: Path) -> None:
    old = zipped(tmp_path / "old.zip", {
        "conversations.json": [conversation("c1"), conversation("c2", user_id="other")],
        "user.json": {"id": "user-1", "email": "x@example.org", "birth_year": 2011, "chatgpt_plus_user": False},
        "chat.html": "<html>", "odd.json": "{}",
    })  # fmt: skip
    chats, others, end = items(old)
    assert [(x.source_id, x.account, x.title) for x in chats] == [
        ("c1", "user-1", "A title"),
        ("c2", "other", "A title"),
    ]
    assert [(x.account, x.name, x.value) for x in others] == [
        ("user-1", "birth_year", "2011"),
        ("user-1", "plus_user", "false"),
    ]
    states = {x.member: x.state for x in end.members}
    assert states == {"conversations.json": "read", "user.json": "read", "chat.html": "ignored", "odd.json": "unknown"}

    new = zipped(tmp_path / "new.zip", {
        "conversations-010.json": [conversation("c3")], "x/conversations-002.json": [conversation("c2")],
        "conversations-000.json": [conversation("c1")],
        "export_manifest.json": {"logical_files": {"conversations.json": {"files": [
            "conversations-000.json", "conversations-002.json", "conversations-010.json"]}}},
        "user_settings.json": [{"user_id": "user-2", "settings": {"training_allowed": False, "sunshine": True}}],
        "message_feedback.json": [{"conversation_id": "c1", "create_time": T0, "workspace_id": "w"}],
        "conversation_asset_file_names.json": {"file-1.dat": "Samuel Whitcombe.jpg"},
        "group_chats.json": {"chats": [{"id": "g1", "name": "Trip", "members": [{"name": "Ana"}, {"name": "Bo"}],
                                        "messages": [{"id": "x", "role": "user", "text": "hi"}]}]},
    })  # fmt: skip
    chats, others, end = items(new, account="named")
    assert end.complete
    assert [x.source_id for x in chats] == ["c1", "c2", "c3", "g1"]
    assert {x.account for x in chats} == {"named"}
    assert chats[0].feedback is not None
    assert chats[0].plan == "business"
    assert chats[3].group
    assert chats[3].title == "Trip"
    assert [x.body for x in chats[3].texts] == ["Ana", "Bo"]
    assert [(x.account, x.name, x.value) for x in others] == [("user-2", "training_allowed", "false")]
    assert others[0].seen.lo < others[0].seen.hi  # a packer's clock has no zone


@pytest.mark.parametrize("listed", [True, False])
def test_a_missing_shard_is_said(tmp_path: Path, listed: bool) -> None:
    members: dict[str, Any] = {"conversations-000.json": [conversation("c1")], "conversations-002.json": []}
    if listed:
        files = [f"conversations-00{n}.json" for n in range(3)]
        members["export_manifest.json"] = {"logical_files": {"conversations.json": {"files": files}}}
    chats, _, end = items(zipped(tmp_path / "a.zip", members))
    assert len(chats) == 1
    assert not end.complete
    assert "conversations-001.json is missing" in end.reason
    assert ("conversations-001.json", "missing") in [(x.member, x.state) for x in end.members]


@pytest.mark.parametrize("method", [0, 8])
def test_a_portal_zip_holds_exports(tmp_path: Path, method: int) -> None:
    inner = zip_bytes({"part-0001/conversations-000.json": [conversation("c1")], "user.json": {"id": "u"}})
    path = zipped(
        tmp_path / "portal.zip", {"report.html": "", "User Online Activity/Conversations__x.zip": inner}, method
    )
    chats, _, end = items(path)
    assert [(x.source_id, x.account) for x in chats] == [("c1", "u")]
    assert end.complete


def test_a_conversation_cut_in_the_middle_and_one_that_is_none(tmp_path: Path) -> None:
    data = b'[{"no": "conversation"}, 7, ' + zip_json(conversation("c1")) + b", " + zip_json(conversation("c2"))[:-9]
    chats, others, end = items(zipped(tmp_path / "a.zip", {"conversations.json": data, "user.json": {"id": "u"}}))
    assert [x.source_id for x in chats] == ["c1"]
    assert [(x.member, x.index) for x in others] == [("conversations.json", i) for i in (0, 1, 3)]
    assert "element 3): it is cut off in the middle" in others[2].reason
    assert not end.complete
    assert end.reason == ("a.zip was read only in part: conversations.json: the list in it is cut off in the middle.")


def test_odd_numbers_and_keys_are_no_trouble(tmp_path: Path) -> None:
    deep: Any = "leaf"
    for _ in range(300):
        deep = {"k" * 50: deep}
    odd = conversation("c1", node("m1", None, message("m1") | {"content": {"content_type": "odd", "x": deep}}))
    chats, others, end = items(zipped(tmp_path / "a.zip", {"conversations.json": [{"big": 2**200}, odd]}))
    assert end.complete
    assert others[0].raw.startswith(b'{"big": 1606')
    assert max(len(x.field) for x in chats[0].messages[0].texts) <= 200
    assert chats[0].messages[0].texts[-1].body == "leaf"


def zip_json(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()


def test_hidden_branches_are_kept_and_stand_before_the_visible_turn() -> None:
    found = parsed(
        node("r", None, None),
        node("q1", "r", message("q1", text="first wording")),
        node("a1", "q1", message("a1", "assistant")),
        node("q2", "r", message("q2", text="second wording")),
        node("a2", "q2", message("a2", "assistant")),
    )
    assert found.nodes == 5
    assert [(x.source_id, x.visible, x.hidden_kind) for x in found.messages] == [
        ("q1", False, "branch"), ("a1", False, "branch"), ("q2", True, ""), ("a2", True, ""),
    ]  # fmt: skip
    assert not found.path_inferred
    guessed = parsed(
        node("r", None, None), node("q1", "r", message("q1", at=T0 + 9)), node("q2", "r", message("q2")), current=None
    )
    assert guessed.path_inferred
    assert [x.source_id for x in guessed.messages if x.visible] == ["q1"]


def test_links_come_from_parent_and_children_only_help_where_it_lacks() -> None:
    bare = {"id": "m2", "message": message("m2")}
    found = parsed(node("m1", None, message("m1"), ("m2",)), bare)
    assert [x.parent_node for x in found.messages] == [None, "m1"]
    assert all(x.visible for x in found.messages)
    orphan = parsed(node("m1", "gone", message("m1")), node("m2", "m1", message("m2")))
    assert len(orphan.messages) == 2
    assert orphan.flags == ("orphan_node",)


def test_cycles_keep_every_message() -> None:
    found = parsed(
        node("m1", "m3", message("m1")), node("m2", "m1", message("m2")), node("m3", "m2", message("m3")),
        node("m4", "m4", message("m4")),
    )  # fmt: skip
    assert sorted(x.source_id for x in found.messages) == ["m1", "m2", "m3", "m4"]
    assert "cycle" in found.flags


def test_a_very_deep_tree_needs_no_recursion() -> None:
    nodes = [node("0", None, message("0"))] + [node(f"{i}", f"{i - 1}", message(f"{i}")) for i in range(1, 6000)]
    assert sum(x.visible for x in parsed(*nodes).messages) == 6000


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([*"abcdefx", None]), min_size=1),
    st.sampled_from([*"abcx"]),
)
def test_every_shape_of_tree_keeps_all_nodes(parents: dict[str, str | None], current: str) -> None:
    found = parsed(*(node(k, p, message(k)) for k, p in parents.items()), current=current)
    assert sorted(x.node_id for x in found.messages) == sorted(parents)
    assert [x.seq for x in found.messages] == list(range(len(parents)))
    assert any(x.visible for x in found.messages) or current not in parents


def test_broken_shapes_never_raise() -> None:
    for odd in (None, 7, "x", [], {}, {"m": None}, {"m": {"message": {"content": 3, "author": 4, "metadata": 5}}}):
        found = read_conversation({"id": "c", "mapping": odd, "create_time": "x", "title": 3}, Beside())
        assert found.account is None
        assert not found.created_known
    assert len(read_conversation({"mapping": {}}, Beside()).source_id) == 32


def test_times_of_what_has_none() -> None:
    found = parsed(
        node("s", None, message("s", "system", at=None)),
        node("m1", "s", message("m1", at=T0 + 5)),
        node("m2", "m1", message("m2", at=None)),
    )
    sent = {x.source_id: (x.sent.lo - ZERO, x.sent.hi - ZERO, x.sent_known) for x in found.messages}
    assert sent == {
        "s": (0, 5_000_000, False),
        "m1": (5_000_000, 5_000_000, True),
        "m2": (5_000_000, 60_000_000, False),
    }
    unknown = parsed(node("m1", None, message("m1", at=T0)), create_time=None)
    assert unknown.created == Interval(UNKNOWN_CREATION_FLOOR, ZERO)
    assert not unknown.created_known
    assert unknown.created_shown == ZERO
    none = parsed(node("m1", None, message("m1", at=None)), create_time=None, update_time=None)
    assert none.created == Interval(UNKNOWN_CREATION_FLOOR, LATEST)
    assert none.created_shown is None
    assert parsed(create_time=T0 * 1000).created.lo == ZERO  # milliseconds


def test_contents_of_every_known_kind() -> None:
    assert texts(said({"content_type": "text", "parts": ["a", None, {"x": "odd"}, "b"]})) == {
        "content": "a\nb", "content.parts[2].x": "odd",
    }  # fmt: skip
    voice = said({"content_type": "multimodal_text", "parts": [
        {"content_type": "audio_transcription", "text": "spoken", "direction": "in"},
        {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_1"},
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-2",
         "metadata": {"dalle": {"prompt": "a fox", "gen_id": "g"}}}]})  # fmt: skip
    assert texts(voice) == {"content": "spoken", "content.parts[2].metadata.dalle.prompt": "a fox"}
    assert voice.assets == ("sediment://file_1", "file-service://file-2")
    call = said({"content_type": "code", "text": '{"prompt": "Jos\\u00e9 at sea", "n": 1}'}, recipient="dalle.text2im")
    assert texts(call)["content.prompt"] == "José at sea"
    assert call.hidden_kind == "tool_call"
    profile = said({"content_type": "user_editable_context", "user_profile": "I am Noor", "user_instructions": "short"})
    assert texts(profile) == {"content": "", "content.user_profile": "I am Noor", "content.user_instructions": "short"}
    assert profile.hidden_kind == "context"
    assert texts(said({"content_type": "tether_quote", "text": "t", "url": "u", "title": "ti"})) == {
        "content": "t", "content.url": "u", "content.title": "ti",
    }  # fmt: skip
    thoughts = said({"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "c"}]})
    assert texts(thoughts) == {"content": "", "content.thoughts[0].summary": "s", "content.thoughts[0].content": "c"}
    assert texts(said({"content_type": "execution_output", "text": "out"})) == {"content": "out"}


def test_unknown_content_keeps_every_string() -> None:
    found = said({"content_type": "hologram", "scene": {"type": "t", "people": ["Ana", {"n": "Bo"}]}})
    assert found.flags == ("unknown_content_type:hologram",)
    assert sorted(x.body for x in found.texts if x.body) == ["Ana", "Bo", "t"]


def test_texts_outside_the_parts() -> None:
    found = said({"content_type": "text", "parts": ["x"]}, metadata={
        "user_context_message_data": {"about_user_message": "nurse", "about_model_message": "brief"},
        "attachments": [{"id": "file-9", "name": "Samuel.pdf", "mime_type": "application/pdf"}],
        "citations": [{"metadata": {"title": "T", "url": "https://example.org"}}], "turn_summary": "sum",
        "unlisted": "not personal",
    })  # fmt: skip
    assert texts(found) == {
        "content": "x", "metadata.user_context_message_data": "nurse\nbrief",
        "metadata.attachments[0].name": "Samuel.pdf", "metadata.citations": "T\nhttps://example.org",
        "metadata.turn_summary": "sum",
    }  # fmt: skip
    assert found.assets == ("file-9",)


def test_marks_of_the_conversation() -> None:
    found = parsed(is_temporary_chat=True, saved_at="2024-01-01T00:00:00Z", gizmo_id="g-1", workspace_id="w")
    assert (found.temporary, found.gizmo_id, found.plan) == (True, "g-1", "business")
    assert found.saved is not None
    assert parsed(workspace="Enterprise").plan == "enterprise"
    assert parsed(is_do_not_remember=True, memory_scope="x").flags == ()


def test_the_digest_follows_the_content_alone() -> None:
    plain = parsed()
    assert plain.content_sha == read_conversation(conversation("c1", is_archived=True), Beside("b2")).content_sha
    assert plain.content_sha != parsed(title="Another").content_sha
    slim = conversation("c1")
    for entry in slim["mapping"].values():
        del entry["children"]
    assert read_conversation(slim, Beside()).content_sha == plain.content_sha
    assert len(plain.content_sha) == 32


@pytest.mark.shared
def test_a_real_export(shared: Path) -> None:
    chats, others, end = items(shared / "data" / "chatgpt-2023" / "chatgpt-export-2023-06.zip")
    messages = [m for x in chats for m in x.messages]
    assert len(chats) == 192
    assert sum(x.nodes for x in chats) == 1752
    assert len(messages) == 1560
    assert sum(m.visible for m in messages) == 1551
    assert not [x for x in others if isinstance(x, Rejected)]
    assert end.complete
