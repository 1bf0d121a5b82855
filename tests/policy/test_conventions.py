"""The conventions and clarifications, one by one, at their edges."""

from dataclasses import replace

import pytest

from core.model.consent import AccountLine, Coverage
from core.model.moment import EARLIEST, LATEST, SECOND, Interval
from core.model.verdict import Decision
from core.policy.decide import Decider, decide, roll_up
from core.policy.versions import load
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
    retraction,
    say,
)

IN, OPEN, OUT = Decision.ELIGIBLE, Decision.UNDETERMINED, Decision.NOT_ELIGIBLE
OTHER = "acct-hazel"
GPT = "gpt-fern"


def test_k01_message_before_the_refusal_stays_usable_and_the_whole_is_the_strictest() -> None:
    on_file = say(deny("e1", "toggle", 120))
    before, after = judge(record(110, created=100), on_file), judge(record(130, created=100), on_file)
    assert (before.decision, after.decision) == (IN, OUT)
    whole = roll_up([before, after])
    assert (whole.decision, whole.reason) == (OUT, "SENT_WHILE_OPTED_OUT")
    assert whole.digest == roll_up([after, before]).digest


def test_k02_created_while_out_stays_out_after_switching_on_again() -> None:
    on_file = say(deny("e1", "toggle", 90), allow("e2", "toggle", 110))
    assert judge(record(120, created=100), on_file).reason == "CREATED_WHILE_OPTED_OUT"
    assert judge(record(120, created=115), on_file).decision is IN
    assert judge(record(120, created=80), on_file).decision is IN


def test_k03_a_channel_is_lifted_only_through_itself() -> None:
    on_file = say(deny("e1", "form", 50), allow("e2", "toggle", 60))
    assert judge(record(), on_file).reason == "FORM_OPT_OUT"
    both = say(deny("e1", "form", 50), deny("e2", "toggle", 60))
    assert judge(record(), both).reason == "CREATED_WHILE_OPTED_OUT"
    assert judge(record(), say(deny("e1", "toggle", 50), allow("e2", "api_sharing", 60))).decision is OUT


@pytest.mark.parametrize(("micro", "decision"), [(-1, IN), (0, OUT), (1, OUT)])
def test_k04_an_event_holds_from_its_own_instant(micro: int, decision: Decision) -> None:
    moment = Interval(at(100) + micro, at(100) + micro)
    facts = replace(record(), created=moment, sent=moment)
    assert judge(facts, say(deny("e1", "toggle", 100))).decision is decision


def test_k04_at_the_same_instant_the_refusal_wins() -> None:
    assert judge(record(), say(deny("e1", "toggle", 50), allow("e2", "toggle", 50))).decision is OUT


def test_k05_only_an_interval_across_the_event_is_open() -> None:
    on_file = say(deny("e1", "toggle", 100))
    assert [judge(record(when), on_file).decision for when in ((80, 99), (99, 101), (100, 120))] == [IN, OPEN, OUT]


def test_k06_the_window_before_processing_is_open() -> None:
    on_file = say(deny("e1", "form", (90, 110), processed_only=True))
    assert [judge(record(when), on_file).decision for when in (80, 100, 110)] == [IN, OPEN, OUT]


def test_k07_a_refusal_without_time_opens_consumer_records_only() -> None:
    on_file = say(deny("e1", "form", None), allow("e2", "api_sharing", 50))
    assert judge(record(), on_file).reason == "EVENT_TIME_UNKNOWN"
    assert judge(record(product="api"), on_file).decision is IN
    assert judge(record(), say(allow("e1", "toggle", None))).decision is IN


def test_k08_inherited_messages_follow_their_author() -> None:
    on_file = ledger(
        account(),
        account(deny("e1", "form", 50, account=OTHER), name=OTHER, coverage=[Coverage("*", EARLIEST, LATEST)]),
    )
    inherited = record(100, created=200, author=OTHER, origin="imported", origin_created=exact(100))
    assert judge(inherited, on_file).reason == "FORM_OPT_OUT"
    assert judge(record(210, created=200), on_file).decision is IN
    undated = replace(inherited, origin_created=None)
    assert (
        judge(undated, ledger(account(), account(name=OTHER, coverage=[Coverage(OTHER, EARLIEST, LATEST)]))).decision
        is IN
    )
    assert judge(undated, on_file).decision is OUT


def test_k08_deletion_by_the_owner_reaches_inherited_messages() -> None:
    on_file = ledger(
        account(lines=[AccountLine(ME, deleted=exact(300))]),
        account(name=OTHER, coverage=[Coverage(OTHER, EARLIEST, LATEST)]),
    )
    assert (
        judge(record(author=OTHER, origin="imported", origin_created=exact(100)), on_file).reason == "ACCOUNT_DELETED"
    )


def test_k09_and_k10_only_what_has_happened_by_the_moment() -> None:
    assert judge(record(deleted=exact(500)), say(), now=499).decision is IN
    assert judge(record(deleted=exact(500)), say(), now=500).decision is OUT
    gone = say(lines=[AccountLine(ME, deleted=exact(500), recorded=at(600))])
    assert judge(record(), gone, now=550).decision is IN
    assert judge(record(), gone, now=550, known=600).reason == "ACCOUNT_DELETED"


def test_k11_opt_in_looks_forward_ends_with_withdrawal_and_needs_a_policy_that_knows_it() -> None:
    opted = say(allow("e1", "workspace_sharing", 50), deny("e2", "workspace_sharing", 200))
    assert judge(record(plan="team"), opted, policies=["oai-2026"], now=150).decision is IN
    assert judge(record(plan="team"), opted, policies=["oai-2026"]).reason == "BUSINESS_PLAN_DEFAULT_OFF"
    assert judge(record(20, plan="team"), opted, policies=["oai-2026"]).reason == "BUSINESS_PLAN_DEFAULT_OFF"
    refused = say(allow("e1", "workspace_sharing", 50), deny("e2", "toggle", 60))
    assert judge(record(plan="team"), refused, policies=["oai-2026"]).reason == "CREATED_WHILE_OPTED_OUT"
    gap = say(allow("e1", "workspace_sharing", 50), coverage=())
    assert judge(record(plan="team"), gap, policies=["oai-2026"]).reason == "LEDGER_GAP"


def test_k11_the_records_own_mark_outranks_the_account() -> None:
    business = say(lines=[AccountLine(ME, plan="business")])
    assert judge(record(plan="consumer"), business).decision is IN
    assert judge(record(), business).decision is OUT


def test_k12_a_save_is_tested_like_a_creation() -> None:
    saved = record(100, temporary=True, saved=exact(150))
    assert judge(saved, say(), policies=["oai-2026"]).decision is IN
    assert judge(saved, say(deny("e1", "toggle", 140)), policies=["oai-2026"]).reason == "CREATED_WHILE_OPTED_OUT"
    assert judge(saved, say(deny("e1", "toggle", 140)), policies=["oai-2026", "seed-2023"]).reason == "TEMPORARY_CHAT"
    window = [Coverage(ME, at(90), at(120))]
    assert judge(saved, say(coverage=window), policies=["oai-2026"]).reason == "LEDGER_GAP"


def test_k13_withdrawal_after_sending_ends_use_and_reopting_revives_nothing() -> None:
    on_file = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 150), allow("e3", "api_sharing", 200))
    api = record(product="api")
    assert judge(api, on_file, now=149).decision is IN
    assert judge(api, on_file, now=150).reason == "API_OPT_IN_WITHDRAWN"
    assert judge(api, on_file, now=300).reason == "API_OPT_IN_WITHDRAWN"
    assert judge(record(250, product="api"), on_file).decision is IN
    assert judge(record(170, product="api"), on_file).reason == "API_BEFORE_OPT_IN"


def test_k13_uncertain_times_of_opt_in_and_withdrawal_are_open() -> None:
    assert judge(record(product="api"), say(allow("e1", "api_sharing", (90, 110)))).reason == "TIME_UNCERTAIN"
    near = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", (90, 110)))
    assert judge(record(product="api"), near).decision is OPEN
    later = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", (900, 1100)))
    assert judge(record(product="api"), later).decision is OPEN


def test_k13_an_allow_for_another_purpose_does_not_count() -> None:
    other = say(allow("e1", "api_sharing", 50, purpose="evaluation"))
    same = say(allow("e1", "api_sharing", 50, purpose="model_improvement"))
    assert (judge(record(product="api"), other).decision, judge(record(product="api"), same).decision) == (OUT, IN)
    refused = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 60, purpose="evaluation"))
    assert judge(record(product="api"), refused).decision is OUT


def test_k14_windows_unite_ends_are_inclusive_and_both_moments_count() -> None:
    facts = record(150, created=100)
    touching = [Coverage(ME, at(100), at(120)), Coverage("*", at(120) + 1, at(150))]
    assert judge(facts, say(coverage=touching)).decision is IN
    hole = [Coverage(ME, at(100), at(120)), Coverage(ME, at(120) + 2, at(150))]
    assert judge(facts, say(coverage=hole)).decision is IN, "the hole lies between the tested moments"
    assert judge(record((110, 130)), say(coverage=hole)).reason == "LEDGER_GAP"
    assert judge(facts, say(coverage=[Coverage(ME, at(100) + 1, at(150))])).reason == "LEDGER_GAP"
    assert judge(facts, say(coverage=[Coverage(ME, at(100), at(150) - 1)])).reason == "LEDGER_GAP"
    assert judge(facts, say(coverage=[Coverage(ME, at(150), at(100))])).reason == "LEDGER_GAP"


def test_k14_a_known_refusal_wins_without_coverage() -> None:
    assert judge(record(), say(deny("e1", "toggle", 50), coverage=())).reason == "CREATED_WHILE_OPTED_OUT"


def test_k14_of_several_possible_accounts_only_what_all_share_is_certain() -> None:
    mine = account(deny("e1", "toggle", 50))
    theirs = account(deny("e2", "form", 50, account=OTHER), name=OTHER)
    facts = record(account=None, candidates=(ME, OTHER))
    assert judge(facts, ledger(mine, account(name=OTHER))).reason == "ACCOUNT_AMBIGUOUS"
    assert judge(facts, ledger(mine, theirs)).decision is OUT


def test_k15_ages_are_those_of_the_time() -> None:
    grown = say(
        lines=[AccountLine(ME, age_band="13_17", recorded=at(10)), AccountLine(ME, age_band="adult", recorded=at(90))]
    )
    assert judge(record(80), grown).reason == "MINOR_13_17"
    assert judge(record(100), grown).decision is IN
    assert judge(record(5), grown).reason == "MINOR_13_17", "before the first line, the first line counts"
    assert judge(record(100), grown, now=100, known=50).reason == "MINOR_13_17"
    disagree = say(lines=[AccountLine(ME, age_band="adult"), AccountLine(ME, age_band="under_13")])
    assert judge(record(), disagree).reason == "MINOR_UNDER_13"
    silent = say(
        lines=[AccountLine(ME, age_band="13_17", recorded=at(10)), AccountLine(ME, plan="consumer", recorded=at(20))]
    )
    assert judge(record(), silent).reason == "MINOR_13_17", "a line that says nothing of age changes no age"


@pytest.mark.parametrize(("year", "decision"), [(2011, OUT), (2010, OPEN), (2005, OPEN), (2004, IN)])
def test_k15_a_year_of_birth(year: int, decision: Decision) -> None:
    assert judge(record(), say(birth_year=year)).decision is decision


def test_k16_form_reaches_labs_and_the_switch_alone_settles_nothing() -> None:
    labs = record(product="dalle_labs")
    assert judge(labs, say(deny("e1", "form", 50))).reason == "FORM_OPT_OUT"
    assert judge(labs, say(deny("e1", "toggle", 50), allow("e2", "toggle", 60))).decision is IN


def test_k17_builder_events_speak_for_their_gpt_only() -> None:
    on_file = ledger(account(), builder=[deny("b1", "builder", 50, account=OTHER, gizmo_id=GPT)])
    assert judge(record(gizmo_id=GPT), on_file).reason == "BUILDER_OPT_OUT"
    assert judge(record(gizmo_id="gpt-moss"), on_file).decision is IN
    assert judge(record(40, gizmo_id=GPT), on_file).decision is IN
    both = say(deny("e1", "toggle", 50))
    assert judge(record(gizmo_id=GPT, builder_training=True), both).reason == "CREATED_WHILE_OPTED_OUT"
    hidden = replace(on_file, builder_retractions=(retraction("b1", recorded=70),))
    assert judge(record(gizmo_id=GPT), hidden).decision is IN
    undated = ledger(account(), builder=[deny("b1", "builder", None, account=OTHER, gizmo_id=GPT)])
    assert judge(record(gizmo_id=GPT), undated).reason == "EVENT_TIME_UNKNOWN"


def test_k18_projects() -> None:
    on_file = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 60, project="p1"))
    assert judge(record(product="api", project="p2"), on_file).decision is IN
    assert judge(record(product="api"), on_file).reason == "ACCOUNT_AMBIGUOUS"
    again = say(
        allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 60, project="p1"), allow("e3", "api_sharing", 70)
    )
    assert judge(record(product="api", project="p1"), again).reason == "API_PROJECT_NOT_SHARED"
    chosen = say(deny("e1", "api_sharing", 50), allow("e2", "api_sharing", 60, project="p1"))
    assert judge(record(product="api", project="p1"), chosen).decision is IN
    late = say(allow("e1", "api_sharing", 50), deny("e2", "api_sharing", 150, project="p1"))
    assert judge(record(product="api", project="p1"), late).reason == "API_OPT_IN_WITHDRAWN"


def test_k20_feedback_opens_only_where_the_policy_says_so_and_only_once_given() -> None:
    facts, out = record(feedback=exact(500)), say(deny("e1", "toggle", 50))
    assert judge(facts, out).decision is OUT
    assert judge(facts, out, policies=["oai-2026"]).reason == "FEEDBACK_ON_OPTED_OUT"
    assert judge(facts, out, policies=["oai-2026"], now=400).decision is OUT
    assert judge(facts, out, policies=["oai-2026", "seed-2023"]).decision is OUT
    assert judge(facts, say(deny("e1", "guardian", 50)), policies=["oai-2026"]).reason == "GUARDIAN_OPT_OUT"


def test_k22_what_was_recorded_later_does_not_exist() -> None:
    late = say(deny("e1", "form", 50, recorded=300))
    assert judge(record(), late, now=200).decision is IN
    assert judge(record(), late, now=200, known=300).decision is OUT
    undone = say(deny("e1", "toggle", 50), retractions=[retraction("e1", recorded=300)])
    assert judge(record(), undone, now=299).decision is OUT
    assert judge(record(), undone, now=300).decision is IN
    unrecorded = say(deny("e1", "toggle", 50, recorded=None, imported=at(400)))
    assert judge(record(), unrecorded, now=399).decision is IN
    assert judge(record(), unrecorded, now=400).decision is OUT


def test_k23_the_strictest_of_several_policies() -> None:
    old = record(product="api")
    assert judge(old, say(), policies=["oai-pre-2023-03"]).decision is IN
    both = judge(old, say(), policies=["oai-pre-2023-03", "seed-2023"])
    assert (both.reason, both.policies) == ("API_DEFAULT_OFF", ("oai-pre-2023-03", "seed-2023"))


def test_k24_a_refusal_counts_where_the_policy_knew_no_such_channel() -> None:
    assert judge(record(), say(deny("e1", "toggle", 50)), policies=["oai-pre-2023-03"]).decision is OUT


def test_contradicting_events_the_strictest_reading_decides_and_silence_ends() -> None:
    two = say(deny("e1", "toggle", 50), allow("e1", "toggle", 60))
    assert judge(record(), two).reason == "CREATED_WHILE_OPTED_OUT"
    moved = say(deny("e1", "toggle", 120), deny("e1", "toggle", 200))
    assert judge(record(150), moved).decision is OUT
    assert judge(record(100), moved).reason == "LEDGER_GAP"
    readings = say(deny("e0", "toggle", 10), allow("e1", "toggle", 50), allow("e1", "toggle", 150))
    assert judge(record(100), readings).decision is OUT
    known = say(deny("e1", "toggle", 120), deny("e1", "toggle", 200, recorded=700))
    assert judge(record(100), known, now=699).decision is IN
    assert judge(record(100), known, now=700).reason == "LEDGER_GAP"
    many = say(*(one for n in range(8) for one in (deny(f"e{n}", "toggle", 50), allow(f"e{n}", "toggle", 60))))
    assert judge(record(), many).decision is OUT


def test_future_permissions_grant_nothing_now() -> None:
    assert judge(record(2000), say(deny("e1", "toggle", 50), allow("e2", "toggle", 1500)), now=1000).decision is OUT


def test_unknown_creation_is_open_only_where_the_state_could_differ() -> None:
    born_any_time = (-70_000, 100)
    assert judge(record(100, created=born_any_time), say()).decision is IN
    lifted = say(deny("e1", "toggle", 20), allow("e2", "toggle", 60))
    assert judge(record(100, created=born_any_time), lifted).reason == "TIME_UNCERTAIN"
    assert judge(record(100, created=born_any_time), say(deny("e1", "toggle", 50))).reason == "SENT_WHILE_OPTED_OUT"


def test_api_before_march_2023_respects_every_kind_of_refusal() -> None:
    old = {"policies": ["oai-pre-2023-03"]}
    api = record(product="api")
    assert judge(api, say(deny("e1", "api_sharing", 50)), **old).reason == "API_DEFAULT_OFF"  # type: ignore[arg-type]
    assert judge(api, say(deny("e1", "form", 50)), **old).reason == "FORM_OPT_OUT"  # type: ignore[arg-type]
    assert judge(api, say(deny("e1", "api_sharing", 150)), **old).reason == "API_OPT_IN_WITHDRAWN"  # type: ignore[arg-type]
    assert judge(api, say(deny("e1", "form", (90, 110))), **old).reason == "TIME_UNCERTAIN"  # type: ignore[arg-type]
    assert judge(api, say(deny("e1", "form", None)), **old).reason == "EVENT_TIME_UNKNOWN"  # type: ignore[arg-type]
    assert judge(api, say(coverage=()), **old).reason == "LEDGER_GAP"  # type: ignore[arg-type]


def test_an_unknown_product_still_heeds_refusals() -> None:
    verdict = judge(record(product="claude"), say(deny("e1", "toggle", 50)))
    assert verdict.decision is OUT
    assert "PRODUCT_UNKNOWN" in {finding.reason for finding in verdict.findings}


def test_one_decider_gives_what_decide_gives() -> None:
    on_file = say(deny("e1", "toggle", 100), allow("e2", "toggle", 140))
    policies = load(["seed-2023"])
    many = Decider(on_file, policies, purpose="model_improvement", at=at(1000), known_at=at(1000))
    for hour in range(80, 160, 7):
        facts = record(hour)
        alone = decide(facts, on_file, policies, purpose="model_improvement", at=at(1000), known_at=at(1000))
        assert many.decide(facts) == alone


def test_without_a_policy_nothing_is_decided() -> None:
    with pytest.raises(ValueError, match="no policy"):
        Decider(say(), (), purpose=None, at=0, known_at=0)
    with pytest.raises(ValueError, match="without records"):
        roll_up([])


def test_a_conversation_shows_the_override_that_needs_attention() -> None:
    waiting = judge(record(), say(deny("e1", "toggle", 50)), overrides=[override(second_by="")])
    plain = judge(record(20), say(deny("e1", "toggle", 50)))
    assert roll_up([plain, waiting]).override_status == "pending"


def test_a_microsecond_of_client_skew() -> None:
    skew = 300 * SECOND
    instant = at(100)
    near = Interval(instant - 2 * skew, instant)
    facts = replace(record(), created=near, sent=near)
    assert judge(facts, say(deny("e1", "toggle", 100))).decision is OPEN
    clear = Interval(instant - 2 * skew - 1, instant - 1)
    assert judge(replace(facts, created=clear, sent=clear), say(deny("e1", "toggle", 100))).decision is IN
    assert between(1, 2).hi == at(2)
