"""Blends what fits the mood with what was learned from votes.

For a song s, a mode and a mood:

    score_s = fit_s + h tanh(gain_s / 0.15)
    gain_s  = w taste_s + lift_s + popularity_s

fit_s says how well the song fits what the mode asks for (`core.recommend.fit`); for moods it is the
cosine to the target. The gain is by how much more often than a song of which nothing
is known this one is expected to be liked, in likes a vote: taste_s by this person
(`core.recommend.factors`), lift_s by people in such moods (`core.recommend.neighbours`),
popularity_s by what the charts say. w = n / (n + 5) with n the person's own votes.

h is half the distance in fit between the best song and the one a fifth down the candidates. So
no gain lets a song overtake one that fits better by more than that distance: what was
learned orders the songs that fit, and does not bring in others. Without any votes only the
popularity is left, which moves a song by a fifth of h at most. Who asks for familiar songs, or for
unknown ones, makes it count more: popularity_s then is (0.03 + 0.3 f) times the song's place in
the charts, with f the familiarity asked for, -1 to 1.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from core.models import Mode, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.events import MODES, lift_mode
from core.recommend.factors import FoldInConfig, fold_in
from core.recommend.index import Mask, SongIndex, chart_popularity
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
        familiarity: the same, for each unit of familiarity that is asked for.
        fold_in: how a person's votes are read.
    """

    reach: float = 0.2
    full_gain: float = 0.15
    own_votes: float = 5.0
    popularity: float = 0.03
    familiarity: float = 0.3
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
        fit: how well they fit what the mode asks for.
        taste: w taste above, in likes a vote.
        lift: likewise.
        popularity: likewise.
        total: what songs are ranked by.
        half_width: h above; `total` is within it of `fit`.
    """

    fit: Vector
    taste: Vector
    lift: Vector
    popularity: Vector
    total: Vector
    half_width: float


class Blender:
    """Scores the songs of a catalogue. Keeps nothing between calls; safe to share."""

    def __init__(
        self,
        catalogue: Catalogue,
        learned: LearnedModel | None,
        config: BlendConfig,
        index: SongIndex | None = None,
    ) -> None:
        """Prepare the catalogue.

        Args:
            catalogue: of the songs.
            learned: of this catalogue; None where nothing was learned yet.
            config: the weights.
            index: of the catalogue; None to make what is needed of it.
        """
        # Shared where others have made the index already.
        self._charts = index.popularity if index else chart_popularity(catalogue.songs)
        self._unit_coarse = index.unit_coarse if index else unit_rows(catalogue.coarse)
        self._learned = learned
        self._config = config

    def scores(self, mood: Distribution, mode: Mode, own: OwnVotes) -> Scores:
        """Score every song for a person in a mood, by the mood and the votes alone.

        Args:
            mood: [shape=(7,)].
            mode: how the songs should relate to it.
            own: the person's votes.
        """
        fit = cosine_scores(target_for(mode, mood), self._unit_coarse)
        return self.blend(fit, np.ones(len(fit), np.bool_), mood, mode, own)

    def blend(
        self,
        fit: Vector,
        allowed: Mask,
        mood: Distribution | None,
        mode: Mode,
        own: OwnVotes,
        familiarity: float = 0.0,
    ) -> Scores:
        """Add what was learned to a fit.

        Args:
            fit: [shape=(n,)].
            allowed: the candidates, [shape=(n,)].
            mood: of the person, [shape=(7,)]; None where it is not known.
            mode: in which the songs are asked for.
            own: the person's votes.
            familiarity: that is asked for, -1 to 1.
        """
        half_width = self._half_width(fit, allowed)
        taste, lift = self._taste(mode, own), self._lift(mood, mode)
        prior = self._config.popularity + self._config.familiarity * familiarity
        popularity = np.float32(prior) * self._charts
        bonus = np.tanh((taste + lift + popularity) / np.float32(self._config.full_gain))
        # The person's own word on this song in this mode is worth more than any estimate.
        bonus[own.songs[~own.liked & (own.modes == MODES.index(mode))]] = -1
        total = np.asarray(fit + np.float32(half_width) * bonus, np.float32)
        return Scores(fit, taste, lift, popularity, total, half_width)

    def earned(self, gain: float, scores: Scores) -> float:
        """What a part of a gain would add to a score by itself."""
        return scores.half_width * float(np.tanh(gain / self._config.full_gain))

    def asked_for(self, row: int, familiarity: float) -> float:
        """The part of a song's popularity that comes from the familiarity that was asked for."""
        return self._config.familiarity * familiarity * float(self._charts[row])

    def _half_width(self, fit: Vector, allowed: Mask) -> float:
        """h above; 0 without candidates."""
        values = fit if allowed.all() else fit[allowed]
        if not len(values):
            return 0.0
        down = math.ceil(self._config.reach * (len(values) - 1))
        return float(values.max() - np.partition(values, len(values) - 1 - down)[-1 - down]) / 2

    def _taste(self, mode: Mode, own: OwnVotes) -> Vector:
        if self._learned is None or len(own) == 0:
            return np.zeros(len(self._unit_coarse), np.float32)
        factors = self._learned.factors
        same_mode = own.modes == MODES.index(mode)
        user = fold_in(factors, own.songs, own.liked, same_mode, self._config.fold_in)
        weight = len(own) / (len(own) + self._config.own_votes)
        taste: Vector = np.float32(weight) * (factors.items @ user)
        return taste

    def _lift(self, mood: Distribution | None, mode: Mode) -> Vector:
        votes_in = lift_mode(mode)
        if self._learned is None or mood is None or votes_in is None:
            return np.zeros(len(self._unit_coarse), np.float32)
        return self._learned.neighbours_of(votes_in).lift(mood)
