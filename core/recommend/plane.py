"""Songs and moods as points on Russell's circumplex (1980) of valence and arousal.

Songs and messages are not measured alike: a song's values are relative to other songs, and "sad"
among songs is slower than in words. So a mood is brought to where the songs of its emotions lie.
With q its distribution, c_k the mean point of the songs weighted by their share of class k cubed, and e_k
the mean point of the fine emotions behind k (`core.emotion.labels`):

    point = sum_k q_k c_k + 1/2 (the mood's own valence and arousal - sum_k q_k e_k)

The second part keeps what the message says over and above its classes. The point is moved into the
middle nine tenths of the songs', so that there are songs around it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import AROUSAL, FINE_TO_COARSE, JOY, VALENCE
from core.models import EmotionScores, Mode, Vector
from core.recommend.catalogue import Catalogue

__all__ = ["Plane", "PlaneConfig", "Point"]

_OWN: Final = 0.5
_SHARP: Final = 3
_WEIGHTS: Final = FINE_TO_COARSE / FINE_TO_COARSE.sum(axis=0)
_MEANT: Final = _WEIGHTS.T @ np.stack([VALENCE, AROUSAL], axis=1)

Point = tuple[float, float]
"""Valence and arousal."""


@dataclass(frozen=True)
class PlaneConfig:
    """Where opposites lie.

    Attributes:
        bright: of a mood that joy does not lead.
        dim: of one that it does.
    """

    bright: Point = (0.5, 0.2)
    dim: Point = (-0.1, -0.3)


class Plane:
    """The songs of one catalogue as points. Keeps nothing between calls; safe to share."""

    def __init__(self, catalogue: Catalogue, config: PlaneConfig) -> None:
        self._valence, self._arousal = catalogue.valence, catalogue.arousal
        points = np.stack([catalogue.valence, catalogue.arousal], axis=1)
        weights = catalogue.coarse**_SHARP
        sums = weights.sum(axis=0)[:, None]
        self._centres = weights.T @ points / np.where(sums > 0, sums, 1)
        self._low, self._high = np.quantile(points, [0.05, 0.95], axis=0)
        self._config = config

    def point(self, mood: EmotionScores) -> Point:
        """The mood's point among the songs."""
        own = np.array([mood.valence, mood.arousal]) - mood.coarse @ _MEANT
        point = mood.coarse @ self._centres + _OWN * own
        valence, arousal = np.clip(point, self._low, self._high)
        return float(valence), float(arousal)

    def target(self, mode: Mode, mood: EmotionScores) -> Point:
        """The point that the songs of a mode should lie near."""
        if mode is not Mode.OPPOSITE:
            return self.point(mood)
        led_by_joy = mood.coarse[JOY] > np.delete(mood.coarse, JOY).max()
        return self._config.dim if led_by_joy else self._config.bright

    def away(self, point: Point | npt.NDArray[np.floating]) -> Vector:
        """The distance of every song from a point, [shape=(n,)]."""
        valence = self._valence - np.float32(point[0])
        arousal = self._arousal - np.float32(point[1])
        return np.asarray(np.hypot(valence, arousal), np.float32)
