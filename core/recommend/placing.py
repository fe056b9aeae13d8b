"""Fills the places of a list: ranked with variety, some tried, or all drawn for a surprise."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.models import Mode
from core.recommend.catalogue import Catalogue
from core.recommend.contributions import Found
from core.recommend.exploration import Placement, draw, explore
from core.recommend.index import SongIndex
from core.recommend.ranking import Diversity, jitter, pick_best
from core.recommend.settings import PersonalConfig

__all__ = ["Placer"]

_NOISE_SHARE: Final = 1 / 4
_LEAST_WIDTH: Final = 0.01
"""Where all that fits fits the same, songs have to differ all the more."""


class Placer:
    """Chooses among the songs of one catalogue. Keeps nothing between calls; safe to share."""

    def __init__(self, catalogue: Catalogue, index: SongIndex, config: PersonalConfig) -> None:
        self._catalogue = catalogue
        self._index = index
        self._config = config

    def places(
        self, found: Found, count: int, low: bool, generator: np.random.Generator
    ) -> list[Placement]:
        """The songs of a list, place by place.

        Args:
            found: what fits.
            count: of places.
            low: whether the person is low; then nothing is tried.
            generator: of the noise and of what is tried.
        """
        scores, allowed = found.scores, found.fit.allowed
        if found.query.mode is Mode.SURPRISE:
            return draw(self._surprises(found, generator), count, generator)
        noise = self._config.lists.noise
        diversity = None
        if not self._config.classic:
            noise = min(noise, scores.half_width * _NOISE_SHARE)
            diversity = Diversity(
                self._index.unit_coarse,
                self._catalogue.meaning,
                self._config.diversity * max(scores.half_width, _LEAST_WIDTH),
            )
        noisy = jitter(scores.total, noise, generator)
        ranked = pick_best(noisy, allowed, self._index.artists, count, diversity)
        ranked.sort(key=lambda row: -scores.total[row])
        pool = [] if low or self._config.classic else self._pool(found, ranked)
        return explore(ranked, pool, self._config.exploration, generator)

    def _pool(self, found: Found, ranked: Sequence[int]) -> list[int]:
        """What may be tried: what fits best, of no artist of the list."""
        config = self._config.exploration
        if config.rate == 0 or not config.pool:
            return []
        free = found.fit.allowed.copy()
        free[self._index.rows_beside(ranked, self._catalogue.songs)] = False
        return pick_best(found.fit.total, free, self._index.artists, config.pool)

    def _surprises(self, found: Found, generator: np.random.Generator) -> list[int]:
        """Songs drawn evenly from the candidates that fit well enough.

        They are of different artists, but for those of an artist who was asked for.
        """
        scores, fit = found.scores, found.fit
        best = float(fit.total[fit.allowed].max(initial=-np.inf))
        # Whatever is gentle fits; few songs are.
        floor = -np.inf if found.query.gentle else best - 2 * scores.half_width
        fitting = np.flatnonzero(fit.allowed & (fit.total >= floor))
        chances = generator.permutation(fitting)
        listed: set[int] = set()
        rows: list[int] = []
        named = bool(found.query.filters.artists)
        for row in chances.tolist():
            fresh = named or listed.isdisjoint(self._index.artists[row])
            if len(rows) < self._config.surprises and fresh:
                rows.append(row)
                listed |= self._index.artists[row]
        return rows
