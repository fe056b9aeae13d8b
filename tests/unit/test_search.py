import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.romanise import jamo, romanise, skeleton
from core.recommend.search import SongSearch
from tests.catalogues import song

SONGS = [
    song(1, "아이유", title="밤편지"),
    song(2, "김광진", title="편지"),
    song(3, "버스커 버스커", title="벚꽃 엔딩"),
    song(4, "BIGBANG (빅뱅)", title="뱅뱅뱅 (BANG BANG BANG)"),
    song(5, "BIGBANG", title="거짓말"),
    song(6, "김범수", title="보고 싶다"),
    song(7, "싸이 (PSY)", title="강남스타일"),
    song(8, "다비치", title="거짓말이야", chart_months=3, best_rank=9),
    song(9, "god", title="거짓말", chart_months=9, best_rank=1),
    song(10, "에픽하이 (EPIK HIGH)", title="Fly (Feat. Amin. J of Soulciety)"),
    song(11, "GOT the beat", title="Step Back"),
]
SEARCH = SongSearch(SONGS)


def first(text: str) -> str | None:
    return next((match.song.id for match in SEARCH.find(text)), None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("밤편지", 1),
        (" 밤 편지 ", 1),
        ("아이유 - 밤편지", 1),
        ("밤편지 - 아이유", 1),
        ("아이유밤편지", 1),
        ("아이유 편지", 1),
        ("IU 밤편지", 1),
        ("편지", 2),
        ("벚꽃", 3),
        ("벗꽃엔딩", 3),
        ("beotkkot ending", 3),
        ("busker busker 벚꽃", 3),
        ("bang bang bang", 4),
        ("빅뱅 뱅뱅뱅", 4),
        ("거짓말 - 빅뱅", 5),
        ("빅뱅 거짓말", 5),
        ("Kim Bumsoo", 6),
        ("보고싶다", 6),
        ("gangnam style", 7),
        ("PSY", 7),
        ("(강남) [스타일]", 7),
        ("epik high fly", 10),
        ("에픽 하이 FLY", 10),
        ("스텝백", 11),
    ],
)
def test_a_song_is_found_however_it_is_typed(text: str, number: int) -> None:
    assert first(text) == f"melon:{number}"


def test_the_whole_title_comes_before_its_beginning_and_the_popular_song_first() -> None:
    assert [match.song.id for match in SEARCH.find("거짓말")] == ["melon:9", "melon:5", "melon:8"]


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "ㅋㅋㅋㅋ", "\0\u200b", "zzzzqqqq", "😂", "asdfqwer"]
)
def test_what_names_no_song_finds_none(text: str) -> None:
    assert SEARCH.find(text) == []


@given(st.text(max_size=200), st.integers(-1, 12))
def test_any_text_is_answered_with_so_many_different_songs_at_most(text: str, limit: int) -> None:
    rows = [match.row for match in SEARCH.find(text, limit)]
    assert len(rows) == len(set(rows)) <= max(limit, 0)


def test_a_very_long_text_is_cut() -> None:
    assert SEARCH.find("가" * 10_000) == []


@given(st.sampled_from([each.title for each in SONGS]))
def test_every_title_finds_its_song(title: str) -> None:
    assert SEARCH.find(title)[0].song.title == title


@pytest.mark.parametrize(
    ("name", "latin"), [("김범수", "gimbeomsu"), ("벚꽃", "beotkkot"), ("a가 1", "aga 1")]
)
def test_syllables_are_romanised(name: str, latin: str) -> None:
    assert romanise(name) == latin


@pytest.mark.parametrize("name", ["김범수", "Kim Bumsoo", "gimbeomsu"])
def test_spellings_of_a_name_have_one_skeleton(name: str) -> None:
    assert skeleton(name.lower().replace(" ", "")) == "kmpms"


def test_syllables_are_taken_apart() -> None:
    assert len(jamo("벚꽃a")) == 7
    assert len(set(jamo("벚")) ^ set(jamo("벗"))) == 2
