"""Songs asked for in plain words, looked up in the bundled catalogue."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Command, parse
from bot.config import ROOT
from core.models import Wish
from core.recommend.catalogue import Catalogue
from core.recommend.index import percentiles
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongQuery
from core.recommend.requests import read_request
from core.recommend.search import SongSearch
from core.recommend.wishes import wish_scores
from core.service.asking import Asking

DATA = Path(__file__).parents[1] / "data"
REQUESTS = [
    line.split("\t") for line in (DATA / "song_requests.tsv").read_text("utf-8").splitlines()
]
TALK = (DATA / "no_song_requests.txt").read_text("utf-8").splitlines()
_CATALOGUE = Catalogue.load(ROOT / "data/songs")
_RECOMMENDER = PersonalRecommender(_CATALOGUE, None, PersonalConfig())
_TITLES = {song.id: song.title for song in _CATALOGUE.songs}


@pytest.fixture(scope="module")
def search() -> SongSearch:
    return SongSearch(_CATALOGUE.songs)


@pytest.fixture(scope="module")
def asking(search: SongSearch) -> Asking:
    return Asking(_CATALOGUE.songs, search, _RECOMMENDER.genres)


def meaning(asking: Asking, text: str) -> dict[str, Any] | None:
    """What is understood, what says nothing left out; None for talk."""
    asked = parse(text).asked
    meant = None if asked is None else asking.resolve(asked)
    if asked is None or meant is None:
        return None
    query, filters = meant.query, meant.query.filters
    found: dict[str, Any] = {
        "mode": None if query.mode == "similar" else query.mode,
        "count": query.count,
        "wish": query.wish,
        "genres": list(filters.genres),
        "decades": list(filters.decades),
        "years": list(filters.years),
        "language": filters.language,
        "subjects": list(filters.subjects),
        "artists": list(filters.artists),
        "without": [*filters.without_artists, *filters.without_genres],
        "singers": asked.singers,
        "title": [_TITLES[id_] for id_ in filters.songs],
        "like": meant.among[0].title if meant.among else None,
        "words": meant.words,
        "more": asked.more,
        "refinement": asked.refinement,
    }
    return {name: value for name, value in found.items() if value}


def test_there_are_as_many_sentences_as_were_asked_for() -> None:
    assert len({text for text, _ in REQUESTS}) >= 120
    assert len(set(TALK)) >= 80


@pytest.mark.parametrize(("text", "expected"), REQUESTS)
def test_requests_are_understood(asking: Asking, text: str, expected: str) -> None:
    assert meaning(asking, text) == json.loads(expected)


@pytest.mark.parametrize("text", TALK)
def test_what_only_tells_of_songs_is_talk(asking: Asking, text: str) -> None:
    assert meaning(asking, text) is None
    request = parse(text)
    if request.asked is None:
        # What is said of a song in a list is talk where there is none.
        assert request.command is Command.TALK or request.spoken


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("콜드플레이 노래 틀어줘", "콜드플레이"),
        ("테일러 스위프트 노래 추천해줘", "테일러 스위프트"),
        ("play some songs by coldplay", "coldplay"),
        *(("바다 노래 틀어줘", None), ("몽환적인 노래 틀어줘", None), ("play dreamy songs", None)),
        *(("심심한데 노래 추천해줘", None), ("오늘 너무 힘들었어 노래 추천해줘", None)),
    ],
)
def test_an_artist_of_whom_there_are_no_songs_is_told_from_a_theme(
    asking: Asking, text: str, unknown: str | None
) -> None:
    asked = parse(text).asked
    meant = None if asked is None else asking.resolve(asked)
    assert meant is not None
    assert meant.unknown == unknown


def test_letters_at_random_are_seldom_taken_for_a_song(search: SongSearch) -> None:
    generator = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    typed = ["".join(generator.choice(letters, generator.integers(6, 10))) for _ in range(200)]
    assert sum(bool(search.find(each, 1)) for each in typed) < 20


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("밤펀지", "밤편지"),
        ("벛꽃엔딩", "벚꽃 엔딩"),
        ("gangnam stayl", "강남스타일"),
        ("첫눈처럼 너에게 가게따", "첫눈처럼 너에게 가겠다"),
    ],
)
def test_typing_errors_are_understood(search: SongSearch, typed: str, title: str) -> None:
    assert search.find(typed, 1)[0].song.title == title


@given(st.text())
def test_nothing_typed_is_an_error(text: str) -> None:
    read_request(text)
    read_request(text, bare=True)


@pytest.mark.parametrize(
    ("wish", "valence", "arousal"),
    [
        (Wish.LIVELY, 1, 1),
        (Wish.BRIGHT, 1, 0),
        (Wish.CHEERING, 1, 1),
        (Wish.SWEET, 1, 0),
        (Wish.WARM, 1, 0),
        (Wish.CALM, 0, -1),
        (Wish.LONELY, -1, -1),
        (Wish.GLOOMY, -1, 0),
        (Wish.SAD, -1, -1),
        (Wish.ANGRY, 0, 1),
        (Wish.INTENSE, 0, 1),
    ],
)
def test_a_wish_moves_the_list_to_where_its_word_lies(
    wish: Wish, valence: int, arousal: int
) -> None:
    places = {
        "valence": percentiles(_CATALOGUE.valence),
        "arousal": percentiles(_CATALOGUE.arousal),
    }
    items = _RECOMMENDER.answer(
        None, SongQuery(count=20, wish=wish), (), (), np.random.default_rng(3)
    )
    rows = [_RECOMMENDER.rows[item.recommendation.song.id] for item in items]
    for name, side in (("valence", valence), ("arousal", arousal)):
        assert side * (float(places[name][rows].mean()) - 0.5) >= abs(side) * 0.15, name


def test_every_wish_has_its_scores() -> None:
    for wish in Wish:
        assert wish_scores(wish).coarse.sum() == pytest.approx(1)
