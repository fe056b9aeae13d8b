"""From a mood to a slate of songs: target, scores, ranking, reasons."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import InvalidCountError
from core.models import Mode, Mood, Recommendation, Slate
from core.recommend.artists import artist_keys
from core.recommend.catalogue import Catalogue
from core.recommend.ranking import jitter, pick
from core.recommend.scoring import cosine_scores, reason_for, unit_rows
from core.recommend.target import Distribution, target_for

__all__ = ["Recommender", "RecommenderConfig"]


@dataclass(frozen=True)
class RecommenderConfig:
    """How lists are made.

    Attributes:
        count: songs in a list where nobody said how many.
        most: the longest list there is.
        noise: variety. Each score is raised by a random number up to this before the songs are
            ranked, so that the songs this close to the best take turns. How many these are
            depends on the mood: in the shipped catalogue, 1/30 holds a handful of songs for strong
            disgust or fear and some hundreds for joy.
    """

    count: int = 5
    most: int = 20
    noise: float = 1 / 30


class Recommender:
    """Picks songs of a catalogue. Keeps nothing between calls; safe to share."""

    def __init__(self, catalogue: Catalogue, config: RecommenderConfig) -> None:
        self._catalogue = catalogue
        self._config = config
        self._unit_coarse = unit_rows(catalogue.coarse)
        self._rows = {song.id: row for row, song in enumerate(catalogue.songs)}
        self._artists = _artist_numbers(song.artist for song in catalogue.songs)

    def recommend(
        self,
        mood: Mood,
        mode: Mode,
        count: int | None,
        shown: Collection[str],
        generator: np.random.Generator,
    ) -> Slate:
        """The songs for `mood`, chosen with noise and listed by score without it.

        Args:
            mood: what the user feels.
            mode: how the songs should relate to it.
            count: how many songs; None for the configured number. A smaller catalogue gives fewer.
            shown: ids of songs to leave out; unknown ones are ignored.
            generator: the source of the noise; the same state gives the same slate.

        Raises:
            InvalidCountError: `count` is below 1 or above the configured most.
        """
        wanted = self._config.count if count is None else count
        if not 1 <= wanted <= self._config.most:
            raise InvalidCountError(self._config.most)
        target = target_for(mode, mood.coarse)
        scores = cosine_scores(target, self._unit_coarse)
        noisy = jitter(scores, self._config.noise, generator)
        rows = pick(noisy, self._excluded(shown), self._artists, wanted)
        rows.sort(key=lambda row: -scores[row])
        items = (self._item(row, mode, mood, target, float(scores[row])) for row in rows)
        return Slate(mode, tuple(items))

    def _excluded(self, shown: Collection[str]) -> npt.NDArray[np.intp]:
        rows = [self._rows[id_] for id_ in shown if id_ in self._rows]
        return np.array(rows, dtype=np.intp)

    def _item(
        self, row: int, mode: Mode, mood: Mood, target: Distribution, score: float
    ) -> Recommendation:
        reason = reason_for(mode, mood.coarse, target, self._catalogue.coarse[row])
        return Recommendation(self._catalogue.songs[row], score, reason)


def _artist_numbers(artists: Iterable[str]) -> list[frozenset[int]]:
    """The numbers of each song's artists; two songs that share one share an artist."""
    numbers: dict[str, int] = {}
    return [
        frozenset(numbers.setdefault(key, len(numbers)) for key in artist_keys(artist))
        for artist in artists
    ]
