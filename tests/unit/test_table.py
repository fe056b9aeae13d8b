from pathlib import Path

import pandas as pd
import pytest

from scripts.catalogue.table import COLUMNS, TableError, TableRow, read_table

FULL = TableRow(
    title="밤편지",
    artist="아이유",
    lyrics="첫 줄\n둘째 줄",
    album="Palette",
    genre="발라드, 포크",
    year=2017,
    link="https://example.org/1",
    melon_id=30314784,
    chart_months=12,
    best_rank=1,
)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def full_frame() -> pd.DataFrame:
    return pd.DataFrame([{**vars(FULL), "note": "not of ours"}])


def test_parquet_is_read(tmp_path: Path) -> None:
    full_frame().to_parquet(tmp_path / "songs.parquet")
    assert read_table(tmp_path / "songs.parquet") == [FULL]


@pytest.mark.parametrize("separator", [",", "\t"])
def test_text_is_read(tmp_path: Path, separator: str) -> None:
    path = tmp_path / ("songs.csv" if separator == "," else "songs.tsv")
    full_frame().to_csv(path, sep=separator, index=False)
    assert read_table(path) == [FULL]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_columns_are_understood_in_the_encodings_of_excel(
    tmp_path: Path, encoding: str
) -> None:
    text = "곡명,아티스트,가사,앨범,장르,발매일\n밤편지,아이유,첫 줄,Palette,발라드,2017.03.24\n"
    assert read_table(write(tmp_path / "songs.csv", text, encoding)) == [
        TableRow("밤편지", "아이유", "첫 줄", "Palette", "발라드", 2017)
    ]


def test_case_spaces_and_hyphens_in_column_names_do_not_count(tmp_path: Path) -> None:
    text = " Song Title ,ARTIST,Lyrics,Melon-ID,Chart Months\n제목,가수,가사,7.0,3\n"
    assert read_table(write(tmp_path / "songs.csv", text)) == [
        TableRow("제목", "가수", "가사", melon_id=7, chart_months=3)
    ]


def test_no_spelling_means_two_columns() -> None:
    spellings = [spelling for names in COLUMNS.values() for spelling in names.split()]
    assert len(spellings) == len(set(spellings))


def test_what_is_missing_is_empty_or_none(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "title": ["NA", None],
            "artist": ["가수", "가수"],
            "lyrics": ["가사", float("nan")],
            "year": pd.array([None, 2001], "Int64"),
            "best_rank": ["첫째", "-3"],
        }
    )
    frame.to_parquet(tmp_path / "songs.parquet")
    assert read_table(tmp_path / "songs.parquet") == [
        TableRow("NA", "가수", "가사"),
        TableRow("", "가수", "", year=2001),
    ]


def test_lists_in_parquet_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"title": ["제목"], "artist": ["가수"], "lyrics": [["하나", "둘"]], "genres": [["a", "b"]]}
    )
    frame.to_parquet(tmp_path / "songs.parquet")
    assert read_table(tmp_path / "songs.parquet") == [
        TableRow("제목", "가수", "하나\n둘", genre="a\nb")
    ]


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2017.03.24", 2017),
        ("2017년", 2017),
        ("20170324", 2017),
        ("20170324.0", 2017),
        ("201703", 2017),
        ("20171324", None),
        ("120170324", None),
        ("03/24/1999", 1999),
        ("2017.0", 2017),
        ("17", None),
        ("", None),
    ],
)
def test_years_are_found_in_dates(tmp_path: Path, date: str, year: int | None) -> None:
    path = write(tmp_path / "songs.csv", f"title,artist,lyrics,발매일\nt,a,l,{date}\n")
    assert read_table(path)[0].year == year


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "songs.csv", "title,year\n제목,2001\n")
    with pytest.raises(TableError, match=r"no column for artist, lyrics; it has title, year"):
        read_table(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(TableError, match=f"{name} cannot be read"):
            read_table(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("songs.parquet", b"no parquet"),
        ("songs.csv", b""),
        ("songs.csv", b'title,artist,lyrics\n"t,a\n'),
        ("songs.csv", b"title,artist,lyrics\n\xff\xff\xff"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match="is no table"):
        read_table(tmp_path / name)
