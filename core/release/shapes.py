"""The shape that OpenAI's fine-tuning asks of a row, with the names that its own checker gives the faults.

Source: OpenAI cookbook, "Data preparation and analysis for chat model fine-tuning"; developers.openai.com,
"Supervised fine-tuning".
"""

from collections.abc import Iterable, Mapping, Sequence

MISSING_MESSAGES_LIST = "missing_messages_list"
MESSAGE_MISSING_KEY = "message_missing_key"
MESSAGE_UNRECOGNIZED_KEY = "message_unrecognized_key"
UNRECOGNIZED_ROLE = "unrecognized_role"
MISSING_CONTENT = "missing_content"
EXAMPLE_MISSING_ASSISTANT = "example_missing_assistant_message"
REASONS = (
    MISSING_MESSAGES_LIST,
    MESSAGE_MISSING_KEY,
    MESSAGE_UNRECOGNIZED_KEY,
    UNRECOGNIZED_ROLE,
    MISSING_CONTENT,
    EXAMPLE_MISSING_ASSISTANT,
)
FEWEST_EXAMPLES = 10

_KEYS = frozenset({"role", "content", "name", "function_call", "tool_calls", "weight"})
_ROLES = frozenset({"system", "user", "assistant", "tool", "function"})


def openai_reasons(row: object) -> tuple[str, ...]:
    """The faults of one parsed row, each once, in the order of :data:`REASONS`; empty for a good row. Never raises."""
    messages = row.get("messages") if isinstance(row, Mapping) else None
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        return (MISSING_MESSAGES_LIST,)
    found = {reason for message in messages for reason in _message(message)}
    if not any(isinstance(m, Mapping) and m.get("role") == "assistant" for m in messages):
        found.add(EXAMPLE_MISSING_ASSISTANT)
    return tuple(reason for reason in REASONS if reason in found)


def turn_reasons(turns: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The same for turns given as (role, content)."""
    return openai_reasons({"messages": [{"role": role, "content": content} for role, content in turns]})


def _message(message: object) -> Iterable[str]:
    if not isinstance(message, Mapping):
        return (MESSAGE_MISSING_KEY,)
    found = []
    calls = message.get("tool_calls") or message.get("function_call")
    if "role" not in message or ("content" not in message and not calls):
        found.append(MESSAGE_MISSING_KEY)
    if not _KEYS.issuperset(message):
        found.append(MESSAGE_UNRECOGNIZED_KEY)
    if message.get("role") not in _ROLES:
        found.append(UNRECOGNIZED_ROLE)
    content = message.get("content")
    if not (isinstance(content, str) and content) and not (content is None and calls):
        found.append(MISSING_CONTENT)
    return found
