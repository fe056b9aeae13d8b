"""Reads a table of songs. Many names of its columns are known; its cells are not cleaned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import pandas as pd

__all__ = ["COLUMNS", "TableError", "TableRow", "read_cells", "read_table", "row_of"]

COLUMNS: Final = {
    "title": "title song song_title track track_name 제목 곡명 곡제목 노래제목 노래",
    "artist": "artist artists singer artist_name 가수 가수명 아티스트 아티스트명",
    "lyrics": "lyrics lyric text 가사 노랫말",
    "album": "album album_title album_name 앨범 앨범명",
    "genre": "genre genres 장르",
    "year": "year release_year release_date released date 연도 년도 발매연도 발매일 출시일",
    "link": "link url page 링크 주소",
    "melon_id": "melon_id melonid melon_song_id 멜론id 멜론_id",
    "chart_months": "chart_months months 차트개월수 차트_개월수",
    "best_rank": "best_rank peak peak_rank rank 최고순위 최고_순위 순위",
}
"""The names each column may have, the better ones first. Case, spaces and hyphens do not count."""

_REQUIRED: Final = ("title", "artist", "lyrics")
# Alone, or before month and day: 2017, 2017.03.24, 201703, 20170324.
_YEAR: Final = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?=(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?(?!\d))"
)
_WHOLE: Final = re.compile(r"\s*(\d{1,15})(?:\.0*)?\s*")


class TableError(Exception):
    """The table cannot be read; the message says why."""


@dataclass(frozen=True)
class TableRow:
    """A row of the table. A missing text is empty; a missing number is None."""

    title: str
    artist: str
    lyrics: str
    album: str = ""
    genre: str = ""
    year: int | None = None
    link: str = ""
    melon_id: int | None = None
    chart_months: int | None = None
    best_rank: int | None = None


def read_table(path: Path) -> list[TableRow]:
    """The rows of a parquet or XLSX file, or of a CSV or TSV in UTF-8 or CP949 (Korean Excel).

    Raises:
        TableError: there is no such file, it is no table, or the title, the artist or the
            lyrics have no column.
    """
    return [row_of(cells) for cells in read_cells(path)]


def read_cells(path: Path) -> list[dict[str, str]]:
    """The cells of each row as text, by the names of `COLUMNS`.

    Raises:
        TableError: as `read_table`.
    """
    frame = _frame(path)
    named = dict(_columns([str(column) for column in frame.columns]))
    missing = [name for name in _REQUIRED if name not in named]
    if missing:
        raise TableError(
            f"{path} has no column for {', '.join(missing)}; "
            f"it has {', '.join(map(str, frame.columns))}"
        )
    frame = frame.iloc[:, list(named.values())].set_axis(list(named), axis="columns")
    return [
        {name: _text(value) for name, value in record.items()}
        for record in frame.to_dict("records")
    ]


def _frame(path: Path) -> Any:
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return pd.read_parquet(path)
        if path.suffix.lower() == ".xlsx":
            return pd.read_excel(path, dtype=str, keep_default_na=False)
        separator = "\t" if path.suffix.lower() == ".tsv" else ","
        return pd.read_csv(
            path, sep=separator, dtype=str, keep_default_na=False, encoding=_encoding(path)
        )
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, BadZipFile) as error:  # pandas' and pyarrow's own are ValueErrors
        raise TableError(f"{path} is no table of songs: {error}") from error


def _encoding(path: Path) -> str:
    try:
        path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"


def _columns(found: list[str]) -> Iterator[tuple[str, int]]:
    """Each known column's name and where it stands in the table."""
    spelled = [re.sub(r"[\s\-]+", "_", column.strip().lower()) for column in found]
    for name, spellings in COLUMNS.items():
        for spelling in spellings.split():
            if spelling in spelled:
                yield name, spelled.index(spelling)
                break


def row_of(texts: dict[str, str]) -> TableRow:
    """What the cells of a row say; a number that cannot be read is None."""
    year = _YEAR.search(texts.get("year", ""))
    return TableRow(
        title=texts["title"],
        artist=texts["artist"],
        lyrics=texts["lyrics"],
        album=texts.get("album", ""),
        genre=texts.get("genre", ""),
        year=int(year.group()) if year else None,
        link=texts.get("link", ""),
        melon_id=_number(texts.get("melon_id", "")),
        chart_months=_number(texts.get("chart_months", "")),
        best_rank=_number(texts.get("best_rank", "")),
    )


def _text(value: Any) -> str:
    # A parquet column may hold lists (of genres, of lyric lines).
    if not pd.api.types.is_scalar(value):
        return "\n".join(map(str, value))
    return "" if pd.isna(value) else str(value)


def _number(text: str) -> int | None:
    whole = _WHOLE.fullmatch(text)
    return int(whole[1]) if whole else None
