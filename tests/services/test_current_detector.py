"""Only scans of the current detector count: an older or weaker one never makes a text look clean."""

from pathlib import Path

import pytest

from core.model.view import Query
from core.privacy import detector
from core.services import scanning
from core.services.desk import Desk
from tests.services.builders import chat, export_zip

TURNS = [("user", "Write to mila@example.org, please."), ("assistant", "Done.")]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    path = tmp_path / "w.cdesk"
    with Desk.open(path, create=True, actor="ana") as desk:
        desk.importing.run([export_zip(tmp_path / "e.zip", "user-1", [chat("c1", "2023-06-01T10:00:00", TURNS)])])
        desk.scanning.run(workers=0, rules_only=True)
    return path


def test_a_scan_by_rules_alone_is_shown_where_there_is_no_other(workspace: Path) -> None:
    with Desk.open(workspace, actor="ana") as desk:
        counts = desk.counts()
        assert counts.texts_scanned == counts.texts
        [row] = desk.browsing.first_rows(Query())
        assert (row.scanned, row.findings) == (True, 1)
        [first, _] = desk.scanning.side_by_side(row.id)
        assert first.original.scanned
        assert "<EMAIL_ADDRESS_1>" in first.redacted


def test_an_updated_detector_makes_older_scans_count_for_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (detector, scanning):
        monkeypatch.setattr(place, "detector_version", lambda rules_only=False: f"newer {rules_only}")
    with Desk.open(workspace, actor="ana") as desk:
        assert desk.counts().texts_scanned == 0
        [row] = desk.browsing.first_rows(Query())
        assert (row.scanned, row.findings) == (False, 0)
        assert not desk.scanning.side_by_side(row.id)[0].original.scanned
