"""Songs that lead step by step from a mood over calm to bright.

Music that begins where somebody
is and then moves on is known as the iso principle (Altshuler 1948, "A Psychiatrist's Experience
With Music as a Therapeutic Agent"). Here it is a way to order songs and no more; nothing is
claimed of what it does to anybody.

With m the mood's point, b the bright end and c a calm point between them, step i of n at
u = i / (n - 1) has the waypoint

    w(u) = (1 - u)^2 m + 2 u (1 - u) k + u^2 b,    k = 2 c - (m + b) / 2, so that w(1/2) = c

a quadratic Bezier curve. Where the mood is bright already, every waypoint is m. A song s fits by

    fit_s(u) = cos(q(u), song) - 2 |song's point - w(u)|,    q(u) = (1 - u) mood + u joy

with joy the distribution that is all 행복, on the plane of `core.recommend.plane`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, JOY
from core.models import EmotionScores, Vector
from core.recommend.index import Mask, SongIndex
from core.recommend.plane import Plane, Point
from core.recommend.ranking import jitter
from core.recommend.scoring import cosine_scores

__all__ = ["PathConfig", "PathFinder", "waypoints"]

_FAR: Final = np.float32(2)
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PathConfig:
    """Where paths lead.

    Attributes:
        bright: valence and arousal of the end.
        calm: arousal of the middle; its valence is half-way.
        stays: the valence from which a mood is bright already.
        noise: added to the fits, so that the same mood gets new songs.
    """

    bright: Point = (0.5, 0.3)
    calm: float = -0.4
    stays: float = 0.3
    noise: float = 0.05


def waypoints(start: Point, count: int, config: PathConfig) -> Points:
    """w of each step, [shape=(count, 2)].

    Args:
        start: valence and arousal of the mood.
        count: of the songs, at least 1.
        config: see there.
    """
    begin, end = np.array(start), np.array(config.bright)
    if begin[0] >= config.stays:
        return np.tile(begin, (count, 1))
    middle = np.array([(begin[0] + end[0]) / 2, min(config.calm, float(begin[1]))])
    control = 2 * middle - (begin + end) / 2
    u = np.linspace(0, 1, count)[:, None] if count > 1 else np.zeros((1, 1))
    return np.asarray((1 - u) ** 2 * begin + 2 * u * (1 - u) * control + u**2 * end, np.float64)


class PathFinder:
    """Finds paths through one catalogue. Keeps nothing between calls; safe to share."""

    def __init__(self, index: SongIndex, plane: Plane, config: PathConfig) -> None:
        self._plane = plane
        self._unit_coarse = index.unit_coarse
        self._config = config

    def stays(self, mood: EmotionScores) -> bool:
        """Whether the mood is bright already."""
        return self._plane.point(mood)[0] >= self._config.stays

    def fits(self, mood: EmotionScores, count: int) -> Iterator[Vector]:
        """fit of all songs at each step, [shape=(n,)] each."""
        ways = waypoints(self._plane.point(mood), count, self._config)
        joy = np.eye(len(COARSE))[JOY]
        goal = np.asarray(mood.coarse if self.stays(mood) else joy, np.float64)
        for step, way in enumerate(ways):
            u = step / (count - 1) if count > 1 else 0.0
            target = (1 - u) * np.asarray(mood.coarse, np.float64) + u * goal
            yield cosine_scores(target, self._unit_coarse) - _FAR * self._plane.away(way)

    def find(
        self,
        fits: Sequence[Vector],
        bonus: Vector,
        allowed: Mask,
        artists: Sequence[frozenset[int]],
        generator: np.random.Generator,
    ) -> list[int]:
        """The best row of each step, no artist twice; fewer where the candidates run out.

        Args:
            fits: see `fits`, one for each song of the path.
            bonus: what votes and charts add to a song's fit, [shape=(n,)].
            allowed: the candidates, [shape=(n,)].
            artists: the numbers of each song's artists.
            generator: of the noise.
        """
        left, rows = allowed.copy(), list[int]()
        listed: set[int] = set()
        for fit in fits:
            scores = jitter(fit + bonus, self._config.noise, generator)
            scores[~left] = -np.inf
            row = _best_of_others(scores, artists, listed)
            if row is None:
                break
            rows.append(row)
            left[row] = False
            listed |= artists[row]
        return rows


def _best_of_others(
    scores: Vector, artists: Sequence[frozenset[int]], listed: set[int]
) -> int | None:
    """The best row by none of the listed artists, else the best; None where none is left."""
    order = np.argpartition(-scores, min(64, len(scores) - 1))[:65]
    rows: list[int] = order[np.argsort(-scores[order], kind="stable")].tolist()
    finite = [row for row in rows if np.isfinite(scores[row])]
    others = (row for row in finite if listed.isdisjoint(artists[row]))
    return next(others, finite[0] if finite else None)
