"""Fits a softmax regression over hashed n-grams for the crisis check.

The n-grams that weigh most are kept and fitted once more, and the weights are rounded to bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from core.dialogue.crisis import CrisisDetector
from core.dialogue.crisis_model import CLASSES
from core.emotion.ngrams import NgramModel, ngram_keys

__all__ = ["Example", "fit", "fit_whole", "masked"]

_KEPT: Final = 40_000
"""N-grams in the file: with bytes as weights it stays near 300 kB."""
_INVERSE_REGULARISATION: Final = 15.0


@dataclass(frozen=True)
class Example:
    """A sentence to learn from.

    Attributes:
        text: as the detector hands it to the model, after `masked`.
        label: one of `CLASSES`.
        weight: what it counts for; the weight of a line grows with the root of its sentences.
        family: of the written sentences it stands among, or the corpus; empty where there is none.
    """

    text: str
    label: str
    weight: float
    family: str = ""


def masked(floor: CrisisDetector, examples: Iterable[Example]) -> list[Example]:
    """Every sentence of the examples on its own, as the detector hands it to the model."""
    return [
        replace(example, text=sentence)
        for example in examples
        for sentence in floor.sentences(example.text)
    ]


def fit(examples: Sequence[Example]) -> NgramModel:
    """The model of the file: thinned out to the n-grams that weigh most, in bytes."""
    whole = fit_whole(examples)
    strength = np.abs(whole.weights).max(axis=1) * whole.idf
    kept = np.sort(strength.argsort(kind="stable")[::-1][:_KEPT])
    return _in_bytes(_regression(whole.keys[kept], whole.idf[kept], examples))


def fit_whole(examples: Sequence[Example]) -> NgramModel:
    """The same with all n-grams that occur twice, in half the time."""
    return _regression(*_counted([example.text for example in examples]), examples)


def _counted(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    """The n-grams that occur in two texts or more, and their inverse document frequency."""
    keys, counts = np.unique(
        np.concatenate([np.unique(ngram_keys(text)) for text in texts]), return_counts=True
    )
    keys, counts = keys[counts > 1], counts[counts > 1]
    return keys, (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)


def _regression(
    keys: npt.NDArray[np.uint32], idf: npt.NDArray[np.float32], examples: Sequence[Example]
) -> NgramModel:
    shape = (len(keys), len(CLASSES))
    bias, scale = np.zeros(len(CLASSES), np.float32), np.ones(len(CLASSES), np.float32)
    blank = NgramModel(keys, idf, np.zeros(shape, np.float32), bias, scale)
    rows = [blank.features(example.text) for example in examples]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    matrix = sp.csr_matrix((values, columns, starts), shape=(len(rows), len(keys)))
    fitted = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=500, tol=1e-3)
    fitted.fit(
        matrix,
        [CLASSES.index(example.label) for example in examples],
        sample_weight=[example.weight for example in examples],
    )
    coefficients = np.ascontiguousarray(fitted.coef_.T, np.float32)
    return NgramModel(keys, idf, coefficients, fitted.intercept_.astype(np.float32), scale)


def _in_bytes(model: NgramModel) -> NgramModel:
    scale = (np.abs(model.weights).max(axis=0) / 127).astype(np.float32)
    weights = np.round(model.weights / scale).astype(np.int8)
    idf = model.idf.astype(np.float16).astype(np.float32)
    return NgramModel(model.keys, idf, weights, model.bias, scale)
