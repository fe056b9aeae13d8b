from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.labels import COARSE
from core.models import Mode, Song
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes, chart_popularity
from core.recommend.fitting import FitConfig, fit
from core.records import Outcome, StandingVerdict, TasteEvent, Verdict
from tests.catalogues import catalogue, distribution, song
from tests.votes import NOW, event, learned, table, verdict

MANY = 300
_GENERATOR = np.random.default_rng(7)
SONGS = catalogue(
    _GENERATOR.dirichlet(np.full(len(COARSE), 0.5), MANY),
    [song(number, chart_months=number % 30, best_rank=1 + number % 50) for number in range(MANY)],
)
ROWS = {each.id: row for row, each in enumerate(SONGS.songs)}
SAD = distribution(슬픔=0.8)
NONE = OwnVotes.of([], ROWS)
PLAIN = BlendConfig(popularity=0)


def votes_of_a_crowd(people: int = 60, each: int = 40) -> list[TasteEvent]:
    """People of two tastes: one likes even songs, the other odd ones."""
    generator = np.random.default_rng(1)
    return [
        event(
            str(person),
            int(number),
            Outcome.UP if (number + person) % 2 == 0 else Outcome.DOWN,
            mood=generator.dirichlet(np.full(len(COARSE), 0.5)).astype(np.float32),
        )
        for person in range(people)
        for number in generator.choice(MANY, each, replace=False)
    ]


CROWD = fit(table(votes_of_a_crowd(), SONGS), SONGS, FitConfig(threads=1))


def top(scores: np.ndarray, count: int = 5) -> set[int]:
    return set(np.argsort(-scores)[:count].tolist())


def some_votes(count: int, seed: int = 0) -> OwnVotes:
    numbers = np.random.default_rng(seed).choice(MANY, count, replace=False)
    return OwnVotes.of([verdict(int(n), bool(n % 2)) for n in numbers], ROWS)


def moods(count: int = 40) -> np.ndarray:
    return np.random.default_rng(9).dirichlet(np.full(len(COARSE), 0.5), count)


def test_without_votes_and_charts_the_order_is_that_of_the_mood() -> None:
    scores = Blender(SONGS, None, PLAIN).scores(SAD, Mode.SIMILAR, NONE)
    assert np.array_equal(scores.total, scores.fit)


def test_at_the_start_the_list_is_almost_that_of_the_mood() -> None:
    blender = Blender(SONGS, None, BlendConfig())
    shared = []
    for mood in moods():
        for mode in (Mode.SIMILAR, Mode.OPPOSITE):
            scores = blender.scores(mood, mode, NONE)
            shared.append(len(top(scores.total) & top(scores.fit)))
    assert np.mean(shared) >= 4


@pytest.mark.parametrize("count", [1, 2, 3])
def test_with_few_votes_of_a_person_the_list_is_almost_the_one_without(count: int) -> None:
    blender = Blender(SONGS, CROWD, BlendConfig())
    shared = []
    for seed, mood in enumerate(moods()):
        own = some_votes(count, seed)
        without, few = (blender.scores(mood, Mode.SIMILAR, votes) for votes in (NONE, own))
        shared.append(len(top(without.total) & top(few.total)))
    assert np.mean(shared) >= 4


def test_with_few_votes_of_everybody_the_list_is_almost_that_of_the_mood() -> None:
    few = fit(table(votes_of_a_crowd(20, 3), SONGS), SONGS, FitConfig(threads=1))
    blender = Blender(SONGS, few, PLAIN)
    shared = []
    for seed, mood in enumerate(moods()):
        scores = blender.scores(mood, Mode.SIMILAR, some_votes(3, seed))
        shared.append(len(top(scores.total) & top(scores.fit)))
    assert np.mean(shared) >= 4


def test_with_many_votes_the_person_gets_more_of_what_the_person_likes() -> None:
    blender = Blender(SONGS, CROWD, BlendConfig())
    odd = []
    for seed, mood in enumerate(moods()):
        scores = blender.scores(mood, Mode.SIMILAR, some_votes(60, seed))
        odd += [row % 2 for row in top(scores.total)]
    assert np.mean(odd) > 0.8


@settings(deadline=None)
@given(
    votes=st.integers(0, 100),
    seed=st.integers(0, 1000),
    mode=st.sampled_from((Mode.SIMILAR, Mode.OPPOSITE)),
    reach=st.floats(0.02, 0.5),
)
def test_no_song_overtakes_one_that_fits_better_by_more_than_the_reach(
    votes: int, seed: int, mode: Mode, reach: float
) -> None:
    mood = np.random.default_rng(seed).dirichlet(np.full(len(COARSE), 0.5))
    blender = Blender(SONGS, CROWD, BlendConfig(reach=reach))
    scores = blender.scores(mood, mode, some_votes(votes, seed))
    width = 2 * scores.half_width
    assert np.abs(scores.total - scores.fit).max() <= scores.half_width + 1e-6
    order = np.argsort(-scores.total)
    best_left = np.maximum.accumulate(scores.fit[order][::-1])[::-1]
    assert np.all(scores.fit[order] >= best_left - width - 1e-6)
    within = np.count_nonzero(scores.fit >= scores.fit.max() - width - 1e-6)
    assert within == pytest.approx(reach * MANY, abs=2)


def test_a_song_disliked_in_this_mode_loses_all_that_can_be_lost() -> None:
    blender = Blender(SONGS, None, PLAIN)
    for mode, other in ((Mode.SIMILAR, Mode.OPPOSITE), (Mode.OPPOSITE, Mode.SIMILAR)):
        own = OwnVotes.of([verdict(5, False, mode)], ROWS)
        here, there = (blender.scores(SAD, each, own) for each in (mode, other))
        row = ROWS["melon:5"]
        assert here.total[row] == pytest.approx(here.fit[row] - here.half_width)
        assert there.total[row] == there.fit[row]


def test_a_like_in_the_other_mode_says_less() -> None:
    model = learned(SONGS, np.tile(np.array([[1, 0]], np.float32), (MANY, 1)))
    blender = Blender(SONGS, model, PLAIN)
    own = OwnVotes.of([verdict(number) for number in range(10)], ROWS)
    same, other = (
        blender.scores(SAD, mode, own).taste[20] for mode in (Mode.SIMILAR, Mode.OPPOSITE)
    )
    assert 0 < other < same


def test_verdicts_become_votes_and_never_is_a_dislike() -> None:
    verdicts = [
        verdict(3),
        replace(verdict(4, mode=Mode.OPPOSITE), verdict=Verdict.NEVER_SONG),
        StandingVerdict("melon:gone", "누구", Mode.SIMILAR, Verdict.UP, NOW),
    ]
    own = OwnVotes.of(verdicts, ROWS)
    assert own.songs.tolist() == [ROWS["melon:3"], ROWS["melon:4"]]
    assert own.liked.tolist() == [True, False]
    assert own.modes.tolist() == [0, 1]


def test_popularity_goes_by_months_and_best_rank() -> None:
    songs = [
        Song("a", "a", "a", chart_months=20, best_rank=1),
        Song("b", "b", "b", chart_months=2, best_rank=1),
        Song("c", "c", "c", chart_months=1, best_rank=90),
        Song("d", "d", "d"),
    ]
    first, second, third, unknown = chart_popularity(songs)
    assert 1 >= first > second > third >= -1
    assert unknown == 0
    assert not chart_popularity(songs[3:]).any()
