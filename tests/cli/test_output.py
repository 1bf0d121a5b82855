"""How verbs speak: progress lines, tables, JSON, the cancel of a long act."""

import io
import json
import os
import signal
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli import output
from core.progress import Progress


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@given(st.integers(0, 10**9), st.none() | st.integers(0, 10**9))
def test_a_progress_line_is_one_short_line(done: int, total: int | None) -> None:
    text = output.shown(Progress("Reading", done, total, "records", 12.5, 3.0))
    assert "\n" not in text
    assert text.startswith("Reading")
    assert len(text) < 120


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    output.Bar()(Progress("Reading", 1, 2))
    assert plain.getvalue() == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    bar = output.Bar()
    for done in range(100):
        bar(Progress("Reading", done, 100))
    bar.close()
    assert 1 <= terminal.getvalue().count("Reading") < 100
    assert terminal.getvalue().endswith("\x1b[K")


def test_a_file_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    bar = output.Bar()
    monkeypatch.setattr(output, "_LINE_PAUSE", 0.0)
    bar(Progress("Reading", 1, 2, "records"))
    bar.close()
    assert plain.getvalue() == f"{output.shown(Progress('Reading', 1, 2, 'records'))}\n"


def test_ctrl_c_cancels_and_a_second_one_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with output.long_act() as (token, _):
        assert not token.cancelled
        os.kill(os.getpid(), signal.SIGINT)
        assert token.cancelled
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_columns_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    output.mode.json = False
    output.table(("name", "count"), [("a", 1), ("bbbbbb", 12345)])
    assert capsys.readouterr().out == "name     count\na            1\nbbbbbb  12,345\n"


@given(st.dictionaries(st.text(), st.text()))
def test_a_json_line_is_one_line_of_utf_8(value: dict[str, str]) -> None:
    before, sys.stdout = sys.stdout, io.StringIO()
    try:
        output.line(value)
        text = sys.stdout.getvalue()
    finally:
        sys.stdout = before
    assert text.count("\n") == 1
    assert json.loads(text) == value
    text.encode("utf-8")
