"""What songs are like that are asked for by a word, such as "신나는" or "sad".

Each wish is a distribution over `labels.COARSE` with valence and arousal, as if a text had been
read to say so, and songs are found for it as they are for a mood. Set by us, by where the words
lie on Russell's circumplex; nothing was fitted. The words themselves are in `request_words`.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores, Wish

__all__ = ["livelier", "wish_scores"]

# wish: (shares of the classes, valence, arousal)
_WISHES: Final[Mapping[Wish, tuple[Mapping[str, float], float, float]]] = {
    Wish.LIVELY: ({"행복": 0.85, "놀람": 0.15}, 0.8, 0.9),
    Wish.BRIGHT: ({"행복": 0.95, "중립": 0.05}, 0.8, 0.4),
    Wish.CHEERING: ({"행복": 0.85, "놀람": 0.1, "중립": 0.05}, 0.7, 0.6),
    Wish.SWEET: ({"행복": 0.9, "중립": 0.1}, 0.7, 0.0),
    Wish.WARM: ({"행복": 0.7, "중립": 0.2, "슬픔": 0.1}, 0.5, -0.3),
    Wish.COMFORTING: ({"행복": 0.5, "중립": 0.3, "슬픔": 0.2}, 0.3, -0.5),
    Wish.CALM: ({"중립": 0.5, "행복": 0.3, "슬픔": 0.2}, 0.1, -0.8),
    Wish.LONELY: ({"슬픔": 0.75, "중립": 0.15, "공포": 0.1}, -0.5, -0.6),
    Wish.GLOOMY: ({"슬픔": 0.75, "공포": 0.15, "혐오": 0.1}, -0.7, -0.4),
    Wish.SAD: ({"슬픔": 0.95, "중립": 0.05}, -0.8, -0.4),
    Wish.ANGRY: ({"분노": 0.8, "혐오": 0.2}, -0.6, 0.8),
    Wish.INTENSE: ({"분노": 0.4, "행복": 0.3, "놀람": 0.3}, 0.1, 0.9),
}


def wish_scores(wish: Wish) -> EmotionScores:
    """What is looked for in place of the mood."""
    shares, valence, arousal = _WISHES[wish]
    return EmotionScores(
        coarse=np.array([shares.get(label, 0.0) for label in COARSE], np.float32),
        fine=np.zeros(len(FINE), np.float32),
        valence=valence,
        arousal=arousal,
    )


def livelier(scores: EmotionScores) -> EmotionScores:
    """What livelier songs are to be like: half-way to lively ones, with all of their arousal."""
    lively = wish_scores(Wish.LIVELY)
    return EmotionScores(
        coarse=np.asarray((scores.coarse + lively.coarse) / 2, np.float32),
        fine=np.zeros(len(FINE), np.float32),
        valence=(scores.valence + lively.valence) / 2,
        arousal=lively.arousal,
    )
