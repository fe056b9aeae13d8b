import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.artists import artist_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("아이유", "아이유 (IU)"),
        ("IU(아이유)", "아이유"),
        ("소유, 정기고", "정기고"),
        ("박명수 & 프라이머리", "프라이머리"),
        ("S.E.S.", "ses"),
        ("쿨 (COOL)", "이재훈 (쿨)"),
        ("(여자)아이들", "여자아이들"),
        ("(여자)아이들 ((G)I-DLE)", "(G)I-DLE"),
    ],
)
def test_names_of_an_artist_share_a_key(one: str, other: str) -> None:
    assert set(artist_keys(one)) & set(artist_keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("SUPER JUNIOR-D&E", "E"), ("(여자)아이들", "아이들"), ("...", "!!!"), ("토이", "김연우")],
)
def test_different_artists_share_no_key(one: str, other: str) -> None:
    assert not set(artist_keys(one)) & set(artist_keys(other))


@given(st.text(min_size=1))
def test_every_name_has_keys_and_none_is_empty_or_comes_twice(artist: str) -> None:
    keys = artist_keys(artist)
    assert keys
    assert all(keys)
    assert len(keys) == len(set(keys))
