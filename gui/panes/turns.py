"""From an open conversation to segments of a text view: roles, hidden branches, folding."""

from collections.abc import Sequence

from core.model.view import ConversationView, RedactedTurn, Turn, TurnText
from gui.widgets.segments import Mark, Segment
from gui.words import count, humane, role_word, tr

GLYPHS = {"user": "user", "assistant": "robot", "system": "gear", "tool": "wrench", "developer": "code"}
CONTENT = "content"
_HIDDEN = {
    "branch": "Hidden",
    "system": "System",
    "context": "Context",
    "tool_call": "Tool call",
}


def role_glyph(role: str) -> str:
    """The icon of a role."""
    return GLYPHS.get(role, "chat-text")


def _marks(text: TurnText) -> tuple[Mark, ...]:
    return tuple(Mark(span.start, span.end, span.tier.value) for span in text.spans)


def _label(turn: Turn) -> str:
    if turn.visible and not turn.hidden_kind:
        return role_word(turn.role)
    return tr(_HIDDEN.get(turn.hidden_kind, "Hidden" if not turn.visible else humane(turn.hidden_kind)))


def conversation_segments(view: ConversationView, unfolded: frozenset[int]) -> list[Segment]:
    """One segment a text. Hidden turns are folded to one line each until their record's id is in ``unfolded``."""
    own = {(text.field, text.body): text for text in view.texts if text.body}  # a file may state its title twice
    made = [Segment(-text.text_id, humane(text.field), "tag", text.body, _marks(text)) for text in own.values()]
    for turn in view.turns:
        made += _turn_segments(turn, folded=_hidden(turn) and turn.record_id not in unfolded)
    return made


def _hidden(turn: Turn) -> bool:
    return not turn.visible or bool(turn.hidden_kind)


def _turn_segments(turn: Turn, *, folded: bool) -> list[Segment]:
    hidden = _hidden(turn)
    if folded:
        length = sum(len(text.body) for text in turn.texts)
        told = f"{role_word(turn.role)}, {count(length, 'character', 'characters')}"
        said = f"{tr('Hidden branch')}: {told}" if not turn.visible else told
        return [
            Segment(
                turn.record_id,
                _label(turn),
                role_glyph(turn.role),
                "",
                hidden=True,
                foldable=True,
                folded=True,
                summary=said,
            )
        ]
    texts: Sequence[TurnText] = turn.texts or ()
    made = []
    for place, text in enumerate(texts):
        label = _label(turn) if text.field == CONTENT else text.field
        glyph = role_glyph(turn.role) if text.field == CONTENT else "tag"
        foldable = hidden and place == 0
        made.append(
            Segment(
                turn.record_id,
                label,
                glyph,
                text.body,
                _marks(text),
                hidden=hidden,
                foldable=foldable,
                first=place == 0,
            )
        )
    if turn.assets:
        named = f"{tr('Attachments')}: {', '.join(turn.assets)}"
        made.append(Segment(turn.record_id, tr("Attachment"), "paperclip", named, hidden=True, first=False))
    return made or [Segment(turn.record_id, _label(turn), role_glyph(turn.role), "", hidden=hidden)]


def redaction_segments(turns: Sequence[RedactedTurn]) -> tuple[list[Segment], list[Segment]]:
    """Original and redacted segments, pairwise: the same place in both lists is the same text."""
    left, right = [], []
    for turn in turns:
        hidden = not turn.released
        content = turn.original.field == CONTENT
        label = role_word(turn.role) if content else humane(turn.original.field)
        glyph = role_glyph(turn.role) if content else "tag"
        left.append(Segment(turn.record_id, label, glyph, turn.original.body, _marks(turn.original), hidden=hidden))
        pieces = tuple(Mark(piece[2], piece[3], "replaced") for piece in turn.pieces if piece[2] < piece[3])
        right.append(Segment(turn.record_id, label, glyph, turn.redacted, pieces, hidden=hidden))
    return left, right
