"""Every reason code by at least one case of its own; no code is left without."""

from typing import Any

import pytest

from core.model.consent import AccountLine, Deletion
from core.model.facts import Ledger, RecordFacts
from core.model.verdict import Decision
from core.policy.reasons import REASONS, clause_of, decision_of
from tests.policy.build import (
    ME,
    account,
    allow,
    at,
    between,
    deny,
    exact,
    judge,
    ledger,
    override,
    record,
    say,
)

GPT = "gpt-fern"
ANTHROPIC = {"policies": ("anthropic-2025-08",)}
NEW = {"policies": ("oai-2026",)}


def teen() -> Ledger:
    return say(lines=[AccountLine(ME, age_band="13_17")])


CASES: list[tuple[str, RecordFacts, Ledger, dict[str, Any]]] = [
    ("PURPOSE_FORBIDDEN", record(), say(), {"purpose": "advertising"}),
    ("PURPOSE_FORBIDDEN", record(), say(), {"purpose": "selling", **NEW}),
    ("PURPOSE_FORBIDDEN", record(), say(), {"purpose": "profiling", "overrides": [override()]}),
    ("EXCLUDED_BY_OVERRIDE", record(), say(), {"overrides": [override("exclude")]}),
    ("CONTENT_DELETED", record(), say(deletions=[Deletion(ME, "c1", exact(200), at(200))]), {}),
    ("CONTENT_DELETED", record(deleted=exact(200)), say(), {}),
    ("ACCOUNT_DELETED", record(), say(lines=[AccountLine(ME, deleted=exact(200))]), {}),
    ("MINOR_UNDER_13", record(), say(lines=[AccountLine(ME, age_band="under_13")]), {}),
    ("MINOR_UNDER_13", record(), say(birth_year=2012), {}),
    ("BUSINESS_PLAN_DEFAULT_OFF", record(plan="enterprise"), say(), {}),
    ("BUSINESS_PLAN_DEFAULT_OFF", record(), say(lines=[AccountLine(ME, plan="team")]), {}),
    ("BUSINESS_PLAN_DEFAULT_OFF", record(plan="edu", account=None), say(), {}),
    ("TEMPORARY_CHAT", record(temporary=True), say(), {}),
    ("TEMPORARY_CHAT", record(temporary=True, saved=exact(120)), say(), {}),
    ("TEMPORARY_CHAT", record(temporary=True, saved=exact(1200)), say(), NEW),
    ("BUILDER_OPT_OUT", record(gizmo_id=GPT, builder_training=False), say(), {}),
    (
        "BUILDER_OPT_OUT",
        record(gizmo_id=GPT),
        ledger(account(), builder=[deny("b1", "builder", 50, account="acct-maker", gizmo_id=GPT)]),
        {},
    ),
    ("GUARDIAN_OPT_OUT", record(), say(deny("e1", "guardian", 50)), {}),
    ("GUARDIAN_OPT_OUT", record(150, created=100), say(deny("e1", "guardian", 120)), {}),
    ("API_DEFAULT_OFF", record(product="api"), say(), {}),
    ("API_DEFAULT_OFF", record(product="api", account=None), say(), {}),
    ("API_DEFAULT_OFF", record(product="api"), say(deny("e1", "api_sharing", 50)), {}),
    (
        "API_DEFAULT_OFF",
        record(product="api"),
        say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 90)),
        {},
    ),
    ("API_DEFAULT_OFF", record(product="api"), say(allow("e1", "api_sharing", 1200)), {}),
    ("API_BEFORE_OPT_IN", record(product="api"), say(allow("e1", "api_sharing", 110)), {}),
    (
        "API_OPT_IN_WITHDRAWN",
        record(product="api"),
        say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 150), allow("e3", "api_sharing", 200)),
        {},
    ),
    (
        "API_PROJECT_NOT_SHARED",
        record(product="api", project="p2"),
        say(allow("e1", "api_sharing", 50, project="p1")),
        {},
    ),
    (
        "API_PROJECT_NOT_SHARED",
        record(product="api", project="p1"),
        say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 60, project="p1")),
        NEW,
    ),
    ("API_ZDR", record(product="api", zdr=True), say(allow("e1", "api_sharing", 50)), {}),
    ("CREATED_WHILE_OPTED_OUT", record(), say(deny("e1", "toggle", 50)), {}),
    ("SENT_WHILE_OPTED_OUT", record(150, created=100), say(deny("e1", "toggle", 120)), {}),
    ("SENT_WHILE_OPTED_OUT", record(150, created=100), say(deny("e1", "form", 120)), {}),
    ("FORM_OPT_OUT", record(), say(deny("e1", "form", 50)), {}),
    (
        "OPT_OUT_IN_FORCE",
        record(product="claude"),
        say(allow("e1", "toggle", 50), deny("e2", "toggle", 200)),
        ANTHROPIC,
    ),
    ("PRODUCT_UNKNOWN", record(product="claude"), say(), {}),
    ("PRODUCT_UNKNOWN", record(product="other"), say(), {}),
    ("PRODUCT_UNKNOWN", record(), say(), ANTHROPIC),
    ("PRODUCT_UNKNOWN", record(plan="starship"), say(), {}),
    ("ACCOUNT_UNKNOWN", record(account=None), say(), {}),
    ("ACCOUNT_UNKNOWN", record(product="api", account=None), say(), {"policies": ("oai-pre-2023-03",)}),
    ("LEDGER_GAP", record(), say(coverage=()), {}),
    ("LEDGER_GAP", record(account="acct-nowhere"), say(), {}),
    ("LEDGER_GAP", record(), say(faults=["line 3 was set aside"]), {}),
    ("LEDGER_GAP", record(product="api"), say(allow("e1", "api_sharing", 50), coverage=()), {}),
    ("EVENT_TIME_UNKNOWN", record(), say(deny("e1", "toggle", None)), {}),
    ("TIME_UNCERTAIN", record((95, 105)), say(deny("e1", "toggle", 100)), {}),
    ("ORIGIN_UNKNOWN", record(origin="imported"), say(), {}),
    ("MINOR_13_17", record(), teen(), {}),
    ("MINOR_13_17", record(), say(birth_year=2008), {}),
    ("TOGGLE_SCOPE_DALLE", record(product="dalle_labs"), say(deny("e1", "toggle", 50)), {}),
    ("FEEDBACK_ON_OPTED_OUT", record(feedback=exact(110)), say(deny("e1", "toggle", 50)), NEW),
    ("PURPOSE_UNSPECIFIED", record(), say(), {"purpose": None}),
    ("PURPOSE_UNSPECIFIED", record(), say(), {"purpose": "research"}),
    ("BUSINESS_OPT_IN_UNSUPPORTED", record(plan="team"), say(allow("e1", "workspace_sharing", 50)), {}),
    ("NO_CHOICE_RECORDED", record(product="claude"), say(), ANTHROPIC),
    ("NO_CHOICE_RECORDED", record(product="claude"), say(allow("e1", "toggle", 200)), ANTHROPIC),
    ("ACCOUNT_AMBIGUOUS", record(group=True), say(), {}),
    ("ACCOUNT_AMBIGUOUS", record(group=True, account=None), say(), {}),
    ("ACCOUNT_AMBIGUOUS", record(account=None, candidates=(ME, "acct-gum")), say(deny("e1", "toggle", 50)), {}),
    ("CONSUMER_DEFAULT_ON", record(), say(), {}),
    ("CONSUMER_DEFAULT_ON", record(product="dalle_labs"), say(), {}),
    ("API_OPTED_IN", record(product="api"), say(allow("e1", "api_sharing", 50)), {}),
    ("API_LEGACY_DEFAULT_ON", record(product="api"), say(), {"policies": ("oai-pre-2023-03",)}),
    ("BUSINESS_OPTED_IN", record(plan="enterprise"), say(allow("e1", "workspace_sharing", 50)), NEW),
    ("INCLUDED_BY_OVERRIDE", record(), say(deny("e1", "toggle", 50)), {"overrides": [override()]}),
    ("CHOSE_ALLOW", record(product="claude"), say(allow("e1", "toggle", 50)), ANTHROPIC),
]


@pytest.mark.parametrize(("reason", "facts", "on_file", "asked"), CASES)
def test_reason(reason: str, facts: RecordFacts, on_file: Ledger, asked: dict[str, Any]) -> None:
    verdict = judge(facts, on_file, **asked)
    assert (verdict.reason, verdict.clause, verdict.decision) == (reason, clause_of(reason), decision_of(reason))
    assert len(verdict.digest) == 64
    assert verdict.findings[0].reason == reason


def test_every_reason_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(REASONS)


def test_the_order_of_precedence_keeps_decisions_together() -> None:
    decisions = [decision_of(reason) for reason in REASONS]
    assert decisions == sorted(decisions, reverse=True)
    assert decisions[0] is Decision.NOT_ELIGIBLE
    assert len(set(REASONS)) == len(REASONS) == 37


def test_uncertain_deletion_is_open() -> None:
    verdict = judge(record(deleted=between(900, 1100)), say())
    assert (verdict.decision, verdict.reason) == (Decision.UNDETERMINED, "TIME_UNCERTAIN")
