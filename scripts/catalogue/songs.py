"""From the rows of a table to songs: clean names, no row without lyrics, no song twice."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from core.emotion.normalise import repair
from core.models import Song
from core.recommend.artists import artist_keys, letters
from core.recommend.links import melon_url
from scripts.catalogue.lyrics import lyric_windows
from scripts.catalogue.table import TableRow

__all__ = ["Selection", "clean", "same_song_keys", "select_songs", "sort_key", "title_key"]

_LONGEST_NAME: Final = 150
_LINK: Final = re.compile(r"https?://[^\s<>\"]{1,190}")
_SPACE: Final = re.compile(r"\s+")
_INNERMOST_BRACKET: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_CREDIT: Final = re.compile(
    r"\b(?:feat|featuring|ft|with|duet|prod|narr?|narration|rap|vocal|song by|piano by)(?![a-z])",
    re.I,
)
_UNBRACKETED_CREDIT: Final = re.compile(r"\b(?:feat(?![a-z])|ft\.|featuring\b|prod\.).*", re.I)
# What tells two recordings, or two songs of one name, apart.
_OTHER_RECORDING: Final = re.compile(
    r"\d|\b(?:ver|version|mix|remix|live|acoustic|inst|instrumental|part|pt|intro|outro|edit"
    r"|demo|eng|english|japanese|chinese|solo|ii|iii|iv)\b|버전|버젼|리믹스|라이브|솔로",
    re.I,
)


Candidate = tuple[Song, list[str]]
"""A song as one row tells of it, and its lyric windows."""


@dataclass(frozen=True)
class Selection:
    """The songs of a table, and the rows that were dropped.

    Attributes:
        songs: sorted by id.
        windows: the lyric windows of each song.
        dropped: for each reason, the rows that were dropped for it, as "title - artist".
    """

    songs: list[Song]
    windows: list[list[str]]
    dropped: dict[str, list[str]] = field(default_factory=dict)


def select_songs(rows: Iterable[TableRow]) -> Selection:
    """The songs among the rows, each once, with their lyrics in windows.

    Two rows are the same song where they have the same id, or the same `title_key` and a common
    artist. So are two rows that are the same song as a third. The most popular row (months in
    the charts, then best rank) is kept. It gets the months of the others added, the best rank and
    the earliest year of all, and each fact it lacks from the next row that has it. The order of
    the rows does not matter.
    """
    dropped: dict[str, list[str]] = {}
    usable: list[Candidate] = []
    for row in rows:
        song, windows = _song(row), lyric_windows(row.lyrics)
        reason = _unusable(song, windows)
        if reason:
            dropped.setdefault(reason, []).append(_shown(song))
        else:
            usable.append((song, windows))
    kept: list[Candidate] = []
    for group in _same_songs(sorted(usable, key=_popularity_key)):
        songs, (windows, *_) = zip(*group, strict=True)
        kept.append((reduce(_merged, songs), windows))
        if len(songs) > 1:
            dropped.setdefault("same song", []).extend(map(_shown, songs[1:]))
    kept.sort(key=lambda pair: sort_key(pair[0]))
    return Selection([song for song, _ in kept], [windows for _, windows in kept], dropped)


def sort_key(song: Song) -> tuple[int, str]:
    """Orders songs by id; ids that are numbers by number."""
    return len(song.id), song.id


def same_song_keys(song: Song) -> list[str]:
    """Two songs that share one of these are the same; see `select_songs`."""
    return [song.id, *_keys(song.title, song.artist)]


def clean(text: str) -> str:
    """A name as it is shown: entities resolved, NFC, one space, nothing invisible."""
    # Twice: tables taken from web pages hold "&amp;amp;".
    text = repair(html.unescape(html.unescape(text))).replace("\N{REPLACEMENT CHARACTER}", "")
    visible = [char for char in text if char.isspace() or unicodedata.category(char)[0] != "C"]
    return _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(visible))).strip()


def title_key(title: str) -> str:
    """The same for all spellings of a title.

    Case, spaces, punctuation and the names of guests do not count. A bracket counts only where it
    names another recording or part.
    """
    text, previous = title, ""
    while text != previous:
        previous, text = text, _INNERMOST_BRACKET.sub(_kept_bracket, text)
    text = _UNBRACKETED_CREDIT.sub("", text)
    return letters(text) or letters(title) or title


def _same_songs(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates in groups of one song each; groups and members keep the order given."""
    parent = list(range(len(candidates)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[str, int] = {}
    for place, (song, _) in enumerate(candidates):
        for key in same_song_keys(song):
            one, other = sorted((root(place), root(first.setdefault(key, place))))
            parent[other] = one
    groups: dict[int, list[Candidate]] = {}
    for place, candidate in enumerate(candidates):
        groups.setdefault(root(place), []).append(candidate)
    return list(groups.values())


def _keys(title: str, artist: str) -> list[str]:
    return [f"{title_key(title)}\n{name}" for name in artist_keys(artist)]


def _kept_bracket(match: re.Match[str]) -> str:
    inside = match[1]
    kept = _OTHER_RECORDING.search(inside) and not _CREDIT.search(inside)
    return f" {inside} " if kept else " "


def _song(row: TableRow) -> Song:
    title, artist, link = clean(row.title), clean(row.artist), clean(row.link)
    if row.melon_id is not None:
        id_, page = f"melon:{row.melon_id}", melon_url(row.melon_id)
    else:
        digest = hashlib.sha256(_keys(title, artist)[0].encode()).hexdigest()
        id_, page = f"song:{digest[:12]}", None
    return Song(
        id=id_,
        title=title,
        artist=artist,
        album=_short(clean(row.album)),
        genres=tuple(filter(None, map(_short, map(clean, re.split(r"[,\n]", row.genre))))),
        year=row.year,
        chart_months=row.chart_months,
        best_rank=row.best_rank or None,
        link=link if _LINK.fullmatch(link) else page,
    )


def _short(name: str) -> str | None:
    return name if 0 < len(name) <= _LONGEST_NAME else None


def _shown(song: Song) -> str:
    return f"{song.title} - {song.artist}"


def _unusable(song: Song, windows: Sequence[str]) -> str | None:
    if not song.title:
        return "no title"
    if not song.artist:
        return "no artist"
    if not (_short(song.title) and _short(song.artist)):
        return "a name too long to be one"
    return None if windows else "no usable lyrics"


def _popularity_key(candidate: Candidate) -> tuple[int, int, int, str, str, str, str]:
    """Sorts the songs that were heard most first.

    Only candidates that agree in everything have the same key: which row of a song is kept must
    not hang on the order of the rows.
    """
    song, windows = candidate
    months, rank = song.chart_months or 0, song.best_rank or 10**6
    digest = hashlib.sha256(repr((windows, song)).encode()).hexdigest()
    return -months, rank, len(song.id), song.id, song.title, song.artist, digest


def _merged(song: Song, other: Song) -> Song:
    both = (song, other)
    months = [each.chart_months for each in both if each.chart_months is not None]
    ranks = [each.best_rank for each in both if each.best_rank is not None]
    return replace(
        song,
        album=song.album or other.album,
        genres=song.genres or other.genres,
        year=min(filter(None, (song.year, other.year)), default=None),
        chart_months=sum(months) if months else None,
        best_rank=min(ranks, default=None),
        link=song.link or other.link,
    )
