"""A start for the token embeddings: what a piece keeps company with.

Truncated SVD of the positive pointwise mutual information between pieces within a few places of
each other (Levy and Goldberg 2014). It takes a minute and spares the encoder the first millions
of tokens.
"""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import svds

__all__ = ["company_embeddings"]


def company_embeddings(
    ids: npt.NDArray[np.uint16],
    offsets: npt.NDArray[np.int64],
    vocabulary: int,
    width: int,
    reach: int = 4,
    seed: int = 0,
) -> npt.NDArray[np.float32]:
    """Embeddings of all pieces, mean 0 and standard deviation 1, [shape=(vocabulary, width)].

    Args:
        ids: all texts one after another.
        offsets: bounds of each text in `ids`, [shape=(texts + 1,)].
        vocabulary: the number of pieces.
        width: the number of singular vectors kept.
        reach: pieces at most this far apart count as company, weighted by 1 / distance.
        seed: of the solver's start vector.
    """
    text = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    counts = sp.csr_matrix((vocabulary, vocabulary), dtype=np.float32)
    for distance in range(1, reach + 1):
        same = text[distance:] == text[:-distance]
        pair = (ids[:-distance][same], ids[distance:][same])
        weights = np.full(same.sum(), 1 / distance, np.float32)
        counts += sp.csr_matrix((weights, pair), shape=(vocabulary, vocabulary))
    counts = (counts + counts.T).tocoo()
    total = np.asarray(counts.tocsr().sum(1)).ravel() + 1
    # Context counts to the power of 0.75 keep rare pieces from looking informative.
    context = total**0.75 / (total**0.75).sum()
    information = np.log(counts.data / (total[counts.row] * context[counts.col]))
    positive = sp.csr_matrix(
        (np.maximum(information, 0), (counts.row, counts.col)), shape=counts.shape
    )
    start = np.random.default_rng(seed).standard_normal(vocabulary).astype(np.float32)
    vectors, values, _ = svds(positive, k=width, v0=start)
    embeddings = vectors * np.sqrt(values)
    centred = embeddings - embeddings.mean(0)
    return np.asarray(centred / centred.std(), np.float32)
