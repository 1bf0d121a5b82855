"""The rule layer: patterns with validators, the same for every language."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from core.model.span import Span
from core.privacy.rules import address, contact, dates, names, network, numbers, paths, places, secrets
from core.privacy.rules.base import Rule

RULES: tuple[Rule, ...] = (
    *contact.RULES,
    *network.RULES,
    *numbers.RULES,
    *secrets.RULES,
    *paths.RULES,
    *address.RULES,
    *places.RULES,
    *dates.RULES,
    *names.RULES,
)


@dataclass(slots=True)
class Budget:
    """The time one text may take: a fixed part and a part a character. ``clock`` gives seconds."""

    seconds: float = 10.0
    per_character: float = 5e-5
    clock: Callable[[], float] = time.monotonic
    _until: float = field(default=float("inf"), init=False)

    def start(self, text: str) -> None:
        """Begin a text."""
        self._until = self.clock() + self.seconds + self.per_character * len(text)

    @property
    def spent(self) -> bool:
        """Whether the time is up."""
        return self.clock() > self._until


def find(text: str, budget: Budget) -> list[Span]:
    """Every match of every rule, overlaps included, in code points; stops early when the budget is spent."""
    lowered = text.lower()
    spans: list[Span] = []
    for rule in RULES:
        if rule.needs and not any(need in lowered for need in rule.needs):
            continue
        if budget.spent:
            break
        spans += _matches(rule, text, budget)
    return spans


def _matches(rule: Rule, text: str, budget: Budget) -> list[Span]:
    found: list[Span] = []
    for count, match in enumerate(rule.pattern.finditer(text)):
        start, end = match.span(rule.group)
        if start < end and (rule.check is None or rule.check(match)):
            found.append(Span(start, end, rule.entity, rule.score, rule.name, rule.tier))
        if count % 64 == 63 and budget.spent:
            break
    return found
