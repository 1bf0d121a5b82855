"""Jobs: results, refusals and cancels arrive on the GUI thread; only the last answer of a series counts."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from core.cancel import CancelToken
from core.errors import Cancelled, Refusal
from core.progress import Progress, Report
from gui.jobs import Inline, Jobs, JobState, JobView, Latest, Pool


@pytest.mark.parametrize("runner", [Inline, Pool])
def test_result_arrives_on_the_gui_thread(qtbot: QtBot, runner: type[Inline] | type[Pool]) -> None:
    jobs = Jobs(runner())
    got: list[tuple[int, bool]] = []
    here = threading.get_ident()
    jobs.start("add", lambda _t, _r: 1 + 1, done=lambda n: got.append((n, threading.get_ident() == here)))
    jobs.drain()
    assert got == [(2, True)]
    assert not jobs.active


def test_states_and_progress_are_told(qtbot: QtBot) -> None:
    jobs, seen = Jobs(Inline()), []
    jobs.changed.connect(seen.append)

    def act(_token: CancelToken, report: Report) -> str:
        report(Progress("Reading", 1, 1))
        return "three"

    jobs.start("read", act, tell=lambda word: f"Read {word}.")
    states = [(view.state, view.progress is not None, view.result) for view in seen]
    assert states[0] == (JobState.RUNNING, False, "")
    assert states[-1] == (JobState.DONE, True, "Read three.")


def test_cancel_reaches_the_work(qtbot: QtBot) -> None:
    jobs = Jobs(Pool())
    begun = threading.Event()
    ends: list[JobView] = []
    jobs.changed.connect(ends.append)

    def act(token: CancelToken, _report: Report) -> None:
        begun.set()
        while True:
            token.check()

    job = jobs.start("endless", act)
    assert begun.wait(10)
    jobs.cancel(job)
    jobs.drain()
    assert ends[-1].state is JobState.CANCELLED


def test_unhandled_failure_is_signalled_but_not_a_cancel(qtbot: QtBot) -> None:
    jobs, failed = Jobs(Inline()), []
    jobs.failed.connect(lambda name, error: failed.append((name, str(error))))

    def refuse(error: Exception) -> None:
        raise error

    jobs.start("a", lambda _t, _r: refuse(Refusal("No such file.")))
    jobs.start("b", lambda _t, _r: refuse(Cancelled("cancelled")))
    assert failed == [("a", "No such file.")]


def test_latest_drops_earlier_answers(qtbot: QtBot) -> None:
    jobs = Jobs(Pool(2))
    latest, go, got = Latest(jobs), threading.Event(), []

    def slow(_token: CancelToken, _report: Report) -> str:
        go.wait(10)
        return "old"

    latest.ask("q", slow, got.append)
    latest.ask("q", lambda _t, _r: "new", got.append)
    go.set()
    jobs.drain()
    assert got == ["new"]
    assert not latest.waiting


def test_closed_jobs_refuse_new_ones(qtbot: QtBot) -> None:
    jobs = Jobs(Pool())
    jobs.close()
    assert jobs.start("late", lambda _t, _r: None) == 0
