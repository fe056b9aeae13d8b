"""Which songs may come at all: masks over the catalogue, made of what a query asks for.

A refinement is a mask too. It lets only songs pass that lie beyond the list it was tapped under:
with p the percentile of a song in the direction (valence for brighter, and so on) and m its mean
over that list, those with

    p >= min(m + step, cap)        for the last tap, and never less than m
    p >= m                         for the taps before, so that nothing gained is lost

Livelier moves arousal, and by more, while valence is held as by a tap before: sad songs faster by
15 percentiles are slow ballads still. Where fewer songs pass than are asked for, those farthest in
the direction do.

So every list moves in the direction, and among the songs that pass the mood decides as ever. The
step ends at the cap. However often is tapped, the outermost twentieth of the catalogue is left to
choose from.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.models import Mode
from core.recommend.artists import letters
from core.recommend.catalogue import Catalogue
from core.recommend.gentle import gentle_songs
from core.recommend.index import Mask, SongIndex, percentiles
from core.recommend.query import Refinement, SongFilters, SongLanguage, SongQuery
from core.records import StandingVerdict, Verdict

__all__ = ["CandidateConfig", "Candidates", "match_genres"]

Percentiles = npt.NDArray[np.float64]

_DECADE: Final = 10
_OTHER_NAMES: Final = {
    "알앤비": "R&B/Soul",
    "소울": "R&B/Soul",
    "rnb": "R&B/Soul",
    "인디": "인디음악",
    "락": "록/메탈",
    **dict.fromkeys(("rock", "metal"), "록/메탈"),
    "랩": "랩/힙합",
    "hiphop": "랩/힙합",
    "rap": "랩/힙합",
    **dict.fromkeys(("ballad", "ballads"), "발라드"),
    "dance": "댄스",
    "indie": "인디음악",
    "folk": "포크/블루스",
    "blues": "포크/블루스",
    "trot": "성인가요/트로트",
    "ost": "국내드라마",
    "드라마": "국내드라마",
    "electronic": "일렉트로니카",
    "트롯": "성인가요/트로트",
    "jazz": "재즈",
}


@dataclass(frozen=True)
class CandidateConfig:
    """What passes.

    Attributes:
        korean: the share of Hangul from which lyrics count as Korean; below they are mixed.
        step: how far a refinement moves, in percentiles, 0 to 1.
        leap: how far livelier moves in arousal, likewise.
        cap: the percentile beyond which no step leads, 0 to 1.
        end: the percentile beyond which nothing is asked, 0 to 1.
    """

    korean: float = 0.9
    step: float = 0.15
    leap: float = 0.5
    cap: float = 0.8
    end: float = 0.95


class Candidates:
    """Makes the masks of one catalogue. Keeps nothing between calls; safe to share."""

    def __init__(self, catalogue: Catalogue, index: SongIndex, config: CandidateConfig) -> None:
        self._catalogue = catalogue
        self._index = index
        self._gentle = gentle_songs(catalogue)
        self._korean = np.asarray(catalogue.korean >= config.korean)
        self._config = config
        valence, arousal = percentiles(catalogue.valence), percentiles(catalogue.arousal)
        years = percentiles(index.years)
        step = config.step
        self._towards: dict[Refinement, tuple[tuple[Percentiles, float], ...]] = {
            Refinement.BRIGHTER: ((valence, step),),
            Refinement.CALMER: ((1 - arousal, step),),
            Refinement.LIVELIER: ((valence, 0.0), (arousal, config.leap)),
            Refinement.COMFORTING: ((percentiles(index.comfort), step),),
            Refinement.OLDER: ((1 - years, step),),
            Refinement.NEWER: ((years, step),),
        }

    def is_gentle(self, row: int) -> bool:
        """Whether the song is one of `core.recommend.gentle`."""
        return bool(self._gentle[row])

    def mask(
        self,
        query: SongQuery,
        low: bool,
        shown: Collection[str],
        verdicts: Sequence[StandingVerdict],
    ) -> Mask:
        """The songs that may come, [shape=(n,)].

        Args:
            query: its filters and refinements count, and its number of songs: so many pass a
                refinement where filters leave them.
            low: whether the person is very low: then no flagged song comes.
            shown: ids of songs not to come again.
            verdicts: what was said never to come does not.
        """
        allowed = ~self._catalogue.flagged if low else np.ones(len(self._index.years), np.bool_)
        if query.gentle:
            allowed &= self._gentle
        allowed[self._barred(query, shown, verdicts)] = False
        self._filter(allowed, query.filters)
        last = len(query.refinements) - 1
        for place, refinement in enumerate(query.refinements):
            self._refine(allowed, refinement, query, moves=place == last)
        return allowed

    def _barred(
        self, query: SongQuery, shown: Collection[str], verdicts: Sequence[StandingVerdict]
    ) -> list[int]:
        index, filters = self._index, query.filters
        rows = index.known_rows([*shown, *filters.without_songs])
        artists = set(filters.without_artists)
        for verdict in verdicts:
            if verdict.verdict is Verdict.NEVER_SONG:
                rows += index.known_rows([verdict.song_id])
            elif verdict.verdict is Verdict.NEVER_ARTIST:
                artists.add(verdict.artist)
        for artist in artists:
            rows += index.rows_by(artist)
        if query.mode is Mode.LIKE_SONG and query.seed_song is not None:
            rows += index.known_rows([query.seed_song])
        return rows

    def _filter(self, allowed: Mask, filters: SongFilters) -> None:
        index = self._index
        if filters.genres:
            allowed &= _any([index.genres.get(name) for name in filters.genres], len(allowed))
        if filters.without_genres:
            barred = [index.genres.get(name) for name in filters.without_genres]
            allowed &= ~_any(barred, len(allowed))
        if filters.decades:
            decades = index.years - index.years % _DECADE
            allowed &= np.isin(decades, filters.decades) & (index.years > 0)
        if filters.years:
            allowed &= np.isin(index.years, filters.years)
        if filters.subjects:
            allowed &= _any([index.subjects[subject] for subject in filters.subjects], len(allowed))
        if filters.artists or filters.songs:
            rows = index.known_rows(filters.songs)
            rows += [row for artist in filters.artists for row in index.rows_by(artist)]
            allowed &= np.isin(np.arange(len(allowed)), rows)
        if filters.language is not None:
            allowed &= self._korean == (filters.language is SongLanguage.KOREAN)

    def _refine(
        self, allowed: Mask, refinement: Refinement, query: SongQuery, *, moves: bool
    ) -> None:
        rows = self._index.known_rows(query.anchor)
        if refinement is Refinement.OTHER_ARTISTS:
            allowed[self._index.rows_beside(rows, self._catalogue.songs)] = False
            return
        if refinement in (Refinement.OLDER, Refinement.NEWER):
            allowed &= self._index.years > 0
        for towards, step in self._towards[refinement]:
            reached = float(towards[rows].mean()) if rows else 0.5
            wanted = max(reached, min(reached + (step if moves else 0.0), self._config.cap))
            allowed &= towards >= min(wanted, self._config.end, _nth(towards[allowed], query.count))


def match_genres(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The catalogue's genres that somebody means by a name such as "힙합"; empty for none.

    Args:
        name: as it was typed.
        known: the catalogue's genres.
    """
    wanted = letters(name)
    wanted = letters(_OTHER_NAMES.get(wanted, name))
    return tuple(genre for genre in known if wanted and wanted in letters(genre))


def _nth(values: Percentiles, count: int | None) -> float:
    """The value that `count` of them reach: 0 where there are not so many, 1 for no count."""
    if not count:
        return 1.0
    if count > len(values):
        return 0.0
    return float(np.partition(values, len(values) - count)[len(values) - count])


def _any(masks: Sequence[Mask | None], count: int) -> Mask:
    found = np.zeros(count, np.bool_)
    for mask in masks:
        if mask is not None:
            found |= mask
    return found
