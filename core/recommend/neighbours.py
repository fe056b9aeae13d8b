"""Which songs people liked whose mood then was near a mood now.

For a song s, a mode and a mood m now, with m_e the mood in which event e was voted on:

    w_e = cos(m, m_e)^4            a vote counts by how near its mood is
    U_s = sum of w_e over the likes of s, N_s over all its votes
    r   = sum_s U_s / sum_s N_s    what is liked of any song in this mood
    g_s = (k r + U_s) / (k + N_s) - r = (U_s - r N_s) / (k + N_s)

g_s is how much more often than any other the song is liked in such moods: the posterior mean of a
beta distribution with prior mean r and the weight of k votes, less r. Two votes prove little.

cos^4 is a polynomial kernel, and so an inner product of the monomials of degree 4
(Schoelkopf and Smola 2002, "Learning with Kernels", 2.1):

    (a . b)^4 = phi(a) . phi(b),   phi_t(a) = sqrt(4! / (t_1! ... t_7!)) a_1^t_1 ... a_7^t_7

So the sums over votes can be made once, when learning: S_s = sum_e phi(m_e). At request time
U = S phi(m) for all songs is one matrix-vector product, exact, whatever the number of votes.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE
from core.models import Vector

__all__ = ["FEATURES", "PRIOR_VOTES", "MoodNeighbours", "mood_features"]

_DEGREE: Final = 4
_PAIRS: Final = tuple(combinations_with_replacement(range(len(COARSE)), 2))
_MONOMIALS: Final = tuple(combinations_with_replacement(range(len(COARSE)), _DEGREE))
FEATURES: Final = len(_MONOMIALS)
"""How many monomials of degree 4 there are in 7 variables: 210."""
PRIOR_VOTES: Final = 10.0
"""k above: so many votes from moods like this one weigh as much as all other songs together."""


def _multiplicity(monomial: tuple[int, ...]) -> float:
    counts = np.bincount(monomial)
    return math.sqrt(math.factorial(_DEGREE) / math.prod(map(math.factorial, counts.tolist())))


_SCALES: Final = np.array([_multiplicity(monomial) for monomial in _MONOMIALS], np.float32)
_LEFT: Final = np.array([_PAIRS.index(monomial[:2]) for monomial in _MONOMIALS])
_RIGHT: Final = np.array([_PAIRS.index(monomial[2:]) for monomial in _MONOMIALS])
_FIRST: Final = np.array([pair[0] for pair in _PAIRS])
_SECOND: Final = np.array([pair[1] for pair in _PAIRS])


def mood_features(moods: npt.ArrayLike) -> Vector:
    """phi of the moods scaled to length 1: inner products of the columns are cosines^4.

    Args:
        moods: emotion distributions; one of zeros gives zeros, [shape=(7,) or (e, 7)].

    Returns:
        [shape=(210,) or (210, e)], a monomial a row: that is how they are made and summed fast.
    """
    vectors = np.asarray(moods, np.float32).T
    lengths = np.linalg.norm(vectors, axis=0)
    unit = vectors / np.where(lengths > 0, lengths, np.float32(1))
    pairs = unit[_FIRST] * unit[_SECOND]
    features = pairs[_LEFT]
    features *= pairs[_RIGHT]
    features *= _SCALES if features.ndim == 1 else _SCALES[:, None]
    return np.asarray(features, np.float32)


@dataclass(frozen=True, eq=False)
class MoodNeighbours:
    """The votes of everybody in one mode, summed by song.

    Attributes:
        likes: S over the likes, float32 [shape=(n, 210)].
        votes: S over likes and dislikes, float32 [shape=(n, 210)].
    """

    likes: Vector
    votes: Vector

    @cached_property
    def _totals(self) -> tuple[Vector, Vector]:
        return self.likes.sum(axis=0), self.votes.sum(axis=0)

    def lift(self, mood: npt.ArrayLike) -> Vector:
        """g above: how much more often than any song each is liked in such moods, -1 to 1.

        Args:
            mood: [shape=(7,)].

        Returns:
            0 for a song without votes, [shape=(n,)].
        """
        features = mood_features(mood)
        all_likes, all_votes = (float(total @ features) for total in self._totals)
        if all_votes <= 0:
            return np.zeros(len(self.votes), np.float32)
        likes, votes = self.likes @ features, self.votes @ features
        lifted: Vector = (likes - all_likes / all_votes * votes) / (PRIOR_VOTES + votes)
        return lifted
