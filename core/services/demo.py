"""The demo workspace: made-up archives taken through the whole of the main job, by two made-up reviewers.

What is shown is what the product does: nothing here writes a table by another way than the services do. The folder is
kept if it is already whole; ``demo.json``, written last, says that it is.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core import paths
from core.cancel import NEVER, CancelToken
from core.errors import Refusal
from core.model.release import Gate
from core.model.review import OverrideAction
from core.model.verdict import Decision
from core.model.view import Counts, Query
from core.progress import Progress, Report, silent
from core.services.desk import Desk

FIRST, SECOND = "Ines Okafor", "Ravi Lindqvist"
RECIPIENT, PURPOSE = "Example Lab", "model_improvement"
EVERYTHING, RELEASED = "Everything eligible", "First release"
EXCLUDED, INCLUDED, READ = 3, 2, 4  # conversations that the reviewers take in hand
WORKSPACE, BUNDLES, DONE = "demo.cdesk", "bundles", "demo.json"
ARCHIVES = (".zip", ".jsonl", ".gz", ".zst", ".csv", ".json")
READABLE = ("redaction_verified", "language_covered")  # gates that a person's reading can turn green


@dataclass(frozen=True, slots=True)
class Demo:
    """A whole demo: its workspace, what stands in it now, its bundle, and whether that bundle is still whole."""

    workspace: Path
    counts: Counts
    bundle: Path
    verified: bool


def samples() -> tuple[Path, ...]:
    """The bundled archives and ledgers, ledgers last so that the reviewer sees records arrive before their rights."""
    found = [path for path in paths.resource("samples").iterdir() if path.suffix in ARCHIVES]
    return tuple(sorted(found, key=lambda path: ("ledger" in path.name, path.name)))


def look(folder: Path) -> Demo | None:
    """The demo in a folder, its bundle verified again; None where there is none or it is not whole."""
    try:
        told = json.loads((folder / DONE).read_text(encoding="utf-8"))
        bundle, fingerprint = folder / BUNDLES / str(told["bundle"]), str(told["key_fingerprint"])
        with Desk.open(folder / WORKSPACE, read_only=True) as desk:
            return Demo(desk.path, desk.counts(), bundle, desk.releasing.verify(bundle, fingerprint).ok)
    except (OSError, ValueError, KeyError, TypeError, Refusal):
        return None


def build(folder: Path, *, cancel: CancelToken = NEVER, report: Report = silent) -> Path:
    """Build the demo in ``folder`` unless it is already whole; returns the workspace.

    Raises Refusal where the folder cannot be used or a step is refused. What a cancelled build left is built anew.
    """
    there = look(folder)
    if there is not None and there.verified:
        return there.workspace
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder)
    files = samples()
    if not files:
        raise Refusal("The bundled samples are missing; install Consent Desk again.")
    with Desk.open(folder / WORKSPACE, create=True, actor=FIRST) as desk:
        _fill(desk, files, cancel, report)
        _review(desk)
        told = _release(desk, folder / BUNDLES, cancel, report)
        workspace = desk.path
    (folder / DONE).touch(mode=0o600)
    (folder / DONE).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return workspace


def _clear(folder: Path) -> None:
    """Remove what an unfinished build left, and nothing else that may lie in the folder."""
    for name in (DONE, *(WORKSPACE + suffix for suffix in ("", "-wal", "-shm", ".lock"))):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / BUNDLES, ignore_errors=True)


def _fill(desk: Desk, files: Sequence[Path], cancel: CancelToken, report: Report) -> None:
    imported = desk.importing.run(files, cancel=cancel, report=report)
    for file in imported.files:
        if file.status == "refused":
            raise Refusal(file.reason)
    desk.deciding.decide(cancel=cancel, report=report)
    desk.scanning.run(cancel=cancel, report=report)


def _found(desk: Desk, decision: Decision, count: int) -> list[tuple[int, int]]:
    """``(conversation, its first visible record)`` of the oldest conversations with this verdict."""
    ids = desk.browsing.ids(Query(decisions=(decision,), descending=False))
    views = (desk.browsing.conversation(each) for each in islice(ids, count))
    return [(view.row.id, next(turn.record_id for turn in view.turns if turn.visible)) for view in views]


def _review(desk: Desk) -> None:
    """Three exclusions by one person, one inclusion by two, one that still waits for the second."""
    out = [record for _, record in _found(desk, Decision.ELIGIBLE, EXCLUDED)]
    desk.reviewing.review(out, OverrideAction.EXCLUDE, reason="A private matter that nobody should train on.")
    open_points = [record for _, record in _found(desk, Decision.UNDETERMINED, INCLUDED)]
    for record, second in zip(open_points, (SECOND, None), strict=False):
        desk.reviewing.review(
            [record],
            OverrideAction.INCLUDE,
            reason="The account holder's own statement settles the open point.",
            second=second,
            evidence="Letter of the account holder, file 2024-117.",
        )


def _release(desk: Desk, out: Path, cancel: CancelToken, report: Report) -> dict[str, str]:
    """Freeze everything eligible as a draft, read a little of what its gates name, release what passes them all."""
    desk.releasing.approve(EVERYTHING)
    gates = desk.releasing.gates(EVERYTHING, purpose=PURPOSE, cancel=cancel, report=report)
    for conversation in islice(_named(gates, READABLE), READ):
        desk.reviewing.mark_reviewed(conversation)
    report(Progress("Approving"))
    gates = desk.releasing.gates(EVERYTHING, purpose=PURPOSE, cancel=cancel, report=report)
    held = set(_named(gates, tuple(gate.gate for gate in gates)))
    ids = [each for each in desk.browsing.ids(Query(decisions=(Decision.ELIGIBLE,))) if each not in held]
    rows = desk.browsing.rows(ids)
    names = [f"{row.account}/{row.source_id}" if row.account else row.source_id for row in rows]
    desk.releasing.approve(RELEASED, ids=names, second=SECOND)
    done = desk.releasing.export(out, RELEASED, recipient=RECIPIENT, purpose=PURPOSE, cancel=cancel, report=report)
    return {"bundle": Path(done.bundle).name, "key_fingerprint": done.key_fingerprint}


def _named(gates: Sequence[Gate], which: Sequence[str]) -> list[int]:
    """The conversations that red gates of these names point at, each once, in order."""
    named = (each for gate in gates if gate.gate in which and not gate.ok for each in gate.conversations)
    return list(dict.fromkeys(named))
