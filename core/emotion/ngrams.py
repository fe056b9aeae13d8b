"""Character n-gram features: the sparse, wide part of the emotion model.

Informal Korean writes one word in many ways; what survives are runs of characters. A linear model
over hashed n-grams learns from few labels what a small transformer cannot, and the two err
differently, so that their average beats both.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["LENGTHS", "NgramModel", "ngram_keys"]

LENGTHS: Final = (1, 2, 3, 4)
"""The n-gram lengths in characters, spaces included, with one space put on either end."""

_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_FINALISER: Final = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT: Final = np.uint64(33)


def ngram_keys(text: str) -> npt.NDArray[np.uint32]:
    """The hashed n-grams of normalised `text`, one key per occurrence, in no promised order.

    A polynomial hash over code points, mixed as in the first round of MurmurHash3's finaliser; the
    upper 32 bits of 64 are kept: among 100,000 different n-grams about one pair shares a key.
    """
    codes = np.frombuffer(f" {text} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    rolling = np.zeros_like(codes)
    keys = []
    for length in range(1, max(LENGTHS) + 1):
        if len(codes) < length:
            break
        rolling = rolling[: len(codes) - length + 1] * _MULTIPLIER + codes[length - 1 :] + 1
        if length in LENGTHS:
            mixed = (rolling ^ (rolling >> _SHIFT)) * _FINALISER
            keys.append((mixed >> np.uint64(32)).astype(np.uint32))
    return np.concatenate(keys)


class NgramModel:
    """TF-IDF over hashed n-grams and one linear output a label.

    Attributes:
        keys: the known n-grams, ascending, [shape=(n,)].
        idf: smoothed inverse document frequency, ln((1 + N) / (1 + df)) + 1, [shape=(n,)].
        weights: [shape=(n, n_labels)].
        bias: [shape=(n_labels,)].
        scale: what a weight of 1 is worth in logits, [shape=(n_labels,)]; 1 for float weights.
    """

    def __init__(
        self,
        keys: npt.NDArray[np.uint32],
        idf: npt.NDArray[np.float32],
        weights: npt.NDArray[np.float32] | npt.NDArray[np.int8],
        bias: npt.NDArray[np.float32],
        scale: npt.NDArray[np.float32],
    ) -> None:
        """Check that everything belongs together.

        Raises:
            ValueError: shapes do not fit, or the keys are not ascending.
        """
        if idf.shape != keys.shape or weights.shape != (len(keys), len(bias)):
            raise ValueError(f"{len(keys)} n-grams with {len(idf)} idf and {weights.shape} weights")
        if (
            scale.shape != bias.shape
            or not len(keys)
            or (np.diff(keys.astype(np.int64)) <= 0).any()
        ):
            raise ValueError("the n-grams are not in order, or their scale does not fit")
        self.keys = keys
        self.idf = idf
        self.weights = weights
        self.bias = bias
        self.scale = scale

    def features(self, text: str) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """The columns of the known n-grams of `text` and their TF-IDF (unit length).

        Term frequency is sublinear, 1 + ln(count), as in scikit-learn's `TfidfVectorizer`.
        """
        found, counts = np.unique(ngram_keys(text), return_counts=True)
        columns = np.minimum(np.searchsorted(self.keys, found), len(self.keys) - 1)
        known = self.keys[columns] == found
        columns = columns[known]
        values = (1 + np.log(counts[known])).astype(np.float32) * self.idf[columns]
        return columns, values / max(float(np.linalg.norm(values)), 1e-12)

    def logits(self, text: str) -> npt.NDArray[np.float32]:
        """One logit a label, [shape=(n_labels,)]; the bias alone where no n-gram is known."""
        columns, values = self.features(text)
        return values @ self.weights[columns].astype(np.float32) * self.scale + self.bias
