"""Convention K05: what a written time may mean."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import times
from core.model.moment import DAY, SECOND, Interval

HOUR = 3600 * SECOND
NOON = 1_686_398_400 * SECOND  # 2023-06-10T12:00:00Z


@pytest.mark.parametrize(
    "text",
    [
        "2023-06-10T12:00:00Z",
        "2023-06-10t12:00:00z",
        "2023-06-10 12:00:00+00:00",
        "2023-06-10T14:30:00+02:30",
        "2023-06-10T07:00:00-0500",
        "2023-06-10T12:00Z",
        "2023-06-10T12:00:00.000000000Z",
    ],
)
def test_an_offset_makes_a_time_exact(text: str) -> None:
    assert times.parse(text) == Interval(NOON, NOON)


def test_a_naive_time_may_be_anywhere_on_earth() -> None:
    assert times.parse("2023-06-10T12:00:00") == Interval(NOON - 14 * HOUR, NOON + 12 * HOUR)


def test_a_date_runs_from_its_earliest_start_to_its_latest_end() -> None:
    midnight = NOON - 12 * HOUR
    assert times.parse("2023-06-10") == Interval(midnight - 14 * HOUR, midnight + DAY - 1 + 12 * HOUR)


def test_a_client_clock_is_off_by_five_minutes() -> None:
    assert times.parse("2023-06-10T12:00:00Z", client=True) == Interval(NOON - 300 * SECOND, NOON + 300 * SECOND)
    assert times.from_seconds(NOON // SECOND, client=True) == Interval(NOON - 300 * SECOND, NOON + 300 * SECOND)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2023-13-01",
        "2023-02-30",
        "2023-06-10T25:00:00Z",
        "10/06/2023",
        "2023-06-10T12",
        "2023-06-10T12:00:00+99:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert times.parse(text) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, True, -1e18, 10**30])
def test_a_number_that_is_no_instant_is_none(value: float) -> None:
    assert times.from_seconds(value) is None


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_an_instant_survives_writing_and_reading(moment: datetime, minutes: int) -> None:
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert times.instant(times.show_exact(micros)) == micros
    try:
        elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    except OverflowError:
        return
    assert times.parse(elsewhere.isoformat()) == Interval(micros, micros)


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_seconds_are_exact(seconds: int) -> None:
    assert times.from_seconds(seconds) == Interval(seconds * SECOND, seconds * SECOND)


def test_an_option_may_be_a_date_and_means_its_start_in_utc() -> None:
    assert times.instant("2023-06-10") == NOON - 12 * HOUR
    assert times.instant("2023-06-10T12:00:00") == NOON
    assert times.instant("soon") is None
