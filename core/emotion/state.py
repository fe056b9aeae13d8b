"""The rolling emotion vector and the gauge: pure functions of state, scores and time."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from core.emotion.labels import NEUTRAL
from core.models import EmotionScores, Mood, MoodState

__all__ = ["StateConfig", "after_songs", "gauge", "message_weight", "observe"]


@dataclass(frozen=True)
class StateConfig:
    """How a mood is remembered.

    Attributes:
        half_life_hours: after which a message counts half; an evening's talk weighs on the next
            morning, hardly on the next week.
        neutral_weight: what a message without any emotion weighs, a full one weighing 1; above 0
            so that small talk alone gives a (neutral) mood.
        full_gauge: the evidence, in messages full of emotion, at which songs are offered.
    """

    half_life_hours: float = 24.0
    neutral_weight: float = 0.1
    full_gauge: float = 2.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a setting is not above 0.
        """
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} is {value}, and has to be above 0")


def message_weight(scores: EmotionScores, config: StateConfig) -> float:
    """How much a message counts, `config.neutral_weight` (all neutral) to 1 (not at all)."""
    emotional = 1 - float(scores.coarse[NEUTRAL])
    return config.neutral_weight + (1 - config.neutral_weight) * emotional


def observe(
    state: MoodState | None, scores: EmotionScores, now: datetime, config: StateConfig
) -> MoodState:
    """The state after one more message: an exponentially decayed weighted average.

    With w the message's weight and E the evidence so far, halved every half-life:
    mood = (E mood + w scores) / (E + w), evidence = E + w.

    Args:
        state: None while nothing is known: the first message is then the whole mood.
        scores: of the message.
        now: aware; a time before the state's (a clock set back) counts as no time passed.
        config: the half-life and the weights.
    """
    weight = message_weight(scores, config)
    if state is None:
        return MoodState(_blend(scores, scores, 1.0), weight, weight, now)
    kept = _kept(state, now, config)
    evidence = kept * state.evidence + weight
    return MoodState(
        _blend(state.mood, scores, weight / evidence),
        evidence,
        kept * state.since_songs + weight,
        max(now, state.updated_at),
    )


def gauge(state: MoodState | None, now: datetime, config: StateConfig) -> int:
    """Evidence gathered since the last songs, 0 (none) to 100 (full) percent."""
    if state is None:
        return 0
    evidence = state.since_songs * _kept(state, now, config)
    return min(100, round(100 * evidence / config.full_gauge))


def after_songs(state: MoodState) -> MoodState:
    """The state once songs were shown: the mood stays, the gauge is empty."""
    return replace(state, since_songs=0.0)


def _kept(state: MoodState, now: datetime, config: StateConfig) -> float:
    hours = max(0.0, (now - state.updated_at).total_seconds() / 3600)
    return float(0.5 ** (hours / config.half_life_hours))


def _blend(old: EmotionScores, new: EmotionScores, share: float) -> Mood:
    coarse = (1 - share) * old.coarse + share * new.coarse
    return Mood(
        coarse=(coarse / coarse.sum()).astype(np.float32),
        fine=((1 - share) * old.fine + share * new.fine).astype(np.float32),
        valence=(1 - share) * old.valence + share * new.valence,
        arousal=(1 - share) * old.arousal + share * new.arousal,
    )
