"""The detector: rules, the model where it is installed, and a second opinion where one is at hand.

Pure over a batch of texts: one process, a pool and a cluster give the same spans. It never uses the network.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from core.model.span import ScanResult, Span
from core.privacy import fold, language, merge, model, rules, second

LONGEST = 4_000_000  # code points read of one text; a longer one is marked as truncated
_SOURCES = Path(__file__).parent


@lru_cache(maxsize=1)
def _rules_version() -> str:
    """A digest of everything that decides what is found without a model: this package's own source."""
    digest = hashlib.sha256(metadata.version("phonenumbers").encode())
    for file in sorted(_SOURCES.rglob("*.py")):
        digest.update(file.read_bytes())
    return f"rules-{digest.hexdigest()[:12]}"


def detector_version(rules_only: bool = False) -> str:  # noqa: FBT001, FBT002 - one switch
    """The version that :meth:`Detector.load` would have now, without loading a model."""
    parts = [_rules_version()]
    if not rules_only and model.installed():
        weights = next(f["sha256"] for f in model.manifest("rampart")["files"] if f["to"].endswith(".onnx"))
        parts.append(f"rampart-{weights[:12]}@{model.LIKELY}/{model.MAYBE}")
        if second.available():
            parts.append(f"spacy-{model.manifest('spacy-md')['wheel_sha256'][:12]}@{second.SUPPORT}")
    return "+".join(parts)


class Detector:
    """Finds personal information. ``version`` names all parts; ``model_missing`` says that only the rules work."""

    def __init__(
        self,
        version: str,
        rampart: model.Rampart | None = None,
        opinion: second.Opinion | None = None,
        budget: Callable[[], rules.Budget] = rules.Budget,
    ) -> None:
        self.version = version
        self._rampart = rampart
        self._opinion = opinion
        self._budget = budget

    @classmethod
    def load(cls, *, rules_only: bool = False) -> "Detector":
        """Rules, plus the models that are installed in the cache folder."""
        version = detector_version(rules_only=rules_only)
        rampart = model.Rampart() if "+rampart" in version else None
        return cls(version, rampart, second.Opinion() if "+spacy" in version else None)

    @property
    def model_missing(self) -> bool:
        """Whether the detector works on rules alone."""
        return self._rampart is None

    def scan(self, texts: Sequence[str]) -> list[ScanResult]:
        """All findings of each text, every tier; spans are code points of the text as given."""
        heads = [text[:LONGEST] for text in texts]
        budgets = [self._budget() for _ in texts]
        found: list[list[Span]] = []
        for text, budget in zip(heads, budgets, strict=True):
            budget.start(text)
            found.append(self._rules(text, budget))
            budget.stop()
        guesses = self._guesses(heads, budgets)
        return [
            self._result(text, head, own, guess, budget)
            for text, head, own, guess, budget in zip(texts, heads, found, guesses, budgets, strict=True)
        ]

    @staticmethod
    def _rules(text: str, budget: rules.Budget) -> list[Span]:
        spans = rules.find(text, budget)
        folded = fold.fold(text)
        if folded is not None:
            for span in rules.find(folded.text, budget):
                start, end = folded.span(span.start, span.end)
                spans.append(replace(span, start=start, end=end))
        return spans

    def _guesses(self, texts: Sequence[str], budgets: Sequence[rules.Budget]) -> list[list[Span]]:
        if self._rampart is None:
            return [[] for _ in texts]
        tokens = self._rampart.tokens(texts, budgets)
        guesses = [model.spans(text, part) for text, part in zip(texts, tokens, strict=True)]
        if self._opinion is not None:
            opinions = self._opinion.spans(texts, tokens)
            return [[*own, *more] for own, more in zip(guesses, opinions, strict=True)]
        return guesses

    @staticmethod
    def _result(text: str, head: str, own: Sequence[Span], guesses: Sequence[Span], budget: rules.Budget) -> ScanResult:
        code, covered = language.identify(head)
        state = "truncated" if len(head) < len(text) else "timeout" if budget.spent else "scanned"
        return ScanResult(merge.merge(head, own, guesses), code, covered, state)
