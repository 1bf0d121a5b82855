"""Words and numbers as the window shows them: one place for labels of codes, plurals and translations."""

from PySide6.QtCore import QCoreApplication, QLocale

from core.model.verdict import Decision

_DECISIONS = {
    Decision.ELIGIBLE: "Eligible",
    Decision.UNDETERMINED: "Undetermined",
    Decision.NOT_ELIGIBLE: "Not eligible",
}
_PRODUCTS = {"chatgpt": "ChatGPT", "dalle_labs": "DALL·E", "api": "API", "claude": "Claude", "other": "Other"}
_CHANNELS = {
    "toggle": "Training switch",
    "form": "Opt-out form",
    "guardian": "Guardian",
    "api_sharing": "API sharing",
    "workspace_sharing": "Workspace sharing",
    "builder": "Builder's choice",
}
_ROLES = {"user": "User", "assistant": "Assistant", "system": "System", "tool": "Tool", "developer": "Developer"}
_PHRASES = {
    "TOGGLE_SCOPE_DALLE": "Switch before DALL·E",
    "MINOR_13_17": "Minor of 13 to 17",
    "MINOR_UNDER_13": "Minor under 13",
    "CONSUMER_DEFAULT_ON": "Consumer default",
    "API_DEFAULT_OFF": "API default",
}
_UPPER = {"api", "zdr", "gpt", "ip", "url", "id", "us", "uk", "iban", "dob", "pii", "ssn"}


def tr(text: str) -> str:
    """The text in the person's language."""
    return QCoreApplication.translate("gui", text)


def number(value: int) -> str:
    """A whole number with the locale's separators."""
    return QLocale().toString(value)


def count(value: int, one: str, many: str) -> str:
    """``1 record`` or ``2 records``."""
    return f"{number(value)} {tr(one if value == 1 else many)}"


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, rounded down so that 100 % means all."""
    return f"{100 * part // whole if whole else 0} %"


def humane(code: str) -> str:
    """A code such as ``LEDGER_GAP`` as words: ``Ledger gap``."""
    if code in _PHRASES:
        return tr(_PHRASES[code])
    words = code.replace("_", " ").lower().split()
    shown = [word.upper() if word in _UPPER else word for word in words]
    text = " ".join(shown)
    return text[:1].upper() + text[1:]


def decision_word(decision: Decision | None) -> str:
    """The word of a verdict's chip; a record that no run has decided yet says so."""
    return tr("Not decided") if decision is None else tr(_DECISIONS[decision])


def decision_token(decision: Decision | None) -> str:
    """The colour token of a verdict."""
    return "none" if decision is None else decision.label


def product_word(product: str) -> str:
    """A product's name."""
    return _PRODUCTS.get(product, humane(product))


def channel_word(channel: str) -> str:
    """A consent channel's name."""
    return tr(_CHANNELS.get(channel, humane(channel)))


def role_word(role: str) -> str:
    """A turn's role."""
    return tr(_ROLES.get(role, humane(role)))
