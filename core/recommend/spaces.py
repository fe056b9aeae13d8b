"""Two spaces in which lyrics and other texts are compared: of meaning, and of words.

Meaning: the emotion model's sentence embedding e, reduced by principal components:

    v = P^T (e - mean),  scaled to length 1

Words: TF-IDF over hashed character n-grams, reduced by a truncated singular value decomposition
(latent semantic analysis, Deerwester et al. 1990), with tf the occurrences in the text:

    v = B^T ((1 + ln tf) idf),  scaled to length 1

The comparison is the cosine. Songs keep their vectors as whole numbers of -127 to 127. Neither
lyrics nor words can be read from any of this: what is kept of an n-gram is a hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.ngrams import ngram_keys
from core.emotion.normalise import normalise
from core.models import Vector

__all__ = ["FULL", "MeaningSpace", "TextSpaces", "WordSpace", "similarities", "to_bytes"]

FULL: Final = 127
"""What stands for 1 in a song's vector."""

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class MeaningSpace:
    """The space of meaning.

    Attributes:
        mean: of the embeddings, float32 [shape=(d,)].
        axes: P, float16 [shape=(d, k)].
    """

    mean: Vector
    axes: npt.NDArray[np.float16]

    @property
    def dimensions(self) -> int:
        """k."""
        return int(self.axes.shape[1])

    def vectors(self, embeddings: npt.ArrayLike) -> Vector:
        """v of each embedding, [shape=(n, d)] -> [shape=(n, k)]."""
        centred = np.atleast_2d(np.asarray(embeddings, np.float32)) - self.mean
        return _unit(centred @ self.axes.astype(np.float32))


@dataclass(frozen=True, eq=False)
class WordSpace:
    """The space of words.

    Attributes:
        keys: hashes of the known n-grams, ascending, at least one, uint32 [shape=(m,)].
        weights: rows of B times idf, in units of `scale`, int8 [shape=(m, k)].
        scale: float32 [shape=(k,)].
    """

    keys: npt.NDArray[np.uint32]
    weights: Bytes
    scale: Vector

    @property
    def dimensions(self) -> int:
        """k."""
        return int(self.weights.shape[1])

    def vectors(self, texts: Sequence[str]) -> Vector:
        """v of each text, [shape=(n, k)]; zeros for one without a known n-gram."""
        rows = np.zeros((len(texts), self.weights.shape[1]), np.float32)
        for row, text in enumerate(texts):
            found, times = np.unique(ngram_keys(normalise(text)), return_counts=True)
            places = np.minimum(np.searchsorted(self.keys, found), len(self.keys) - 1)
            known = self.keys[places] == found
            tf = (1 + np.log(times[known])).astype(np.float32)
            rows[row] = tf @ self.weights[places[known]].astype(np.float32)
        return _unit(rows * self.scale)


@dataclass(frozen=True, eq=False)
class TextSpaces:
    """The spaces of one catalogue."""

    meaning: MeaningSpace
    words: WordSpace

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything by name, to be kept."""
        return {
            "meaning_mean": self.meaning.mean,
            "meaning_axes": self.meaning.axes,
            "words_keys": self.words.keys,
            "words_weights": self.words.weights,
            "words_scale": self.words.scale,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The spaces whose `arrays` these are; others among them are ignored.

        Raises:
            KeyError: one is missing.
            ValueError: they do not fit together.
        """
        meaning = MeaningSpace(arrays["meaning_mean"], arrays["meaning_axes"])
        words = WordSpace(*(arrays[f"words_{name}"] for name in ("keys", "weights", "scale")))
        known, dimensions = words.weights.shape
        if meaning.axes.shape[:1] != meaning.mean.shape:
            raise ValueError("the parts of the space of meaning do not fit together")
        if words.keys.shape != (known,) or words.scale.shape != (dimensions,) or not known:
            raise ValueError("the parts of the space of words do not fit together")
        return cls(meaning, words)


def to_bytes(unit: Vector) -> Bytes:
    """Vectors of length 1 as a song keeps them."""
    return np.rint(unit * FULL).astype(np.int8)


def similarities(songs: Bytes, vector: Vector) -> Vector:
    """The cosine of each song with a vector, -1 to 1.

    Args:
        songs: [shape=(n, k)].
        vector: of length 1, or zeros, [shape=(k,)].
    """
    products: Vector = songs.astype(np.float32) @ vector
    return np.asarray(np.clip(products / np.float32(FULL), -1, 1), np.float32)


def _unit(rows: Vector) -> Vector:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)
