"""Similarity of short texts by the characters they share, over an inverted index."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.normalise import normalise

__all__ = ["NgramIndex", "fold", "laughs"]

LENGTHS: Final = (1, 2)
"""The n-gram lengths in characters, with one space put on either end of the text."""

_FLOOR: Final = 0.3  # what an n-gram weighs that every class has
_NO_WORD: Final = re.compile(r"[\W_]+")
_NUMBER: Final = re.compile(r"\d+")
_LAUGHTER: Final = re.compile(r"[ㅋㅎ]{2,}|(?<=[가-힣])[ㅋㅎ]")


def fold(text: str) -> str:
    """What is compared of a text: its letters in lower case, without spaces.

    People space Korean as they like. Each number becomes "0": "2달" and "3달" are the same thing
    to say. Laughter beside words is left out: "주말에도 출근하래ㅋㅋ" is no joke. Exchanging words
    like 남친 and 여자친구 as well was tried and found nothing more.
    """
    letters = _letters(text)
    return _NUMBER.sub("0", _LAUGHTER.sub("", letters) or letters)


def laughs(text: str) -> bool:
    """Whether a text laughs, be it in earnest or at one's own bad luck."""
    return bool(_LAUGHTER.search(_letters(text)))


class NgramIndex:
    """Weighted character n-grams of a fixed set of texts, each of which belongs to a class.

    An n-gram weighs (1 + ln(count)) * (ln((1 + C) / (1 + c)) + 0.3), where c of the C classes
    have it; vectors have unit length. Counting classes in place of the texts of the usual inverse
    document frequency makes light of endings, which all classes share, and keeps the weight of a
    word that one class repeats. An n-gram that no text has counts in the length of a query: what
    is said beside the known makes it less alike.
    """

    def __init__(self, folded: Sequence[str], classes: Sequence[int]) -> None:
        """Index texts.

        Args:
            folded: as `fold` gives them.
            classes: of each text, from 0 on.
        """
        counts = [Counter(_ngrams(text)) for text in folded]
        having: dict[str, set[int]] = {}
        for count, class_ in zip(counts, classes, strict=True):
            for gram in count:
                having.setdefault(gram, set()).add(class_)
        self._size = len(folded)
        self._columns = {gram: column for column, gram in enumerate(having)}
        size = 1 + len(set(classes))
        self._weights = np.log([size / (1 + len(found)) for found in having.values()]) + _FLOOR
        self._unknown = float(np.log(size) + _FLOOR)

        rows = np.repeat(np.arange(self._size), [len(count) for count in counts])
        columns = np.array([self._columns[gram] for count in counts for gram in count], np.intp)
        values = 1 + np.log([float(n) for count in counts for n in count.values()])
        values *= self._weights[columns]
        values /= np.sqrt(np.bincount(rows, values * values, minlength=self._size))[rows]
        by_column = np.argsort(columns, kind="stable")
        self._rows = rows[by_column]
        self._values = values[by_column]
        self._starts = np.searchsorted(columns[by_column], np.arange(len(having) + 1))

    def similarities(self, folded: str) -> npt.NDArray[np.float64]:
        """The cosine of a text with each of the indexed ones, 0 to 1, [shape=(n,)]."""
        counts = Counter(_ngrams(folded))
        length = 0.0
        rows, parts = [], []
        for gram, count in counts.items():
            column = self._columns.get(gram)
            weight = self._unknown if column is None else self._weights[column]
            value = (1 + np.log(count)) * weight
            length += value * value
            if column is not None:
                postings = slice(self._starts[column], self._starts[column + 1])
                rows.append(self._rows[postings])
                parts.append(self._values[postings] * value)
        if not rows:
            return np.zeros(self._size)
        sums = np.bincount(np.concatenate(rows), np.concatenate(parts), minlength=self._size)
        return np.asarray(sums / np.sqrt(length), np.float64)


def _letters(text: str) -> str:
    return _NO_WORD.sub("", normalise(text).lower())


def _ngrams(folded: str) -> Iterator[str]:
    if not folded:
        return
    padded = f" {folded} "
    for length in LENGTHS:
        for start in range(len(padded) - length + 1):
            gram = padded[start : start + length]
            if gram != " ":
                yield gram
