import numpy as np

from core.models import Mode
from core.recommend.events import DOWN, SHOWN, UP
from core.records import Outcome
from tests.catalogues import catalogue, distribution
from tests.votes import event, table

SONGS = catalogue([distribution(슬픔=0.5)] * 4)


def test_events_are_ordered_by_time() -> None:
    events = table([event("b", 2, minutes=5), event("a", 1, minutes=1)], SONGS)
    assert events.songs.tolist() == [0, 1]
    assert [events.ids[person] for person in events.people] == ["a", "b"]
    assert np.diff(events.times).tolist() == [240]


def test_the_latest_outcome_of_a_song_counts_for_each_mode() -> None:
    events = table(
        [
            event("a", 1, Outcome.DOWN, minutes=2),
            event("a", 1, Outcome.UP, minutes=1),
            event("a", 1, Outcome.UP, Mode.OPPOSITE, minutes=3),
            event("b", 1, Outcome.SHOWN, minutes=4),
        ],
        SONGS,
    )
    assert events.outcomes.tolist() == [DOWN, UP, SHOWN]
    assert events.modes.tolist() == [0, 1, 0]


def test_songs_that_left_the_catalogue_are_left_out() -> None:
    assert len(table([event("a", 9)], SONGS)) == 0


def test_an_unknown_mood_is_a_row_of_zeros() -> None:
    events = table([event("a", 1, mood=None), event("a", 2, minutes=1)], SONGS)
    assert events.moods.any(axis=1).tolist() == [False, True]


def test_a_part_of_the_events_keeps_the_numbers_of_the_people() -> None:
    events = table([event("a", 1), event("b", 2, minutes=1)], SONGS)
    part = events.take(np.array([1]))
    assert part.ids[part.people[0]] == "b"
    assert part.person_count == 2
