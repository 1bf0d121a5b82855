"""Consent ledgers: what every line means, and that no possible opt-out is lost."""

from pathlib import Path
from typing import Any

import pytest

from core.archive.reader import read
from core.errors import Refusal
from core.model.consent import AccountLine, ConsentEvent, Coverage, Deletion, Retraction
from core.model.moment import DAY, EARLIEST, LATEST, SECOND
from core.model.record import Ended, Mark, Rejected
from core.times import parse
from tests.archive.builders import event, jsonl

HEADER = "event_id,account_id,channel,action,effective_at,recorded_at"


def ledger(path: Path) -> tuple[list[Any], list[Rejected], Ended]:
    found = list(read(path))
    end = found[-1]
    assert isinstance(end, Ended)
    lines = [x for x in found if not isinstance(x, Mark | Ended | Rejected)]
    return lines, [x for x in found if isinstance(x, Rejected)], end


def one(tmp_path: Path, **more: Any) -> ConsentEvent:
    lines, _, _ = ledger(jsonl(tmp_path / "l.jsonl", event(**more)))
    assert isinstance(lines[0], ConsentEvent)
    return lines[0]


def csv_file(tmp_path: Path, *rows: str, header: str = HEADER, end: str = "\n") -> Path:
    path = tmp_path / "l.csv"
    path.write_bytes(("\n".join([header, *rows]) + end).encode("utf-8", "surrogateescape"))
    return path


def test_every_type_of_line(tmp_path: Path) -> None:
    lines, refused, end = ledger(jsonl(
        tmp_path / "l.jsonl",
        event(),
        {"type": "retraction", "event_id": "r1", "retracts": "e1", "recorded_at": "2023-07-01T00:00:00Z"},
        {"type": "coverage", "account_id": "*", "complete_from": "2023-01-01", "complete_through": "2023-12-31"},
        {"type": "coverage", "account_id": "a2"},
        {"type": "deletion", "account_id": "a1", "conversation_id": "c1", "deleted_at": "2023-08-01T00:00:00Z"},
        {"type": "account", "account_id": "a1", "plan": "team", "age_band": "13_17", "region": "eu"},
        b"",
    ))  # fmt: skip
    assert [type(x) for x in lines] == [ConsentEvent, Retraction, Coverage, Coverage, Deletion, AccountLine]
    assert not refused
    assert end.complete
    assert all(len(x.digest) == 32 for x in lines)
    first, other = parse("2023-01-01"), parse("2023-12-31")
    assert first is not None
    assert other is not None
    assert (lines[2].complete_from, lines[2].complete_through) == (first.hi, other.lo)  # the narrower reading
    assert (lines[3].complete_from, lines[3].complete_through) == (EARLIEST, LATEST)
    assert (lines[5].plan, lines[5].age_band, lines[5].region, lines[5].recorded) == ("team", "13_17", "eu", None)


def test_times_become_the_intervals_of_the_conventions(tmp_path: Path) -> None:
    exact = one(tmp_path)
    assert exact.effective is not None
    assert exact.effective.exact
    client = one(tmp_path, time_source="client")
    assert client.effective is not None
    assert client.effective.hi - client.effective.lo == 600 * SECOND
    naive = one(tmp_path, effective_at="2023-06-01T12:00:00")
    assert naive.effective is not None
    assert naive.effective.hi - naive.effective.lo == 26 * 3600 * SECOND
    day = one(tmp_path, effective_at="2023-06-01", recorded_at="2023-06-02")
    assert day.effective is not None
    assert day.effective.hi - day.effective.lo == DAY - 1 + 26 * 3600 * SECOND
    assert day.effective_text == "2023-06-01"
    none = one(tmp_path, effective_at=None)
    assert none.effective is None
    assert not none.processed_only
    late = one(tmp_path, effective_at="", processed_at="2023-07-01T00:00:00Z")
    assert late.processed_only
    assert late.effective is not None
    assert late.effective.hi - late.effective.lo == 30 * DAY


def test_an_uncertain_recording_time_is_early_for_a_denial_and_late_for_a_permission(tmp_path: Path) -> None:
    span = parse("2023-06-02")
    assert span is not None
    assert one(tmp_path, recorded_at="2023-06-02").recorded == span.lo
    assert one(tmp_path, recorded_at="2023-06-02", action="allow").recorded == span.hi
    assert one(tmp_path, recorded_at=None).recorded is None


@pytest.mark.parametrize(
    ("line", "account", "why"),
    [
        (event(channel="togle"), "a1", "channel"),
        (event(action="maybe"), "a1", "action"),
        (event(action=["deny"]), "a1", "action"),
        (event(effective_at="01/02/2023"), "a1", "effective_at is not a time"),
        (event(effective_at={"x": 1}), "a1", "effective_at is not a time"),
        (event(recorded_at="soon"), "a1", "recorded_at"),
        (event(time_source="moon"), "a1", "time_source"),
        (event(channel="builder"), "a1", "gizmo_id"),
        (event(ident=""), "a1", "no event_id"),
        (event(account=""), None, "no account_id"),
        ({"type": "rumour", "account_id": "a1"}, "a1", "type"),
        ({"type": ["event"], "account_id": "a1"}, "a1", "type"),
        ({"type": "account", "account_id": "a1", "plan": "platinum"}, "a1", "plan"),
        ({"type": "account", "account_id": "a1", "age_band": "old"}, "a1", "age_band"),
        ({"type": "deletion", "account_id": "a1"}, "a1", "conversation_id"),
        (b'{"event_id":"e","account_id":"a1","channel":"form",', "a1", "not valid JSON"),
        (b'{"event_id":"e","account_id":"a1","action":"deny","action":"allow"}', "a1", "twice"),
        (b'{"event_id":"e","account_id":"a\\ud83d"}', None, "half a character"),
        (b'["a1"]', None, "not an object"),
        (b'{"account_id":"a1","x":NaN}', "a1", "NaN"),
        (b'{"account_id":"a1","x":"\xff"}', "a1", "UTF-8"),
    ],
)
def test_what_cannot_be_trusted_is_set_aside_with_its_account(
    tmp_path: Path, line: Any, account: str | None, why: str
) -> None:
    lines, refused, end = ledger(jsonl(tmp_path / "l.jsonl", event("ok"), line))
    assert len(lines) == 1
    assert len(refused) == 1
    assert refused[0].line == 2
    assert refused[0].reason.startswith("Ledger line 2 was set aside: ")
    assert why in refused[0].reason
    if b"\\ud83d" not in (line if isinstance(line, bytes) else b""):
        assert refused[0].account == account
    assert end.complete


def test_what_is_unknown_is_answered_by_what_is_known(tmp_path: Path) -> None:
    account = {"type": "account", "account_id": "a1"}
    lines = [event(channel="post"), account | {"plan": "gold"}, account | {"age_band": "12"}, account | {"type": "x"}]
    _, refused, _ = ledger(jsonl(tmp_path / "l.jsonl", event(), *lines))
    known = ("toggle, form", "consumer, team", "adult, 13_17, under_13", "event, retraction")
    assert len(refused) == len(known)
    assert all(words in each.reason for words, each in zip(known, refused, strict=True))


def test_a_file_cut_short_is_not_complete(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "l.jsonl", event("e1"), event("e2"))
    path.write_bytes(path.read_bytes()[:-20])
    lines, refused, end = ledger(path)
    assert len(lines) == 1
    assert [x.account for x in refused] == ["a1"]
    assert not end.complete
    assert end.reason == "l.jsonl was read only in part: it ends in the middle of line 2."
    path.write_bytes(path.read_bytes().partition(b"\n")[0])  # whole, only without a last line end
    assert ledger(path)[2].complete


def test_csv_and_jsonl_say_the_same(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, '"a ""note""\nand a line end",e1,a1,toggle,deny,2023-06-01T00:00:00+00:00,2023-06-01T00:00:05Z',
        header="note," + HEADER,
    )  # fmt: skip
    lines, refused, end = ledger(path)
    assert end.complete
    assert not refused
    same = one(tmp_path)
    assert lines[0].digest == same.digest
    assert '"note"' in lines[0].evidence
    assert lines[0].digest != one(tmp_path, project="p").digest


def test_csv_rows_of_the_wrong_shape(tmp_path: Path) -> None:
    good = "e1,a1,toggle,deny,2023-06-01T00:00:00Z,2023-06-01T00:00:00Z"
    path = csv_file(tmp_path, good, good + ",more", "e3,a3,toggle", 'e4,a4,"x"y,deny,,', good)
    lines, refused, end = ledger(path)
    assert len(lines) == 2
    assert [(x.line, x.account) for x in refused] == [(3, "a1"), (4, "a3"), (5, None)]
    assert end.complete
    path.write_bytes(path.read_bytes() + b"e5,a5,t\xffggle,deny,,\n")
    assert "not UTF-8" in ledger(path)[1][-1].reason


def test_csv_cut_short(tmp_path: Path) -> None:
    good = "e1,a1,toggle,deny,2023-06-01T00:00:00Z,2023-06-01T00:00:00Z"
    for tail in ("e2,a2,tog", 'e2,"a2,toggle\n' + good):
        lines, refused, end = ledger(csv_file(tmp_path, good, tail, end=""))
        assert len(lines) == 1
        assert len(refused) == 1
        assert not end.complete


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (HEADER + ",action", r"l\.csv has a duplicated header \(action\)"),
        (HEADER.replace(",effective_at", ""), "lacks the column effective_at"),
        (HEADER + ",type", "events only"),
        (HEADER + ",x\udcff", "not UTF-8"),
    ],
)
def test_a_bad_header_refuses_the_file(tmp_path: Path, header: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        list(read(csv_file(tmp_path, "1,2,3,4,5,6,7", header=header)))
