"""A feeling by its name, for whoever names one instead of telling of it."""

import numpy as np

from core.emotion.labels import AROUSAL, COARSE, FINE, FINE_TO_COARSE, VALENCE
from core.models import EmotionScores

__all__ = ["feeling"]


def feeling(name: str) -> EmotionScores:
    """The emotion that is nothing but one class.

    Valence and arousal are the means of the fine emotions, weighted by their share in the class.

    Args:
        name: of `labels.COARSE`.

    Raises:
        ValueError: there is no such class.
    """
    column = COARSE.index(name)
    weights = FINE_TO_COARSE[:, column]
    return EmotionScores(
        coarse=np.eye(len(COARSE), dtype=np.float32)[column],
        fine=np.zeros(len(FINE), np.float32),
        valence=float(np.average(VALENCE, weights=weights)),
        arousal=float(np.average(AROUSAL, weights=weights)),
    )
