"""Gentle songs of the shipped catalogue are gentle, whichever are drawn."""

from pathlib import Path

import numpy as np
import pytest

from core.emotion.labels import COARSE
from core.models import Mode
from core.reasons import ReasonKind
from core.recommend.catalogue import Catalogue
from core.recommend.gentle import CALM_GENRES, MOST_AROUSAL, gentle_songs, has_hard_title
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import SongFilters, SongQuery
from tests.catalogues import mood

FOLDER = Path(__file__).resolve().parents[2] / "data/songs"
LOUD = ("랩", "힙합", "댄스", "록", "메탈", "트로트", "일렉")
DRAWS = 200


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


@pytest.fixture(scope="module")
def recommender(catalogue: Catalogue) -> PersonalRecommender:
    return PersonalRecommender(catalogue, None, PersonalConfig())


def draw(
    recommender: PersonalRecommender, seed: int, shown: tuple[str, ...] = (), artist: str = ""
) -> list[PersonalItem]:
    filters = SongFilters(artists=(artist,) if artist else ())
    query = SongQuery(Mode.SURPRISE, 5, filters, gentle=True)
    felt = mood(행복=0.5, 중립=0.3)
    return recommender.answer(felt, query, shown, (), np.random.default_rng(seed))


def test_there_are_enough_of_them_for_a_long_night(catalogue: Catalogue) -> None:
    assert gentle_songs(catalogue).sum() >= 100


def test_every_song_of_many_lists_is_gentle(
    catalogue: Catalogue, recommender: PersonalRecommender
) -> None:
    shown: tuple[str, ...] = ()
    seen: set[str] = set()
    for seed in range(DRAWS):
        items = draw(recommender, seed, shown)
        assert len(items) == 5
        for item in items:
            song = item.recommendation.song
            row = recommender.rows[song.id]
            assert song.genres, song.title
            assert CALM_GENRES.issuperset(song.genres), song.title
            assert not any(word in genre for word in LOUD for genre in song.genres), song.title
            assert catalogue.arousal[row] <= MOST_AROUSAL, song.title
            assert catalogue.valence[row] >= 0, song.title
            assert catalogue.lyric_valence[row] >= 0, song.title
            assert COARSE[int(catalogue.coarse[row].argmax())] in {"행복", "중립"}, song.title
            assert not catalogue.flagged[row], song.title
            assert not has_hard_title(song.title), song.title
            assert item.recommendation.reason.kind is ReasonKind.GENTLE
            assert item.recommendation.reason.contrast is None
        seen |= {item.recommendation.song.id for item in items}
        shown = (*shown, *(item.recommendation.song.id for item in items))[-50:]
    assert len(seen) >= 60


def test_the_artist_that_was_asked_for_sings_where_there_are_such_songs(
    recommender: PersonalRecommender,
) -> None:
    items = draw(recommender, 0, artist="아이유")
    assert len(items) >= 2
    assert all("아이유" in item.recommendation.song.artist for item in items)


@pytest.mark.parametrize(
    "title",
    ["희생", "지상에서 영원으로", "끝이 보일때쯤", "이별여행", "Goodbye My Princess", "BYE",
     "눈물 나는 날에는", "마지막 인사", "죽을 만큼", "떠나지마", "FRIEND THE END"],
)  # fmt: skip
def test_titles_of_death_end_and_leaving_are_hard(title: str) -> None:
    assert has_hard_title(title)


@pytest.mark.parametrize("title", ["비밀의 화원", "봄비", "Friends", "Lovers", "걱정말아요 그대"])
def test_other_titles_are_not(title: str) -> None:
    assert not has_hard_title(title)
