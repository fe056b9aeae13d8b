"""Which side a reading takes: what decides whether a line fits it."""

from enum import StrEnum
from typing import Final

from core.emotion.labels import COARSE, FINE, FINE_TO_COARSE
from core.models import EmotionScores

__all__ = ["Tone", "leading_emotion", "outstanding_fine", "tone_of"]

CLEAR_LEAD: Final = 0.1
"""A class leads only when the classes of the opposite tone together stay this far behind it."""
HIGH_FINE: Final = 0.5
"""From this score on a fine emotion is more likely there than not."""


class Tone(StrEnum):
    """The feelings a line fits."""

    HARD = "hard"
    GOOD = "good"
    NEUTRAL = "neutral"


# Surprise may be good or bad, so it gets nothing that takes a side.
_TONES: Final = {
    "행복": Tone.GOOD,
    "슬픔": Tone.HARD,
    "분노": Tone.HARD,
    "공포": Tone.HARD,
    "혐오": Tone.HARD,
    "놀람": Tone.NEUTRAL,
    "중립": Tone.NEUTRAL,
}
_OPPOSITE: Final = {Tone.HARD: Tone.GOOD, Tone.GOOD: Tone.HARD}


def tone_of(emotion: str | None) -> Tone:
    """The tone of a class of `labels.COARSE`; neutral for None, a reading without a leader."""
    return Tone.NEUTRAL if emotion is None else _TONES[emotion]


def leading_emotion(scores: EmotionScores) -> str | None:
    """The class of the largest share; None for a mixed or uncertain reading.

    That is one that is ambiguous, or where the classes of the opposite tone (good against hard)
    together come closer to the largest share than `CLEAR_LEAD`.
    """
    shares = dict(zip(COARSE, map(float, scores.coarse), strict=True))
    leader = max(COARSE, key=shares.__getitem__)
    opposite = _OPPOSITE.get(_TONES[leader])
    against = sum(share for name, share in shares.items() if _TONES[name] is opposite)
    if scores.ambiguous or (opposite and shares[leader] - against < CLEAR_LEAD):
        return None
    return leader


def outstanding_fine(scores: EmotionScores) -> str | None:
    """The strongest fine emotion if it is at least `HIGH_FINE` and of the leading class.

    It is of the class (or, in a tie, the classes) with its largest share in `FINE_TO_COARSE`.
    """
    emotion = leading_emotion(scores)
    strongest = int(scores.fine.argmax())
    if emotion is None or scores.fine[strongest] < HIGH_FINE:
        return None
    shares = FINE_TO_COARSE[strongest]
    return FINE[strongest] if shares[COARSE.index(emotion)] == shares.max() else None
