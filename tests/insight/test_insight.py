"""Intervals, standing refusals, rates, suppression, CSV."""

import csv
import io
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.insight.rates import ALL, UNKNOWN, Activity, month_end, rates
from core.insight.standing import Standing, standing_of
from core.insight.suppress import Cell, hidden
from core.insight.table import COLUMNS, safe, write_csv
from core.insight.wilson import wilson
from core.model.consent import Action, Channel, ConsentEvent, Retraction
from core.model.facts import AccountLedger
from core.model.moment import DAY, LATEST, Interval
from core.times import instant

OUT = Standing((Interval(0, LATEST),))
IN = Standing(opt_ins=(Interval(0, LATEST),))


@given(
    st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.9, 0.95, 0.99]),
)
def test_wilson_against_an_oracle(pair, confidence) -> None:
    k, n = pair
    oracle = binomtest(k, n).proportion_ci(confidence, "wilson")
    low, high = wilson(k, n, confidence)
    assert low == pytest.approx(oracle.low, abs=1e-9)
    assert high == pytest.approx(oracle.high, abs=1e-9)
    assert 0 <= low <= k / n <= high <= 1


def test_wilson_known_and_refused() -> None:
    low, high = wilson(18, 120)
    assert (round(low, 3), round(high, 3)) == (0.097, 0.225)
    assert wilson(0, 0) == (0.0, 1.0)
    for bad in [(2, 1), (-1, 3)]:
        with pytest.raises(ValueError, match="within"):
            wilson(*bad)
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, 1.0)


def event(channel: Channel, action: Action, at: int | None, name: str = "", **more: object) -> ConsentEvent:
    when = None if at is None else Interval(at, at)
    fields: dict[str, object] = {"recorded": 5, "effective": when} | more
    return ConsentEvent(name or f"{channel}{action}{at}", "a", channel, action, **fields)  # type: ignore[arg-type]


def standing(*events: ConsentEvent, **more: object) -> Standing:
    return standing_of(AccountLedger("a", events, **more))  # type: ignore[arg-type]


def test_toggle_off_and_on() -> None:
    found = standing(event(Channel.TOGGLE, Action.DENY, 100), event(Channel.TOGGLE, Action.ALLOW, 200))
    assert [found.opted_out(t) for t in (99, 100, 199, 200)] == [False, True, True, False]


def test_channels_are_independent_and_a_tie_is_a_refusal() -> None:
    form = event(Channel.FORM, Action.DENY, 100)
    assert standing(form, event(Channel.TOGGLE, Action.ALLOW, 200)).opted_out(300)
    assert standing(form, event(Channel.FORM, Action.ALLOW, 100)).opted_out(100)
    assert not standing(event(Channel.GUARDIAN, Action.DENY, 100)).opted_out(300)


def test_doubt_never_lowers_the_rate() -> None:
    span = Interval(100, 200)
    back = event(Channel.TOGGLE, Action.ALLOW, 0, "x", effective=Interval(300, 400))
    found = standing(event(Channel.TOGGLE, Action.DENY, 0, effective=span), back)
    assert found.denials == (Interval(100, 399),)
    assert standing(event(Channel.FORM, Action.DENY, None)).denials == (Interval(5, LATEST),)
    assert standing(event(Channel.API_SHARING, Action.ALLOW, None)).opt_ins == ()


def test_retracted_and_later_known_events() -> None:
    deny = event(Channel.FORM, Action.DENY, 100, "e")
    gone = Retraction("r", "e", recorded=50)
    assert not standing(deny, retractions=(gone,)).opted_out(200)
    assert standing_of(AccountLedger("a", (deny,), (gone,)), known_at=49).opted_out(200)
    assert not standing_of(AccountLedger("a", (deny,)), known_at=4).opted_out(200)


def test_sharing_by_project() -> None:
    one = event(Channel.API_SHARING, Action.ALLOW, 100, project="p")
    assert standing(one).opted_in(150)
    assert standing(one, event(Channel.API_SHARING, Action.DENY, 120, project="q")).opted_in(150)
    assert not standing(one, event(Channel.API_SHARING, Action.DENY, 120)).opted_in(150)
    assert not standing(event(Channel.API_SHARING, Action.ALLOW, 100, purpose="advertising")).opted_in(150)


def people(count: int, prefix: str = "a", product: str = "chatgpt", region: str = "EU", month: str = "2023-05"):
    return [Activity(f"{prefix}{n}", product, region, month) for n in range(count)]


def said(count: int, prefix: str = "a", what: Standing = OUT) -> dict[str, Standing]:
    return {f"{prefix}{n}": what for n in range(count)}


def test_a_rate() -> None:
    (cell,) = rates(people(120) * 2, said(18))
    assert (cell.period, cell.product, cell.region) == ("2023-05", "chatgpt", "EU")
    assert (cell.accounts, cell.opted_out, cell.rate) == (120, 18, 0.15)
    assert (cell.low, cell.high) == wilson(18, 120)
    assert not cell.suppressed


def test_the_periods_end_decides() -> None:
    end = instant("2023-06-01T00:00:00Z")
    assert end is not None
    assert month_end("2023-05") == end - 1
    assert month_end("2023-12") == (instant("2024-01-01T00:00:00Z") or 0) - 1
    late = {f"a{n}": Standing((Interval(end, LATEST),)) for n in range(20)}
    assert rates(people(40), late)[0].rate is not None
    assert rates(people(40), late)[0].opted_out == 0
    early = {f"a{n}": Standing((Interval(end - DAY, end - 1),)) for n in range(20)}
    assert rates(people(40), early)[0].opted_out == 20


def test_api_counts_opt_ins_and_stays_out_of_totals() -> None:
    activity = people(50) + people(40, "org", "api")
    table = {c.product: c for c in rates(activity, said(5) | said(10, "org", IN), ("product",))}
    assert (table["api"].accounts, table["api"].opted_out) == (40, 10)
    (total,) = rates(activity, said(5) | said(10, "org", IN), ())
    assert (total.period, total.product, total.region) == (ALL, ALL, ALL)
    assert (total.accounts, total.opted_out) == (50, 5)


def test_nobody_is_counted_twice() -> None:
    activity = people(40) + people(40, month="2023-06") + people(40, product="dalle_labs")
    (total,) = rates(activity, said(4), ())
    assert total.accounts == 40


def test_unknown_values_have_cells() -> None:
    cells = rates(people(40, region="", month=""), said(4))
    assert [(c.period, c.region, c.accounts) for c in cells] == [(UNKNOWN, UNKNOWN, 40)]


def test_small_and_extreme_cells_are_hidden() -> None:
    (small,) = rates(people(9), said(3))
    assert small.suppressed
    assert (small.accounts, small.opted_out, small.rate, small.low, small.high) == (None,) * 5
    assert rates(people(29), {})[0].suppressed
    assert rates(people(29), said(29))[0].suppressed
    assert not rates(people(30), {})[0].suppressed
    assert not rates(people(10), said(1))[0].suppressed
    assert not rates(people(9), said(3), suppress=False)[0].suppressed


def test_a_complement_is_hidden() -> None:
    activity = people(5) + people(20, "b", region="US") + people(60, "c", region="KR")
    cells = {c.region: c for c in rates(activity, said(1) | said(5, "b") | said(9, "c"))}
    assert [r for r, c in cells.items() if c.suppressed] == ["EU", "US"]


def test_a_total_that_would_reveal_is_withheld() -> None:
    activity = people(50) + people(5, "d", "dalle_labs")
    by_product = {c.product: c for c in rates(activity, said(7), ("month", "product"))}
    assert not by_product["chatgpt"].suppressed
    assert by_product["dalle_labs"].suppressed
    assert rates(activity, said(7), ("month",))[0].suppressed


def test_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="plan"):
        rates([], {}, ("plan",))
    assert rates([], {}) == ()


KEYS = st.tuples(
    st.sampled_from(["2023-05", "2023-06", "2023-07"]), st.just("chatgpt"), st.sampled_from(["EU", "US", "KR", "JP"])
)
CELLS = st.integers(1, 60).flatmap(lambda n: st.builds(Cell, st.just(n), st.integers(0, n)))


@given(st.dictionaries(KEYS, CELLS, max_size=12))
def test_totals_never_reveal_a_hidden_cell(table) -> None:
    secret = hidden(table, (0, 1, 2))
    assert {key for key, cell in table.items() if cell.secret} <= secret
    for dim in (0, 2):
        lines = defaultdict(list)
        for key in table:
            lines[key[:dim] + key[dim + 1 :]].append(key)
        for line in lines.values():
            out = [key for key in line if key in secret]
            if out and len(out) < len(line):  # something of the line is shown, so its total gives the hidden sum
                assert len(out) > 1
                assert not Cell.union(table[key] for key in out).secret


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Activity,
            st.integers(0, 40).map(str),
            st.sampled_from(["chatgpt", "dalle_labs", "api"]),
            st.sampled_from(["EU", ""]),
            st.sampled_from(["2023-05", "2023-06", ""]),
        ),
        max_size=150,
    ),
    st.sets(st.integers(0, 40).map(str)),
    st.lists(st.sampled_from(["month", "product", "region"]), unique=True),
)
def test_rates_are_whole_whatever_comes(activity, opted, by) -> None:
    table = dict.fromkeys(opted, OUT)
    shown, full = rates(activity, table, by), rates(activity, table, by, suppress=False)
    assert [(c.period, c.product, c.region) for c in shown] == [(c.period, c.product, c.region) for c in full]
    assert shown == rates(activity[::-1], table, by[::-1])
    for cell, whole in zip(shown, full, strict=True):
        assert cell.suppressed or cell == whole
        assert whole.accounts
        assert cell.suppressed or whole.accounts >= 10


def test_csv() -> None:
    out = io.StringIO()
    cells = rates(people(120) + people(3, "z", region="=cmd()"), said(18), suppress=True)
    assert write_csv(cells, out) == 2
    header, *lines = list(csv.reader(io.StringIO(out.getvalue())))
    assert tuple(header) == COLUMNS
    assert lines[0] == ["2023-05", "chatgpt", "'=cmd()", "", "", "", "", "", "true"]
    assert lines[1][2] == "EU"


def test_csv_numbers() -> None:
    out = io.StringIO()
    write_csv(rates(people(120), said(18)), out)
    assert out.getvalue().split("\n")[1] == "2023-05,chatgpt,EU,120,18,0.150000,0.097038,0.224675,false"
    assert write_csv([], io.StringIO()) == 0


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\u00a0=1"])
def test_no_cell_is_a_formula(text) -> None:
    assert safe(text).startswith("'")
    assert safe("EU") == "EU"
