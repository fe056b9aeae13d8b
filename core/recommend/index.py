"""What is known of a catalogue's songs, as columns: made once, shared by all requests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import FINE
from core.models import Song, Subject, Vector
from core.recommend.artists import artist_keys
from core.recommend.catalogue import Catalogue
from core.recommend.scoring import unit_rows
from core.recommend.subjects import subject_masks

__all__ = ["Mask", "Rows", "SongIndex", "chart_popularity", "percentiles"]

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_COMFORTING: Final = ("안심/신뢰", "아껴주는", "편안/쾌적", "고마움")
_NO_YEAR: Final = 0


@dataclass(frozen=True, eq=False)
class SongIndex:
    """Columns over the catalogue's rows. Read-only, safe to share.

    Attributes:
        rows: row by song id.
        artists: the numbers of each song's artists, of length n.
        rows_of_artist: by the key of an artist's name, see `artists.artist_keys`.
        years: of release, 0 where not known, int16 [shape=(n,)].
        genres: by name, which songs have the genre, each [shape=(n,)].
        genre_counts: how many genres each song has, [shape=(n,)].
        subjects: which songs are about each, each [shape=(n,)].
        popularity: see `chart_popularity`, [shape=(n,)].
        unit_coarse: the emotion distributions scaled to length 1, [shape=(n, 7)].
        comfort: how much more than other songs the lyrics are about trust, care, ease and thanks,
            the mean of standardised scores, [shape=(n,)].
    """

    rows: dict[str, int]
    artists: list[frozenset[int]]
    rows_of_artist: dict[str, list[int]]
    years: npt.NDArray[np.int16]
    genres: dict[str, Mask]
    genre_counts: npt.NDArray[np.int8]
    subjects: Mapping[Subject, Mask]
    popularity: Vector
    unit_coarse: Vector
    comfort: Vector

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """The columns of a catalogue."""
        songs = catalogue.songs
        numbers: dict[str, int] = {}
        rows_of_artist: dict[str, list[int]] = {}
        artists = []
        for row, song in enumerate(songs):
            keys = artist_keys(song.artist)
            artists.append(frozenset(numbers.setdefault(key, len(numbers)) for key in keys))
            for key in keys:
                rows_of_artist.setdefault(key, []).append(row)
        return cls(
            rows={song.id: row for row, song in enumerate(songs)},
            artists=artists,
            rows_of_artist=rows_of_artist,
            years=np.array([song.year or _NO_YEAR for song in songs], np.int16),
            genres=_genres(songs),
            genre_counts=np.array([len(song.genres) for song in songs], np.int8),
            subjects=subject_masks(songs),
            popularity=chart_popularity(songs),
            unit_coarse=unit_rows(catalogue.coarse),
            comfort=_comfort(catalogue),
        )

    def rows_by(self, artist: str) -> list[int]:
        """The songs of an artist, under any of the names."""
        return [row for key in artist_keys(artist) for row in self.rows_of_artist.get(key, ())]

    def rows_beside(self, rows: Iterable[int], songs: Sequence[Song]) -> list[int]:
        """All songs by the artists of these rows, these rows too."""
        return [row for each in rows for row in self.rows_by(songs[each].artist)]

    def known_rows(self, ids: Collection[str]) -> list[int]:
        """The rows of the ids that the catalogue has."""
        return [self.rows[id_] for id_ in ids if id_ in self.rows]


def chart_popularity(songs: Sequence[Song]) -> Vector:
    """How popular each song is by the charts, -1 to 1; 0 where the charts are not known.

    The mean of two percentile ranks, of the months in the charts and of the best rank, scaled.
    """
    months = _known_percentiles([song.chart_months for song in songs])
    ranks = [None if song.best_rank is None else -song.best_rank for song in songs]
    return np.asarray(months + _known_percentiles(ranks), np.float32)


def percentiles(values: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """Each value's place among all, 0 (least) to 1; equal ones share a place, [shape=(n,)]."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    return np.asarray((below + upto) / (2 * max(len(values), 1)), np.float64)


def _known_percentiles(values: Sequence[int | None]) -> npt.NDArray[np.float64]:
    """Each value's place among those known, -1/2 (least) to 1/2; 0 for one not known."""
    known = np.array([value is not None for value in values], bool)
    places = np.zeros(len(values))
    numbers = np.array([value for value in values if value is not None], np.int64)
    places[known] = percentiles(numbers) - 0.5
    return places


def _genres(songs: Sequence[Song]) -> dict[str, Mask]:
    masks: dict[str, Mask] = {}
    for row, song in enumerate(songs):
        for genre in song.genres:
            masks.setdefault(genre, np.zeros(len(songs), np.bool_))[row] = True
    return masks


def _comfort(catalogue: Catalogue) -> Vector:
    fine = catalogue.fine[:, [FINE.index(label) for label in _COMFORTING]].astype(np.float32)
    spread = fine.std(axis=0)
    return np.asarray(
        ((fine - fine.mean(axis=0)) / np.where(spread > 1e-6, spread, 1)).mean(axis=1), np.float32
    )
