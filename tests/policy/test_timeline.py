"""A channel's possible states, against every placement of its statements tried one by one."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from core.model.moment import Interval
from core.policy.timeline import ALLOWED, DENIED, SILENT, Said, Track

_ENDS = st.tuples(st.integers(0, 6), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))
_STATEMENTS = st.lists(st.tuples(st.booleans(), _ENDS), max_size=3)


def tried_one_by_one(said: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]) -> int:
    """The union of states over every placement: the obvious way, and far too slow for use."""
    mask = 0
    for times in product(*(range(lo, hi + 1) for _, (lo, hi) in said)):
        placed = [(time, denial) for time, (denial, _) in zip(times, said, strict=True)]
        for instant in range(asked[0], asked[1] + 1):
            before = [one for one in placed if one[0] <= instant]
            mask |= SILENT if not before else DENIED if max(before)[1] else ALLOWED
    return mask


def track(said: list[tuple[bool, tuple[int, int]]]) -> Track:
    named = [(denial, Said(lo, hi, f"e{place}")) for place, (denial, (lo, hi)) in enumerate(said)]
    return Track([one for denial, one in named if denial], [one for denial, one in named if not denial])


@given(_STATEMENTS, _ENDS)
def test_states_are_those_of_every_placement(said: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]) -> None:
    assert track(said).states(Interval(*asked)) == tried_one_by_one(said, asked)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6).map(lambda x: (x, x))), max_size=5), _ENDS)
def test_the_quick_way_for_exact_times_is_the_general_one(
    said: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]
) -> None:
    made = track(said)
    assert made._times is not None
    assert made.states(Interval(*asked)) == made._general(*asked)


@given(_STATEMENTS, _ENDS)
def test_events_are_named_exactly_when_their_state_is_possible(
    said: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]
) -> None:
    made, when = track(said), Interval(*asked)
    assert bool(made.standing(when)) == bool(made.states(when) & DENIED)
    assert bool(made.granting(when)) == bool(made.states(when) & ALLOWED)


def test_a_denial_wins_at_the_same_instant() -> None:
    made = Track([Said(5, 5, "d")], [Said(5, 5, "a")])
    assert made.states(Interval(5, 5)) == DENIED
    assert made.states(Interval(4, 4)) == SILENT
