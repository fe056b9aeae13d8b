"""What speaks for a song, in parts that can be compared.

Everything is measured in units of the score, against the songs it was chosen among:

    match       how near the song is to the mood (`fit`), less that of the song a twentieth down
                the candidates
    topic       weight (cos - mean over the candidates), of a diary's meaning and the lyrics
    words       weight (cos - mean over the catalogue), of the named song's lyrics and the lyrics
    style       weight (Jaccard - mean over the catalogue), of the genres
    taste, crowd, charts    h tanh(part of the gain / 0.15), see `collaborative`; of the charts
                only what was asked for: that popular songs come first for everybody is no reason
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.recommend.collaborative import Blender, Scores
from core.recommend.fit import Fit, LikenessConfig
from core.recommend.query import SongQuery
from core.recommend.target import Distribution
from core.records import StandingVerdict

__all__ = ["Contributions", "Found"]

_CONTENDERS: Final = 0.95
"""The quantile from which songs fit well enough for something else to decide between them."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a list was made of.

    Attributes:
        query: that was asked.
        mood: of the person, [shape=(7,)]; None where it is not known.
        fit: of all songs.
        scores: of all songs.
        verdicts: of the person.
        seed: the row of the song that was named; None without.
    """

    query: SongQuery
    mood: Distribution | None
    fit: Fit
    scores: Scores
    verdicts: Sequence[StandingVerdict]
    seed: int | None = None


class Contributions:
    """Takes scores apart. Keeps nothing between calls; safe to share."""

    def __init__(self, blender: Blender, likeness: LikenessConfig) -> None:
        self._blender = blender
        self._likeness = likeness

    def levels(self, found: Found) -> dict[str, float]:
        """What is usual among the songs a list was chosen from."""
        fit = found.fit
        if not fit.allowed.any():
            return dict.fromkeys(("match", *fit.parts), 0.0)
        among = fit.match[fit.allowed]
        levels = {"match": float(np.quantile(among, _CONTENDERS))}
        if "topic" in fit.parts:
            levels["match"] = float(among.mean())
            levels["topic"] = float(fit.parts["topic"][fit.allowed].mean())
        for name in ("lyrics", "genre"):
            if name in fit.parts:
                levels["match"] = float(fit.match.mean())
                levels[name] = float(fit.parts[name].mean())
        return levels

    def of(self, row: int, found: Found, levels: dict[str, float]) -> dict[str, float]:
        """What speaks for a song, by name, in units of the score."""
        fit, scores = found.fit, found.scores
        parts = {"match": float(fit.match[row]) - levels["match"]}
        weights = {
            "topic": self._likeness.topic,
            "lyrics": self._likeness.lyrics,
            "genre": self._likeness.genre,
        }
        for name, weight in weights.items():
            if name in fit.parts:
                parts[name] = weight * (float(fit.parts[name][row]) - levels[name])
        familiar = self._blender.asked_for(row, found.query.filters.familiarity)
        gains = {"taste": float(scores.taste[row]), "lift": float(scores.lift[row])}
        for name, gain in {**gains, "popularity": familiar}.items():
            parts[name] = self._blender.earned(gain, scores)
        return parts
