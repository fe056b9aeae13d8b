"""Blends what lyrics say with what songs of such genres sound like.

Lyrics are not the whole song: a dance tune may be about parting. Each genre has a prior on valence
and arousal, `GENRE_PRIOR`. A song's prior is the mean over its genres whose prior is known. With g
a song's prior, measured against the catalogue's as lyrics are (see `calibration`):

    style   = tanh((g - center) / (1.5 deviation)), 0 where no genre is known
    mood    = (1 - w) lyrics + w style                     for valence and arousal
    q_k     = softmax_k(ln lyrics_k + 4 w (style . plane_k) + bias_k)

q is the song's emotion distribution: that of the lyrics, tilted towards the classes that lie where
the style does; plane_k is the class's place on Russell's circumplex. The biases keep the shares of
songs that each class leads, as in `calibration`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE
from core.models import Song
from scripts.catalogue.calibration import LEADING_SHARES, Array, leading_bias, rounded, softmax

__all__ = ["CLASS_PLANE", "GENRE_PRIOR", "STYLE_WEIGHT", "StyleBlend", "genre_prior"]

GENRE_PRIOR: Final[Mapping[str, tuple[float, float]]] = {
    "발라드": (-0.45, -0.5),
    "댄스": (0.55, 0.65),
    "랩/힙합": (0.1, 0.4),
    "R&B/Soul": (-0.05, -0.2),
    "록/메탈": (0.0, 0.4),
    "인디음악": (0.0, -0.3),
    "포크/블루스": (-0.1, -0.45),
    "성인가요/트로트": (0.2, 0.15),
    "일렉트로니카": (0.4, 0.6),
    "재즈": (0.15, -0.3),
    "뉴에이지": (0.0, -0.7),
    "POP": (0.15, 0.2),
    "J-POP": (0.1, 0.1),
    "국내드라마": (-0.4, -0.4),
    "국내영화": (-0.2, -0.3),
    "국내뮤지컬": (0.0, 0.1),
    "애니메이션/웹툰": (0.4, 0.4),
    "만화": (0.4, 0.4),
    "게임": (0.3, 0.5),
    "키즈": (0.6, 0.4),
    "CCM": (0.2, -0.2),
    "국내CCM": (0.2, -0.2),
    "워십": (0.2, 0.1),
    "찬송가": (0.2, -0.3),
}
"""Valence and arousal, -1 to 1, of the usual song of a genre, by Melon's names. Set by us by what
the genre sounds like in Korea: tempo, mode and loudness; nothing was fitted to any data."""

STYLE_WEIGHT: Final = 0.5
"""w: lyrics and style count the same."""

CLASS_PLANE: Final[npt.NDArray[np.float64]] = np.array(
    [[0.8, 0.45], [-0.75, -0.45], [-0.6, 0.65], [-0.6, 0.55], [-0.6, 0.3], [0.1, 0.7], [0.0, -0.2]]
)
"""Valence and arousal of each of `labels.COARSE`, [shape=(7, 2)]."""

_TILT: Final = 4.0
_SPREAD: Final = 1.5
_LEAST: Final = 1e-6


def genre_prior(genres: Sequence[str]) -> tuple[float, float] | None:
    """The mean prior of the genres that have one; None where none has."""
    known = [GENRE_PRIOR[genre] for genre in genres if genre in GENRE_PRIOR]
    if not known:
        return None
    valence, arousal = np.mean(known, axis=0)
    return float(valence), float(arousal)


@dataclass(frozen=True)
class StyleBlend:
    """The constants. They also apply to songs that were not there when they were fitted.

    Attributes:
        weight: w above, 0 (lyrics alone) to 1.
        center: of the priors of valence and arousal, [length 2].
        deviation: likewise.
        bias: [length 7].
    """

    weight: float
    center: tuple[float, ...]
    deviation: tuple[float, ...]
    bias: tuple[float, ...]

    @classmethod
    def fit(cls, lyrics: Array, songs: Sequence[Song], weight: float = STYLE_WEIGHT) -> Self:
        """Fit the constants.

        Args:
            lyrics: calibrated distributions of the lyrics, [shape=(n, 7)].
            songs: n of them, at least one.
            weight: see there.
        """
        known = [prior for song in songs if (prior := genre_prior(song.genres))]
        priors = np.array(known or [(0.0, 0.0)])
        spread = priors.std(axis=0)
        deviation = np.where(spread > _LEAST, spread, 1.0)
        plain = cls(weight, rounded(priors.mean(axis=0)), rounded(deviation), (0.0,) * len(COARSE))
        shares = np.array([LEADING_SHARES[name] for name in COARSE]) / sum(LEADING_SHARES.values())
        tilted = plain._tilted(lyrics, plain.style(songs))
        return cls(weight, plain.center, plain.deviation, rounded(leading_bias(tilted, shares)))

    @classmethod
    def from_json(cls, constants: Mapping[str, Any]) -> Self:
        """What `as_json` gave.

        Raises:
            KeyError: a constant is missing.
        """
        lists = {name: tuple(constants[name]) for name in ("center", "deviation", "bias")}
        return cls(weight=float(constants["weight"]), **lists)

    def as_json(self) -> dict[str, Any]:
        """The constants in types of JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    def style(self, songs: Sequence[Song]) -> Array:
        """Valence and arousal of the songs' genres, -1 to 1, 0 if unknown, [shape=(n, 2)]."""
        priors = [genre_prior(song.genres) or self.center for song in songs]
        scaled = (np.array(priors) - self.center) / np.array(self.deviation)
        return np.asarray(np.tanh(scaled / _SPREAD), np.float64)

    def distribution(self, lyrics: Array, style: Array) -> npt.NDArray[np.float32]:
        """q above, [shape=(n, 7)], of `lyrics` [shape=(n, 7)] and `style` [shape=(n, 2)]."""
        return softmax(self._tilted(lyrics, style) + np.array(self.bias)).astype(np.float32)

    def plane(self, lyrics: Array, style: Array) -> npt.NDArray[np.float32]:
        """The blend of valences or of arousals, [shape=(n,)] each."""
        return ((1 - self.weight) * lyrics + self.weight * style).astype(np.float32)

    def _tilted(self, lyrics: Array, style: Array) -> Array:
        tilt = _TILT * self.weight * (style @ CLASS_PLANE.T)
        return np.asarray(np.log(np.maximum(lyrics, _LEAST)) + tilt, np.float64)
