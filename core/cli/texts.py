"""Verbs about personal information: ``scan`` a workspace, ``detect`` and ``redact`` JSON lines."""

import secrets
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from core import paths
from core.cli import output
from core.cli.parse import Line, Workspace, json_lines, open_desk
from core.model.span import REDACTED_TIERS, ScanResult, Span
from core.settings import Settings

if TYPE_CHECKING:
    from core.privacy.detector import Detector

BATCH = 256  # lines handed to the detector at once
SECRET_FILE = "redaction_secret"  # noqa: S105 - a file name
File = Annotated[Path | None, typer.Argument(metavar="FILE", help="JSON lines; standard input by default.")]
Style = Literal["placeholder", "tag", "mask", "surrogate", "remove"]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="Use the rules alone, not the model.")]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("scan")(scan)
    app.command("detect")(detect)
    app.command("redact")(redact)


def scan(
    workspace: Workspace,
    *,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", min=0, help="Processes to scan in.")] = None,
    rules_only: RulesOnly = False,
) -> int:
    """Find personal information in every text that this version of the detector has not seen yet; resumable."""
    chosen = Settings()
    rules_only = rules_only or chosen.flag("rules_only")
    with open_desk(workspace) as desk, output.long_act() as (token, bar):
        state = desk.scanning.detector(rules_only=rules_only)
        if state.rules_only:
            output.tell(state.sentence)
        workers = workers if workers is not None else chosen.number("workers") or None
        done = desk.scanning.run(workers=workers, rules_only=rules_only, cancel=token, report=bar)
    output.say(f"{done.scanned:,} texts scanned, {done.cached:,} known already, {done.findings:,} findings.")
    common = Counter(done.by_entity).most_common()
    output.table(("entity", "findings"), common)
    counts = {"scanned": done.scanned, "cached": done.cached, "findings": done.findings}
    output.answer(counts | {"by_entity": dict(sorted(done.by_entity.items()))})
    return output.DONE


def detect(
    file: File = None,
    *,
    rules_only: RulesOnly = False,
    every_tier: Annotated[bool, typer.Option("--all", help="Tier maybe too: dates, groups, weak names.")] = False,
) -> int:
    """Find personal information in {"id", "text"} lines; positions are code points."""
    reading = _Reading(file, rules_only=rules_only)
    for line, result in reading:
        spans = [span for span in result.spans if every_tier or span.tier in REDACTED_TIERS]
        output.line({"id": line.id, "spans": [as_json(span) for span in spans]})
    return reading.ended()


def redact(
    file: File = None,
    *,
    style: Annotated[Style, typer.Option("--style", help="What is put in the place of a finding.")] = "placeholder",
    rules_only: RulesOnly = False,
) -> int:
    """Redact {"id", "text"} lines, each a conversation of its own."""
    from core.privacy.residual import settle

    secret = _secret() if style == "surrogate" else b""
    reading = _Reading(file, rules_only=rules_only)
    for line, result in reading:
        done = settle(
            [line.text], [result.spans], reading.detector, style=style, secret=secret, conversation=str(line.id)
        )
        used = [as_json(span) for span in done.spans[0] if span.tier in REDACTED_TIERS]
        output.line({"id": line.id, "text": done.redacted[0].text, "spans": used})
    return reading.ended()


def as_json(span: Span) -> dict[str, Any]:
    """One span as the JSON lines show it."""
    return {
        "start": span.start,
        "end": span.end,
        "entity": span.entity,
        "score": round(span.score, 4),
        "detector": span.detector,
        "tier": span.tier.value,
    }


def _secret() -> bytes:
    from core.release import secretfile

    return secretfile.read_or_make(paths.data_dir() / SECRET_FILE, lambda: secrets.token_bytes(32))


class _Reading:
    """Lines of a file with what the detector finds in each, in batches; lines that are no texts are told and left."""

    def __init__(self, file: Path | None, *, rules_only: bool) -> None:
        self._file = file
        self._rules_only = rules_only
        self._faults = 0

    def __iter__(self) -> Iterator[tuple[Line, ScanResult]]:
        with output.long_act() as (token, _):
            lines = self._sound(json_lines(self._file))
            while batch := list(islice(lines, BATCH)):
                token.check()
                yield from zip(batch, self.detector.scan([line.text for line in batch]), strict=True)

    @cached_property
    def detector(self) -> "Detector":
        """The detector, loaded with the first line."""
        from core.privacy.detector import Detector

        detector = Detector.load(rules_only=self._rules_only)
        if detector.model_missing and not self._rules_only:
            output.tell("The detector's model is not installed, so rules alone are used; the verb doctor says more.")
        return detector

    def _sound(self, lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            if line.fault:
                self._faults += 1
                output.tell(f"Line {line.number} was left out: {line.fault}.")
            else:
                yield line

    def ended(self) -> int:
        """The exit code: partly, if a line was left out."""
        return output.PARTLY if self._faults else output.DONE
