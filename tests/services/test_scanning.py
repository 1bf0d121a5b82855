"""Scanning: cached by digest, resumable, honest about what it can see; redaction side by side."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cancel import CancelToken
from core.errors import Cancelled
from core.model.span import ScanResult
from core.model.view import RedactedTurn
from core.privacy.detector import Detector
from core.progress import Progress
from core.services.desk import Desk
from core.services.scan_pool import workers_for
from tests.services.builders import MAIL


def _conversation(desk: Desk, source: str) -> int:
    row = desk.readers.get().execute("SELECT id FROM conversation WHERE source_id = ?", (source,)).fetchone()
    return int(row[0])


def test_a_scan_is_cached_and_says_what_it_found(desk: Desk) -> None:
    first = desk.scanning.run()
    assert first.cached == 0
    assert first.by_entity["EMAIL_ADDRESS"] == 2  # the same address in two texts
    assert first.findings == sum(first.by_entity.values())
    again = desk.scanning.run()
    assert (again.scanned, again.cached) == (0, first.scanned)
    assert again.by_entity == first.by_entity
    counts = desk.counts()
    assert counts.texts_scanned == counts.texts


def test_a_cancelled_scan_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.services.scanning.TEXTS", 1)
    token = CancelToken()

    def stop_soon(progress: Progress) -> None:
        if progress.done:
            token.cancel()

    class Eager:
        def __init__(self, report: object, phase: str, total: int, unit: str) -> None:
            self.done = 0

        def advance(self, by: int) -> None:
            self.done += by
            stop_soon(Progress("Scanning", self.done))

    monkeypatch.setattr("core.services.scanning.Meter", Eager)
    with pytest.raises(Cancelled):
        desk.scanning.run(cancel=token)
    rest = desk.scanning.run()
    assert rest.cached == 1
    assert rest.scanned > 1


def test_spawned_processes_find_the_same(made: Path, tmp_path: Path) -> None:
    found = []
    for name, workers in (("here", 0), ("there", 2)):
        path = tmp_path / f"{name}.cdesk"
        shutil.copy(made, path)
        with Desk.open(path, actor="Ada Reviewer") as desk:
            found.append(desk.scanning.run(workers=workers, rules_only=True))
    assert found[0] == found[1]


def test_workers_follow_the_work() -> None:
    assert workers_for(8, 3) == 3
    assert workers_for(0, 3) == 0
    assert 1 <= workers_for(None, 100) <= 4


def test_without_a_model_the_detector_says_so(desk: Desk) -> None:
    status = desk.scanning.detector()
    assert not status.model_installed
    assert status.rules_only
    assert "consent-desk models install" in status.sentence
    assert status.version == desk.scanning.detector(rules_only=True).version


def _turns(desk: Desk, source: str) -> dict[str, RedactedTurn]:
    turns = desk.scanning.side_by_side(_conversation(desk, source))
    return {turn.original.body: turn for turn in turns}


def test_side_by_side_numbers_agree_and_positions_fit(desk: Desk) -> None:
    desk.scanning.run()
    turns = desk.scanning.side_by_side(_conversation(desk, "a2"))
    assert [turn.role for turn in turns] == ["user", "assistant"]
    for turn in turns:
        assert MAIL in turn.original.body
        assert MAIL not in turn.redacted
        assert "<EMAIL_ADDRESS_1>" in turn.redacted
        for start, end, new_start, new_end, _, replacement in turn.pieces:
            assert turn.original.body[start:end] == MAIL
            assert turn.redacted[new_start:new_end] == replacement


def test_an_unscanned_text_is_shown_as_unscanned(desk: Desk) -> None:
    turns = desk.scanning.side_by_side(_conversation(desk, "a2"))
    assert not any(turn.original.scanned for turn in turns)
    assert [turn.redacted for turn in turns] == [turn.original.body for turn in turns]


def test_a_hidden_branch_is_shown_but_never_released(desk: Desk) -> None:
    desk.scanning.run()
    hidden = [turn for turn in desk.scanning.side_by_side(_conversation(desk, "a1")) if not turn.visible]
    assert len(hidden) == 1
    assert not hidden[0].released


def test_a_text_whose_time_ran_out_is_tried_again(desk: Desk) -> None:
    first = desk.scanning.run()
    desk.writer.run(lambda conn: conn.execute("UPDATE scan SET state = 'timeout' WHERE rowid = 1"))
    again = desk.scanning.run()
    assert (again.scanned, again.cached) == (1, first.scanned - 1)
    states = desk.readers.get().execute("SELECT DISTINCT state FROM scan").fetchall()
    assert states == [("scanned",)]


def test_texts_are_scanned_a_few_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    plain = Detector.scan

    def counted(self: Detector, texts: Sequence[str]) -> list[ScanResult]:
        sizes.append(len(texts))
        return plain(self, texts)

    monkeypatch.setattr(Detector, "scan", counted)
    monkeypatch.setattr("core.services.scan_child.GROUP_CHARACTERS", 1)
    summary = desk.scanning.run()
    assert sizes == [1] * summary.scanned
