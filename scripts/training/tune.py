"""Chooses, on held-out rows, what the weights leave open."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from core.emotion.labels import COARSE, FINE_TO_COARSE
from core.emotion.mapping import Scale, coarse_distribution
from scripts.training.export import Tuning
from scripts.training.metrics import best_thresholds

__all__ = ["SHARE", "Parts", "gold_classes", "tune"]

SHARE: Final = 0.5
"""Of the n-gram part: the plain average. For the bundled model KOTE's macro-F1 is 0.468, 0.473,
0.474 and 0.444 at shares of 0, 0.3, 0.5 and 1, and the accuracy of the class on our everyday
validation rows 0.54, 0.58, 0.65 and 0.70 (with the scale fitted at 0.5)."""
_RIDGE: Final = 0.02

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parts:
    """What the parts of a model say of n texts.

    Attributes:
        deep: fine scores of the encoder, [shape=(n, 44)].
        wide: fine scores of the n-gram part, [shape=(n, 44)].
        neutral: probability of no emotion, [shape=(n,)].
    """

    deep: Array
    wide: Array
    neutral: Array

    def mixed(self, share: float) -> Array:
        """Fine scores with the n-gram part at `share`."""
        return ((1 - share) * self.deep + share * self.wide).astype(np.float32)


def tune(
    kote: Parts, gold: Array, everyday: Parts, everyday_classes: npt.NDArray[np.intp]
) -> Tuning:
    """The thresholds and the scale of the coarse distribution.

    The thresholds are those of the best F1 of each label on KOTE; neutral threshold, sharpness and
    bias those of the least cross-entropy of the class on the everyday rows: they are what people
    say to the bot, and their classes were chosen as such, while KOTE's follow from its labels.

    Args:
        kote: of KOTE's validation rows.
        gold: their labels, 0 or 1, [shape=(n, 44)].
        everyday: of our everyday validation rows.
        everyday_classes: indices into `COARSE`, [shape=(m,)].
    """
    thresholds = best_thresholds(gold > 0, kote.mixed(SHARE))
    fine, rows = everyday.mixed(SHARE), np.arange(len(everyday_classes))

    def scale_of(parameters: npt.NDArray[np.float64]) -> Scale:
        sharpness, neutral = np.exp(np.clip(parameters[:2], -4, 2))
        bias = parameters[2:].astype(np.float32)
        return Scale(thresholds, float(neutral), float(sharpness), bias)

    def loss(parameters: npt.NDArray[np.float64]) -> float:
        predicted = coarse_distribution(fine, everyday.neutral, scale_of(parameters))
        cross_entropy = -np.log(predicted[rows, everyday_classes]).mean()
        return float(cross_entropy + _RIDGE * (parameters[2:] ** 2).mean())

    start = np.array([0.0, np.log(0.5), *np.zeros(len(COARSE))])
    found = minimize(loss, start, method="Powell", options={"maxiter": 20})
    return Tuning(SHARE, scale_of(found.x))


def gold_classes(gold: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The class that most of a row's fine labels speak for, of the rows that have one.

    Returns:
        The classes [shape=(m,)], and which rows have one [shape=(n,)]. Rows with a tie between
        classes are left out.
    """
    shares = gold @ FINE_TO_COARSE
    ordered = np.sort(shares, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > 1e-6
    return shares[clear].argmax(axis=1), clear
