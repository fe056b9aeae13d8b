"""Derives the emotion distribution that songs should come close to from the mood."""

from typing import Any

import numpy as np
import numpy.typing as npt

from core.emotion.labels import JOY, UNPLEASANT
from core.models import Mode

__all__ = ["Distribution", "joy_leads", "opposite_target", "similar_target", "target_for"]

Distribution = npt.NDArray[np.floating[Any]]
"""Over `labels.COARSE`, sums to 1, [shape=(7,)]."""


def similar_target(mood: Distribution) -> npt.NDArray[np.float64]:
    """The mood itself."""
    return np.asarray(mood, dtype=np.float64)


def joy_leads(mood: Distribution) -> bool:
    """Whether joy is larger than every other emotion, and than all unpleasant ones together.

    A tie does not count, so that in doubt the opposite is the brighter one: who is afraid and sad
    at once is not to be led away from the joy that is left.
    """
    most = max(np.delete(mood, JOY).max(), mood[list(UNPLEASANT)].sum())
    return bool(mood[JOY] > most)


def opposite_target(mood: Distribution) -> npt.NDArray[np.float64]:
    """The mood moved half-way to joy, or half-way from it where joy leads already.

    With p the mood, j joy, k any other emotion and o = 1 - p_j the sum of the others:

        joy leads:      q_j = p_j / 2        q_k = p_k + (p_j / 2) (p_k / o), or p_j / 12 if o = 0
        otherwise:      q_k = p_k / 2        q_j = p_j + o / 2

    Joy is halved or brought half-way to 1, and the others keep their proportions. Applied again
    and again, joy therefore does not settle but approaches a cycle: 2/3, 1/3 where one other
    emotion, or the unpleasant ones together, hold at least half of what is not joy, a longer one
    otherwise.
    """
    target = np.array(mood, dtype=np.float64)
    others = np.delete(target, JOY)
    if joy_leads(target):
        moved = target[JOY] / 2
        rest = others.sum()
        shares = others / rest if rest > 0 else np.full_like(others, 1 / len(others))
        others = others + moved * shares
        joy = moved
    else:
        others = others / 2
        joy = target[JOY] + others.sum()
    return np.insert(others, JOY, joy)


def target_for(mode: Mode, mood: Distribution) -> npt.NDArray[np.float64]:
    """The distribution the songs of `mode` should come close to.

    It is the mood itself but for the opposite. Songs like one have that song's distribution as
    their mood, and a path goes by the plane of valence and arousal (`core.recommend.path`).
    """
    return opposite_target(mood) if mode is Mode.OPPOSITE else similar_target(mood)
