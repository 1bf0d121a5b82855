"""SHA-256 of what was read, independent of the parser, of key order and of who named the account.

The same conversation in two exports has one digest; any change of a text, a time or a fact that a verdict
rests on gives another.
"""

import hashlib
from typing import Any

import msgspec

from core.model.record import ParsedConversation, ParsedMessage

_encode = msgspec.json.Encoder(order="deterministic").encode


def of(value: Any) -> bytes:
    """SHA-256 (32 bytes) of plain data in canonical JSON: sorted keys, no white space."""
    return hashlib.sha256(_encode(value)).digest()


def conversation(found: ParsedConversation) -> bytes:
    """The content digest of a conversation; its account, flags and member notes do not count."""
    c = found
    head = (
        "conversation/1", c.source_id, c.product, c.nodes, c.created if c.created_known else None, c.title, c.texts,
        c.plan, c.temporary, c.saved, c.project, c.zdr, c.gizmo_id, c.builder_training, c.feedback, c.group,
        c.incomplete,
    )  # fmt: skip
    return of((head, [_message(x) for x in c.messages]))


def _message(m: ParsedMessage) -> tuple[Any, ...]:
    return (
        m.source_id, m.node_id, m.parent_node, m.role, m.texts, m.sent if m.sent_known else None, m.author_name,
        m.visible, m.content_type, m.model, m.author_account, m.origin, m.origin_created, m.assets,
    )  # fmt: skip
