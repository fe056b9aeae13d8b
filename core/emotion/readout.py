"""From a model's outputs to `EmotionScores`.

A model has up to two groups of outputs: `emotions`, independent logits, and `classes`, of which
one holds. Both come from the encoder ("deep") and, where the model has one, from the n-gram part
("wide", with the share s):

    fine    = (1 - s) sigmoid(deep_emotions) + s sigmoid(wide_emotions)
    p       = (1 - s) softmax(deep_classes)  + s softmax(wide_classes)
    p'      = softmax(W ln p + b)       Dirichlet calibration (Kull et al. 2019, NeurIPS)
    coarse  = p' A                      A: the label set's shares of the seven classes

Without `classes`, p is what the fixed mapping of `mapping` makes of `fine`, over the seven.
Valence and arousal follow from `fine` (`mapping.plane`), or without `emotions` from the label
set's own places; then `fine` is all zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.label_sets import LABEL_SETS, LabelSet, label_set_of
from core.emotion.labels import FINE, NEUTRAL
from core.emotion.mapping import Scale, coarse_distribution, plane, sigmoid
from core.models import EmotionScores

__all__ = ["SMALLEST", "Readout", "calibrated", "softmax"]

SMALLEST: Final = 1e-6
"""Probabilities below this count as this, so that their logarithm is bounded."""

Array = npt.NDArray[np.float32]


def softmax(logits: Array) -> Array:
    """Distributions of logits, [shape=(n, k)], rows sum to 1."""
    mass = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(mass / mass.sum(axis=1, keepdims=True), np.float32)


def calibrated(probabilities: Array, weights: Array, bias: Array) -> Array:
    """softmax(W ln p + b), [shape=(n, k)], rows sum to 1.

    Args:
        probabilities: p, [shape=(n, k)], rows sum to 1.
        weights: W, [shape=(k, k)]; row i gives class i.
        bias: b, [shape=(k,)].
    """
    return softmax(np.log(np.maximum(probabilities, SMALLEST)) @ weights.T + bias)


@dataclass(frozen=True, eq=False)
class Readout:
    """What the outputs of a model mean.

    Attributes:
        emotions: the labels of the independent outputs: `labels.FINE`, or none.
        classes: the labels of the softmax outputs: those of a `LabelSet` in any order, or none.
        thresholds: above which a fine emotion counts as present, [shape=(len(emotions),)].
        neutral_threshold: the share of 중립 that weighs as much as one present emotion, above 0.
        wide_share: s, 0 to 1.
        weights: W of the calibration, [shape=(k, k)]; k is len(classes), or 7 without classes.
        bias: b of the calibration, [shape=(k,)].
        ambiguous_below: a text whose largest share of the seven is below this is ambiguous, 0
            to 1.
    """

    emotions: tuple[str, ...]
    classes: tuple[str, ...]
    thresholds: Array
    neutral_threshold: float
    wide_share: float
    weights: Array
    bias: Array
    ambiguous_below: float

    def __post_init__(self) -> None:
        """Check that everything belongs together.

        Raises:
            ValueError: labels that there are not, a wrong shape, or a number out of its range.
        """
        if not self.outputs:
            raise ValueError("the model names neither emotions nor classes")
        if self.emotions not in ((), FINE):
            raise ValueError(f"emotions are not the {len(FINE)} that there are, in their order")
        if len(set(self.classes)) < len(self.classes):
            raise ValueError("a class is named twice")
        k = len(self.label_set.labels)
        shapes = (self.thresholds.shape, self.weights.shape, self.bias.shape)
        if shapes != ((len(self.emotions),), (k, k), (k,)):
            raise ValueError(f"thresholds and calibration have the shapes {shapes}")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.bias).all()):
            raise ValueError("the calibration holds a number that is not finite")
        if not 0 <= self.wide_share <= 1:
            raise ValueError(f"wide_share is {self.wide_share}, not from 0 to 1")
        if not 0 <= self.ambiguous_below <= 1:
            raise ValueError(f"ambiguous_below is {self.ambiguous_below}, not from 0 to 1")
        _ = self.scale  # checks the thresholds

    @classmethod
    def plain(cls, emotions: Sequence[str], classes: Sequence[str]) -> "Readout":
        """That of a model of which nothing but its labels is known: no n-gram part, thresholds of
        0.5, no calibration, nothing ambiguous.

        Raises:
            ValueError: labels that there are not.
        """
        k = len(classes) or len(LABEL_SETS["seven"].labels)
        return cls(
            emotions=tuple(emotions),
            classes=tuple(classes),
            thresholds=np.full(len(emotions), 0.5, np.float32),
            neutral_threshold=0.5,
            wide_share=0.0,
            weights=np.eye(k, dtype=np.float32),
            bias=np.zeros(k, np.float32),
            ambiguous_below=0.0,
        )

    @property
    def outputs(self) -> int:
        """The number of logits: emotions, then classes."""
        return len(self.emotions) + len(self.classes)

    @cached_property
    def label_set(self) -> LabelSet:
        """The set of `classes`, in their order; the seven where there are none."""
        return label_set_of(self.classes) if self.classes else LABEL_SETS["seven"]

    @cached_property
    def scale(self) -> Scale:
        """What fine scores are measured by."""
        return Scale(self.thresholds, self.neutral_threshold)

    def activated(self, logits: Array) -> Array:
        """Probabilities of one part's logits, [shape=(n, outputs)]."""
        split = len(self.emotions)
        probabilities = np.empty(logits.shape, np.float32)
        if split:
            probabilities[:, :split] = sigmoid(logits[:, :split])
        if self.classes:
            probabilities[:, split:] = softmax(logits[:, split:])
        return probabilities

    def mixed(self, deep: Array, wide: Array | None) -> Array:
        """The mean of both parts' probabilities by their shares, [shape=(n, outputs)].

        Args:
            deep: of the encoder, [shape=(n, outputs)].
            wide: of the n-gram part, likewise; None where the model has none.
        """
        if wide is None:
            return deep
        return np.asarray((1 - self.wide_share) * deep + self.wide_share * wide, np.float32)

    def distribution(self, probabilities: Array) -> Array:
        """p' over the labels of `label_set`, in the order of `classes`, [shape=(n, k)].

        Args:
            probabilities: as `mixed` gives them, [shape=(n, outputs)].
        """
        split = len(self.emotions)
        if self.classes:
            p = probabilities[:, split:]
        else:
            p = coarse_distribution(probabilities[:, :split], self.scale)
        return calibrated(p, self.weights, self.bias)

    def scores(self, probabilities: Array) -> list[EmotionScores]:
        """One reading a row.

        Args:
            probabilities: as `mixed` gives them, [shape=(n, outputs)].
        """
        p = self.distribution(probabilities)
        coarse = p @ self.label_set.to_coarse
        if self.emotions:
            fine = probabilities[:, : len(self.emotions)]
            valence, arousal = plane(fine, coarse[:, NEUTRAL], self.scale)
        else:
            fine = np.zeros((len(p), len(FINE)), np.float32)
            valence, arousal = p @ self.label_set.valence, p @ self.label_set.arousal
        ambiguous = coarse.max(axis=1) < self.ambiguous_below
        return [
            EmotionScores(*row)
            for row in zip(
                coarse, fine, valence.tolist(), arousal.tolist(), ambiguous.tolist(), strict=True
            )
        ]
