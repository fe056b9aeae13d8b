from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.recommend.exploration import ExplorationConfig, draw, explore

OFTEN = ExplorationConfig(rate=0.5)


@settings(deadline=None)
@given(
    count=st.integers(0, 20),
    pool=st.integers(0, 20),
    rate=st.floats(0, 0.99),
    seed=st.integers(0, 2**32),
)
def test_no_song_comes_twice_and_all_come_from_where_they_may(
    count: int, pool: int, rate: float, seed: int
) -> None:
    ranked, tried = range(count), range(100, 100 + pool)
    places = explore(ranked, tried, ExplorationConfig(rate=rate), np.random.default_rng(seed))
    rows = [place.row for place in places]
    assert len(set(rows)) == len(rows) == count
    for rank, place in enumerate(places):
        assert place.choices[0] == rank
        assert place.row in place.choices
        assert set(place.choices[1:]).isdisjoint(rows[:rank])
        assert 0 < place.propensity <= 1
        assert place.explored == (place.row >= 100)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_first_song_is_never_a_trial(seed: int) -> None:
    places = explore([1, 2, 3], [7, 8], OFTEN, np.random.default_rng(seed))
    assert (places[0].row, places[0].propensity, places[0].choices) == (1, 1.0, (1,))


def test_propensities_are_the_frequencies() -> None:
    """Of every place, given the places before it, over many lists."""
    generator = np.random.default_rng(5)
    seen: Counter[tuple[int, ...]] = Counter()
    stated: dict[tuple[int, ...], float] = {}
    lists = 40_000
    for _ in range(lists):
        before: tuple[int, ...] = ()
        for place in explore([0, 1, 2], [7, 8, 9], OFTEN, generator):
            seen[before] += 1
            before = (*before, place.row)
            stated[before] = place.propensity
        seen[before] += 1
    assert len(stated) == 1 + 4 + 13
    for path, propensity in stated.items():
        given_before = seen[path[:-1]]
        deviation = 4 * (propensity * (1 - propensity) / given_before) ** 0.5
        assert seen[path] / given_before == pytest.approx(propensity, abs=deviation + 1e-9)


def test_the_propensities_of_all_choices_sum_to_one() -> None:
    for seed in range(20):
        for place in explore([0, 1, 2], [7, 8, 9], OFTEN, np.random.default_rng(seed))[1:]:
            tried = len(place.choices) - 1
            assert place.propensity in (0.5, pytest.approx(0.5 / tried))


def test_without_a_pool_everything_is_certain() -> None:
    places = explore([4, 2], [], OFTEN, np.random.default_rng(0))
    assert [(place.row, place.propensity) for place in places] == [(4, 1.0), (2, 1.0)]


def test_a_surprise_draws_every_place_evenly_from_what_is_left() -> None:
    firsts: Counter[int] = Counter()
    for seed in range(3000):
        places = draw([4, 5, 6], 5, np.random.default_rng(seed))
        assert sorted(place.row for place in places) == [4, 5, 6]
        assert [place.propensity for place in places] == [1 / 3, 1 / 2, 1]
        assert all(place.explored and place.row in place.choices for place in places)
        firsts[places[0].row] += 1
    assert all(abs(times - 1000) < 110 for times in firsts.values())


@pytest.mark.parametrize("config", [{"rate": 1.0}, {"rate": -0.1}, {"pool": -1}])
def test_settings_out_of_their_range_are_refused(config: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"rate|pool"):
        ExplorationConfig(**config)  # type: ignore[arg-type]
