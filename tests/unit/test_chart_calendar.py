"""Days of people all over the world."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.calendar import days_ending, local_day, place_in_day, span_start, start_of_day
from tests.moods import SEOUL

NEW_YORK = ZoneInfo("America/New_York")
HAVANA = ZoneInfo("America/Havana")
ZONES = ["Asia/Seoul", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut"]


def test_the_evening_in_london_is_the_next_day_in_seoul() -> None:
    assert local_day(datetime(2026, 11, 21, 15, tzinfo=UTC), SEOUL) == date(2026, 11, 22)
    assert local_day(datetime(2026, 11, 21, 14, 59, tzinfo=UTC), SEOUL) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)],
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    length = start_of_day(day + timedelta(days=1), NEW_YORK) - start_of_day(day, NEW_YORK)
    assert length == timedelta(hours=hours)


def test_the_hour_that_comes_twice_moves_on() -> None:
    first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
    second = first.replace(fold=1)
    assert place_in_day(first.astimezone(UTC), NEW_YORK) == pytest.approx(1.5 / 25)
    assert place_in_day(second.astimezone(UTC), NEW_YORK) == pytest.approx(2.5 / 25)


def test_a_day_without_midnight_begins_when_the_clock_has_jumped() -> None:
    # On 8 March 2026 clocks in Havana go from 23:59:59 to 01:00.
    start = start_of_day(date(2026, 3, 8), HAVANA)
    assert start.astimezone(HAVANA).hour == 1
    assert local_day(start, HAVANA) == date(2026, 3, 8)
    assert local_day(start - timedelta(seconds=1), HAVANA) == date(2026, 3, 7)


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    name=st.sampled_from(ZONES),
)
def test_every_moment_has_its_place_in_its_day(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = local_day(at, zone)
    assert start_of_day(day, zone) <= at < start_of_day(day + timedelta(days=1), zone)
    assert 0 <= place_in_day(at, zone) < 1


def test_days_in_a_row_end_with_the_last() -> None:
    assert days_ending(date(2026, 3, 1), 3) == (
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    )


def test_no_days_are_no_period() -> None:
    with pytest.raises(ValueError, match="0 days"):
        days_ending(date(2026, 3, 1), 0)


def test_a_span_begins_at_a_local_midnight() -> None:
    now = datetime(2026, 11, 4, 12, tzinfo=UTC)
    # Four days back clocks still were on daylight saving time.
    assert span_start(now, NEW_YORK, 1) == datetime(2026, 11, 4, 5, tzinfo=UTC)
    assert span_start(now, NEW_YORK, 5) == datetime(2026, 10, 31, 4, tzinfo=UTC)
