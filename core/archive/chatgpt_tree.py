"""One ChatGPT conversation object to a :class:`~core.model.record.ParsedConversation`, hidden branches included.

Links come from ``parent``; ``children`` is used only where a node lacks ``parent``. Everything is iterative and
survives cycles, orphans and missing nodes: such nodes are kept and flagged, since they too hold somebody's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.archive import digest, resolve
from core.archive.chatgpt_content import Content, plain_text, read_content
from core.archive.fields import first, items, leaves, moment, name, record, text
from core.model.moment import EARLIEST, UNKNOWN_CREATION_FLOOR, Interval
from core.model.record import ParsedConversation, ParsedMessage, ParsedText, Product

PLANS = ("team", "enterprise", "edu", "business", "healthcare", "gov")
_CONTEXT = {"user_editable_context", "model_editable_context", "thoughts", "reasoning_recap", "app_pairing_content"}


@dataclass(slots=True)
class Beside:
    """What the export's other files say: the account, feedback by conversation, business marks, original names."""

    account: str | None = None
    feedback: dict[str, Interval] = field(default_factory=dict)
    business: set[str] = field(default_factory=set)
    asset_names: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Tree:
    order: list[str]
    parents: dict[str, str | None]
    visible: set[str]
    inferred: bool
    flags: list[str]


def read_conversation(source: dict[str, Any], beside: Beside, flags: tuple[str, ...] = ()) -> ParsedConversation:
    """The conversation with all its messages in reading order: before the visible turn, the hidden ones beside it."""
    mapping = record(source.get("mapping"))
    nodes = {key: record(value) for key, value in mapping.items()}
    messages = {key: node["message"] for key, node in nodes.items() if isinstance(node.get("message"), dict)}
    stated = {key: moment(message.get("create_time")) for key, message in messages.items()}
    tree = _tree(nodes, text(source.get("current_node")), stated)
    marks = [*flags, *tree.flags]
    if not isinstance(source.get("mapping"), dict):
        marks.append("no_mapping")
    updated = moment(source.get("update_time"))
    client = source.get("time_source") == "client"
    created, known, shown = resolve.creation(moment(source.get("create_time"), client=client), stated.values(), updated)
    if created.hi < UNKNOWN_CREATION_FLOOR:
        marks.append("time_implausible")
    sent = resolve.sent(tree.order, tree.parents, stated, created, updated)
    default_model = text(source.get("default_model_slug"))
    parsed = tuple(
        _message(key, seq, messages[key], tree, sent[key], stated[key], default_model, beside)
        for seq, key in enumerate(key for key in tree.order if key in messages)
    )
    ident = name(first(source, "conversation_id", "id"))
    title = text(source.get("title"))
    owner = record(source.get("owner"))
    found = ParsedConversation(
        source_id=ident,
        product=Product.CHATGPT,
        account=name(source.get("user_id")) or beside.account,
        messages=parsed,
        content_sha=b"",
        nodes=len(nodes),
        created=created,
        created_known=known,
        created_shown=shown,
        title=title,
        updated=updated,
        texts=_own_texts(source),
        plan=_plan(source, owner, beside, ident),
        temporary=source.get("is_temporary_chat") is True,
        saved=moment(source.get("saved_at")),
        gizmo_id=text(first(source, "gizmo_id", "conversation_template_id")) or None,
        builder_training=_switch(source.get("gpt_builder_training")),
        feedback=beside.feedback.get(ident),
        path_inferred=tree.inferred,
        flags=tuple(dict.fromkeys(marks)),
    )
    return finished(found)


def finished(found: ParsedConversation) -> ParsedConversation:
    """The conversation with its digest, and with an id made from it where the source gives none."""
    sha = digest.conversation(found)
    if found.source_id:
        return replace(found, content_sha=sha)
    return replace(found, source_id=sha.hex()[:32], content_sha=sha, flags=(*found.flags, "id_missing"))


def _switch(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _plan(source: dict[str, Any], owner: dict[str, Any], beside: Beside, ident: str) -> str:
    for mark in (source.get("workspace"), source.get("workspace_plan"), owner.get("plan_type")):
        if text(mark).casefold() in PLANS:
            return text(mark).casefold()
    return "business" if source.get("workspace_id") or owner or ident in beside.business else ""


def _own_texts(source: dict[str, Any]) -> tuple[ParsedText, ...]:
    urls = "\n".join(body for _, body in leaves(source.get("safe_urls"), "safe_urls"))
    return (ParsedText("safe_urls", urls),) if urls else ()


def _message(
    key: str, seq: int, message: dict[str, Any], tree: _Tree, sent: Interval, stated: Interval | None, model: str,
    beside: Beside,
) -> ParsedMessage:  # fmt: skip
    author = record(message.get("author"))
    metadata = record(message.get("metadata"))
    role = text(author.get("role")) or "unknown"
    kind = "text"
    assets: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    body = plain_text(message)
    if body is not None:
        texts: tuple[ParsedText, ...] = (ParsedText("content", body),)
    else:
        found = read_content(message)
        if beside.asset_names and found.assets:
            _name_assets(found, beside.asset_names)
        kind, texts, assets, flags = found.kind, found.texts, tuple(found.assets), tuple(found.flags)
    visible = key in tree.visible
    return ParsedMessage(
        source_id=name(message.get("id")) or key,
        node_id=key,
        parent_node=tree.parents[key],
        seq=seq,
        role=role,
        texts=texts,
        sent=sent,
        sent_known=stated is not None,
        author_name=text(author.get("name")),
        visible=visible,
        hidden_kind=_hidden(message, metadata, role, kind) if visible else "branch",
        content_type=kind,
        model=_model(metadata, model if role == "assistant" else ""),
        assets=assets,
        flags=flags,
    )


def _model(metadata: dict[str, Any], default: str) -> str:
    return text(metadata.get("model_slug")) or text(metadata.get("resolved_model_slug")) or default


def _hidden(message: dict[str, Any], metadata: dict[str, Any], role: str, kind: str) -> str:
    if kind in _CONTEXT:
        return "context"
    if message.get("recipient") not in (None, "all"):
        return "tool_call"
    if role in ("system", "developer") or metadata.get("is_visually_hidden_from_conversation") is True:
        return "system"
    return "context" if message.get("weight") == 0 else ""


def _name_assets(found: Content, names: Mapping[str, str]) -> None:
    for asset in found.assets:
        ident = asset.rpartition("/")[2]
        original = names.get(ident) or names.get(f"{ident}.dat")
        if original:
            found.others.append(ParsedText(f"asset_name.{ident}", original))


def _tree(nodes: dict[str, dict[str, Any]], current: str, stated: Mapping[str, Interval | None]) -> _Tree:
    parents, flags = _parents(nodes)
    children: dict[str | None, list[str]] = {}
    for key, parent in parents.items():
        children.setdefault(parent, []).append(key)
    inferred = bool(nodes) and current not in nodes
    if inferred:
        current = _last_leaf(parents, children, stated)
    visible: set[str] = set()
    at: str | None = current or None
    while at is not None and at not in visible and at in nodes:
        visible.add(at)
        at = parents[at]
    order = _walk(children, visible, children.get(None, []))
    if len(order) < len(nodes):
        flags.append("cycle")
        seen = set(order)
        for key in nodes:
            if key not in seen:
                more = [x for x in _walk(children, visible, [key]) if x not in seen]
                order.extend(more)
                seen.update(more)
    return _Tree(order, parents, visible, inferred, flags)


def _parents(nodes: dict[str, dict[str, Any]]) -> tuple[dict[str, str | None], list[str]]:
    flags: list[str] = []
    told: dict[str, str] = {}
    if any("parent" not in node for node in nodes.values()):
        for key, node in nodes.items():
            for child in items(node.get("children")):
                if isinstance(child, str):
                    told.setdefault(child, key)
    parents: dict[str, str | None] = {}
    for key, node in nodes.items():
        parent = node.get("parent") if "parent" in node else told.get(key)
        if isinstance(parent, str) and parent in nodes and parent != key:
            parents[key] = parent
        else:
            parents[key] = None
            if parent is not None:
                flags.append("orphan_node")
    return parents, flags


def _last_leaf(
    parents: Mapping[str, str | None], children: Mapping[str | None, list[str]], stated: Mapping[str, Interval | None]
) -> str:
    """The latest leaf; of several without a time, the last one of the file."""
    leaf, best = "", EARLIEST - 1
    for key in parents:
        if key not in children:
            time = stated.get(key)
            at = EARLIEST if time is None else time.lo
            if at >= best:
                leaf, best = key, at
    return leaf


def _walk(children: Mapping[str | None, list[str]], visible: set[str], roots: list[str]) -> list[str]:
    """Parents before children; among siblings the visible one comes last, so that the chat reads on from it."""
    order: list[str] = []
    seen: set[str] = set()
    stack = sorted(roots, key=lambda x: x in visible)[::-1]
    while stack:
        key = stack.pop()
        if key in seen:
            continue
        seen.add(key)
        order.append(key)
        below = children.get(key)
        if below:
            stack.extend(below if len(below) == 1 else sorted(below, key=lambda x: x in visible)[::-1])
    return order
