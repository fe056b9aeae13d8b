"""When a reminder comes, in every zone, and what is made up for."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reminders import LATE, PUNCTUAL, QUIET, Plan, clock_of, decide, last_due, next_due

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
HOUR, MINUTE, MOMENT = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
EVENING, SUNDAY = Plan(time(21, 30)), Plan(time(20), 6)

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
plans = st.builds(
    Plan.of, st.integers(0, 1439), st.one_of(st.none(), st.integers(min_value=0, max_value=6))
)
moments = st.integers(0, 130 * 365 * 24 * 60).map(
    lambda minutes: datetime(1971, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(zone: ZoneInfo, *when: int) -> datetime:
    return datetime(*when, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type,misc]


def wall(*when: int) -> datetime:
    """What a clock shows."""
    return datetime(*when)  # type: ignore[arg-type] # noqa: DTZ001


def shows(clock: ZoneInfo, moment: datetime) -> datetime:
    """What the clock shows, without its zone."""
    return moment.astimezone(clock).replace(tzinfo=None, fold=0)


@given(plans, zones, moments)
def test_the_next_time_is_later_and_the_clock_shows_it(
    plan: Plan, zone: ZoneInfo, now: datetime
) -> None:
    due = next_due(plan, zone, now)
    assert due > now
    shown = shows(zone, due)
    # As it was wanted, or later by what the clock was put forward just before.
    wanted = [
        datetime.combine(shown.date() - timedelta(days=back), plan.at)
        for back in (0, 1)
        if plan.weekday in (None, (shown.date() - timedelta(days=back)).weekday())
    ]
    skipped = [shown - time_ for time_ in wanted if shown >= time_]
    jump = shows(zone, due) - shows(zone, due - 25 * HOUR) - 25 * HOUR
    assert any(gap == timedelta() or (gap <= 25 * HOUR and jump >= gap) for gap in skipped)


@given(plans, zones, moments)
def test_nothing_lies_between_one_time_and_the_next(
    plan: Plan, zone: ZoneInfo, now: datetime
) -> None:
    before, after = last_due(plan, zone, now), next_due(plan, zone, now)
    assert before <= now < after
    assert next_due(plan, zone, before) == after
    assert last_due(plan, zone, after - MOMENT) == before
    assert after - before <= timedelta(days=1 if plan.weekday is None else 7) + 26 * HOUR


@given(plans, zones, st.dates(date(1971, 1, 1), date(2099, 1, 1)))
def test_a_day_has_one_time_whatever_its_clock_does(plan: Plan, zone: ZoneInfo, day: date) -> None:
    """A daily reminder comes about 365 times a year: no day is left out and none has two."""
    if plan.weekday is not None:
        return
    now = datetime.combine(day, time(), UTC)
    end, count = now + timedelta(days=14), 0
    while (now := next_due(plan, zone, now)) < end:
        count += 1
    assert 12 <= count <= 15


@given(plans, zones, moments)
def test_after_a_long_absence_one_at_most_is_made_up_for(
    plan: Plan, zone: ZoneInfo, now: datetime
) -> None:
    """Whatever was missed: what is decided next is later, so there is one message and no flood."""
    sent, at_, end = 0, now, now + LATE[plan.rhythm]
    while at_ <= end:
        what = decide(plan, zone, at_)
        assert what.next_at > at_
        punctual = at_ - last_due(plan, zone, at_) <= PUNCTUAL
        sent += what.send and not (punctual and at_ != now)
        at_ = what.next_at
    assert sent <= 1


@given(plans, zones, moments)
def test_what_is_late_never_comes_at_night_nor_too_late(
    plan: Plan, zone: ZoneInfo, now: datetime
) -> None:
    if not decide(plan, zone, now).send:
        return
    late = now - last_due(plan, zone, now)
    assert late <= LATE[plan.rhythm]
    begins, ends = QUIET
    if late > PUNCTUAL and ends <= shows(zone, now).time():
        assert shows(zone, now).time() < begins


@pytest.mark.parametrize(
    ("plan", "now", "due"),
    [
        (EVENING, at(SEOUL, 2026, 11, 21, 21), at(SEOUL, 2026, 11, 21, 21, 30)),
        (EVENING, at(SEOUL, 2026, 11, 21, 21, 30), at(SEOUL, 2026, 11, 22, 21, 30)),
        (SUNDAY, at(SEOUL, 2026, 11, 21, 21), at(SEOUL, 2026, 11, 22, 20)),
        (SUNDAY, at(SEOUL, 2026, 11, 22, 20), at(SEOUL, 2026, 11, 29, 20)),
    ],
)
def test_days_and_weeks_in_seoul(plan: Plan, now: datetime, due: datetime) -> None:
    assert next_due(plan, SEOUL, now) == due


def test_a_time_that_the_clock_skips_comes_later_by_what_it_skips() -> None:
    due = next_due(Plan(time(2, 30)), NEW_YORK, at(NEW_YORK, 2026, 3, 8))
    assert shows(NEW_YORK, due) == wall(2026, 3, 8, 3, 30)
    assert shows(NEW_YORK, next_due(Plan(time(2, 30)), NEW_YORK, due)).time() == time(2, 30)


def test_a_time_that_comes_twice_counts_the_first_time_and_once() -> None:
    midnight = at(NEW_YORK, 2026, 11, 1)
    due = next_due(Plan(time(1, 30)), NEW_YORK, midnight)
    assert due == midnight + 1.5 * HOUR
    assert next_due(Plan(time(1, 30)), NEW_YORK, due) == due + 25 * HOUR


def test_the_evening_stays_the_evening_where_clocks_change() -> None:
    before, after = at(NEW_YORK, 2026, 3, 7), at(NEW_YORK, 2026, 3, 9)
    for day in (before, after):
        assert shows(NEW_YORK, next_due(EVENING, NEW_YORK, day)).time() == time(21, 30)
    assert next_due(EVENING, NEW_YORK, before).hour != next_due(EVENING, NEW_YORK, after).hour


def test_a_day_that_a_zone_never_had_is_asked_for_on_the_next_once() -> None:
    apia = ZoneInfo("Pacific/Apia")  # 30 December 2011 was skipped
    due = next_due(EVENING, apia, at(apia, 2011, 12, 29, 22))
    assert shows(apia, due) == wall(2011, 12, 31, 21, 30)
    assert shows(apia, next_due(EVENING, apia, due)) == wall(2012, 1, 1, 21, 30)


@pytest.mark.parametrize(
    ("plan", "late", "send", "hours"),
    [
        (EVENING, timedelta(), True, 24),
        (EVENING, PUNCTUAL, True, 24),
        (EVENING, 20 * MINUTE, True, 24),  # late, but it is not night yet
        (EVENING, 31 * MINUTE, False, 24),  # night, and too late in the morning
        (EVENING, 12 * HOUR, False, 24),
        (EVENING, 5 * 24 * HOUR + 20 * MINUTE, True, 6 * 24),
        (SUNDAY, HOUR, True, 7 * 24),
        (SUNDAY, 3 * HOUR, False, 12),  # night: at eight in the morning
        (SUNDAY, 12 * HOUR, True, 7 * 24),
        (SUNDAY, 24 * HOUR, False, 7 * 24),  # at eight in the evening, yet too late
        (SUNDAY, 25 * HOUR, False, 7 * 24),
        (Plan(time(3)), timedelta(), True, 24),  # at night, as it was wanted
        (Plan(time(3)), HOUR, False, 24),
    ],
)
def test_what_is_made_up_for(plan: Plan, late: timedelta, send: bool, hours: int) -> None:
    due = next_due(plan, SEOUL, at(SEOUL, 2026, 11, 21, 12))
    if plan is SUNDAY and late == 24 * HOUR:
        late += MINUTE
    what = decide(plan, SEOUL, due + late)
    assert what.send is send
    assert what.next_at == due + hours * HOUR


def test_a_morning_at_which_it_is_too_late_is_not_waited_for() -> None:
    due = next_due(EVENING, SEOUL, at(SEOUL, 2026, 11, 21, 12))
    assert decide(EVENING, SEOUL, due + HOUR).next_at == due + 24 * HOUR


@pytest.mark.parametrize("bad", [time(9, 0, 1), time(9, tzinfo=UTC)])
def test_a_plan_is_to_the_minute_and_of_no_zone(bad: time) -> None:
    with pytest.raises(ValueError, match="to the minute"):
        Plan(bad)
    with pytest.raises(ValueError, match="weekday"):
        Plan(time(9), 7)


@given(plans)
def test_a_plan_is_its_minute_and_weekday(plan: Plan) -> None:
    assert Plan.of(plan.minute, plan.weekday) == plan


def test_a_zone_that_is_known_no_more_stops_nothing() -> None:
    assert clock_of("Asia/Seoul") == SEOUL
    assert clock_of("Mars/Olympus").key == clock_of("../etc").key == "UTC"
