"""Chooses which of the scored songs are shown, and in what order.

Maximal marginal relevance (Carbonell and Goldstein 1998): the list is filled one song at a time,
each time with the one of the largest

    score_s - penalty max over the songs listed of similarity(s, listed)

so that five songs are not five times the same. The similarity is the mean of two cosines, of the
emotion distributions and of the lyrics' vectors, and 0 where that is negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.recommend.index import Mask
from core.recommend.spaces import FULL

__all__ = ["Diversity", "jitter", "pick", "pick_best"]

_SORTED_LEAST: Final = 100
_SORTED_EACH: Final = 10
_NONE: Final = np.array([], np.intp)


def jitter(
    scores: npt.NDArray[np.float32], size: float, generator: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Add uniform noise in [0, size) to each score, so that the same mood gets new songs.

    Args:
        scores: [shape=(n,)].
        size: in units of the score; 0 leaves the order to the scores alone.
        generator: n numbers are drawn from it, whatever the size.
    """
    noise: npt.NDArray[np.float32] = generator.random(len(scores), dtype=np.float32)
    return scores + np.float32(size) * noise


def pick(
    scores: npt.NDArray[np.float32],
    excluded: npt.NDArray[np.intp],
    artists: Sequence[frozenset[int]],
    count: int,
) -> list[int]:
    """The rows of the best songs, best first. An artist comes again only where no other is left.

    Args:
        scores: to rank by, finite, [shape=(n,)].
        excluded: rows not to pick.
        artists: the numbers of each song's artists, of length n.
        count: the number of rows; fewer where there are no more songs.
    """
    # -x ascending and not x descending: the stable sort then keeps row order.
    order = np.argsort(-scores, kind="stable")
    rows: list[int] = order[~np.isin(order, excluded)].tolist()
    taken: list[int] = []
    passed_over: list[int] = []
    listed: set[int] = set()
    for rank, row in enumerate(rows):
        if len(taken) == count:
            break
        if listed.isdisjoint(artists[row]):
            taken.append(rank)
            listed |= artists[row]
        else:
            passed_over.append(rank)
    taken += passed_over[: count - len(taken)]
    return [rows[rank] for rank in sorted(taken)]


@dataclass(frozen=True, eq=False)
class Diversity:
    """What a list's songs are compared by.

    Attributes:
        coarse: unit emotion distributions, [shape=(n, 7)].
        lyrics: the lyrics' vectors, int8 [shape=(n, k)].
        penalty: for a song that is the same as a listed one, in units of the score; 0 for none.
    """

    coarse: npt.NDArray[np.float32]
    lyrics: npt.NDArray[np.int8]
    penalty: float

    def similarity(self, rows: npt.NDArray[np.intp], row: int) -> npt.NDArray[np.float32]:
        """Of each of the rows with another, 0 to 1, [shape=(len(rows),)]."""
        mood = self.coarse[rows] @ self.coarse[row]
        vectors = self.lyrics[rows].astype(np.float32)
        lyrics = vectors @ self.lyrics[row].astype(np.float32) / np.float32(FULL**2)
        return np.asarray(np.clip((mood + lyrics) / 2, 0, 1), np.float32)


def pick_best(
    scores: npt.NDArray[np.float32],
    allowed: Mask,
    artists: Sequence[frozenset[int]],
    count: int,
    diversity: Diversity | None = None,
) -> list[int]:
    """The rows of the best songs, best first, diverse where that is asked for.

    Only the best few are sorted and compared. An artist comes again only where there is no other
    among all candidates.

    Args:
        scores: to rank by, finite, [shape=(n,)].
        allowed: the candidates, [shape=(n,)].
        artists: the numbers of each song's artists, of length n.
        count: the number of rows; fewer where there are no more candidates.
        diversity: None for none.
    """
    candidates = int(np.count_nonzero(allowed))
    few = min(_SORTED_LEAST + _SORTED_EACH * count, candidates)
    barred = np.where(allowed, scores, -np.inf)
    rows = np.argpartition(-barred, few - 1)[:few] if few else _NONE
    rows = np.sort(rows)
    best = _diverse(scores, rows, artists, count, diversity)
    if len(best) < min(count, candidates):
        best = pick(scores, np.flatnonzero(~allowed), artists, count)
    return best


def _diverse(
    scores: npt.NDArray[np.float32],
    rows: npt.NDArray[np.intp],
    artists: Sequence[frozenset[int]],
    count: int,
    diversity: Diversity | None,
) -> list[int]:
    """Maximal marginal relevance among the rows, each artist once; may be too few."""
    order = rows[np.argsort(-scores[rows], kind="stable")]
    values = scores[order].astype(np.float64)
    nearest = np.zeros(len(order), np.float32)
    penalty = diversity.penalty if diversity else 0.0
    listed: set[int] = set()
    best: list[int] = []
    while len(best) < count:
        for place in np.argsort(-(values - penalty * nearest), kind="stable").tolist():
            if np.isfinite(values[place]) and listed.isdisjoint(artists[order[place]]):
                break
        else:
            break
        row = int(order[place])
        best.append(row)
        listed |= artists[row]
        values[place] = -np.inf
        if diversity and penalty:
            np.maximum(nearest, diversity.similarity(order, row), out=nearest)
    return best
