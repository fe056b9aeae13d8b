"""Fits the sparse n-gram part: TF-IDF over hashed n-grams, one logistic regression a label."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from core.emotion.ngrams import NgramModel, ngram_keys

__all__ = ["fit_wide", "wide_logits"]

_SURE: Final = 8.0
"""Logit of a label that every text has."""


def fit_wide(
    texts: Sequence[str],
    labels: npt.NDArray[np.float32],
    min_texts: int = 2,
    inverse_regularisation: float = 3.0,
) -> NgramModel:
    """Fit one L2-regularised logistic regression a label.

    A label that no text or every text has gets no weights, but a sure bias.

    Args:
        texts: normalised.
        labels: 0 or 1, [shape=(len(texts), n_labels)].
        min_texts: n-grams seen in fewer texts are left out.
        inverse_regularisation: scikit-learn's `C`.
    """
    per_text = [np.unique(ngram_keys(text)) for text in texts]
    keys, counts = np.unique(np.concatenate(per_text), return_counts=True)
    kept = counts >= min_texts
    keys, counts = keys[kept], counts[kept]
    idf = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)
    weights = np.zeros((len(keys), labels.shape[1]), np.float32)
    bias = np.zeros(labels.shape[1], np.float32)
    model = NgramModel(keys, idf, weights, bias, scale=np.ones_like(bias))
    features = _matrix(model, texts)
    for label in range(labels.shape[1]):
        if len(np.unique(labels[:, label])) < 2:
            bias[label] = _SURE if labels[0, label] else -_SURE
            continue
        fitted = LogisticRegression(C=inverse_regularisation, solver="liblinear")
        fitted.fit(features, labels[:, label])
        weights[:, label], bias[label] = fitted.coef_[0], fitted.intercept_[0]
    return model


def wide_logits(
    model: NgramModel, texts: Sequence[str], chunk: int = 50_000
) -> npt.NDArray[np.float32]:
    """Logits of many texts, [shape=(len(texts), n_labels)]."""
    weights = model.weights.astype(np.float32) * model.scale
    parts = [
        _matrix(model, texts[start : start + chunk]) @ weights + model.bias
        for start in range(0, len(texts), chunk)
    ]
    return np.concatenate(parts).astype(np.float32)


def _matrix(model: NgramModel, texts: Sequence[str]) -> sp.csr_matrix:
    rows = [model.features(text) for text in texts]
    lengths = [0, *(len(columns) for columns, _ in rows)]
    return sp.csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([columns for columns, _ in rows]),
            np.cumsum(lengths),
        ),
        shape=(len(texts), len(model.keys)),
    )
