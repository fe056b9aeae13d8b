"""Scores how well songs fit a target, and gives the reason for each."""

from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE
from core.models import Mode, Reason, ReasonKind
from core.recommend.target import Distribution

__all__ = ["cosine_scores", "reason_for", "unit_rows"]

# The opposite target has half of what leads the mood. Songs lie on both sides of the target.
_CLEARLY_LESS: Final = 2 / 3


def unit_rows(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The rows scaled to length 1, [shape=(n, d)]; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def cosine_scores(
    target: Distribution, unit_vectors: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The cosine between `target` and each song, 0 to 1.

    Args:
        target: [shape=(7,)].
        unit_vectors: the songs' emotion distributions scaled to length 1, [shape=(n, 7)].

    Returns:
        [shape=(n,)].
    """
    unit_target = (target / np.linalg.norm(target)).astype(np.float32)
    # Rounding may leave a perfect match a hair above 1.
    scores: npt.NDArray[np.float32] = np.clip(unit_vectors @ unit_target, 0, 1)
    return scores


def reason_for(mode: Mode, mood: Distribution, target: Distribution, song: Distribution) -> Reason:
    """What spoke most for `song`: the emotion k with the largest part target_k song_k of the score.

    In a similar list that emotion is shared. In an opposite list it is a lift where the target has
    more of it than the mood. Otherwise the song is calm where it has clearly less than the mood of
    the emotion that leads the mood. Where it has not, the emotion is shared.

    Args:
        mode: how the songs relate to the mood.
        mood: [shape=(7,)].
        target: made of the mood for this mode, [shape=(7,)].
        song: [shape=(7,)].
    """
    best = int(np.argmax(target * song))
    leading = int(np.argmax(mood))
    kind = ReasonKind.SHARED
    if mode is Mode.OPPOSITE:
        if target[best] > mood[best]:
            kind = ReasonKind.LIFT
        elif song[leading] <= _CLEARLY_LESS * mood[leading]:
            kind, best = ReasonKind.CALM, leading
    return Reason(kind, COARSE[best], float(song[best]))
