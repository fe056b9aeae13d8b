"""Days, means, changes: what the pictures show."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.charts.calendar import local_day
from core.charts.summary import (
    HISTORY_DAYS,
    MOST_HISTORY_DAYS,
    day_moods,
    history,
    present_mood,
    week,
)
from core.charts.values import Share, Step
from core.emotion.labels import COARSE
from tests.moods import NOW, SEOUL, liked, mood, point, random_points

TODAY = date(2026, 11, 21)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def test_the_present_mood_ranks_all_classes() -> None:
    found = present_mood(mood(슬픔=0.6, 공포=0.3), now=NOW, zone=SEOUL)
    assert [share.label for share in found.shares][:3] == ["슬픔", "공포", "중립"]
    assert len(found.shares) == len(COARSE)
    assert found.shares[0].percent == 60


def test_the_present_mood_names_strong_fine_emotions_that_are_no_class() -> None:
    fine = {"슬픔": 0.9, "없음": 0.8, "서러움": 0.5, "힘듦/지침": 0.7, "짜증": 0.29}
    found = present_mood(mood(fine=fine), now=NOW, zone=SEOUL)
    assert found.fine == ("힘듦/지침", "서러움")


def test_the_present_mood_is_dated_by_the_persons_clock() -> None:
    found = present_mood(mood(), now=datetime(2026, 11, 21, 16, tzinfo=UTC), zone=SEOUL)
    assert (found.at.day, found.at.hour) == (22, 1)


def test_a_day_is_the_mean_of_its_points() -> None:
    moods = day_moods(
        [point(NOW, 0.5, 1.0, 행복=1.0), point(days_ago(0.01), -0.1, 0.0, 슬픔=0.5)], SEOUL
    )
    (day,) = moods.values()
    assert (day.day, day.count) == (TODAY, 2)
    assert day.valence == pytest.approx(0.2)
    assert day.arousal == pytest.approx(0.5)
    assert [share.label for share in day.shares[:3]] == ["행복", "슬픔", "중립"]
    assert [share.share for share in day.shares[:3]] == pytest.approx([0.5, 0.25, 0.25])


def test_points_around_midnight_belong_to_two_days() -> None:
    midnight = datetime(2026, 11, 20, 15, tzinfo=UTC)
    moods = day_moods([point(midnight - timedelta(seconds=1)), point(midnight)], SEOUL)
    assert list(moods) == [date(2026, 11, 20), TODAY]


def test_a_history_has_an_entry_for_every_day() -> None:
    found = history([point(NOW), point(days_ago(3))], [], now=NOW, zone=SEOUL, days=5)
    assert [day is not None for day in found.days] == [False, True, False, False, True]
    assert (found.first, found.last) == (date(2026, 11, 17), TODAY)


def test_a_history_of_nothing_has_no_mean() -> None:
    found = history([], [], now=NOW, zone=SEOUL)
    assert found.mean is None
    assert found.days == (None,) * HISTORY_DAYS


def test_what_lies_outside_of_the_days_is_left_out() -> None:
    old, new = point(days_ago(8), -1.0), point(NOW + timedelta(days=1), -1.0)
    found = history(
        [new, point(NOW, 0.5), old],
        [liked(days_ago(8)), liked(NOW, 2)],
        now=NOW,
        zone=SEOUL,
        days=7,
    )
    assert len(found.moments) == 1
    assert found.mean is not None
    assert found.mean.valence == 0.5
    assert [entry.song.song_id for entry in found.liked] == ["melon:2"]


def test_moments_stand_where_in_their_day_they_were() -> None:
    found = history([point(NOW, -0.5, 슬픔=0.9)], [], now=NOW, zone=SEOUL, days=3)
    (moment,) = found.moments
    assert moment.place == pytest.approx(2 + 21.5 / 24)
    assert (moment.valence, moment.leading) == (-0.5, "슬픔")


def test_liked_songs_come_latest_first_and_once() -> None:
    songs = [liked(days_ago(3), 1), liked(days_ago(1), 2), liked(days_ago(0.5), 1)]
    found = history([], songs, now=NOW, zone=SEOUL)
    assert [(entry.song.song_id, entry.day) for entry in found.liked] == [
        ("melon:1", TODAY),
        ("melon:2", date(2026, 11, 20)),
    ]


@pytest.mark.parametrize("days", [0, -1, MOST_HISTORY_DAYS + 1])
def test_too_long_or_short_a_history_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=str(days)):
        history([], [], now=NOW, zone=SEOUL, days=days)


def test_a_history_over_the_end_of_daylight_saving_loses_no_day() -> None:
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)  # 22:30 on 2 November
    points = [point(now - timedelta(hours=24 * back)) for back in range(4)]
    found = history(points, [], now=now, zone=zone, days=4)
    assert [day.day.day for day in found.known] == [30, 31, 1, 2]
    # Before the change the same distance of 24 hours was an hour later on the clock.
    assert found.moments[0].place == pytest.approx(23.5 / 24)
    assert found.moments[-1].place == pytest.approx(3 + 22.5 / 24)


def test_a_day_of_many_words_counts_no_more_than_a_quiet_one() -> None:
    busy = [point(NOW - timedelta(minutes=minute), -0.8, 슬픔=1.0) for minute in range(60)]
    found = week([*busy, point(days_ago(2), 0.4, 행복=1.0)], [], now=NOW, zone=SEOUL)
    assert found.mean is not None
    assert found.mean.valence == pytest.approx(-0.2)
    assert [share.share for share in found.mean.shares[:2]] == pytest.approx([0.5, 0.5])


def test_a_week_is_held_against_the_week_before() -> None:
    points = [
        point(days_ago(9), -0.6, 0.2, 슬픔=0.8),
        point(days_ago(8), -0.4, 0.2, 슬픔=0.6),
        point(days_ago(1), 0.1, -0.1, 슬픔=0.2, 행복=0.5),
    ]
    change = week(points, [], now=NOW, zone=SEOUL).change
    assert change is not None
    assert change.valence.before == pytest.approx(-0.5)
    assert change.valence.rise == pytest.approx(0.6)
    assert change.arousal.rise == pytest.approx(-0.3)
    assert change.risen is not None
    assert change.fallen is not None
    assert (change.risen.label, change.risen.percent) == ("행복", 50)
    assert (change.fallen.label, change.fallen.percent) == ("슬픔", -50)


def test_what_hardly_changed_is_not_named() -> None:
    points = [point(days_ago(8), 슬픔=0.50), point(days_ago(1), 슬픔=0.53)]
    change = week(points, [], now=NOW, zone=SEOUL).change
    assert change is not None
    assert (change.risen, change.fallen) == (None, None)


@pytest.mark.parametrize("back", [1, 8])
def test_a_week_alone_has_no_change(back: int) -> None:
    assert week([point(days_ago(back))], [], now=NOW, zone=SEOUL).change is None


def test_a_week_with_nothing_says_nothing() -> None:
    found = week([], [liked(NOW)], now=NOW, zone=SEOUL)
    assert (found.mean, found.change, found.helped) == (None, None, ())
    assert found.days == (None,) * 7


def test_the_week_ends_today_and_its_songs_are_of_these_days() -> None:
    points = [point(days_ago(back), valence) for back, valence in ((8, -0.5), (7.9, 0.5))]
    points += [point(days_ago(back), valence) for back, valence in ((1, -0.5), (0.9, 0.5))]
    songs = [liked(days_ago(7.95), 1), liked(days_ago(0.95), 2)]
    found = week(points, songs, now=NOW, zone=SEOUL)
    assert (found.first, found.last) == (date(2026, 11, 15), TODAY)
    assert [helped.song.song_id for helped in found.helped] == ["melon:2"]


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60))
def test_means_stay_in_their_ranges_whatever_the_order(seed: int, count: int) -> None:
    points = random_points(seed, count, 14)
    found = week(points, [], now=NOW, zone=SEOUL)
    assert week(points[::-1], [], now=NOW, zone=SEOUL) == found
    for day in found.known:
        assert sum(day.coarse) == pytest.approx(1, abs=1e-5)
        of_day = [point.valence for point in points if local_day(point.at, SEOUL) == day.day]
        assert min(of_day) - 1e-9 <= day.valence <= max(of_day) + 1e-9
        assert day.count == len(of_day)
    if found.mean is not None:
        assert sum(share.share for share in found.mean.shares) == pytest.approx(1, abs=1e-5)
        order = [share.share for share in found.mean.shares]
        assert order == sorted(order, reverse=True)


def test_a_share_is_rounded_to_whole_percent() -> None:
    assert [Share("슬픔", share).percent for share in (0.004, 0.006, -0.126, 1.0)] == [
        0,
        1,
        -13,
        100,
    ]


def test_a_step_knows_its_rise() -> None:
    assert Step(-0.5, 0.25).rise == 0.75


def test_values_are_plain_numbers() -> None:
    """Not numpy's: they are compared, printed and rounded."""
    found = present_mood(mood(슬픔=0.6), now=NOW, zone=SEOUL)
    assert {type(share.share) for share in found.shares} == {float}
    assert not isinstance(found.valence, np.generic)
