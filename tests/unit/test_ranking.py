from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.ranking import jitter, pick

NOTHING: npt.NDArray[np.intp] = np.array([], dtype=np.intp)


def chosen(
    scores: list[float],
    count: int,
    artists: Sequence[Collection[int]] | None = None,
    excluded: list[int] | None = None,
) -> list[int]:
    return pick(
        np.array(scores, np.float32),
        np.array(excluded or [], np.intp),
        [frozenset(numbers) for numbers in artists or ([n] for n in range(len(scores)))],
        count,
    )


def test_the_best_come_first() -> None:
    assert chosen([0.1, 0.9, 0.5, 0.7], 3) == [1, 3, 2]


def test_the_excluded_are_left_out() -> None:
    assert chosen([0.1, 0.9, 0.5, 0.7], 2, excluded=[1, 1, 3]) == [2, 0]


def test_an_artist_comes_once_while_there_are_others() -> None:
    assert chosen([0.9, 0.8, 0.7, 0.6], 3, artists=[[1], [1], [2], [3]]) == [0, 2, 3]


def test_an_artist_comes_again_rather_than_leave_the_list_short() -> None:
    assert chosen([0.9, 0.8, 0.7, 0.6], 3, artists=[[1], [1], [1], [2]]) == [0, 1, 3]


def test_each_of_several_artists_counts() -> None:
    assert chosen([0.9, 0.8, 0.7, 0.6], 3, artists=[[1, 2], [2], [3], [1, 4]]) == [0, 1, 2]
    assert chosen([0.9, 0.8, 0.7, 0.6], 2, artists=[[1, 2], [2], [3], [1, 4]]) == [0, 2]


def test_another_artist_is_found_behind_hundreds_of_songs_of_one() -> None:
    scores = np.linspace(1, 0, 500, dtype=np.float32)
    artists = [frozenset([0])] * 499 + [frozenset([1])]
    assert pick(scores, NOTHING, artists, 2) == [0, 499]


def test_what_there_is_comes_where_too_much_is_asked() -> None:
    assert chosen([0.1, 0.9], 5) == [1, 0]
    assert chosen([0.1, 0.9], 5, excluded=[0, 1]) == []


@given(
    songs=st.lists(
        st.tuples(st.floats(0, 1, width=32), st.sets(st.integers(0, 6), min_size=1, max_size=3)),
        min_size=1,
        max_size=60,
    ),
    count=st.integers(1, 20),
    excluded=st.sets(st.integers(0, 59)),
)
def test_lists_are_full_ordered_and_repeat_an_artist_only_where_no_other_is_left(
    songs: list[tuple[float, set[int]]], count: int, excluded: set[int]
) -> None:
    left_out = sorted(row for row in excluded if row < len(songs))
    rows = chosen([score for score, _ in songs], count, [a for _, a in songs], left_out)
    eligible = {row for row in range(len(songs)) if row not in left_out}
    assert len(rows) == len(set(rows)) == min(count, len(eligible))
    assert set(rows) <= eligible
    scores = [songs[row][0] for row in rows]
    assert scores == sorted(scores, reverse=True)
    named = [artist for row in rows for artist in songs[row][1]]
    if len(named) > len(set(named)):
        assert all(songs[row][1] & set(named) for row in eligible)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(1, 20))
def test_lists_name_as_many_artists_as_they_can(artists: list[int], count: int) -> None:
    rows = chosen([0.5] * len(artists), count, [[artist] for artist in artists])
    assert len({artists[row] for row in rows}) == min(count, len(set(artists)))


def test_noise_raises_every_score_by_less_than_its_size() -> None:
    scores = np.linspace(0, 1, 1000, dtype=np.float32)
    raised = jitter(scores, 0.1, np.random.default_rng(0)) - scores
    assert raised.min() >= -1e-6
    assert raised.max() <= 0.1 + 1e-6
    assert raised.mean() == pytest.approx(0.05, abs=0.005)


def test_noise_of_no_size_changes_nothing() -> None:
    scores = np.array([0.5, 0.25], np.float32)
    assert np.array_equal(jitter(scores, 0, np.random.default_rng(0)), scores)
