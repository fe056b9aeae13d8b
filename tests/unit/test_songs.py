import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Song
from scripts.catalogue.songs import Selection, clean, select_songs, title_key
from scripts.catalogue.table import TableRow

LYRICS = "\n".join(f"노래를 부르는 여러 가지 마음 {letter}" for letter in "가나다라마바")


def row(
    title: str = "제목", artist: str = "가수", lyrics: str = LYRICS, **facts: object
) -> TableRow:
    return TableRow(title, artist, lyrics, **facts)  # type: ignore[arg-type]


def names(selection: Selection) -> list[str]:
    return [song.title for song in selection.songs]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("밤편지", " 밤 편지 "),
        ("Good Day", "good day"),
        ("그래도…사랑이다.", "그래도 사랑이다"),
        ("썸 (Feat. 릴보이)", "썸"),
        ("썸 feat.릴보이", "썸"),
        ("GO HIGH (Feat. 우원재, 창모 (CHANGMO)) (Prod. CODE KUNST)", "Go High"),
        ("산다는 건 (Cheer Up)", "산다는 건"),
        ("나 [Me]", "나"),
        ("삐삐 (Feat. 2PM)", "삐삐"),
        ("Don`t Cry", "Don't Cry"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_spellings_of_a_title_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("사랑", "사람"),
        ("사랑 (Part 2)", "사랑"),
        ("사랑 (Part 1)", "사랑 (Part 2)"),
        ("사랑 (Live)", "사랑"),
        ("사랑 (라온 Ver.)", "사랑"),
        ("사랑 (Remix)", "사랑"),
        ("...", "!!!"),
        ("(사랑)", "(사람)"),
    ],
)
def test_other_recordings_and_titles_have_other_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  Rock &amp;  Roll\t", "Rock & Roll"),
        ("I&amp;#39;m", "I'm"),
        ("\u1100\u1161", "가"),
        ("a\u200bb\u0000\ud800", "ab"),
        ("줄\n바꿈", "줄 바꿈"),
        ("하나 \u200b 둘", "하나 둘"),
        ("\u1100\u200b\u1161", "가"),
    ],
)
def test_names_are_cleaned(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text())
def test_clean_names_stay_as_they_are_and_fit_a_line(raw: str) -> None:
    shown = clean(raw)
    assert clean(shown) == shown or "&" in shown
    assert shown == shown.strip()
    assert not any(char in shown for char in "\t\n\r\0")
    shown.encode()


@given(st.text(min_size=1))
def test_a_title_has_a_key(title: str) -> None:
    assert title_key(title)


def test_spellings_of_a_song_become_one_with_the_facts_of_all() -> None:
    selection = select_songs(
        [
            row("밤 편지", "아이유 (IU)", chart_months=2, best_rank=1, melon_id=2, album="Palette"),
            row("밤편지 (Through the Night)", "아이유", chart_months=12, best_rank=5, melon_id=1),
            row("밤편지", "다른 가수"),
        ]
    )
    kept = next(song for song in selection.songs if song.id == "melon:1")
    assert kept == Song(
        "melon:1",
        "밤편지 (Through the Night)",
        "아이유",
        album="Palette",
        chart_months=14,
        best_rank=1,
        link="https://www.melon.com/song/detail.htm?songId=1",
    )
    assert len(selection.songs) == 2
    assert selection.dropped == {"same song": ["밤 편지 - 아이유 (IU)"]}


CHART_ROWS = [
    row("가", "A, B", chart_months=3, melon_id=1),
    row("가", "B", chart_months=2, melon_id=2),
    row("가", "A", chart_months=1, melon_id=3),
    row("나", "A", melon_id=10),
    row("다", "C"),
]
# One song without anything to rank its rows by.
PLAIN_ROWS = [
    row("밤편지", "아이유", year=2017, album="Palette"),
    row("밤 편지", "아이유", year=2018, genre="포크"),
    row("밤편지", "아이유", year=2017, genre="발라드"),
    row("밤편지", "아이유 (IU)", LYRICS + "\n다른 가사"),
    row("밤편지", "아이유", LYRICS + "\n또 다른 가사", album="밤편지"),
]


@pytest.mark.parametrize("rows", [CHART_ROWS, PLAIN_ROWS], ids=["charts", "plain"])
@given(order=st.permutations(range(5)))
def test_the_order_of_the_rows_does_not_matter(rows: list[TableRow], order: list[int]) -> None:
    expected = select_songs(rows)
    found = select_songs([rows[place] for place in order])
    assert found.songs == expected.songs
    assert found.windows == expected.windows


def test_songs_are_sorted_by_the_number_of_their_id() -> None:
    assert [song.id for song in select_songs(CHART_ROWS).songs][:2] == ["melon:1", "melon:10"]


@pytest.mark.parametrize("months", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_rows_that_are_the_same_song_as_a_third_are_one_song(months: tuple[int, ...]) -> None:
    artists = ("A", "B", "A, B")
    rows = [row("가", artist, chart_months=n) for artist, n in zip(artists, months, strict=True)]
    (song,) = select_songs(rows).songs
    assert song.chart_months == 6
    assert song.artist == artists[months.index(3)]


def test_what_no_row_knows_stays_unknown() -> None:
    (song,) = select_songs([row(), row()]).songs
    assert song.chart_months is None
    assert song.best_rank is None
    (song,) = select_songs([row(), row(chart_months=2)]).songs
    assert song.chart_months == 2


def test_a_row_with_the_id_of_another_is_the_same_song() -> None:
    assert len(select_songs([row("가", melon_id=1), row("나", melon_id=1)]).songs) == 1


def test_an_id_is_made_of_title_and_artist_where_there_is_none() -> None:
    (one,), (again,), (other,) = (
        select_songs([row(title)]).songs for title in ("밤편지", "밤 편지 ", "낮편지")
    )
    assert one.id.startswith("song:")
    assert one.id == again.id != other.id
    assert one.link is None


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(title="  "), "no title"),
        (row(artist="\u200b"), "no artist"),
        (row(lyrics=""), "no usable lyrics"),
        (row(lyrics="가사 준비중입니다."), "no usable lyrics"),
        (row(lyrics="♪\n" * 100), "no usable lyrics"),
        (row(title="가" * 151), "a name too long to be one"),
    ],
)
def test_rows_that_are_no_songs_are_dropped_for_a_reason(bad: TableRow, reason: str) -> None:
    selection = select_songs([bad, row("좋은 노래")])
    assert names(selection) == ["좋은 노래"]
    assert list(selection.dropped) == [reason]


def test_genres_and_links_are_taken_only_where_they_are_such() -> None:
    (song,) = select_songs(
        [row(genre="댄스,  랩/힙합 ,," + "가" * 200, link="javascript:alert(1)", album="나" * 200)]
    ).songs
    assert song.genres == ("댄스", "랩/힙합")
    assert song.link is None
    assert song.album is None
    (song,) = select_songs([row(link="https://example.org/1", melon_id=1)]).songs
    assert song.link == "https://example.org/1"
