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
    """The time that one text may take: a fixed part and a part a character, of the processor's seconds.

    Only the text's own work counts: between ``start`` and ``stop``, and what is charged for a share of a batch.
    """

    seconds: float = 10.0
    per_character: float = 3e-4
    clock: Callable[[], float] = time.thread_time
    _left: float = field(default=0.0, init=False)
    _since: float | None = field(default=None, init=False)

    def start(self, text: str) -> None:
        """Begin work on a text."""
        self._left = self.seconds + self.per_character * len(text)
        self._since = self.clock()

    def stop(self) -> None:
        """Pause the clock."""
        if self._since is not None:
            self.charge(self.clock() - self._since)
            self._since = None

    def charge(self, seconds: float) -> None:
        """Count work that was done on the text together with others."""
        self._left -= seconds

    @property
    def spent(self) -> bool:
        """Whether the time is up."""
        running = 0.0 if self._since is None else self.clock() - self._since
        return running > self._left


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
