"""A ledger line that was set aside holds its account back until a line that can be read comes in for it."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from core.model.verdict import Decision
from core.model.view import Query
from core.services.desk import Desk
from tests.services.builders import COVERED, chat, export_zip

WHEN = "2023-06-10T12:00:00Z"
EVENT = {"event_id": "e1", "account_id": "user-1", "effective_at": WHEN, "recorded_at": WHEN}
BAD_EVENT = EVENT | {"channel": "telepathy", "action": "deny"}
GOOD_EVENT = EVENT | {"channel": "form", "action": "deny"}
LATER = {"type": "account", "account_id": "user-1", "recorded_at": "2023-05-01T00:00:00Z"}
BAD_ACCOUNT = LATER | {"plan": "gold"}
GOOD_ACCOUNT = LATER | {"plan": "consumer"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk.open(tmp_path / "w.cdesk", create=True, actor="ana")
    talk = chat("c1", "2023-06-01T10:00:00", [("user", "A question."), ("assistant", "An answer.")])
    made.importing.run([export_zip(tmp_path / "e.zip", "user-1", [talk])])
    return made


def ledger(path: Path, *lines: dict[str, str]) -> Path:
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    return path


def verdict(desk: Desk) -> tuple[Decision | None, str]:
    [row] = desk.browsing.first_rows(Query())
    return row.decision, row.reason


HELD = (Decision.UNDETERMINED, "LEDGER_GAP")
FREE = (Decision.ELIGIBLE, "CONSUMER_DEFAULT_ON")


@pytest.mark.parametrize(("bad", "good"), [(BAD_EVENT, GOOD_EVENT), (BAD_ACCOUNT, GOOD_ACCOUNT)])
@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_the_corrected_line_settles_it_in_any_order(
    desk: Desk, tmp_path: Path, bad: dict[str, str], good: dict[str, str], order: tuple[int, int]
) -> None:
    files = [
        ledger(tmp_path / "bad.jsonl", {"type": "coverage", "account_id": "*"} | COVERED, bad),
        ledger(tmp_path / "good.jsonl", {"type": "coverage", "account_id": "*"} | COVERED, good),
    ]
    first, second = (files[i] for i in order)
    desk.importing.run([first])
    assert verdict(desk) == (HELD if first is files[0] else FREE)
    desk.importing.run([second])
    assert verdict(desk) == FREE
    desk.close()


def test_another_line_settles_nothing(desk: Desk, tmp_path: Path) -> None:
    covered = {"type": "coverage", "account_id": "*"} | COVERED
    desk.importing.run([ledger(tmp_path / "bad.jsonl", covered, BAD_EVENT, BAD_ACCOUNT)])
    other = [GOOD_EVENT | {"event_id": "e2"}, GOOD_ACCOUNT | {"recorded_at": "2023-04-01T00:00:00Z"}]
    desk.importing.run([ledger(tmp_path / "other.jsonl", *other)])
    desk.importing.run([ledger(tmp_path / "else.jsonl", GOOD_EVENT | {"account_id": "user-2"})])
    assert verdict(desk) == HELD
    desk.importing.run([ledger(tmp_path / "half.jsonl", GOOD_ACCOUNT)])
    assert verdict(desk) == HELD, "the event is still in doubt"
    desk.close()
