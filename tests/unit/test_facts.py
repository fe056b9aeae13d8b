import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CatalogueError
from core.models import Song
from core.recommend.facts import COLUMNS, dump_songs, parse_songs

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r"), min_size=1)
genres = st.lists(cells.filter(lambda cell: "," not in cell), max_size=3).map(tuple)
numbers = st.integers(0, 3000)
songs = st.builds(
    Song,
    id=cells,
    title=cells,
    artist=cells,
    album=st.none() | cells,
    genres=genres,
    year=st.none() | numbers,
    chart_months=st.none() | numbers,
    best_rank=st.none() | numbers,
    link=st.none() | cells,
)
FULL = Song(
    "melon:1", "좋은 날", "아이유", "Real", ("댄스", "R&B/Soul"), 2010, 5, 1, "https://example.org"
)


@given(st.lists(songs, max_size=5))
def test_songs_survive_writing_and_reading(some: list[Song]) -> None:
    assert parse_songs(dump_songs(some)) == tuple(some)


def test_a_song_is_a_line_under_the_names_of_the_columns() -> None:
    assert dump_songs([FULL, Song("song:2", "제목", "가수")]).splitlines() == [
        "\t".join(COLUMNS),
        "melon:1\t좋은 날\t아이유\tReal\t댄스, R&B/Soul\t2010\t5\t1\thttps://example.org",
        "song:2\t제목\t가수\t\t\t\t\t\t",
    ]


@pytest.mark.parametrize("char", ["\t", "\n", "\r"])
def test_a_fact_that_would_break_the_lines_is_refused(char: str) -> None:
    with pytest.raises(CatalogueError, match="song:1"):
        dump_songs([Song("song:1", f"제{char}목", "가수")])


def test_a_line_that_does_not_fit_is_named() -> None:
    text = dump_songs([FULL, FULL])
    for broken in (text + "melon:2\t제목\n", text + FULL.title.join("\t" * 9) + "\n", text + "\n"):
        with pytest.raises(CatalogueError, match="line 4"):
            parse_songs(broken)


def test_other_columns_are_refused() -> None:
    with pytest.raises(CatalogueError, match="columns"):
        parse_songs("id\ttitle\tlyrics\n")
