"""Overrides: easy to leave out, hard to let in (K21)."""

import pytest

from core.model.consent import AccountLine
from core.model.review import OverrideStatus
from core.model.verdict import Decision
from core.policy.override import assess, distinct, judge
from tests.policy.build import ME, at, deny, exact, override, record, retraction, say
from tests.policy.build import judge as verdict_of

REFUSED = say(deny("e1", "toggle", 50))
GAP = say(coverage=())


def status(line, on_file, facts=None, *, known=1000) -> OverrideStatus:  # type: ignore[no-untyped-def]
    facts = facts or record()
    return judge(line, verdict_of(facts, on_file), on_file, facts, at(known))


@pytest.mark.parametrize(
    ("line", "on_file", "expected"),
    [
        (override("exclude", second_by="", evidence=""), say(), "applied"),
        (override("exclude", second_by="", evidence=""), REFUSED, "applied"),
        (override("exclude", reason="  "), say(), "rejected"),
        (override("exclude", by=" "), say(), "rejected"),
        (override(), say(), "noop"),
        (override(), REFUSED, "applied"),
        (override(evidence=" "), REFUSED, "rejected"),
        (override(evidence=""), GAP, "applied"),
        (override(reason=""), GAP, "rejected"),
        (override(second_by=""), REFUSED, "pending"),
        (override(second_by="ada  QUILL "), REFUSED, "pending"),
        (override(recorded=at(40)), say(deny("e1", "toggle", 50, recorded=45)), "stale"),
        (override("exclude", recorded=at(40)), say(deny("e1", "toggle", 50, recorded=45)), "applied"),
        (override(), say(deny("e1", "toggle", 50), retractions=[retraction("e9", recorded=600)]), "stale"),
        (override(), say(lines=[AccountLine(ME, age_band="under_13")]), "rejected"),
        (override(), say(lines=[AccountLine(ME, deleted=exact(10))]), "rejected"),
        (override(verdict_digest="0" * 64), REFUSED, "stale"),
    ],
)
def test_status(line, on_file, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert status(line, on_file).value == expected


def test_every_judgement_gives_a_sentence() -> None:
    facts = record()
    for on_file in (say(), REFUSED, GAP):
        for line in (override(), override(reason=""), override(second_by=""), override("exclude")):
            told = assess(line, verdict_of(facts, on_file), on_file, facts, at(1000))
            assert told.why.endswith(".")


def test_an_include_is_bound_to_the_verdict_its_reviewer_saw() -> None:
    shown = verdict_of(record(), REFUSED)
    bound = override(verdict_digest=shown.digest)
    assert status(bound, REFUSED) is OverrideStatus.APPLIED
    more = say(deny("e1", "toggle", 50), deny("e2", "form", 60))
    assert status(bound, more) is OverrideStatus.STALE


def test_the_digest_is_the_base_verdicts() -> None:
    base = verdict_of(record(), REFUSED)
    after = verdict_of(record(), REFUSED, overrides=[override()])
    assert after.decision is Decision.ELIGIBLE
    assert (after.digest, after.override_status) == (base.digest, "applied")
    assert after.findings[1:] == base.findings


def test_later_overrides_are_invisible_then() -> None:
    assert verdict_of(record(), REFUSED, now=499, overrides=[override()]).override_status == ""


def test_an_exclusion_stands_until_two_people_include_again() -> None:
    out = override("exclude", id="o1", recorded=at(100))
    alone = override(id="o2", recorded=at(200), second_by="")
    both = override(id="o3", recorded=at(300))
    again = override("exclude", id="o4", recorded=at(400))
    acts = [again, both, alone, out]
    assert verdict_of(record(), say(), now=250, overrides=acts).reason == "EXCLUDED_BY_OVERRIDE"
    assert verdict_of(record(), say(), now=350, overrides=acts).decision is Decision.ELIGIBLE
    assert verdict_of(record(), say(), now=450, overrides=acts).reason == "EXCLUDED_BY_OVERRIDE"


def test_at_the_same_instant_the_exclusion_wins() -> None:
    acts = [override("exclude", id="o1"), override(id="o2")]
    assert verdict_of(record(), REFUSED, overrides=acts).reason == "EXCLUDED_BY_OVERRIDE"


def test_a_forbidden_purpose_stays_the_reason() -> None:
    verdict = verdict_of(record(), say(), purpose="advertising", overrides=[override("exclude"), override(id="o2")])
    assert verdict.reason == "PURPOSE_FORBIDDEN"


def test_overrides_of_other_records_do_nothing() -> None:
    assert verdict_of(record(), say(), overrides=[override("exclude", record="m2")]).decision is Decision.ELIGIBLE


def test_names() -> None:
    assert distinct("Ada Quill", "Ben Moss")
    assert not distinct("Ada Quill", " ada  quill")
    assert not distinct("", "Ben Moss")
    assert not distinct("Ada Quill", " ")
