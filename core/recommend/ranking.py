"""Chooses which of the scored songs are shown, and in what order."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["jitter", "pick"]


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
