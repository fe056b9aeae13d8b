"""Readings for tests: made by hand, and by Hypothesis."""

import numpy as np
from hypothesis import strategies as st

from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores

_VALENCE = {"행복": 0.8, "슬픔": -0.7, "분노": -0.7, "공포": -0.7, "혐오": -0.7}


def reading(emotion: str) -> EmotionScores:
    """A text that is all of one of the seven emotions."""
    coarse = np.zeros(len(COARSE), np.float32)
    coarse[COARSE.index(emotion)] = 1
    fine = np.zeros(len(FINE), np.float32)
    return EmotionScores(coarse, fine, valence=_VALENCE.get(emotion, 0.0), arousal=0.0)


@st.composite
def readings(draw: st.DrawFn) -> EmotionScores:
    """Any reading a classifier could give."""
    shares = st.lists(st.floats(0, 1, width=32), min_size=len(COARSE), max_size=len(COARSE))
    mass = np.array(draw(shares), np.float32) + np.float32(1e-3)
    scores = st.lists(st.floats(0, 1, width=32), min_size=len(FINE), max_size=len(FINE))
    return EmotionScores(
        coarse=mass / mass.sum(),
        fine=np.array(draw(scores), np.float32),
        valence=draw(st.floats(-1, 1)),
        arousal=draw(st.floats(-1, 1)),
    )
