"""The seven properties the engine promises, over random ledgers, records and questions."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from core.model.consent import AccountLine, Action, Channel, ConsentEvent, Coverage, Deletion, Retraction
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import Interval
from core.model.review import Override, OverrideAction
from core.model.verdict import Decision, Verdict
from core.policy.decide import decide, roll_up
from core.policy.versions import available, load

POLICIES = available()
ACCOUNTS = ("acct-fig", "acct-gum")
SPAN = 12  # a small span of instants, so that coincidences are common

instants = st.integers(0, SPAN)
exacts = instants.map(lambda moment: Interval(moment, moment))
intervals = st.tuples(instants, st.integers(0, 4)).map(lambda pair: Interval(pair[0], pair[0] + pair[1]))
times = st.one_of(exacts, intervals)
names = st.sampled_from(ACCOUNTS)
projects = st.sampled_from([None, None, "p1", "p2"])

events = st.builds(
    ConsentEvent,
    event_id=st.integers(0, 30).map("e{}".format),
    account=st.just(ACCOUNTS[0]),
    channel=st.sampled_from(list(Channel)),
    action=st.sampled_from(list(Action)),
    effective=st.one_of(times, st.none()),
    recorded=st.one_of(instants, st.none()),
    project=projects,
    gizmo_id=st.just("gpt-fern"),
    purpose=st.sampled_from([None, None, "model_improvement", "evaluation"]),
    imported=instants,
)
retractions = st.builds(
    Retraction,
    event_id=st.integers(0, 9).map("r{}".format),
    retracts=st.integers(0, 30).map("e{}".format),
    recorded=instants,
)
lines = st.builds(
    AccountLine,
    account=st.just(""),
    plan=st.sampled_from(["", "consumer", "team"]),
    age_band=st.sampled_from(["", "adult", "adult", "13_17", "under_13"]),
    deleted=st.one_of(st.none(), st.none(), times),
    recorded=st.one_of(st.none(), instants),
)
coverages = st.one_of(
    st.just(Coverage("*", -100, 100)), st.builds(Coverage, st.just(""), instants, st.integers(4, SPAN + 4))
)


@st.composite
def account_ledgers(draw: st.DrawFn, name: str) -> AccountLedger:
    return AccountLedger(
        name,
        tuple(replace(one, account=name) for one in draw(st.lists(events, max_size=5))),
        tuple(draw(st.lists(retractions, max_size=1))),
        tuple(draw(st.lists(coverages, min_size=1, max_size=2))),
        tuple(Deletion(name, "c1", when, 3) for when in draw(st.lists(times, max_size=1)) if draw(st.booleans())),
        tuple(draw(st.lists(lines, max_size=1))),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    accounts = {name: draw(account_ledgers(name)) for name in ACCOUNTS}
    builder = tuple(one for each in accounts.values() for one in each.events if one.channel is Channel.BUILDER)
    return Ledger(accounts, {"gpt-fern": builder}, tuple(r for each in accounts.values() for r in each.retractions))


records = st.builds(
    RecordFacts,
    record=st.just("m1"),
    conversation=st.just("c1"),
    product=st.sampled_from(["chatgpt", "chatgpt", "dalle_labs", "api", "claude", "other"]),
    account=st.one_of(st.just(ACCOUNTS[0]), names, st.none()),
    created=times,
    sent=times,
    author=st.one_of(st.none(), st.none(), names),
    candidates=st.sampled_from([(), (), (), ACCOUNTS]),
    plan=st.sampled_from(["", "", "", "team", "consumer"]),
    temporary=st.sampled_from([False, False, True]),
    saved=st.one_of(st.none(), times),
    project=projects,
    zdr=st.sampled_from([False, False, True]),
    gizmo_id=st.sampled_from([None, None, "gpt-fern"]),
    feedback=st.one_of(st.none(), times),
    origin=st.sampled_from(["", "", "", "imported"]),
    origin_created=st.one_of(st.none(), times),
)
policies = st.lists(st.sampled_from(POLICIES), min_size=1, max_size=3, unique=True)
overrides = st.builds(
    Override,
    id=st.integers(0, 9).map("o{}".format),
    record=st.just("m1"),
    action=st.sampled_from(list(OverrideAction)),
    by=st.sampled_from(["Ada Quill", "Ben Moss", ""]),
    reason=st.sampled_from(["", "seen"]),
    recorded=instants,
    second_by=st.sampled_from(["", "Ada Quill", "Ben Moss", " ada  QUILL "]),
    evidence=st.sampled_from(["", "letter"]),
)


def ask(
    facts: RecordFacts,
    on_file: Ledger,
    ids: Sequence[str] = ("seed-2023",),
    *,
    now: int = SPAN,
    known: int = SPAN,
    acts: Sequence[Override] = (),
) -> Verdict:
    return decide(facts, on_file, load(ids), purpose="model_improvement", at=now, known_at=known, overrides=acts)


def with_events(on_file: Ledger, account: str, more: Sequence[ConsentEvent]) -> Ledger:
    old = on_file.accounts[account]
    accounts = {**on_file.accounts, account: replace(old, events=(*old.events, *more))}
    builder = tuple(one for each in accounts.values() for one in each.events if one.channel is Channel.BUILDER)
    return replace(on_file, accounts=accounts, builder={"gpt-fern": builder})


@given(records, ledgers(), events, names, policies, instants, st.lists(overrides, max_size=2))
def test_1_adding_a_denial_never_makes_a_verdict_more_permissive(
    facts: RecordFacts,
    on_file: Ledger,
    extra: ConsentEvent,
    account: str,
    ids: list[str],
    known: int,
    acts: list[Override],
) -> None:
    denial = replace(extra, account=account, action=Action.DENY)
    before = ask(facts, on_file, ids, known=known, acts=acts)
    after = ask(facts, with_events(on_file, account, [denial]), ids, known=known, acts=acts)
    assert after.decision >= before.decision


@given(records, ledgers(), policies, st.randoms(use_true_random=False), st.lists(overrides, max_size=3))
def test_2_order_and_duplicates_change_nothing(
    facts: RecordFacts, on_file: Ledger, ids: list[str], chance: object, acts: list[Override]
) -> None:
    def shuffled(items: Sequence[object]) -> tuple[object, ...]:
        copy = [*items, *items]
        chance.shuffle(copy)  # type: ignore[attr-defined]
        return tuple(copy)

    mixed = Ledger(
        {
            name: AccountLedger(
                name,
                *(shuffled(part) for part in (one.events, one.retractions, one.coverage, one.deletions, one.lines)),  # type: ignore[arg-type]
            )
            for name, one in on_file.accounts.items()
        },
        {gizmo: shuffled(held) for gizmo, held in on_file.builder.items()},  # type: ignore[misc]
        shuffled(on_file.builder_retractions),  # type: ignore[arg-type]
    )
    first, second = ask(facts, on_file, ids, acts=acts), ask(facts, mixed, ids, acts=list(reversed(acts)))
    assert (first.decision, first.reason, first.digest) == (second.decision, second.reason, second.digest)


@given(
    exacts,
    st.integers(0, 3),
    st.lists(events, max_size=4),
    st.sampled_from([Channel.TOGGLE, Channel.FORM, Channel.GUARDIAN]),
    st.integers(1, 5),
    st.sampled_from(["chatgpt", "dalle_labs"]),
    st.sampled_from(["seed-2023", "oai-2026", "oai-pre-2023-03"]),
)
def test_3_a_later_denial_leaves_an_ordinary_consumer_message_alone(
    sent: Interval, age: int, held: list[ConsentEvent], channel: Channel, later: int, product: str, policy: str
) -> None:
    created = Interval(sent.lo - age, sent.lo - age)
    facts = RecordFacts("m1", "c1", product, ACCOUNTS[0], created, sent)
    on_file = Ledger({ACCOUNTS[0]: AccountLedger(ACCOUNTS[0], tuple(held), coverage=(Coverage("*", -100, 100),))})
    moment = sent.lo + later
    denial = ConsentEvent("late", ACCOUNTS[0], channel, Action.DENY, Interval(moment, moment), 0)
    after = ask(facts, with_events(on_file, ACCOUNTS[0], [denial]), [policy])
    before = ask(facts, on_file, [policy])
    assert (after.decision, after.reason) == (before.decision, before.reason)


@given(records, ledgers(), st.sampled_from(POLICIES), st.sampled_from(POLICIES))
def test_4_the_strictest_of_two_is_at_least_as_strict_as_each(
    facts: RecordFacts, on_file: Ledger, one: str, other: str
) -> None:
    both = ask(facts, on_file, [one, other])
    assert both.decision == max(ask(facts, on_file, [one]).decision, ask(facts, on_file, [other]).decision)


@given(records, ledgers(), policies, instants, st.lists(overrides, max_size=3))
def test_5_a_verdict_rests_only_on_what_was_known(
    facts: RecordFacts, on_file: Ledger, ids: list[str], known: int, acts: list[Override]
) -> None:
    def then(one: AccountLedger) -> AccountLedger:
        return replace(
            one,
            events=tuple(event for event in one.events if event.known <= known),
            retractions=tuple(line for line in one.retractions if line.known <= known),
            deletions=tuple(line for line in one.deletions if line.known <= known),
            lines=tuple(line for line in one.lines if line.recorded is None or line.recorded <= known),
        )

    past = Ledger(
        {name: then(one) for name, one in on_file.accounts.items()},
        {gizmo: tuple(event for event in held if event.known <= known) for gizmo, held in on_file.builder.items()},
        tuple(line for line in on_file.builder_retractions if line.known <= known),
    )
    early = [act for act in acts if act.recorded <= known]
    assert ask(facts, on_file, ids, known=known, acts=acts) == ask(facts, past, ids, known=known, acts=early)


@given(records, ledgers(), policies, overrides)
def test_6_an_inclusion_by_one_person_changes_no_verdict(
    facts: RecordFacts, on_file: Ledger, ids: list[str], act: Override
) -> None:
    alone = replace(act, action=OverrideAction.INCLUDE, by="Ada Quill")
    assume(" ".join(alone.second_by.split()).casefold() in ("", "ada quill"))
    base = ask(facts, on_file, ids)
    after = ask(facts, on_file, ids, acts=[alone])
    assert (after.decision, after.reason, after.findings) == (base.decision, base.reason, base.findings)


@given(records, ledgers(), policies, st.data())
def test_7_widening_a_time_never_makes_a_record_eligible(
    facts: RecordFacts, on_file: Ledger, ids: list[str], data: st.DataObject
) -> None:
    def wider(when: Interval) -> Interval:
        return Interval(when.lo - data.draw(st.integers(0, 3)), when.hi + data.draw(st.integers(0, 3)))

    def wide_event(event: ConsentEvent) -> ConsentEvent:
        return event if event.effective is None else replace(event, effective=wider(event.effective))

    def wide(one: AccountLedger) -> AccountLedger:
        return replace(
            one,
            events=tuple(map(wide_event, one.events)),
            deletions=tuple(replace(line, deleted=wider(line.deleted)) for line in one.deletions),
            lines=tuple(
                line if line.deleted is None else replace(line, deleted=wider(line.deleted)) for line in one.lines
            ),
        )

    assume(ask(facts, on_file, ids).decision is not Decision.ELIGIBLE)
    accounts = {name: wide(one) for name, one in on_file.accounts.items()}
    builder = tuple(one for each in accounts.values() for one in each.events if one.channel is Channel.BUILDER)
    loose = replace(
        facts,
        created=wider(facts.created),
        sent=wider(facts.sent),
        saved=None if facts.saved is None else wider(facts.saved),
        feedback=None if facts.feedback is None else wider(facts.feedback),
        origin_created=None if facts.origin_created is None else wider(facts.origin_created),
    )
    wide_file = replace(on_file, accounts=accounts, builder={"gpt-fern": builder})
    assert ask(loose, wide_file, ids).decision is not Decision.ELIGIBLE


@given(st.lists(records, min_size=1, max_size=4), ledgers(), policies)
def test_a_conversation_is_as_strict_as_its_strictest_record(
    many: list[RecordFacts], on_file: Ledger, ids: list[str]
) -> None:
    verdicts = [ask(facts, on_file, ids) for facts in many]
    whole = roll_up(verdicts)
    assert whole.decision == max(verdict.decision for verdict in verdicts)
    assert whole.reason in {verdict.reason for verdict in verdicts if verdict.decision == whole.decision}
