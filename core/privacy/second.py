"""A second opinion on names and places: spaCy's named entities, where its library and its model are installed.

It is an extra, 300 MB large. A name it gives counts as likely only where the first model gives it at least a little
support; a place counts by itself; organisations and groups stay suggestions.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from core.model.span import Span, Tier
from core.privacy import model

SUPPORT = 0.03  # what the first model must give a name for it to count
_EXCLUDE = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
_KINDS = {
    "PERSON": ("PERSON", 0.6), "GPE": ("LOCATION", 0.6), "LOC": ("LOCATION", 0.5), "FAC": ("LOCATION", 0.5),
    "ORG": ("ORGANIZATION", 0.4), "NORP": ("NRP", 0.4),
}  # fmt: skip
_PIECE = 20_000  # characters given to spaCy at once, to bound its memory


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether both the library and the model's folder are there."""
    return find_spec("spacy") is not None and model.installed("spacy-md")


class Opinion:
    """The loaded pipeline, its entity recogniser alone."""

    def __init__(self) -> None:
        spacy: Any = import_module("spacy")

        self._pipeline: Any = spacy.load(model.verified("spacy-md"), exclude=_EXCLUDE)

    def spans(self, texts: Sequence[str], tokens: Sequence[Sequence[model.Token]]) -> list[list[Span]]:
        """Spans of each text; ``tokens`` is what the first model saw there."""
        pieces = [
            (number, at, text[at : at + _PIECE])
            for number, text in enumerate(texts)
            for at in range(0, max(1, len(text)), _PIECE)
        ]
        found: list[list[Span]] = [[] for _ in texts]
        docs = self._pipeline.pipe((piece for _, _, piece in pieces), batch_size=64)
        for (number, at, _), doc in zip(pieces, docs, strict=True):
            for entity in doc.ents:
                kind = _KINDS.get(entity.label_)
                if kind is not None:
                    start, end = at + entity.start_char, at + entity.end_char
                    found[number].append(self._span(start, end, kind, tokens[number]))
        return found

    @staticmethod
    def _span(start: int, end: int, kind: tuple[str, float], tokens: Sequence[model.Token]) -> Span:
        name, score = kind
        tier = Tier.LIKELY if name == "LOCATION" else Tier.MAYBE
        if name == "PERSON" and _support(start, end, tokens) >= SUPPORT:
            tier = Tier.LIKELY
        return Span(start, end, name, score if tier is Tier.LIKELY else 0.25, "spacy", tier)


def _support(start: int, end: int, tokens: Sequence[model.Token]) -> float:
    """The strongest support as a person that the first model gives any token of the span."""
    best = 0.0
    for token in tokens[bisect_left(tokens, start, key=lambda t: t.start) :]:
        if token.start >= end:
            break
        best = max(best, token.support)
    return best
