"""The detector's own process: reads texts from the workspace by row id and hands back spans, never text.

The detector and its models are loaded once a process, with one thread each; the process is spawned, so that it
inherits neither the window's toolkit nor anyone's locks.
"""

import os
import signal
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import Cancelled
from core.model.span import ScanResult
from core.store import findings
from core.store.connect import connect

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from core.privacy.detector import Detector

GROUP_CHARACTERS = 4_000

Found = list[tuple[bytes, ScanResult]]
"""Text digest and what a scan of that text gave."""


@dataclass(frozen=True, slots=True)
class ScanJob:
    """What one process works with; ``check`` raises once the answers are no longer wanted."""

    workspace: Path
    detector: "Detector"
    conn: sqlite3.Connection
    check: Callable[[], None]


_job: list[ScanJob] = []


def start(workspace: Path, rules_only: bool, stop: "Event") -> None:  # noqa: FBT001 - a pool passes by position
    """Load the detector and open the workspace for reading; runs once in each process of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    def check() -> None:
        if stop.is_set():
            raise Cancelled("cancelled")

    _job.append(open_job(workspace, rules_only=rules_only, check=check))


def open_job(workspace: Path, *, rules_only: bool, check: Callable[[], None]) -> ScanJob:
    """The detector and a read-only connection of its own."""
    from core.privacy.detector import Detector

    return ScanJob(workspace, Detector.load(rules_only=rules_only), connect(workspace, read_only=True), check)


def scan_in_child(texts: Sequence[int]) -> tuple[str, Found]:
    """In a pool's process: :func:`scan_texts`."""
    return scan_texts(_job[0], texts)


def residual_in_child(conversations: Sequence[int]) -> tuple[str, Found]:
    """In a pool's process: :func:`scan_redacted`."""
    return scan_redacted(_job[0], conversations)


def scan_texts(job: ScanJob, texts: Sequence[int]) -> tuple[str, Found]:
    """Scan these text rows; the detector's version and its answers."""
    rows = findings.bodies(job.conn, texts)
    return job.detector.version, _scan(job, [(bytes(sha), body) for sha, body in rows])


def scan_redacted(job: ScanJob, conversations: Sequence[int]) -> tuple[str, Found]:
    """Scan what these conversations would be released as, where that was not scanned before.

    Where something is left it is redacted as well and what changed is scanned again, a few times at most.
    """
    from core.services.redacting import PASSES, digest, redacted_texts

    fresh: dict[bytes, ScanResult] = {}
    for conversation in conversations:
        for _ in range(PASSES + 1):
            items = redacted_texts(job.conn, conversation, job.detector.version, fresh)
            outputs = {digest(item.redacted.text): item.redacted.text for item in items if item.released}
            new = findings.unscanned(job.conn, job.detector.version, outputs.keys() - fresh.keys())
            if not new:
                break
            fresh.update(_scan(job, sorted(((sha, outputs[sha]) for sha in new), key=lambda pair: len(pair[1]))))
    return job.detector.version, list(fresh.items())


def _scan(job: ScanJob, texts: Sequence[tuple[bytes, str]]) -> Found:
    """Scan a few texts at a time: each has a time limit, which runs while its neighbours are read."""
    found: Found = []
    group: list[tuple[bytes, str]] = []
    characters = 0
    for sha, text in (*texts, (b"", "")):
        if group and (not sha or characters + len(text) > GROUP_CHARACTERS):
            job.check()
            answers = job.detector.scan([body for _, body in group])
            found += [(key, answer) for (key, _), answer in zip(group, answers, strict=True)]
            group, characters = [], 0
        group.append((sha, text))
        characters += len(text)
    return found
