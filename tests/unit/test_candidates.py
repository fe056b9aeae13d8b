from dataclasses import replace

import numpy as np
import pytest

from core.models import Mode
from core.recommend.candidates import CandidateConfig, Candidates, match_genres
from core.recommend.index import SongIndex
from core.recommend.query import Refinement, SongFilters, SongLanguage, SongQuery
from core.records import Verdict
from tests.catalogues import catalogue, distribution, song
from tests.votes import verdict

COUNT = 20
SONGS = catalogue(
    [distribution(슬픔=0.5)] * COUNT,
    [
        song(
            number,
            f"가수 {number // 2}",
            genres=("발라드", "국내드라마") if number % 2 else ("랩/힙합",),
            year=None if number == 1 else 1995 + number,
        )
        for number in range(1, COUNT + 1)
    ],
    valence=np.linspace(-1, 1, COUNT),
    arousal=np.linspace(1, -1, COUNT),
    korean=[0.5] * 5 + [1.0] * 15,
    flagged=[True] * 2 + [False] * 18,
)
INDEX = SongIndex.of(SONGS)
CANDIDATES = Candidates(SONGS, INDEX, CandidateConfig())


def numbers(
    query: SongQuery | None = None, *, low: bool = False, shown: tuple[str, ...] = ()
) -> set[int]:
    mask = CANDIDATES.mask(query or SongQuery(), low, shown, ())
    return {int(row) + 1 for row in np.flatnonzero(mask)}


def filtered(**filters: object) -> set[int]:
    return numbers(SongQuery(filters=SongFilters(**filters)))  # type: ignore[arg-type]


def test_without_a_filter_every_song_may_come() -> None:
    assert numbers() == set(range(1, COUNT + 1))


def test_songs_of_any_wanted_genre_pass() -> None:
    assert filtered(genres=("국내드라마",)) == set(range(1, COUNT + 1, 2))
    assert filtered(genres=("랩/힙합", "발라드")) == set(range(1, COUNT + 1))
    assert filtered(genres=("재즈",)) == set()


def test_a_decade_is_ten_years_and_an_unknown_year_is_in_none() -> None:
    assert filtered(decades=(1990,)) == {2, 3, 4}
    assert filtered(decades=(1990, 2010)) == {2, 3, 4, *range(15, 21)}
    assert 1 not in filtered(decades=(1990, 2000, 2010, 0))


def test_languages_share_the_catalogue() -> None:
    assert filtered(language=SongLanguage.MIXED) == {1, 2, 3, 4, 5}
    assert filtered(language=SongLanguage.KOREAN) == set(range(6, COUNT + 1))


def test_filters_are_combined() -> None:
    wanted = filtered(genres=("발라드",), decades=(2000,), language=SongLanguage.MIXED)
    assert wanted == {5}


def test_what_was_shown_or_is_not_wanted_does_not_come() -> None:
    assert not numbers(shown=("melon:3", "melon:gone")) & {3}
    assert not filtered(without_songs=("melon:4",)) & {4}
    assert not filtered(without_artists=("가수 3",)) & {6, 7}


def test_what_was_said_never_to_come_does_not() -> None:
    never = (
        replace(verdict(9), verdict=Verdict.NEVER_SONG),
        replace(verdict(14), artist="가수 7", verdict=Verdict.NEVER_ARTIST),
        verdict(18, liked=False),
    )
    mask = CANDIDATES.mask(SongQuery(), False, (), never)
    assert {int(row) + 1 for row in np.flatnonzero(~mask)} == {9, 14, 15}


def test_flagged_songs_come_to_nobody_who_is_low() -> None:
    assert not numbers(low=True) & {1, 2}
    assert numbers(low=False) >= {1, 2}


def test_the_song_that_was_named_is_not_among_those_like_it() -> None:
    assert 8 not in numbers(SongQuery(Mode.LIKE_SONG, seed_song="melon:8"))


@pytest.mark.parametrize(
    ("refinement", "left"),
    [
        (Refinement.BRIGHTER, set(range(9, 21))),
        (Refinement.CALMER, set(range(9, 21))),
        (Refinement.NEWER, set(range(9, 21))),
        (Refinement.OLDER, {2, 3}),
        (Refinement.OTHER_ARTISTS, set(range(1, 21)) - {4, 5, 6, 7}),
    ],
)
def test_a_refinement_moves_on_from_the_list_it_was_tapped_under(
    refinement: Refinement, left: set[int]
) -> None:
    query = SongQuery(refinements=(refinement,), anchor=("melon:5", "melon:6"))
    found = numbers(query)
    if refinement is Refinement.OTHER_ARTISTS:
        assert found == left
    else:
        # Exactly where it begins hangs on the step; that it is beyond the list does not.
        assert found
        assert found <= left | {8, 9} if refinement is not Refinement.OLDER else found <= {2, 3, 4}


def test_what_earlier_taps_reached_is_held() -> None:
    anchor = ("melon:15",)
    newer_first = SongQuery(refinements=(Refinement.NEWER, Refinement.BRIGHTER), anchor=anchor)
    assert min(numbers(newer_first)) > 15


def test_however_often_is_tapped_there_are_songs_left() -> None:
    query = SongQuery(refinements=(Refinement.BRIGHTER,), anchor=("melon:20",))
    assert numbers(query) == {20}


@pytest.mark.parametrize(
    ("name", "genres"),
    [
        ("힙합", ("랩/힙합",)),
        ("알앤비", ("R&B/Soul",)),
        ("r&b", ("R&B/Soul",)),
        ("발라드", ("발라드",)),
        ("OST", ("국내드라마",)),
        ("트로트", ("성인가요/트로트",)),
        ("없는 장르", ()),
        ("", ()),
        ("'; DROP TABLE songs", ()),
    ],
)
def test_genres_are_found_by_the_names_people_use(name: str, genres: tuple[str, ...]) -> None:
    known = ("발라드", "댄스", "랩/힙합", "R&B/Soul", "국내드라마", "성인가요/트로트")
    assert match_genres(name, known) == genres
