"""Group chats of a ChatGPT export: several people in one thread, so no single account's consent covers it."""

from typing import Any

from core.archive import resolve
from core.archive.chatgpt_tree import finished
from core.archive.fields import items, leaves, moment, name, record, text
from core.model.record import ParsedConversation, ParsedMessage, ParsedText, Product


def read_group(chat: dict[str, Any], account: str | None) -> ParsedConversation:
    """One group chat: a flat list of messages, each the child of the one before."""
    entries = [record(x) for x in items(chat.get("messages"))]
    keys = [f"{number}" for number in range(len(entries))]
    parents: dict[str, str | None] = {key: keys[i - 1] if i else None for i, key in enumerate(keys)}
    stated = {key: moment(entry.get("created_at")) for key, entry in zip(keys, entries, strict=True)}
    created, known, shown = resolve.creation(moment(chat.get("created_at")), stated.values(), None)
    sent = resolve.sent(keys, parents, stated, created, None)
    messages = tuple(
        ParsedMessage(
            source_id=name(entry.get("id")) or f"{name(chat.get('id'))}#{key}",
            node_id=key,
            parent_node=parents[key],
            seq=int(key),
            role=text(entry.get("role")) or "unknown",
            texts=(ParsedText("content", text(entry.get("text"))), *_attached(entry)),
            sent=sent[key],
            sent_known=stated[key] is not None,
            assets=tuple(
                name(record(x).get("id")) or f"attachment {n + 1}"
                for n, x in enumerate(items(entry.get("attachments")))
            ),
        )
        for key, entry in zip(keys, entries, strict=True)
    )
    title = text(chat.get("name"))
    people = [ParsedText(at, body) for at, body in leaves(chat.get("members"), "members", frozenset({"id", "role"}))]
    return finished(
        ParsedConversation(
            source_id=name(chat.get("id")),
            product=Product.CHATGPT,
            account=account,
            messages=messages,
            content_sha=b"",
            nodes=len(messages),
            created=created,
            created_known=known,
            created_shown=shown,
            title=title,
            texts=tuple(people),
            plan="business" if chat.get("workspace_id") else "",
            group=True,
        )
    )


def _attached(entry: dict[str, Any]) -> list[ParsedText]:
    return [
        ParsedText(at, body)
        for at, body in leaves(entry.get("attachments"), "attachments", frozenset({"id", "mime_type"}))
    ]
