"""``detect`` and ``redact`` on JSON lines."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.e2e.conftest import Run

TEXT = "\U0001f600 Write to tom@example.org, not to Tom."


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    path.write_text(
        "\ufeff" + json.dumps({"id": 7, "text": TEXT}) + "\n\n" + '{"id": "empty", "text": ""}\n', encoding="utf-8"
    )
    return path


def test_positions_are_code_points(run: Run, lines: Path) -> None:
    said = run("detect", lines, "--rules-only")
    assert said.code == 0
    first, second = (json.loads(line) for line in said.out)
    assert (first["id"], second) == (7, {"id": "empty", "spans": []})
    (span,) = [span for span in first["spans"] if span["entity"] == "EMAIL_ADDRESS"]
    assert set(span) == {"start", "end", "entity", "score", "detector", "tier"}
    assert TEXT[span["start"] : span["end"]] == "tom@example.org"


@pytest.mark.parametrize("style", ["placeholder", "tag", "mask", "surrogate", "remove"])
def test_no_style_leaves_the_value(run: Run, lines: Path, style: str) -> None:
    said = run("redact", lines, "--rules-only", "--style", style)
    first = json.loads(said.out[0])
    assert set(first) == {"id", "text", "spans"}
    assert "tom@example.org" not in first["text"]
    if style == "placeholder":
        assert "<EMAIL_ADDRESS_1>" in first["text"]


def test_standard_input(run: Run, lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines.read_bytes())))
    assert len(run("detect", "--rules-only").out) == 2


def test_lines_that_are_no_texts_are_left_out_and_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b'{"text": "fine"}\nnot json\n{"id": 1}\n"\xff"\n[]\n')
    said = run("detect", path, "--rules-only")
    assert said.code == 3
    assert [json.loads(line)["id"] for line in said.out] == [1]
    assert [line.split()[1] for line in said.err.splitlines()] == ["2", "3", "4", "5"]


def test_lone_surrogates_come_out_escaped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": "\\ud800", "text": "ok"}\n', encoding="utf-8")
    said = run("detect", path, "--rules-only")
    assert said.code == 0
    assert json.loads(said.out[0])["id"] == "\ud800"


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        said = run("detect", path)
        assert (said.code, len(said.err.splitlines())) == (2, 1)
