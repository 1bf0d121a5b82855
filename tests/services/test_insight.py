"""Insight: rates of accounts, a funnel whose steps add up, and showing small cells is on the record."""

from pathlib import Path

import pytest

from core.errors import Refusal
from core.services.desk import Desk
from tests.services.builders import Feed, event


def test_the_funnel_loses_records_step_by_step(desk: Desk, tmp_path: Path) -> None:
    def steps() -> dict[str, tuple[int, int]]:
        return {step.step: (step.records, step.lost) for step in desk.insight.overview().funnel}

    assert steps() == {
        "loaded": (13, 0),
        "eligible": (8, 5),
        "redacted": (0, 8),
        "approved": (0, 0),
        "released": (0, 0),
    }
    desk.scanning.run()
    assert steps()["redacted"] == (8, 0)
    desk.releasing.approve("draft")
    assert steps()["approved"] == (0, 8)
    desk.releasing.approve("some", ids=["a1", "q1"], second="Ben Second")
    assert steps()["approved"] == (4, 4)
    desk.releasing.export(tmp_path / "out", "some", recipient="Sample Lab", purpose="model_improvement")
    assert steps()["released"] == (4, 0)
    losses = {step.step: step.main_reason for step in desk.insight.overview().funnel}
    assert losses["approved"] == "not in an approved set"
    assert losses["eligible"] in {"CREATED_WHILE_OPTED_OUT", "LEDGER_GAP"}
    assert losses["released"] == ""


def test_reasons_add_up_to_the_records(desk: Desk) -> None:
    overview = desk.insight.overview()
    assert sum(reason.records for reason in overview.reasons) == desk.counts().records
    assert [(cause.reason, cause.records) for cause in overview.causes] == [("LEDGER_GAP", 2)]
    assert overview.policy_dates[0][:1] == ("2023-04-25",) or overview.policy_dates


def test_small_cells_are_hidden_unless_somebody_answers_for_it(desk: Desk) -> None:
    hidden = desk.insight.rates(("product",))
    assert all(cell.suppressed and cell.accounts is None for cell in hidden)
    before = desk.auditing.head()[0]
    shown = {cell.product: (cell.accounts, cell.opted_out) for cell in desk.insight.rates(("product",), suppress=False)}
    assert shown == {"chatgpt": (3, 1), "api": (2, 1)}
    assert desk.auditing.head()[0] == before + 1
    assert desk.auditing.lines(1)[0].what.startswith("showed small cells")


def test_another_split_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal, match="not by colour"):
        desk.insight.rates(("month", "colour"))


def test_a_rate_speaks_of_the_end_of_its_month(desk: Desk, feed: Feed) -> None:
    feed(event("again", "user-ben", "toggle", "allow", "2023-08-01T00:00:00Z"))
    cells = {
        (cell.period, cell.product): (cell.accounts, cell.opted_out)
        for cell in desk.insight.rates(("month", "product"), suppress=False)
    }
    assert cells[("2023-06", "chatgpt")] == (3, 0)
    assert cells[("2023-07", "chatgpt")] == (1, 1)
