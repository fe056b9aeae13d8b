"""An operator's own songs come into a catalogue, all of them or none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.models import Reading
from core.recommend.catalogue import Catalogue
from scripts.build_catalogue import build
from scripts.catalogue.songs import select_songs
from scripts.catalogue.table import TableError, read_cells, row_of
from scripts.import_songs import bad_rows, import_songs, main
from tests.integration.test_build_catalogue import lyrics, scorer, songs

NEW = [
    {"곡명": "새 노래", "가수": "새 가수", "가사": lyrics("눈물", 4), "발매일": "2024.05.01"},
    {
        "곡명": "행복 노래 1 (Feat. 누구)",
        "가수": "가수 행복1",
        "가사": lyrics("눈물", 9),
        "장르": "댄스",
    },
    {"곡명": "둘째 <b>노래</b>", "가수": "'; DROP TABLE", "가사": lyrics("웃음꽃", 4)},
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("songs")
    pd.DataFrame(songs()).to_csv(folder / "songs.csv", index=False)
    return build(folder / "songs.csv", folder / "out", scorer, "fake-1")


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    frame = pd.DataFrame(rows).fillna("")
    match path.suffix:
        case ".xlsx":
            frame.to_excel(path, index=False)
        case ".parquet":
            frame.to_parquet(path)
        case _:
            frame.to_csv(path, index=False, encoding="cp949" if "949" in path.name else "utf-8")
    return path


@pytest.mark.parametrize("name", ["new.csv", "new949.csv", "new.xlsx", "new.parquet"])
def test_new_songs_are_read_and_known_ones_only_filled_in(
    catalogue: Catalogue, tmp_path: Path, name: str
) -> None:
    read: list[str] = []

    def listening(texts: list[str]) -> list[Reading | None]:
        read.extend(texts)
        return scorer(texts)

    cells = read_cells(write(tmp_path / name, NEW))
    assert bad_rows(cells) == []
    done = import_songs(catalogue, select_songs(map(row_of, cells)), listening, "fake-1")  # type: ignore[arg-type]
    assert (done.added, done.known, done.filled, done.unread) == (2, 1, 1, 0)
    assert all("눈물 눈물 눈물 눈물 눈물" not in text for text in read)
    by_title = {song.title: row for row, song in enumerate(done.catalogue.songs)}
    joy = done.catalogue.songs[by_title["행복 노래 1"]]
    assert (joy.genres, joy.year) == (("댄스",), 2001)
    assert done.catalogue.songs[by_title["새 노래"]].year == 2024


def test_a_song_that_is_imported_has_the_numbers_it_would_have_had(
    catalogue: Catalogue,
) -> None:
    rows = np.arange(len(catalogue.songs) - 1)
    fewer = catalogue.take(rows)
    cells = [
        {
            "title": row["곡명"],
            "artist": row["가수"],
            "lyrics": row["가사"],
            "year": row["발매일"],
        }
        for row in songs()
    ]
    selection = select_songs(row_of({k: str(v) for k, v in each.items()}) for each in cells)
    done = import_songs(fewer, selection, scorer, "fake-1")
    assert done.added == 1
    assert done.catalogue.songs == catalogue.songs
    for name in ("coarse", "valence", "lyric_coarse", "fine", "top_fine", "meaning", "words"):
        assert np.array_equal(getattr(done.catalogue, name), getattr(catalogue, name)), name


def test_every_bad_row_is_named_with_its_line_and_nothing_is_imported(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue.save(tmp_path / "songs")
    before = {path.name: path.read_bytes() for path in (tmp_path / "songs").iterdir()}
    rows = [
        NEW[0],
        {**NEW[0], "곡명": " "},
        {**NEW[0], "가사": "짧다"},
        {**NEW[0], "가사": ""},
        {**NEW[0], "발매일": "작년 봄"},
        {**NEW[0], "차트개월수": "-3", "곡명": "", "가수": ""},
    ]
    file = write(tmp_path / "bad.csv", rows)
    assert main([str(file), "--catalogue", str(tmp_path / "songs")]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{file}:") for line in told] == [
        "3: no title",
        "4: lyrics of less than 40 letters",
        "5: no lyrics",
        "6: no year: '작년 봄'",
        "7: no title and no artist; chart_months is no whole number: '-3'",
        "5 of 6 rows are bad; nothing was imported",
    ]
    assert {path.name: path.read_bytes() for path in (tmp_path / "songs").iterdir()} == before


def test_rows_can_be_checked_without_importing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "new.csv", NEW)
    assert main([str(file), "--check", "--catalogue", str(tmp_path / "none")]) == 0
    assert "3 rows can be imported" in capsys.readouterr().out


def test_a_catalogue_of_another_model_is_not_added_to(catalogue: Catalogue) -> None:
    with pytest.raises(TableError, match="another emotion model"):
        import_songs(catalogue, select_songs([]), scorer, "fake-2")


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"title,artist\nx,y\n"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_what_is_no_table_is_answered_with_one_sentence(
    tmp_path: Path, content: bytes, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"no{suffix}"
    file.write_bytes(content)
    assert main([str(file)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_file_is_answered_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.xlsx")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
