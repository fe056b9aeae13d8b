"""How good the scores are."""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "best_single_threshold",
    "best_thresholds",
    "crossed_macro_f1",
    "expected_calibration_error",
    "label_f1",
]

_GRID: Final = np.linspace(0.03, 0.9, 88, dtype=np.float32)


def label_f1(
    gold: npt.NDArray[np.bool_], predicted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """F1 of each label, 0 where it is neither present nor predicted, [shape=(n_labels,)]."""
    hits = (gold & predicted).sum(axis=0)
    return np.asarray(2 * hits / np.maximum(gold.sum(axis=0) + predicted.sum(axis=0), 1))


def best_thresholds(
    gold: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """For each label the threshold of the highest F1, [shape=(n_labels,)]."""
    f1 = np.stack([label_f1(gold, scores > threshold) for threshold in _GRID])  # (grid, labels)
    return np.asarray(_GRID[f1.argmax(axis=0)])


def best_single_threshold(gold: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]) -> float:
    """The one threshold of the highest macro-F1."""
    return float(max(_GRID, key=lambda threshold: label_f1(gold, scores > threshold).mean()))


def crossed_macro_f1(gold: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]) -> float:
    """Macro-F1 with per-label thresholds, each half judged by thresholds of the other half.

    Thresholds chosen on the rows they are judged on flatter by one to two points.
    """
    even = np.arange(len(gold)) % 2 == 0
    predicted = np.empty_like(gold)
    for half in (even, ~even):
        predicted[~half] = scores[~half] > best_thresholds(gold[half], scores[half])
    return float(label_f1(gold, predicted).mean())


def expected_calibration_error(
    confidence: npt.NDArray[np.float32], correct: npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """Mean distance between confidence and accuracy over equally wide bins (Guo et al. 2017)."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for index in np.unique(bin_of):
        inside = bin_of == index
        error += inside.mean() * abs(confidence[inside].mean() - correct[inside].mean())
    return float(error)
