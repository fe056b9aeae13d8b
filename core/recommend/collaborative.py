"""Blends what fits the mood with what was learned from votes.

For a song s, a mode and a mood:

    score_s = mood_s + h tanh(gain_s / 0.15)
    gain_s  = w taste_s + lift_s + popularity_s

mood_s is the cosine to the target. The gain is by how much more often than a song of which nothing
is known this one is expected to be liked, in likes a vote: taste_s by this person
(`core.recommend.factors`), lift_s by people in such moods (`core.recommend.neighbours`),
popularity_s by what the charts say. w = n / (n + 5) with n the person's own votes.

h is half the distance in mood between the best song and the one a fifth down the catalogue. So
no gain lets a song overtake one that is nearer to the mood by more than that distance: what was
learned orders the songs that fit, and does not bring in others. Without any votes only the
popularity is left, which moves a song by a fifth of h at most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from core.models import Mode, Song, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.events import MODES
from core.recommend.factors import FoldInConfig, fold_in
from core.recommend.learned import LearnedModel
from core.recommend.scoring import cosine_scores, unit_rows
from core.recommend.target import Distribution, target_for
from core.records import StandingVerdict, Verdict

__all__ = ["BlendConfig", "Blender", "OwnVotes", "Scores", "chart_popularity"]


@dataclass(frozen=True)
class BlendConfig:
    """How mood and votes are weighed.

    Attributes:
        reach: share of the catalogue, the best by mood, within which what was learned decides.
        full_gain: the gain, in likes a vote, that earns three quarters of what can be earned.
        own_votes: votes of a person at which the person's taste weighs half.
        popularity: likes a vote that the songs most in the charts are expected to get above the
            middle ones; an assumption, and small: the lift learns what is really liked.
        fold_in: how a person's votes are read.
    """

    reach: float = 0.2
    full_gain: float = 0.15
    own_votes: float = 5.0
    popularity: float = 0.03
    fold_in: FoldInConfig = field(default_factory=FoldInConfig)


@dataclass(frozen=True, eq=False)
class OwnVotes:
    """What a person said of songs, at most one vote for each song and mode.

    Attributes:
        songs: rows of the catalogue, [shape=(v,)].
        modes: places in `MODES`, [shape=(v,)].
        liked: whether it was a like, [shape=(v,)].
    """

    songs: npt.NDArray[np.intp]
    modes: npt.NDArray[np.int8]
    liked: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, verdicts: Iterable[StandingVerdict], rows: Mapping[str, int]) -> Self:
        """The verdicts as columns; songs that left the catalogue are left out.

        Args:
            verdicts: what stands; a song never to come again was disliked.
            rows: the catalogue's rows by song id.
        """
        known = [verdict for verdict in verdicts if verdict.song_id in rows]
        return cls(
            np.array([rows[verdict.song_id] for verdict in known], np.intp),
            np.array([MODES.index(verdict.mode) for verdict in known], np.int8),
            np.array([verdict.verdict is Verdict.UP for verdict in known], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.songs)


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of all songs, and their parts; each [shape=(n,)].

    Attributes:
        mood: cosine to the target, 0 to 1.
        taste: w taste above, in likes a vote.
        lift: likewise.
        popularity: likewise.
        total: what songs are ranked by.
        half_width: h above; `total` is within it of `mood`.
    """

    mood: Vector
    taste: Vector
    lift: Vector
    popularity: Vector
    total: Vector
    half_width: float


class Blender:
    """Scores the songs of a catalogue. Keeps nothing between calls; safe to share."""

    def __init__(
        self, catalogue: Catalogue, learned: LearnedModel | None, config: BlendConfig
    ) -> None:
        """Prepare the catalogue.

        Args:
            catalogue: of the songs.
            learned: of this catalogue; None where nothing was learned yet.
            config: the weights.
        """
        self._unit_coarse = unit_rows(catalogue.coarse)
        self._popularity = np.float32(config.popularity) * chart_popularity(catalogue.songs)
        self._learned = learned
        self._config = config

    def scores(self, mood: Distribution, mode: Mode, own: OwnVotes) -> Scores:
        """Score every song for a person in a mood.

        Args:
            mood: [shape=(7,)].
            mode: how the songs should relate to it.
            own: the person's votes.
        """
        fit = cosine_scores(target_for(mode, mood), self._unit_coarse)
        half_width = float(fit.max() - np.quantile(fit, 1 - self._config.reach)) / 2
        taste, lift = self._taste(mode, own), self._lift(mood, mode)
        gain = taste + lift + self._popularity
        bonus = np.tanh(gain / np.float32(self._config.full_gain))
        # The person's own word on this song in this mode is worth more than any estimate.
        bonus[own.songs[~own.liked & (own.modes == MODES.index(mode))]] = -1
        total = np.asarray(fit + np.float32(half_width) * bonus, np.float32)
        return Scores(fit, taste, lift, self._popularity, total, half_width)

    def _taste(self, mode: Mode, own: OwnVotes) -> Vector:
        if self._learned is None or len(own) == 0:
            return np.zeros(len(self._unit_coarse), np.float32)
        factors = self._learned.factors
        same_mode = own.modes == MODES.index(mode)
        user = fold_in(factors, own.songs, own.liked, same_mode, self._config.fold_in)
        weight = len(own) / (len(own) + self._config.own_votes)
        taste: Vector = np.float32(weight) * (factors.items @ user)
        return taste

    def _lift(self, mood: Distribution, mode: Mode) -> Vector:
        if self._learned is None:
            return np.zeros(len(self._unit_coarse), np.float32)
        return self._learned.neighbours_of(mode).lift(mood)


def chart_popularity(songs: Sequence[Song]) -> Vector:
    """How popular each song is by the charts, -1 to 1; 0 where the charts are not known.

    The mean of two percentile ranks, of the months in the charts and of the best rank, scaled.
    """
    months = _percentiles([song.chart_months for song in songs])
    ranks = _percentiles([None if song.best_rank is None else -song.best_rank for song in songs])
    return np.asarray(months + ranks, np.float32)


def _percentiles(values: Sequence[int | None]) -> npt.NDArray[np.float64]:
    """Each value's place among those known, -1/2 (least) to 1/2; equal ones share a place."""
    known = np.array([value is not None for value in values], bool)
    places = np.zeros(len(values))
    numbers = np.array([value for value in values if value is not None])
    if len(numbers):
        below = np.searchsorted(np.sort(numbers), numbers, side="left")
        upto = np.searchsorted(np.sort(numbers), numbers, side="right")
        places[known] = (below + upto) / (2 * len(numbers)) - 0.5
    return places
