"""Calibrates the moods of songs against one another.

A model that learned from comments finds nearly every lyric sad or loving. Its raw scores say what
lyrics are like, but hardly what makes one song different from the next. So each class is measured
against the catalogue. With p the raw mean distribution of a song and k a class:

    l_k = ln(p_k / (1 - p_k))                        log-odds
    z_k = clip((l_k - center_k) / scale_k, -3, 3)    center, scale: mean and deviation of l_k
    q   = softmax(z / temperature + bias)            the calibrated distribution

The biases are chosen such that class k leads (has the largest q) in a fixed share of the songs.
Valence and arousal become tanh((x - center) / (1.5 deviation)).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE

__all__ = [
    "LEADING_SHARES",
    "TEMPERATURE",
    "Array",
    "Calibration",
    "leading_bias",
    "log_odds",
    "rounded",
    "softmax",
]

Array = npt.NDArray[np.float64]

LEADING_SHARES: Final = {
    "행복": 0.28,
    "슬픔": 0.28,
    "분노": 0.12,
    "공포": 0.09,
    "혐오": 0.06,
    "놀람": 0.09,
    "중립": 0.08,
}
"""The share of the songs in which each class leads. Songs are about joy and grief first. The other
classes get enough songs for lists that do not repeat themselves. 중립 gets few: nobody asks for a
song about nothing."""

TEMPERATURE: Final = 1.0
"""A lower one makes a song's leading emotion stand out more, so that more songs fit a strong mood
equally well. At 1, from a handful of songs (혐오) to some hundreds (행복) lie within the
recommender's noise of the best. At 0.5 they are two to ten times as many."""

_CLIP: Final = 3.0
_EPSILON: Final = 1e-5
_SPREAD: Final = 1.5
_SHARPNESS: Final = 0.05
_ROUNDS: Final = 2000


@dataclass(frozen=True)
class Calibration:
    """The constants. They also apply to songs that were not there when they were fitted.

    Attributes:
        center: mean log-odds of each class, [length 7].
        scale: standard deviation of the log-odds of each class, [length 7].
        bias: [length 7].
        temperature: above 0.
        leading_shares: what the biases were fitted to, [length 7], sum to 1.
        valence: mean and standard deviation of the raw valence.
        arousal: likewise.
    """

    center: tuple[float, ...]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    temperature: float
    leading_shares: tuple[float, ...]
    valence: tuple[float, float]
    arousal: tuple[float, float]

    @classmethod
    def fit(
        cls,
        coarse: Array,
        valence: Array,
        arousal: Array,
        leading_shares: Mapping[str, float] = LEADING_SHARES,
        temperature: float = TEMPERATURE,
    ) -> "Calibration":
        """Fit the constants to at least one song.

        Args:
            coarse: raw mean distributions, [shape=(n, 7)].
            valence: raw means, [shape=(n,)].
            arousal: raw means, [shape=(n,)].
            leading_shares: for each of `labels.COARSE`; scaled to sum to 1.
            temperature: see `TEMPERATURE`.
        """
        odds = log_odds(coarse)
        center, scale = odds.mean(axis=0), _deviation(odds)
        shares = np.array([leading_shares[name] for name in COARSE]) / sum(leading_shares.values())
        z = _standardised(odds, center, scale)
        return cls(
            center=rounded(center),
            scale=rounded(scale),
            bias=rounded(leading_bias(z / temperature, shares)),
            temperature=temperature,
            leading_shares=rounded(shares),
            valence=(_round(valence.mean()), _round(_deviation(valence))),
            arousal=(_round(arousal.mean()), _round(_deviation(arousal))),
        )

    @classmethod
    def from_json(cls, constants: Mapping[str, Any]) -> "Calibration":
        """The calibration of a catalogue.

        Args:
            constants: what `as_json` gave, also after `json.loads`. Other entries, such as the
                `window_lines` of `Catalogue.calibration`, are ignored.

        Raises:
            KeyError: a constant is missing.
        """
        values: dict[str, Any] = {each.name: constants[each.name] for each in fields(cls)}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        return cls(**values)

    def distribution(self, coarse: Array) -> npt.NDArray[np.float32]:
        """The calibrated distributions of raw ones, [shape=(n, 7)] both."""
        z = _standardised(log_odds(coarse), np.array(self.center), np.array(self.scale))
        return softmax(z / self.temperature + np.array(self.bias)).astype(np.float32)

    def scaled_valence(self, raw: Array) -> npt.NDArray[np.float32]:
        """The calibrated valence, -1 to 1, [shape=(n,)]."""
        return _squashed(raw, self.valence)

    def scaled_arousal(self, raw: Array) -> npt.NDArray[np.float32]:
        """The calibrated arousal, -1 to 1, [shape=(n,)]."""
        return _squashed(raw, self.arousal)

    def as_json(self) -> dict[str, Any]:
        """The constants in types of JSON; `from_json` reads them."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def leading_bias(z: Array, shares: Array) -> Array:
    """The b for which argmax_k(z_k + b_k) is k in about `shares`_k of the songs.

    Sinkhorn's iteration for the transport of songs to classes: "leads" is softened to a softmax
    of low temperature t, and each b_k is moved by t ln(wanted / found) until the shares agree.

    Args:
        z: standardised log-odds, divided by the temperature, [shape=(n, 7)].
        shares: above 0, sum to 1, [shape=(7,)].
    """
    bias = np.zeros(len(shares))
    for _ in range(_ROUNDS):
        led = softmax((z + bias) / _SHARPNESS).mean(axis=0)
        bias += _SHARPNESS * np.log(shares / np.maximum(led, 1e-12))
        if np.abs(led - shares).max() < 1e-4:
            break
    return np.asarray(bias - bias.mean(), dtype=np.float64)


def log_odds(p: Array) -> Array:
    """ln(p / (1 - p)), with p kept a little from 0 and 1."""
    clipped = np.clip(p, _EPSILON, 1 - _EPSILON)
    odds: Array = np.log(clipped / (1 - clipped))
    return odds


def _deviation(values: Array) -> Array:
    """The standard deviation down the columns; 1 where all values are (about) the same."""
    deviation = values.std(axis=0)
    return np.where(deviation > 1e-6, deviation, 1.0)


def _standardised(odds: Array, center: Array, scale: Array) -> Array:
    return np.asarray(np.clip((odds - center) / scale, -_CLIP, _CLIP), dtype=np.float64)


def _squashed(raw: Array, mean_and_deviation: tuple[float, float]) -> npt.NDArray[np.float32]:
    mean, deviation = mean_and_deviation
    return np.tanh((raw - mean) / (_SPREAD * deviation)).astype(np.float32)


def softmax(z: Array) -> Array:
    """The softmax of each row, [shape=(n, k)]."""
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    sums: Array = exponentials.sum(axis=1, keepdims=True)
    return np.asarray(exponentials / sums, dtype=np.float64)


def _round(value: float | Array) -> float:
    return round(float(value), 6)


def rounded(values: Array) -> tuple[float, ...]:
    """The values as they are kept, to six places."""
    return tuple(map(_round, values))
