"""Songs that went with a rise of the mood."""

from datetime import timedelta

import pytest

from core.charts.helped import AFTER, BEFORE, LEAST_RISE, helped_songs
from tests.moods import NOW, liked, point

MINUTE = timedelta(minutes=1)


def test_a_song_after_which_the_mood_rose_helped() -> None:
    points = [point(NOW - MINUTE, -0.5), point(NOW + MINUTE, -0.3), point(NOW + 2 * MINUTE, -0.1)]
    (helped,) = helped_songs(points, [liked(NOW)])
    assert helped.rise == pytest.approx(0.3)  # the mean of what came after


@pytest.mark.parametrize("after", [-0.8, -0.5, -0.5 + LEAST_RISE / 2])
def test_a_song_after_which_it_fell_or_stayed_did_not(after: float) -> None:
    points = [point(NOW - MINUTE, -0.5), point(NOW + MINUTE, after)]
    assert helped_songs(points, [liked(NOW)]) == ()


def test_the_mood_of_the_moment_itself_is_the_one_before() -> None:
    points = [point(NOW - MINUTE, 0.5), point(NOW, -0.5), point(NOW + MINUTE, 0.0)]
    (helped,) = helped_songs(points, [liked(NOW)])
    assert helped.rise == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        (BEFORE, AFTER, True),
        (BEFORE + MINUTE, AFTER, False),
        (BEFORE, AFTER + MINUTE, False),
    ],
)
def test_moods_too_far_away_say_nothing(before: timedelta, after: timedelta, counts: bool) -> None:
    points = [point(NOW - before, -0.5), point(NOW + after, 0.5)]
    assert bool(helped_songs(points, [liked(NOW)])) is counts


def test_a_song_liked_before_anything_was_said_cannot_be_judged() -> None:
    assert helped_songs([point(NOW + MINUTE, 0.9)], [liked(NOW)]) == ()
    assert helped_songs([point(NOW - MINUTE, -0.9)], [liked(NOW)]) == ()
    assert helped_songs([], [liked(NOW)]) == ()


def test_the_largest_rise_comes_first_and_no_song_twice() -> None:
    day = timedelta(days=1)
    points = [
        *(point(NOW - MINUTE, -0.5), point(NOW + MINUTE, -0.3)),
        *(point(NOW + day - MINUTE, -0.5), point(NOW + day + MINUTE, 0.1)),
        *(point(NOW + 2 * day - MINUTE, -0.5), point(NOW + 2 * day + MINUTE, -0.1)),
    ]
    songs = [liked(NOW, 1), liked(NOW + day, 1), liked(NOW + 2 * day, 2)]
    found = helped_songs(points[::-1], songs[::-1])
    assert [(helped.song.song_id, round(helped.rise, 2)) for helped in found] == [
        ("melon:1", 0.6),
        ("melon:2", 0.4),
    ]
