"""From the 44 fine scores to valence and arousal, and to the seven classes for models without.

KOTE's labels differ in how often they are ticked: 0.3 is much for 공포/무서움 and little for
불평/불만. So a score counts by its ratio to the label's own threshold (chosen for the best F1 on
held-out comments): the evidence of label k is min(s_k / t_k, 3)^2, which keeps many faint scores
from adding up to an emotion nobody has, and one sure score from drowning all others.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import AROUSAL, FINE_TO_COARSE, VALENCE

__all__ = ["Scale", "coarse_distribution", "plane", "sigmoid"]

_CAP: Final = 3.0
_FAINT: Final = 1e-3
"""Evidence given to every class: a distribution has no zeros, and no evidence at all is even."""

# A class of many labels would win by their number, so its evidence is divided by the square root
# of how many labels it has: between their sum and their mean, since labels of a class come
# together, but not always.
_CLASS_WEIGHTS: Final = FINE_TO_COARSE / np.sqrt(FINE_TO_COARSE.sum(axis=0))


@dataclass(frozen=True, eq=False)
class Scale:
    """What a model's scores are measured by; stored with its weights.

    Attributes:
        thresholds: above which a fine emotion counts as present, [shape=(44,)], above 0.
        neutral: the share of 중립 that weighs as much as one present emotion, above 0.
    """

    thresholds: npt.NDArray[np.float32]
    neutral: float

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a number is not above 0, or not finite.
        """
        numbers = np.array([*self.thresholds, self.neutral])
        if not (np.isfinite(numbers) & (numbers > 0)).all():
            raise ValueError("thresholds have to be above 0")


def sigmoid(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Independent probabilities of logits, of the same shape."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def coarse_distribution(fine: npt.NDArray[np.float32], scale: Scale) -> npt.NDArray[np.float32]:
    """The seven-class distribution, [shape=(n, 7)], rows sum to 1.

    With e_k the evidence of label k and M_kc its share of class c (the table in `labels`),
    p_c is in proportion to sum_k e_k M_kc / sqrt(sum_k M_kc) + 0.001.

    Args:
        fine: scores over `labels.FINE`, [shape=(n, 44)], 0 to 1.
        scale: of the model that gave them.
    """
    mass = _evidence(fine, scale.thresholds) @ _CLASS_WEIGHTS + _FAINT  # (n, 7)
    return np.asarray(mass / mass.sum(axis=1, keepdims=True), np.float32)


def plane(
    fine: npt.NDArray[np.float32], neutral: npt.NDArray[np.float32], scale: Scale
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Valence and arousal in [-1, 1], [shape=(n,)] each.

    The mean of the fine emotions' places on the circumplex, weighted by their evidence; no
    emotion pulls to the middle with its own.

    Args:
        fine: scores over `labels.FINE`, [shape=(n, 44)], 0 to 1.
        neutral: the share of 중립, [shape=(n,)], 0 to 1.
        scale: of the model that gave them.
    """
    weights = _evidence(fine, scale.thresholds)
    total = weights.sum(axis=1) + _evidence(neutral, scale.neutral) + _FAINT
    return weights @ VALENCE / total, weights @ AROUSAL / total


def _evidence(
    scores: npt.NDArray[np.float32], thresholds: npt.NDArray[np.float32] | float
) -> npt.NDArray[np.float32]:
    return np.asarray(np.minimum(scores / thresholds, _CAP) ** 2, np.float32)
