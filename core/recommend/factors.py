"""Item factors: what the songs a person likes have in common with those others like.

The factors come from alternating least squares (`core.recommend.fitting`). Here a person is
placed among them at request time, from the person's votes and without refitting anything.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.models import Vector

__all__ = ["FoldInConfig", "ItemFactors", "fold_in"]


@dataclass(frozen=True)
class FoldInConfig:
    """How much the outcomes say.

    Attributes:
        regularisation: lambda; so many votes on songs of one kind are believed half.
        other_mode: confidence of what was said in the other mode; that of the mode asked for is 1.
    """

    regularisation: float = 10.0
    other_mode: float = 0.5


@dataclass(frozen=True, eq=False)
class ItemFactors:
    """A vector of d numbers for each song.

    Attributes:
        items: Y, of mean length 1; zeros where nothing is known, float32 [shape=(n, d)].
        rate: likes among all votes, 0 to 1; what is expected of a song of which nothing is known.
    """

    items: Vector
    rate: float


def fold_in(
    factors: ItemFactors,
    songs: npt.NDArray[np.integer],
    liked: npt.NDArray[np.bool_],
    same_mode: npt.NDArray[np.bool_],
    config: FoldInConfig,
) -> Vector:
    """The factors of a person, from the person's votes.

        (Y^T C Y + lambda I) x = Y^T C p

    This is equation (4) of Hu, Koren and Volinsky 2008, "Collaborative Filtering for Implicit
    Feedback Datasets", with C the diagonal of the confidences and p the preferences, and two
    differences. A song without a vote has confidence 0 and not 1: the bot chose what to show, so
    its absence says nothing of the person. And p is what exceeds the expectation, 1 - rate for a
    like and -rate for a dislike, so that without votes x = 0.

    Args:
        factors: of the songs.
        songs: rows of the songs voted on, [shape=(v,)].
        liked: whether it was a like, [shape=(v,)].
        same_mode: whether the song was shown in the mode that is asked for now, [shape=(v,)].
        config: the confidences and lambda.

    Returns:
        x, [shape=(d,)]; Y x is by how much the person likes each song more often than expected.
    """
    items = factors.items[songs].astype(np.float64)
    confidence = np.where(same_mode, 1.0, config.other_mode)
    preference = liked - factors.rate
    weighted = items.T * confidence
    system = weighted @ items + config.regularisation * np.eye(items.shape[1])
    user: Vector = np.linalg.solve(system, weighted @ preference).astype(np.float32)
    return user
