"""What songs share by their facts: artists, genres, half-decades."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.models import Song
from core.recommend.artists import artist_keys

__all__ = ["song_traits", "trait_pairs"]

Trait = tuple[str, str]

_YEARS = 5
_REMEMBERED = 20_000
"""Artists; the bundled catalogue has some 1,400."""


def song_traits(song: Song) -> list[Trait]:
    """The kinds and names of a song's traits, none twice; empty for a song without facts."""
    traits = [*_artist_traits(song.artist), *(("genre", genre) for genre in song.genres)]
    if song.year is not None:
        traits.append(("years", str(song.year - song.year % _YEARS)))
    return list(dict.fromkeys(traits))


@lru_cache(maxsize=_REMEMBERED)
def _artist_traits(artist: str) -> tuple[Trait, ...]:
    """Remembered: for each list every song that was voted on is looked at."""
    return tuple(("artist", key) for key in artist_keys(artist))


def trait_pairs(songs: Sequence[Song]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], int]:
    """Which song has which trait.

    Returns:
        the songs' rows and the traits' numbers, a pair for each [shape=(p,)], and how many
        traits there are.
    """
    numbers: dict[Trait, int] = {}
    pairs = [
        (row, numbers.setdefault(trait, len(numbers)))
        for row, song in enumerate(songs)
        for trait in song_traits(song)
    ]
    rows, traits = np.array(pairs, np.int32).reshape(-1, 2).T
    return rows, traits, len(numbers)
