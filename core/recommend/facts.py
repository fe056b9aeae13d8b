"""The facts of songs as tab-separated text: one song a line, so that a diff can be read."""

from collections.abc import Sequence
from typing import Final

from core.errors import CatalogueError
from core.models import Song

__all__ = ["COLUMNS", "dump_songs", "parse_songs"]

COLUMNS: Final = (
    "id",
    "title",
    "artist",
    "album",
    "genres",
    "year",
    "chart_months",
    "best_rank",
    "link",
)
_GENRE_SEPARATOR: Final = ", "


def dump_songs(songs: Sequence[Song]) -> str:
    """The songs as text. The first line names the columns; a cell of what is not known is empty.

    Raises:
        CatalogueError: a fact holds a tab or the end of a line.
    """
    lines = ["\t".join(COLUMNS)]
    for song in songs:
        cells = (
            song.id,
            song.title,
            song.artist,
            song.album or "",
            _GENRE_SEPARATOR.join(song.genres),
            "" if song.year is None else str(song.year),
            "" if song.chart_months is None else str(song.chart_months),
            "" if song.best_rank is None else str(song.best_rank),
            song.link or "",
        )
        if any(char in cell for cell in cells for char in "\t\n\r"):
            raise CatalogueError(f"the facts of {song.id} hold a tab or the end of a line")
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def parse_songs(text: str) -> tuple[Song, ...]:
    """The songs of a text that `dump_songs` wrote.

    Raises:
        CatalogueError: the columns are others, or a line does not fit them.
    """
    head, *lines = text.removesuffix("\n").split("\n")
    if tuple(head.split("\t")) != COLUMNS:
        raise CatalogueError(f"the columns are not {', '.join(COLUMNS)}")
    songs = []
    for number, line in enumerate(lines, start=2):
        try:
            songs.append(_song(line))
        except ValueError as error:
            raise CatalogueError(f"line {number} does not fit the columns") from error
    return tuple(songs)


def _song(line: str) -> Song:
    id_, title, artist, album, genres, year, months, rank, link = line.split("\t")
    return Song(
        id=id_,
        title=title,
        artist=artist,
        album=album or None,
        genres=tuple(genres.split(_GENRE_SEPARATOR)) if genres else (),
        year=int(year) if year else None,
        chart_months=int(months) if months else None,
        best_rank=int(rank) if rank else None,
        link=link or None,
    )
