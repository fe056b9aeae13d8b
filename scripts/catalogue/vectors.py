"""Fits the spaces in which lyrics are compared (see `core.recommend.spaces`)."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from core.emotion.ngrams import ngram_keys
from core.models import Vector
from core.recommend.spaces import FULL, MeaningSpace, TextSpaces, WordSpace

__all__ = ["DIMENSIONS", "fit_spaces"]

DIMENSIONS: Final = 48
"""Of either space; those of meaning keep 94 % of the variance of the embeddings."""
_NGRAMS: Final = 4000
_RAREST: Final = 20
"""Songs: an n-gram of fewer says what only they say."""
_FEW: Final = 0.05
"""The same as a share, for small tables."""
_COMMONEST: Final = 0.2
_SEED: Final = 0

Counts = tuple[npt.NDArray[np.uint32], npt.NDArray[np.intp]]


def fit_spaces(embeddings: Vector, texts: Sequence[str]) -> TextSpaces:
    """Fit both spaces to a catalogue.

    Args:
        embeddings: of the songs' meaning, [shape=(n, d)].
        texts: their normalised lyrics.
    """
    return TextSpaces(_meaning(embeddings), _words(texts))


def _meaning(embeddings: Vector) -> MeaningSpace:
    mean = embeddings.mean(axis=0, dtype=np.float64)
    centred = embeddings - mean
    # Ascending eigenvalues; an axis' sign is free, so its largest entry is made positive.
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :DIMENSIONS]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return MeaningSpace(mean.astype(np.float32), np.ascontiguousarray(axes, np.float16))


def _words(texts: Sequence[str]) -> WordSpace:
    counts: list[Counts] = [np.unique(ngram_keys(text), return_counts=True) for text in texts]
    keys, found_in = np.unique(np.concatenate([found for found, _ in counts]), return_counts=True)
    keys, found_in = _vocabulary(keys, found_in, len(texts))
    idf = np.log((1 + len(texts)) / (1 + found_in)) + 1
    matrix = _tf_idf(counts, keys, idf)
    dimensions = min(DIMENSIONS + 1, *matrix.shape)
    components = randomized_svd(matrix, dimensions, random_state=_SEED)[2]
    # The first component is what all lyrics have in common.
    weights = (components[1:] if dimensions > 1 else components).T * idf[:, None]
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-12) / FULL
    return WordSpace(keys, np.rint(weights / scale).astype(np.int8), scale.astype(np.float32))


def _vocabulary(
    keys: npt.NDArray[np.uint32], found_in: npt.NDArray[np.intp], songs: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.intp]]:
    """The commonest n-grams that are not in too many songs; all of them where that leaves none."""
    usable = (found_in >= min(_RAREST, _FEW * songs)) & (found_in <= _COMMONEST * songs)
    if usable.any():
        keys, found_in = keys[usable], found_in[usable]
    kept = np.sort(np.argsort(-found_in, kind="stable")[:_NGRAMS])
    return keys[kept], found_in[kept]


def _tf_idf(
    counts: Sequence[Counts], keys: npt.NDArray[np.uint32], idf: npt.NDArray[np.float64]
) -> csr_matrix:
    """Rows of length 1, [shape=(songs, n-grams)]."""
    values, places, ends = [], [], [0]
    for found, times in counts:
        at = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
        known = keys[at] == found
        row = (1 + np.log(times[known])) * idf[at[known]]
        values.append(row / max(float(np.linalg.norm(row)), 1e-12))
        places.append(at[known])
        ends.append(ends[-1] + len(row))
    shape = (len(counts), len(keys))
    return csr_matrix((np.concatenate(values), np.concatenate(places), ends), shape=shape)
