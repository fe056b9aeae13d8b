from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.labels import COARSE
from core.errors import InvalidCountError
from core.models import Mode, Mood
from core.recommend.catalogue import Catalogue
from core.recommend.exploration import ExplorationConfig
from core.recommend.learned import LearnedModel
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.recommender import RecommenderConfig
from core.records import StandingVerdict, Verdict
from tests.catalogues import catalogue, distribution, mood, song
from tests.votes import learned, verdict

COUNT = 300
SONGS = catalogue(np.random.default_rng(7).dirichlet(np.full(len(COARSE), 0.5), COUNT))
SAD = mood(슬픔=0.8)
STILL = PersonalConfig(lists=RecommenderConfig(noise=0), exploration=ExplorationConfig(rate=0))
CURIOUS = PersonalConfig(exploration=ExplorationConfig(rate=0.5))


def recommend(
    config: PersonalConfig = STILL,
    songs: Catalogue = SONGS,
    model: LearnedModel | None = None,
    *,
    feeling: Mood = SAD,
    mode: Mode = Mode.SIMILAR,
    count: int | None = None,
    shown: tuple[str, ...] = (),
    verdicts: tuple[StandingVerdict, ...] = (),
    seed: int = 0,
) -> list[PersonalItem]:
    return PersonalRecommender(songs, model, config).recommend(
        feeling, mode, count, shown, verdicts, np.random.default_rng(seed)
    )


def ids(items: list[PersonalItem]) -> list[str]:
    return [item.recommendation.song.id for item in items]


@settings(deadline=None)  # a busy machine is slow now and then
@given(
    count=st.integers(1, 20),
    shown=st.sets(st.integers(1, COUNT), max_size=50),
    never=st.sets(st.integers(1, COUNT), max_size=10),
    mode=st.sampled_from((Mode.SIMILAR, Mode.OPPOSITE)),
    seed=st.integers(0, 2**32),
)
def test_no_song_comes_twice_nor_again_nor_after_a_never(
    count: int, shown: set[int], never: set[int], mode: Mode, seed: int
) -> None:
    before = tuple(f"melon:{number}" for number in shown)
    verdicts = tuple(replace(verdict(n), verdict=Verdict.NEVER_SONG) for n in never)
    items = recommend(CURIOUS, count=count, shown=before, verdicts=verdicts, mode=mode, seed=seed)
    found = ids(items)
    assert len(found) == len(set(found)) == count
    barred = {*before, *(each.song_id for each in verdicts)}
    for item in items:
        assert barred.isdisjoint(item.choices)


def test_a_never_of_an_artist_holds_for_all_songs_under_any_name() -> None:
    songs = catalogue(
        [distribution(슬픔=0.8)] * 4,
        [song(1, "아이유 (IU)"), song(2, "IU"), song(3, "아이유, 임슬옹"), song(4, "god")],
    )
    never = StandingVerdict(
        "melon:9", "아이유 (IU)", Mode.SIMILAR, Verdict.NEVER_ARTIST, verdict(1).at
    )
    assert ids(recommend(CURIOUS, songs, verdicts=(never,))) == ["melon:4"]


@pytest.mark.parametrize("count", [0, 21])
def test_a_list_of_no_or_too_many_songs_is_refused(count: int) -> None:
    with pytest.raises(InvalidCountError):
        recommend(count=count)


def test_the_same_seed_gives_the_same_list_and_others_give_others() -> None:
    assert recommend(CURIOUS, seed=3) == recommend(CURIOUS, seed=3)
    assert len({tuple(ids(recommend(CURIOUS, seed=seed))) for seed in range(10)}) > 5


def test_the_list_is_ordered_by_its_scores_where_nothing_is_tried() -> None:
    scores = [item.score for item in recommend(count=20)]
    assert scores == sorted(scores, reverse=True)
    assert all(item.propensity == 1 and not item.parts["explored"] for item in recommend())


def test_the_parts_tell_where_a_score_comes_from() -> None:
    songs = catalogue([distribution(슬픔=share) for share in (0.8, 0.75, 0.2)])
    model = learned(songs, np.array([[0, 1], [1, 0], [0, 1]], np.float32))
    liked = (verdict(2),)
    items = {item.recommendation.song.id: item for item in recommend(songs=songs, verdicts=liked)}
    assert items["melon:2"].parts["taste"] == 0
    items = {
        item.recommendation.song.id: item
        for item in recommend(songs=songs, model=model, verdicts=liked)
    }
    assert items["melon:2"].parts["taste"] > 0 == items["melon:1"].parts["taste"]
    assert items["melon:2"].score > items["melon:2"].parts["mood"]
    assert items["melon:2"].parts["mood"] == items["melon:2"].recommendation.score


def test_what_is_tried_fits_the_mood_and_is_by_no_artist_of_the_list() -> None:
    for seed in range(20):
        items = recommend(CURIOUS, seed=seed)
        moods = PersonalRecommender(SONGS, None, STILL)
        order = moods.recommend(SAD, Mode.SIMILAR, 20, (), (), np.random.default_rng(0))
        near = set(ids(order))
        for item in items[1:]:
            assert len(item.choices) > 6
            assert set(item.choices[1:]) <= near
    songs = catalogue(
        [distribution(슬픔=0.8)] * 3 + [distribution(슬픔=0.7)] * 3,
        [song(n, artist) for n, artist in enumerate(["가", "나", "다", "가", "나", "라"], 1)],
    )
    for seed in range(20):
        for item in recommend(CURIOUS, songs, count=3, seed=seed)[1:]:
            assert set(item.choices[1:]) <= {"melon:6"}


def test_nothing_is_tried_on_who_is_low() -> None:
    low = replace(SAD, valence=-0.6)
    for seed in range(20):
        assert all(item.propensity == 1 for item in recommend(CURIOUS, feeling=low, seed=seed))
    assert any(item.propensity < 1 for item in recommend(CURIOUS))


def test_noise_is_smaller_than_what_the_mood_says() -> None:
    wild = replace(STILL, lists=RecommenderConfig(noise=1.0))
    best = recommend(count=1)[0].recommendation.score
    for seed in range(20):
        assert recommend(wild, count=1, seed=seed)[0].recommendation.score > best - 0.2


def test_another_model_makes_another_recommender() -> None:
    model = learned(SONGS)
    without = PersonalRecommender(SONGS, None, STILL)
    assert (without.model_version, without.with_model(model).model_version) == ("", model.version)
    assert without.model_version == ""
