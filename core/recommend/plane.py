"""Songs and moods as points on Russell's circumplex (1980) of valence and arousal.

Songs and messages are not measured alike: a song's values are relative to other songs, and "sad"
among songs is slower than in words. So a mood is brought to where the songs of its emotions lie.
With q its distribution, c_k the mean point of the songs, weighted by their share of class k cubed,
and e_k the mean point of the fine emotions behind k (`core.emotion.labels`):

    point = sum_k q_k c_k + 1/2 (the mood's own valence and arousal - sum_k q_k e_k)

The second part keeps what the message says over and above its classes. The point is moved into the
middle nine tenths of the songs', so that there are songs around it.

A song is apart from a mood by its distance to the point, less what still counts as near. It is
apart from the opposite by three times what its valence lacks to that of a bright song, or, where
joy leads the mood, what it has over that of a dim one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import AROUSAL, FINE_TO_COARSE, VALENCE
from core.models import EmotionScores, Mode, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.sound import sound_of
from core.recommend.target import joy_leads

__all__ = ["Plane", "PlaneConfig", "Point"]

_OWN: Final = 0.5
_SHARP: Final = 3
_WEIGHTS: Final = FINE_TO_COARSE / FINE_TO_COARSE.sum(axis=0)
_MEANT: Final = _WEIGHTS.T @ np.stack([VALENCE, AROUSAL], axis=1)

Point = tuple[float, float]
"""Valence and arousal."""


@dataclass(frozen=True)
class PlaneConfig:
    """What counts as near, and as opposite.

    Attributes:
        near: songs within this distance of a mood's point are equally near.
        bright: the valence from which a song is opposite to a mood that joy does not lead.
        dim: the valence up to which it is to one that joy leads.
        clear: the arousal, to either side, from which a wish is of a calm or an excited sound.
        insist: how much more the distance counts for opposites: half of what their emotions come
            close to is the mood itself, so that without it they are hardly brighter.
    """

    near: float = 0.35
    bright: float = 0.3
    dim: float = 0.0
    insist: float = 3.0
    clear: float = 0.5


class Plane:
    """The songs of one catalogue as points. Keeps nothing between calls; safe to share."""

    def __init__(self, catalogue: Catalogue, config: PlaneConfig) -> None:
        self._valence, self._arousal = catalogue.valence, catalogue.arousal
        points = np.stack([catalogue.valence, catalogue.arousal], axis=1)
        weights = catalogue.coarse**_SHARP
        sums = weights.sum(axis=0)[:, None]
        self._centres = weights.T @ points / np.where(sums > 0, sums, 1)
        self._low, self._high = np.quantile(points, [0.05, 0.95], axis=0)
        self._sound = sound_of(catalogue, "arousal")
        self._config = config

    def point(self, mood: EmotionScores) -> Point:
        """The mood's point among the songs."""
        own = np.array([mood.valence, mood.arousal]) - mood.coarse @ _MEANT
        point = mood.coarse @ self._centres + _OWN * own
        valence, arousal = np.clip(point, self._low, self._high)
        return float(valence), float(arousal)

    def apart(self, mode: Mode, mood: EmotionScores) -> Vector:
        """How far each song is from what a mode asks for, 0 or more, [shape=(n,)]."""
        if mode is not Mode.OPPOSITE:
            lacking = self.away(self.point(mood)) - np.float32(self._config.near)
            return np.asarray(np.maximum(lacking, 0), np.float32)
        if joy_leads(mood.coarse):
            lacking = self._valence - np.float32(self._config.dim)
        else:
            lacking = np.float32(self._config.bright) - self._valence
        return np.asarray(np.float32(self._config.insist) * np.maximum(lacking, 0), np.float32)

    def clash(self, wish: EmotionScores) -> Vector:
        """How much each song sounds the other way than what is asked for, [shape=(n,)].

        The arousal of the sound beyond 0, on the side that the wish is not; 0 to 1. A wish that is
        neither calm nor excited (`PlaneConfig.clear`) clashes with nothing.
        """
        if abs(wish.arousal) < self._config.clear:
            return np.zeros_like(self._sound)
        return np.asarray(np.maximum(-np.sign(wish.arousal) * self._sound, 0), np.float32)

    def away(self, point: Point | npt.NDArray[np.floating]) -> Vector:
        """The distance of every song from a point, [shape=(n,)]."""
        valence = self._valence - np.float32(point[0])
        arousal = self._arousal - np.float32(point[1])
        return np.asarray(np.hypot(valence, arousal), np.float32)
