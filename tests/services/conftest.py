"""A small made-up workspace: three people and two organisations, with every kind of answer among their records."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.services import scan_pool
from core.services.desk import Desk
from tests.services.builders import Feed, jsonl, sources


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace file, imported and decided, not scanned."""
    folder = tmp_path_factory.mktemp("services")
    path = folder / "made.cdesk"
    with Desk.open(path, create=True, actor="Ada Reviewer") as desk:
        report = desk.importing.run(sources(folder / "sources"))
        assert [file.status for file in report.files] == ["complete"] * 5, report
        desk.deciding.decide()
    return path


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of a test are its own; no model is found, so that the rules alone decide what is personal."""
    monkeypatch.setenv("CONSENT_DESK_DATA", str(tmp_path / "own"))
    monkeypatch.setenv("CONSENT_DESK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A copy of the workspace, open; scans run in this process."""
    monkeypatch.setattr(scan_pool, "workers_for", lambda *_: 0)
    shutil.copy(made, tmp_path / "w.cdesk")
    with Desk.open(tmp_path / "w.cdesk", actor="Ada Reviewer") as opened:
        yield opened


@pytest.fixture
def feed(desk: Desk, tmp_path: Path) -> Feed:
    """Import ledger lines into the open workspace."""
    number = iter(range(100))

    def give(*lines: dict[str, object]) -> None:
        report = desk.importing.run([jsonl(tmp_path / f"more-{next(number)}.jsonl", *lines)])
        assert report.files[0].status in {"complete", "partial"}, report

    return give
