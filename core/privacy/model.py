"""Rampart: a small token classifier for names, addresses and numbers, run on the machine's own processor.

The weights are data in the cache folder (see ``resources/setup/models.json``); this is our own runner. Texts are read
in windows of 480 characters that overlap by 64, the context the model was trained for; its limit is 512 tokens.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import paths
from core.errors import Refusal
from core.model.span import Span, Tier
from core.privacy.rules import Budget

WINDOW, OVERLAP = 480, 64
LIKELY, MAYBE = 0.3, 0.1  # on 1 - P(O), privacy measurements on labelled text
_BATCH = 8
_TOKENS = 510  # without the two special tokens
ENTITY = {
    "GIVEN_NAME": "PERSON", "SURNAME": "PERSON", "EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER", "URL": "URL",
    "TAX_ID": "ID_NUMBER", "BANK_ACCOUNT": "ID_NUMBER", "ROUTING_NUMBER": "ID_NUMBER", "GOVERNMENT_ID": "ID_NUMBER",
    "PASSPORT": "ID_NUMBER", "DRIVERS_LICENSE": "ID_NUMBER", "BUILDING_NUMBER": "LOCATION", "STREET_NAME": "LOCATION",
    "SECONDARY_ADDRESS": "LOCATION", "CITY": "LOCATION", "STATE": "LOCATION", "ZIP_CODE": "LOCATION",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text: where it stands, what it would be if it is something, and how likely it is something."""

    start: int
    end: int
    entity: str
    support: float


def manifest(name: str) -> dict[str, Any]:
    """The entry of ``resources/setup/models.json`` for one model."""
    models = json.loads(paths.resource("setup", "models.json").read_text("utf-8"))["models"]
    return next(model for model in models if model["name"] == name)


def installed(name: str = "rampart") -> bool:
    """Whether every file of the model is in the cache folder (their digests are checked when they are loaded)."""
    entry = manifest(name)
    place = paths.cache_dir() / "models" / entry["folder"]
    return all((place / file["to"]).is_file() for file in entry["files"])


def verified(name: str) -> Path:
    """The folder of an installed model, every file of it checked; a Refusal if one is not the pinned one."""
    entry = manifest(name)
    place: Path = paths.cache_dir() / "models" / str(entry["folder"])
    for file in entry["files"]:
        path = place / file["to"]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            raise Refusal(
                f"The model file {path} is not the pinned one, so it is not used: run “models install” again, "
                f"or delete {place} to work with the rules alone."
            )
    return place


class Rampart:
    """The loaded model. One per process; it runs on one thread, so that a pool of processes shares the cores."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        place = verified("rampart")
        config = json.loads((place / "config.json").read_text("utf-8"))
        labels = [config["id2label"][str(n)] for n in range(len(config["id2label"]))]
        self._entities = [ENTITY.get(label[2:], "") for label in labels]
        self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._ends = (self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(place / "model_q4.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {item.name for item in self._session.get_inputs()}

    def tokens(self, texts: Sequence[str], budgets: Sequence[Budget] | None = None) -> list[list[Token]]:
        """Tokens of each text with their support, in order of position; one batch holds windows of similar length.

        A text whose budget is spent keeps the tokens found so far; the caller asks the budget.
        """
        work = [
            (number, at, ids, offsets) for number, text in enumerate(texts) for at, ids, offsets in self._windows(text)
        ]
        work.sort(key=lambda item: (len(item[2]), item[0], item[1]))
        found: list[dict[tuple[int, int], Token]] = [{} for _ in texts]
        for first in range(0, len(work), _BATCH):
            batch = work[first : first + _BATCH]
            if budgets is not None:
                batch = [item for item in batch if not budgets[item[0]].spent]
            began = time.thread_time()
            answers = self._run([item[2] for item in batch])
            share = (time.thread_time() - began) / max(1, len(batch))
            for (number, at, _, offsets), rows in zip(batch, answers, strict=True):
                if budgets is not None:
                    budgets[number].charge(share)
                for (start, end), (entity, support) in zip(offsets, rows, strict=True):
                    self._keep(found[number], Token(at + start, at + end, entity, support))
        return [sorted(tokens.values(), key=lambda t: (t.start, t.end)) for tokens in found]

    @staticmethod
    def _keep(tokens: dict[tuple[int, int], Token], token: Token) -> None:
        """In the overlap of two windows the surer reading counts."""
        other = tokens.get((token.start, token.end))
        if other is None or token.support > other.support:
            tokens[token.start, token.end] = token

    def _windows(self, text: str) -> Iterator[tuple[int, list[int], list[tuple[int, int]]]]:
        """(start in the text, token ids, token positions within the window) for every window of the text."""
        step = WINDOW - OVERLAP
        for at in range(0, max(1, len(text) - OVERLAP), step):
            encoding = self._tokenizer.encode(_plain(text[at : at + WINDOW]), add_special_tokens=False)
            ids, offsets = encoding.ids, encoding.offsets
            for first in range(0, len(ids), _TOKENS - OVERLAP):
                yield at, ids[first : first + _TOKENS], offsets[first : first + _TOKENS]
                if first + _TOKENS >= len(ids):
                    break

    def _run(self, batch: list[list[int]]) -> list[list[tuple[str, float]]]:
        import numpy as np

        if not batch:
            return []
        longest = max(len(ids) for ids in batch) + 2
        grid: Any = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(grid)
        for row, ids in enumerate(batch):
            grid[row, : len(ids) + 2] = [self._ends[0], *ids, self._ends[1]]
            mask[row, : len(ids) + 2] = 1
        feed = {"input_ids": grid, "attention_mask": mask, "token_type_ids": np.zeros_like(grid)}
        logits = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        odds /= odds.sum(axis=-1, keepdims=True)
        best = odds[:, :, 1:].argmax(axis=-1) + 1
        support = 1.0 - odds[:, :, 0]
        return [
            [(self._entities[best[row, k]], float(support[row, k])) for k in range(1, len(ids) + 1)]
            for row, ids in enumerate(batch)
        ]


def _plain(text: str) -> str:
    """Characters the tokenizer cannot take, replaced one for one."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def spans(text: str, tokens: Sequence[Token]) -> list[Span]:
    """Runs of tokens of one entity as spans; ``score`` is the strongest support in the run."""
    found: list[Span] = []
    run: list[Token] = []
    for token in tokens:
        if token.support < MAYBE or not token.entity or token.start >= token.end:
            continue
        if run and not _continues(text, run[-1], token):
            found += _close(run)
            run = []
        run.append(token)
    return found + _close(run)


def _continues(text: str, last: Token, token: Token) -> bool:
    gap = text[last.end : token.start]
    level = (last.support >= LIKELY) == (token.support >= LIKELY) or last.entity == "LOCATION"
    return last.entity == token.entity and level and (not gap or gap.isspace()) and "\n\n" not in gap


def _close(run: Sequence[Token]) -> list[Span]:
    if not run:
        return []
    score = max(token.support for token in run)
    tier = Tier.LIKELY if score >= LIKELY else Tier.MAYBE
    return [Span(run[0].start, run[-1].end, run[0].entity, round(min(score, 0.999), 3), "rampart", tier)]
