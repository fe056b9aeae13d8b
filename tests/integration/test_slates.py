"""Lists over the real catalogue: near, bright, varied, and moved by a tap."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bot.config import DATA
from core.models import EmotionScores, Mode, ReasonKind, Wish
from core.recommend.catalogue import Catalogue
from core.recommend.index import SongIndex, percentiles
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import Refinement, SongFilters, SongLanguage, SongQuery
from core.recommend.search import SongSearch
from scripts.evaluate_slates import measure, random_moods
from scripts.recommend import mood_of

LOW = -0.31


@cache
def catalogue() -> Catalogue:
    return Catalogue.load(DATA / "songs")


@cache
def recommender() -> PersonalRecommender:
    return PersonalRecommender(catalogue(), None, PersonalConfig())


def moods(count: int) -> list[EmotionScores]:
    return random_moods(count, np.random.default_rng(11))


def ids(items: list[PersonalItem]) -> tuple[str, ...]:
    return tuple(item.recommendation.song.id for item in items)


def rows(items: list[PersonalItem]) -> list[int]:
    return [recommender().rows[id_] for id_ in ids(items)]


def test_lists_are_near_bright_varied_and_do_not_repeat() -> None:
    measured = measure(catalogue(), 80, seed=1)
    near = measured["similar: mean cosine to the mood"]
    assert near > measured["similar: of songs drawn at random"] + 0.3
    assert measured["similar: lists nearer than the random one"] == 1
    usual = measured["opposite: the catalogue's mean valence"]
    assert measured["opposite of negative moods: mean valence"] > usual + 0.2
    assert measured["opposite: lists brighter than that"] == 1
    assert measured["lists in which an artist comes twice"] == 0
    assert measured["songs again within 10 lists in a row"] == 0


def test_two_fifths_of_the_catalogue_can_be_reached() -> None:
    generator = np.random.default_rng(2)
    reached = {
        row
        for mood in moods(120)
        for mode in (Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH, Mode.SURPRISE)
        for row in rows(recommender().answer(mood, SongQuery(mode, 20), (), (), generator))
    }
    assert len(reached) > 0.4 * len(catalogue().songs)


@pytest.mark.parametrize(
    ("refinement", "column", "sign"),
    [
        (Refinement.BRIGHTER, "valence", 1),
        (Refinement.LIVELIER, "arousal", 1),
        (Refinement.LIVELIER, "valence", 1),
        (Refinement.CALMER, "arousal", -1),
        (Refinement.COMFORTING, "comfort", 1),
        (Refinement.OLDER, "year", -1),
        (Refinement.NEWER, "year", 1),
    ],
)
def test_a_tap_moves_every_list_in_its_direction(
    refinement: Refinement, column: str, sign: int
) -> None:
    songs = catalogue()
    columns = {
        "valence": songs.valence,
        "arousal": songs.arousal,
        "year": np.array([song.year or 0 for song in songs.songs]),
        "comfort": percentiles(SongIndex.of(songs).comfort),
    }
    generator = np.random.default_rng(3)
    moved = []
    for mood in moods(20):
        plain = recommender().answer(mood, SongQuery(), (), (), generator)
        query = SongQuery(refinements=(refinement,), anchor=ids(plain))
        tapped = recommender().answer(mood, query, ids(plain), (), generator)
        means = [float(columns[column][rows(items)].mean()) for items in (plain, tapped)]
        moved.append(sign * (means[1] - means[0]))
    assert min(moved) > 0


def test_livelier_songs_after_sad_ones_are_no_ballads() -> None:
    generator = np.random.default_rng(12)
    for sadness in np.linspace(0.4, 1, 7):
        mood = mood_of({"슬픔": sadness, "중립": (1 - sadness) / 2, "공포": (1 - sadness) / 2})
        plain = recommender().answer(mood, SongQuery(), (), (), generator)
        query = SongQuery(refinements=(Refinement.LIVELIER,), anchor=ids(plain))
        tapped = recommender().answer(mood, query, ids(plain), (), generator)
        before, after = (catalogue().arousal[rows(items)].mean() for items in (plain, tapped))
        assert after > before + 0.3
        assert any("발라드" not in catalogue().songs[row].genres for row in rows(tapped))


@pytest.mark.parametrize("refinement", [Refinement.CALMER, Refinement.LIVELIER])
@pytest.mark.parametrize(
    "filters",
    [SongFilters(artists=("체리필터",)), SongFilters(genres=("댄스",), decades=(1990,))],
    ids=["artist", "genre"],
)
def test_a_tap_gives_as_many_new_songs_as_are_asked_for(
    refinement: Refinement, filters: SongFilters
) -> None:
    generator, query = np.random.default_rng(13), SongQuery(filters=filters)
    shown: list[str] = []
    for _ in range(6):
        found = ids(recommender().answer(moods(1)[0], query, shown, (), generator))
        assert len(set(found)) == 5
        assert not set(found) & set(shown)
        shown += found
        query = replace(query, refinements=(refinement,), anchor=found)


@pytest.mark.parametrize("seed", range(4))
def test_calm_songs_are_no_loud_ones_with_quiet_words(seed: int) -> None:
    query = SongQuery(count=20, wish=Wish.CALM)
    items = recommender().answer(None, query, (), (), np.random.default_rng(seed))
    genres = {genre for row in rows(items) for genre in catalogue().songs[row].genres}
    assert not genres & {"록/메탈", "댄스", "랩/힙합", "일렉트로니카"}


def test_other_artists_are_others() -> None:
    generator = np.random.default_rng(3)
    for mood in moods(20):
        plain = recommender().answer(mood, SongQuery(), (), (), generator)
        query = SongQuery(refinements=(Refinement.OTHER_ARTISTS,), anchor=ids(plain))
        tapped = recommender().answer(mood, query, (), (), generator)
        artists = [{item.recommendation.song.artist for item in items} for items in (plain, tapped)]
        assert artists[0].isdisjoint(artists[1])


def test_paths_rise_by_small_steps() -> None:
    generator = np.random.default_rng(4)
    for mood in moods(60):
        items = recommender().answer(mood, SongQuery(Mode.PATH), (), (), generator)
        valence = catalogue().valence[rows(items)]
        assert valence[-1] > valence[0] + 0.1
        assert np.diff(valence).min() > -0.1
        assert np.diff(valence).max() < 0.4


def test_no_flagged_song_is_offered_to_anybody_low() -> None:
    assert 30 < catalogue().flagged.sum() < 200
    generator = np.random.default_rng(5)
    low = [mood for mood in moods(90) if mood.valence < LOW]
    assert len(low) > 15
    for mood in low:
        for mode in (Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH, Mode.SURPRISE):
            items = recommender().answer(mood, SongQuery(mode, 10), (), (), generator)
            assert not catalogue().flagged[rows(items)].any()


@pytest.mark.parametrize("language", SongLanguage)
def test_filters_hold_over_real_facts(language: SongLanguage) -> None:
    filters = SongFilters(genres=("댄스",), decades=(2000, 2010), language=language)
    generator = np.random.default_rng(6)
    items = recommender().answer(moods(1)[0], SongQuery(filters=filters), (), (), generator)
    assert len(items) == 5
    for row in rows(items):
        song = catalogue().songs[row]
        assert "댄스" in song.genres
        assert song.year is not None
        assert 2000 <= song.year < 2020
        assert (catalogue().korean[row] >= 0.9) == (language is SongLanguage.KOREAN)


def test_a_song_is_called_like_the_mood_only_where_it_is() -> None:
    generator = np.random.default_rng(8)
    seen = set()
    for mood in moods(40):
        for artist in ("싸이", "체리필터", "성시경"):
            query = SongQuery(filters=SongFilters(artists=(artist,)))
            for item in recommender().answer(mood, query, (), (), generator):
                reason = item.recommendation.reason
                seen.add(reason.kind)
                if reason.kind is ReasonKind.SHARED:
                    assert item.recommendation.score >= 0.5
                    assert reason.share >= 0.2
                elif reason.kind is ReasonKind.PLAIN:
                    assert reason.about == item.recommendation.song.artist
                    assert reason.share > 1 / 7  # what the song is most
    assert {ReasonKind.SHARED, ReasonKind.PLAIN} <= seen


def test_songs_like_one_are_nearer_to_it_than_others() -> None:
    generator = np.random.default_rng(7)
    lyrics = catalogue().meaning.astype(np.float32) / 127
    for seed in range(0, 7000, 350):
        query = SongQuery(Mode.LIKE_SONG, seed_song=catalogue().songs[seed].id)
        items = recommender().answer(None, query, (), (), generator)
        assert seed not in rows(items)
        near = float((lyrics[rows(items)] @ lyrics[seed]).mean())
        assert near > float((lyrics @ lyrics[seed]).mean()) + 0.2


@pytest.mark.parametrize(
    ("typed", "song"),
    [
        ("아이유 - 밤편지", "밤편지"),
        ("bam pyeonji", "밤편지"),
        ("벗꽃엔딩", "벚꽃 엔딩"),
        ("강남 스타일", "강남스타일"),
        ("거짓말 - 빅뱅", "거짓말"),
        ("보고 싶다 김범수", "보고 싶다"),
    ],
)
def test_well_known_songs_are_found(typed: str, song: str) -> None:
    assert search().find(typed)[0].song.title == song


@cache
def search() -> SongSearch:
    return SongSearch(catalogue().songs)
