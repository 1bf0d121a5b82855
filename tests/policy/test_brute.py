"""The consumer rules again, written the slow and obvious way, against the engine.

Every way to place each uncertain time inside its interval is one world. In a world everything is exact, so the rules
are a few lines. A record is eligible if every world says so, not eligible if every world says no, else undetermined.
"""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from core.model.consent import Action, Channel, ConsentEvent, Coverage
from core.model.facts import AccountLedger, Ledger, RecordFacts
from core.model.moment import Interval
from core.model.verdict import Decision
from core.policy.decide import decide
from core.policy.versions import load

ME = "acct-fig"
CHANNELS = ("toggle", "form", "guardian")


def stands(statements: list[tuple[int, bool]], moment: int) -> bool:
    """Whether a refusal stands at ``moment`` on one channel; at the same instant the refusal is the later."""
    before = [one for one in statements if one[0] <= moment]
    return bool(before) and max(before)[1]


def allowed(events: list[tuple[str, int, bool]], created: int, sent: int) -> bool:
    tracks = {channel: [(when, denial) for name, when, denial in events if name == channel] for channel in CHANNELS}
    return not any(stands(track, moment) for track in tracks.values() for moment in (created, sent))


ends = st.tuples(st.integers(0, 6), st.integers(0, 2)).map(lambda pair: (pair[0], pair[0] + pair[1]))
points = st.integers(0, 6).map(lambda moment: (moment, moment))


@given(
    st.lists(st.tuples(st.sampled_from(CHANNELS), st.one_of(points, ends), st.booleans()), max_size=3),
    st.one_of(points, ends),
    st.one_of(points, ends),
)
def test_the_engine_is_never_looser_and_exact_where_times_are(
    statements: list[tuple[str, tuple[int, int], bool]], created: tuple[int, int], sent: tuple[int, int]
) -> None:
    events = tuple(
        ConsentEvent(f"e{n}", ME, Channel(channel), Action.DENY if denial else Action.ALLOW, Interval(*when), 0)
        for n, (channel, when, denial) in enumerate(statements)
    )
    on_file = Ledger({ME: AccountLedger(ME, events, coverage=(Coverage(ME, -100, 100),))})
    facts = RecordFacts("m1", "c1", "chatgpt", ME, Interval(*created), Interval(*sent))
    got = decide(facts, on_file, load(["seed-2023"]), purpose="model_improvement", at=100, known_at=100).decision

    spans = [when for _, when, _ in statements] + [created, sent]
    answers = set()
    for world in product(*(range(lo, hi + 1) for lo, hi in spans)):
        placed = [(name, world[n], denial) for n, (name, _, denial) in enumerate(statements)]
        answers.add(allowed(placed, world[-2], world[-1]))
    true = (
        Decision.UNDETERMINED if len(answers) == 2 else Decision.ELIGIBLE if True in answers else Decision.NOT_ELIGIBLE
    )
    # Two open channels or moments that exclude each other are both open to the engine: undetermined, never eligible.
    assert got == true or (got is Decision.UNDETERMINED and true is Decision.NOT_ELIGIBLE)
    if all(lo == hi for lo, hi in spans):
        assert got == true
