"""Scanning: finding personal information in every text, in processes of its own, cached and resumable."""

import sqlite3
from collections.abc import Iterator, Sequence

from core import times
from core.cancel import NEVER, CancelToken
from core.errors import Refusal
from core.model.view import Change, DetectorStatus, Kind, RedactedTurn, ScanSummary, TurnText
from core.privacy.detector import detector_version
from core.progress import Meter, Report, silent
from core.services import scan_child
from core.services.redacting import CONTENT, RedactedText, redacted_texts
from core.services.room import Room
from core.services.scan_pool import Here, There, run_tasks
from core.store import findings, records
from core.store.findings import ScanState, StoredTurn

CHARACTERS = 12_000  # a task: about a second of the full detector, so that a cancel is soon felt
TEXTS = 200
INSTALL = "consent-desk models install"


class Scanning:
    """The detector over an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def detector(self, *, rules_only: bool = False) -> DetectorStatus:
        """Which detector a scan would use, and in one sentence what it can do."""
        installed = model_installed()
        version = detector_version(rules_only=rules_only)
        if not installed:
            told = (
                "No language model is installed, so only patterns such as addresses, numbers and keys are found, and "
                f"no names; run “{INSTALL}” to add it."
            )
        elif rules_only:
            told = "The language model is left out on request: only patterns are found, and no names."
        else:
            told = "Patterns and the language model are both in use."
        return DetectorStatus(version, installed, rules_only or not installed, told)

    def run(
        self,
        *,
        workers: int | None = None,
        rules_only: bool = False,
        conversations: Sequence[int] | None = None,
        cancel: CancelToken = NEVER,
        report: Report = silent,
    ) -> ScanSummary:
        """Scan every text of current conversations that this detector version has not scanned yet.

        ``workers`` is the number of processes (default: one a core, at most four; 0 scans in this process).
        What was scanned before a cancel stays, and the next run goes on from there. Counts are of different texts:
        the same words count once.
        """
        conn = self._room.readers.get()
        version = detector_version(rules_only=rules_only)
        self._adopt(version)
        waiting = findings.pending(conn, version, conversations)
        total = findings.distinct_texts(conn, conversations)
        meter = Meter(report, "Scanning", len(waiting), "texts")
        self._drive(
            list(_tasks(waiting)), scan_child.scan_texts, scan_child.scan_in_child, version,
            workers=workers, rules_only=rules_only, cancel=cancel, meter=meter,
        )  # fmt: skip
        by_entity = findings.by_entity(conn, version, conversations)
        return ScanSummary(len(waiting), total - len(waiting), sum(by_entity.values()), by_entity)

    def rescan_redacted(
        self,
        conversations: Sequence[int],
        *,
        workers: int | None = None,
        cancel: CancelToken = NEVER,
        report: Report = silent,
    ) -> None:
        """Scan what these conversations would be released as; the answers join the cache by digest.

        Where something is left it is redacted as well and the outcome scanned again, a few times at most.
        """
        meter = Meter(report, "Scanning the redacted text", len(conversations), "conversations")
        self._drive(
            [[conversation] for conversation in conversations], scan_child.scan_redacted, scan_child.residual_in_child,
            detector_version(), workers=workers, rules_only=False, cancel=cancel, meter=meter,
        )  # fmt: skip

    def _drive(
        self,
        tasks: Sequence[list[int]],
        here: Here,
        there: There,
        version: str,
        *,
        workers: int | None,
        rules_only: bool,
        cancel: CancelToken,
        meter: Meter,
    ) -> None:
        """Run tasks and store their answers as they come."""
        stored = False
        answers = run_tasks(
            self._room.path, tasks, here=here, there=there, workers=workers, rules_only=rules_only, cancel=cancel
        )
        try:
            for task, (used, found) in answers:
                if used != version:
                    raise Refusal("The detector's models were changed while it was scanning; start the scan again.")
                if found:
                    self._keep(version, found)
                    stored = True
                meter.advance(len(task))
        finally:
            answers.close()
            if stored:
                self._room.publish(Change(Kind.FINDINGS))

    def _adopt(self, version: str) -> None:
        """Let this scan be the one that is shown; one by rules alone steps back where the full detector was used."""
        full = detector_version()

        def act(conn: sqlite3.Connection) -> None:
            used = version != full and findings.used(conn, full)
            records.adopt_detector(conn, version, unless=[full] if used else [])

        self._room.writer.run(act, durable=False)

    def _keep(self, version: str, found: scan_child.Found) -> None:
        self._room.writer.run(lambda conn: findings.store(conn, version, found, times.now()), durable=False)

    def side_by_side(self, conversation_id: int) -> tuple[RedactedTurn, ...]:
        """Each turn of a conversation before and after redaction, in tree order, by the current detector's findings.

        A text that was not scanned yet is shown as it is and says so (``original.scanned``).
        """
        conn = self._room.readers.get()
        version = records.current_detector(conn)
        items = redacted_texts(conn, conversation_id, version)
        states = findings.states(conn, version, (item.text.sha256 for item in items))
        content = {item.text.record_id: item for item in items if item.text.field == CONTENT and item.turn}
        return tuple(
            _shown(turn, content.get(turn.record_id), states) for turn in findings.turns(conn, conversation_id)
        )


def model_installed() -> bool:
    """Whether a scan that may use the language model would use it."""
    return detector_version() != detector_version(rules_only=True)


def _tasks(waiting: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Text rows in lists of a bounded number of characters, in row order."""
    task: list[int] = []
    characters = 0
    for row, length in waiting:
        if task and (characters + length > CHARACTERS or len(task) >= TEXTS):
            yield task
            task, characters = [], 0
        task.append(row)
        characters += length
    if task:
        yield task


def _shown(turn: StoredTurn, item: RedactedText | None, states: dict[bytes, ScanState]) -> RedactedTurn:
    if item is None:
        nothing = TurnText(0, CONTENT, "", (), scanned=True)
        return RedactedTurn(turn.record_id, turn.role, turn.visible, nothing, "", (), released=False)
    state = states[item.text.sha256]
    original = TurnText(
        text_id=item.text.id,
        field=item.text.field,
        body=item.text.body,
        spans=item.spans,
        scanned=state.scanned,
        language=state.language,
        covered=state.covered,
        reviewed=bool(state.by),
    )
    pieces = tuple((p.start, p.end, p.new_start, p.new_end, p.entity, p.replacement) for p in item.redacted.pieces)
    return RedactedTurn(
        turn.record_id, turn.role, turn.visible, original, item.redacted.text, pieces, released=item.released
    )
