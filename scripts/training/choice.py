"""What is chosen on validation rows: the mix of the two parts, the calibration, the thresholds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from core.emotion.mapping import sigmoid
from core.emotion.readout import SMALLEST, calibrated, softmax
from scripts.training.calibration import fit_calibration
from scripts.training.metrics import best_thresholds, crosswise, halves

__all__ = [
    "AMBIGUOUS_BELOW",
    "Choice",
    "Crossed",
    "Parts",
    "choose",
    "crossed",
    "mean_average_precision",
    "to_probabilities",
]

AMBIGUOUS_BELOW: Final = 0.4
"""A largest share below this is more likely wrong than right by far."""

_SHARES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_RIDGE: Final = 1.0
"""Of the calibration while shares are compared: a strong one, so that the share is what differs."""

Array = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
_Scalar = TypeVar("_Scalar", bound=np.generic)
Gold = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parts:
    """Probabilities that the parts of a model give to n rows, [shape=(n, k)] each.

    Attributes:
        deep: of the encoder.
        wide: of the n-gram part; None where there is none.
    """

    deep: Array
    wide: Array | None

    def mixed(self, share: float) -> Array:
        """Both with the n-gram part at `share`, 0 to 1."""
        if self.wide is None:
            return self.deep
        return ((1 - share) * self.deep + share * self.wide).astype(np.float32)

    def where(self, mask: npt.NDArray[np.bool_]) -> "Parts":
        """The rows for which `mask` [shape=(n,)] is true."""
        return Parts(self.deep[mask], None if self.wide is None else self.wide[mask])


@dataclass(frozen=True, eq=False)
class Choice:
    """What was chosen.

    Attributes:
        wide_share: of the n-gram part, 0 to 1.
        thresholds: of each label, [shape=(k,)], where several may hold; else None.
        weights, bias: of the calibration, [shape=(k, k)] and [shape=(k,)], where one holds; else
            None.
    """

    wide_share: float
    thresholds: Array | None = None
    weights: Array | None = None
    bias: Array | None = None

    def probabilities(self, parts: Parts) -> Array:
        """What is served of `parts`, [shape=(n, k)]."""
        mixed = parts.mixed(self.wide_share)
        if self.weights is None or self.bias is None:
            return mixed
        return calibrated(mixed, self.weights, self.bias)

    def decisions(self, parts: Parts) -> npt.NDArray[np.bool_]:
        """The labels that are said to hold, [shape=(n, k)]."""
        probabilities = self.probabilities(parts)
        if self.thresholds is not None:
            return np.asarray(probabilities > self.thresholds)
        top = probabilities.argmax(axis=1)
        return np.asarray(np.eye(probabilities.shape[1], dtype=np.bool_)[top])


def to_probabilities(logits: Array, several: bool) -> Array:
    """Independent probabilities where several labels may hold, else a distribution a row."""
    return sigmoid(logits) if several else softmax(logits)


def choose(parts: Parts, gold: Gold, several: bool) -> Choice:
    """The choice that is best on validation rows.

    The share is that of the highest mean average precision where several labels may hold. Where
    one does, it is that of the least cross-entropy after calibration, each half of the rows judged
    with the calibration of the other.

    Args:
        parts: of the validation rows.
        gold: 0 or 1, [shape=(n, k)].
        several: whether several labels may hold.
    """
    share = 0.0
    if several:
        if parts.wide is not None:
            share = max(_SHARES, key=lambda s: mean_average_precision(gold, parts.mixed(s)))
        return Choice(share, thresholds=best_thresholds(gold > 0, parts.mixed(share)))
    classes = gold.argmax(axis=1)
    if parts.wide is not None:
        share = min(_SHARES, key=lambda s: _crossed_cross_entropy(parts.mixed(s), classes))
    weights, bias = fit_calibration(parts.mixed(share), classes)
    return Choice(share, weights=weights, bias=bias)


def mean_average_precision(gold: Gold, scores: Array) -> float:
    """The mean over the labels that occur; needs no thresholds."""
    present = gold.sum(axis=0) > 0
    return float(average_precision_score(gold[:, present], scores[:, present], average="macro"))


def crossed(parts: Parts, gold: Gold, several: bool) -> "Crossed":
    """Choices for each half of the rows, made on the other half."""
    of_even, of_odd = (choose(parts.where(half), gold[half], several) for half in halves(len(gold)))
    return Crossed(parts, of_odd, of_even)


@dataclass(frozen=True, eq=False)
class Crossed:
    """Rows that are read with choices made on others: those made on themselves would flatter.

    Attributes:
        parts: of all rows.
        for_even, for_odd: what each of the `metrics.halves` is read with.
    """

    parts: Parts
    for_even: Choice
    for_odd: Choice

    def read(
        self, reading: Callable[[Choice, Parts], npt.NDArray[_Scalar]]
    ) -> npt.NDArray[_Scalar]:
        """What `reading` makes of the rows, in their order."""

        def of_half(judged: Bools, _: Bools) -> npt.NDArray[_Scalar]:
            # The first row is an even one.
            choice = self.for_even if judged[0] else self.for_odd
            return reading(choice, self.parts.where(judged))

        return crosswise(len(self.parts.deep), of_half)


def _crossed_cross_entropy(probabilities: Array, classes: npt.NDArray[np.intp]) -> float:
    def read(judged: Bools, known: Bools) -> Array:
        weights, bias = fit_calibration(probabilities[known], classes[known], _RIDGE)
        return calibrated(probabilities[judged], weights, bias)

    of_gold = crosswise(len(classes), read)[np.arange(len(classes)), classes]
    return -float(np.log(np.maximum(of_gold, SMALLEST)).mean())
