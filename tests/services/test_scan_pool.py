"""The pool of detector processes: a death is told in one sentence, and what was done stays."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cancel import NEVER, CancelToken
from core.errors import Cancelled, Refusal
from core.services import scan_child
from core.services.scan_child import Found
from core.services.scan_pool import run_tasks


def die(_: Sequence[int]) -> tuple[str, Found]:
    os._exit(3)


def test_a_process_that_dies_is_told_in_one_sentence(made: Path) -> None:
    tasks = run_tasks(made, [[1], [2]], here=scan_child.scan_texts, there=die, workers=1, rules_only=True, cancel=NEVER)
    with pytest.raises(Refusal, match="start the scan again"):
        list(tasks)


def test_a_cancel_ends_the_pool(made: Path) -> None:
    token = CancelToken()
    token.cancel()
    tasks = run_tasks(
        made, [[1], [2]], here=scan_child.scan_texts, there=scan_child.scan_in_child, workers=1, rules_only=True,
        cancel=token,
    )  # fmt: skip
    with pytest.raises(Cancelled):
        list(tasks)


def until_unwanted(_: Sequence[int]) -> tuple[str, Found]:
    while True:
        scan_child._job[0].check()


def test_a_cancel_reaches_a_task_that_is_under_way(made: Path) -> None:
    class Second(CancelToken):
        looks = 0

        def check(self) -> None:
            self.looks += 1
            if self.looks > 1:
                raise Cancelled("cancelled")

    tasks = run_tasks(
        made, [[1]], here=scan_child.scan_texts, there=until_unwanted, workers=1, rules_only=True, cancel=Second()
    )
    with pytest.raises(Cancelled):
        list(tasks)
