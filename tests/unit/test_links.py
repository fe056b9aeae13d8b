from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Song
from core.recommend.links import melon_url, song_url, youtube_music_url

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(names, names)
def test_the_search_finds_artist_and_title_whatever_their_letters(title: str, artist: str) -> None:
    url = youtube_music_url(Song("song:1", title, artist))
    assert url.isascii()
    assert urlsplit(url).hostname == "music.youtube.com"
    assert urlsplit(url).path == "/search"
    assert parse_qs(urlsplit(url).query, strict_parsing=True) == {"q": [f"{artist} {title}"]}
    assert not urlsplit(url).fragment


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("밤편지", "%EC%95%84%EC%9D%B4%EC%9C%A0%20%EB%B0%A4%ED%8E%B8%EC%A7%80"),
        ("A&B=C#1/2?", "%EC%95%84%EC%9D%B4%EC%9C%A0%20A%26B%3DC%231%2F2%3F"),
    ],
)
def test_the_search_is_percent_encoded(title: str, expected: str) -> None:
    url = youtube_music_url(Song("song:1", title, "아이유"))
    assert url == f"https://music.youtube.com/search?q={expected}"


def test_a_card_shows_the_search_first() -> None:
    song = Song("melon:1", "밤편지", "아이유", link=melon_url(1))
    assert song_url(song) == youtube_music_url(song)


def test_melons_page_is_named_by_its_id() -> None:
    assert melon_url(30314784) == "https://www.melon.com/song/detail.htm?songId=30314784"
