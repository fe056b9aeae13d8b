"""The classic way: the cosine, the noise, each artist once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.labels import COARSE
from core.errors import InvalidCountError
from core.models import Mode, Reason, ReasonKind, Slate
from core.recommend.catalogue import Catalogue
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.recommender import RecommenderConfig
from tests.catalogues import catalogue, distribution, mood, song

SAD = mood(슬픔=0.8)


def random_catalogue(count: int = 300) -> Catalogue:
    return catalogue(np.random.default_rng(7).dirichlet(np.full(len(COARSE), 0.5), count))


SONGS = random_catalogue()


def recommend(
    songs: Catalogue = SONGS,
    mode: Mode = Mode.SIMILAR,
    count: int | None = None,
    shown: tuple[str, ...] = (),
    seed: int = 0,
    noise: float = 1 / 30,
) -> Slate:
    config = PersonalConfig(classic=True, lists=RecommenderConfig(noise=noise))
    recommender = PersonalRecommender(songs, None, config)
    items = recommender.recommend(SAD, mode, count, shown, (), np.random.default_rng(seed))
    return Slate(mode, tuple(item.recommendation for item in items))


def ids(slate: Slate) -> list[str]:
    return [item.song.id for item in slate.items]


def test_similar_songs_are_those_closest_to_the_mood() -> None:
    songs = catalogue([distribution(슬픔=share) for share in (0.1, 0.8, 0.5, 0.7)])
    slate = recommend(songs, count=3, noise=0)
    assert ids(slate) == ["melon:2", "melon:4", "melon:3"]
    assert slate.mode is Mode.SIMILAR
    assert slate.items[0].score == pytest.approx(1)


def test_opposite_songs_are_brighter_and_not_the_farthest() -> None:
    songs = catalogue(
        [distribution(슬픔=0.8), distribution(행복=0.55, 슬픔=0.35), distribution(혐오=1)]
    )
    assert ids(recommend(songs, Mode.OPPOSITE, 1, noise=0)) == ["melon:2"]


def test_five_songs_come_where_nobody_said_how_many() -> None:
    assert len(recommend().items) == 5


@pytest.mark.parametrize("count", [0, -1, 21, 10**9])
def test_a_list_of_no_or_too_many_songs_is_refused(count: int) -> None:
    with pytest.raises(InvalidCountError) as caught:
        recommend(count=count)
    assert caught.value.most == 20


@given(
    count=st.integers(1, 20),
    shown=st.sets(st.integers(1, 300), max_size=50),
    mode=st.sampled_from((Mode.SIMILAR, Mode.OPPOSITE)),
    seed=st.integers(0, 2**32),
)
def test_no_song_comes_twice_or_again(count: int, shown: set[int], mode: Mode, seed: int) -> None:
    before = tuple(f"melon:{number}" for number in shown)
    found = ids(recommend(mode=mode, count=count, shown=before, seed=seed))
    assert len(found) == len(set(found)) == count
    assert not set(found) & set(before)


def test_shown_songs_that_left_the_catalogue_are_ignored() -> None:
    assert ids(recommend(shown=("melon:0", "song:gone"))) == ids(recommend())


def test_a_small_catalogue_gives_what_it_has() -> None:
    songs = catalogue([distribution(슬픔=share) for share in (0.2, 0.4)])
    assert len(recommend(songs).items) == 2
    assert ids(recommend(songs, shown=("melon:1", "melon:2"))) == []


def test_the_same_seed_gives_the_same_slate() -> None:
    assert recommend(seed=3) == recommend(seed=3)


def test_other_seeds_give_other_songs() -> None:
    songs = catalogue([distribution(슬픔=0.8)] * 50)
    assert len({tuple(ids(recommend(songs, seed=seed))) for seed in range(10)}) == 10


def test_scores_are_cosines_without_the_noise_and_fall() -> None:
    slate = recommend(count=20, noise=0.5)
    rows = {song.id: row for row, song in enumerate(SONGS.songs)}
    scores = [item.score for item in slate.items]
    assert scores == sorted(scores, reverse=True)
    for item in slate.items:
        vector = SONGS.coarse[rows[item.song.id]]
        cosine = vector @ SAD.coarse / np.linalg.norm(vector) / np.linalg.norm(SAD.coarse)
        assert item.score == pytest.approx(float(cosine), abs=1e-5)


def test_a_song_further_away_than_the_noise_never_comes() -> None:
    songs = catalogue([distribution(슬픔=0.8)] * 5 + [distribution(행복=0.8)])
    assert all("melon:6" not in ids(recommend(songs, seed=seed)) for seed in range(50))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (
            Mode.SIMILAR,
            {
                "melon:1": Reason(ReasonKind.SHARED, "슬픔", 0.875),
                "melon:2": Reason(ReasonKind.PLAIN, "행복", 0.625),  # not like the mood
                "melon:3": Reason(ReasonKind.PLAIN, "공포", 1),
            },
        ),
        (
            Mode.OPPOSITE,
            {
                "melon:1": Reason(ReasonKind.SHARED, "슬픔", 0.875),
                "melon:2": Reason(ReasonKind.LIFT, "행복", 0.625),
                "melon:3": Reason(ReasonKind.CALM, "슬픔", 0),
            },
        ),
    ],
)
def test_every_song_has_its_own_reason(mode: Mode, expected: dict[str, Reason]) -> None:
    songs = catalogue(
        [distribution(슬픔=0.875), distribution(행복=0.625, 슬픔=0.25), distribution(공포=1)]
    )
    found = {item.song.id: replace(item.reason, fine=None) for item in recommend(songs, mode).items}
    assert found == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("아이유", "아이유 (IU)"),
        ("IU (아이유)", "iU"),
        ("아이유, 임슬옹", "아이유"),
        ("쿨 (COOL)", "이재훈 (쿨)"),
        ("토이, 김연우", "김연우"),
        ("(여자)아이들", "(여자)아이들 ((G)I-DLE)"),
    ],
)
def test_an_artist_comes_once_in_a_list_under_whatever_name(one: str, other: str) -> None:
    songs = catalogue(
        [distribution(슬픔=0.8), distribution(슬픔=0.8), distribution(행복=0.8)],
        [song(1, one), song(2, other), song(3, "god")],
    )
    for seed in range(5):
        found = [item.song.artist for item in recommend(songs, count=2, seed=seed).items]
        assert found in ([one, "god"], [other, "god"])


def test_two_artists_come_together_though_a_third_song_is_by_both() -> None:
    songs = catalogue(
        [distribution(슬픔=share) for share in (0.8, 0.75, 0.7, 0.2)],
        [song(1, "토이"), song(2, "토이, 김연우"), song(3, "김연우"), song(4, "god")],
    )
    assert ids(recommend(songs, count=2, noise=0)) == ["melon:1", "melon:3"]
