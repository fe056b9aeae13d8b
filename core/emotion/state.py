"""The rolling emotion vector and the gauge: pure functions of state, scores and time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.emotion.labels import NEUTRAL
from core.models import Contribution, EmotionScores, Mood, MoodState

__all__ = [
    "LEAST_LEFT",
    "RECENT",
    "StateConfig",
    "after_offer",
    "after_songs",
    "gauge",
    "message_weight",
    "moods_from",
    "observe",
    "read_as",
    "remembered",
]

RECENT: Final = 3
"""Messages whose contributions are remembered each by itself."""
LEAST_LEFT: Final = 1 / 16
"""A contribution of which less is left is remembered no more: 32-bit moods cannot tell it apart."""
_QUIET: Final = 5
"""Messages after an offer of songs that are not answered with another one."""


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
    state: MoodState | None,
    scores: EmotionScores,
    now: datetime,
    config: StateConfig,
    reading: str = "",
    model: str = "",
) -> MoodState:
    """The state after one more message: an exponentially decayed weighted average.

    With w the message's weight and E the evidence so far, halved every half-life:
    mood = (E mood + w scores) / (E + w), evidence = E + w.

    Args:
        state: None while nothing is known: the first message is then the whole mood.
        scores: of the message.
        now: aware; a time before the state's (a clock set back) counts as no time passed.
        config: the half-life and the weights.
        reading: the id under which `read_as` finds it.
        model: the version of what read it.
    """
    weight = message_weight(scores, config)
    new = Contribution(reading, now, scores, weight, scores.coarse, model)
    if state is None:
        return MoodState(_mixed([(weight, scores)]), weight, weight, now, (new,))
    kept = _kept(state, now, config)
    evidence = kept * state.evidence
    return MoodState(
        _mixed([(evidence, state.mood), (weight, scores)]),
        evidence + weight,
        kept * state.since_songs + weight,
        max(now, state.updated_at),
        remembered([*(replace(old, left=kept * old.left) for old in state.recent), new]),
        max(0, state.quiet - 1),
    )


def read_as(
    state: MoodState,
    reading: str,
    scores: EmotionScores,
    config: StateConfig,
    model: str | None = None,
) -> MoodState | None:
    """The state as if a message had been read otherwise, whatever came since.

    The average is linear: with c what is left of the message's old weight and c' of its new one,
    mood = (E mood - c old + c' new) / (E - c + c'). Done again it changes nothing.

    Args:
        state: as it is.
        reading: the id of the message's reading.
        scores: how it is to count.
        config: the weights.
        model: the version of the model that read the message again, because it was edited; None
            where its writer says how it is meant: what the model read stays known then.

    Returns:
        None where that reading is not remembered, or not any more.
    """
    found = (old for old in state.recent if reading and old.reading == reading)
    old = next(found, None)
    if old is None:
        return None
    new = replace(old, scores=scores, weight=message_weight(scores, config))
    if model is not None:
        new = replace(new, read=scores.coarse, model=model)
    more = new.evidence - old.evidence
    return replace(
        state,
        mood=_mixed(
            [
                (state.evidence, state.mood),
                (-old.evidence, old.scores),
                (new.evidence, new.scores),
            ]
        ),
        evidence=state.evidence + more,
        since_songs=max(0.0, state.since_songs + more) if old.counted else state.since_songs,
        recent=tuple(new if each is old else each for each in state.recent),
    )


def moods_from(state: MoodState, reading: str) -> list[tuple[Contribution, Mood]]:
    """The mood after the message of a reading, and after each that came later, oldest first.

    What later messages brought in is taken out again; time alone changes no mood.

    Returns:
        Empty where the reading is not remembered.
    """
    found: list[tuple[Contribution, Mood]] = []
    later: list[tuple[float, EmotionScores]] = []
    for each in reversed(state.recent):
        mood = _mixed([(state.evidence, state.mood), *later]) if later else state.mood
        found.append((each, mood))
        if each.reading == reading:
            return found[::-1]
        later.append((-each.evidence, each.scores))
    return []


def remembered(contributions: Iterable[Contribution]) -> tuple[Contribution, ...]:
    """Those of the contributions, newest last, that a state remembers."""
    return tuple(each for each in contributions if each.left >= LEAST_LEFT)[-RECENT:]


def gauge(state: MoodState | None, now: datetime, config: StateConfig) -> int:
    """Evidence gathered since the last songs, 0 (none) to 100 (full) percent."""
    if state is None:
        return 0
    evidence = state.since_songs * _kept(state, now, config)
    return min(100, round(100 * evidence / config.full_gauge))


def after_songs(state: MoodState) -> MoodState:
    """The state once songs were shown: the mood stays, the gauge is empty."""
    recent = tuple(replace(each, counted=False) for each in state.recent)
    return replace(state, since_songs=0.0, recent=recent, quiet=0)


def after_offer(state: MoodState) -> MoodState:
    """The state once songs were offered: who talks on is not asked again for a while."""
    return replace(state, quiet=_QUIET)


def _kept(state: MoodState, now: datetime, config: StateConfig) -> float:
    hours = max(0.0, (now - state.updated_at).total_seconds() / 3600)
    return float(0.5 ** (hours / config.half_life_hours))


def _mixed(parts: list[tuple[float, EmotionScores]]) -> Mood:
    """The average of scores by weight; weights below 0 take out what is in there.

    Rounding may leave a trace below 0 of what was taken out.
    """
    shares = np.array([weight for weight, _ in parts], np.float64)  # [shape=(n,)]
    shares /= shares.sum()
    every = [scores for _, scores in parts]
    coarse = np.maximum(shares @ np.stack([scores.coarse for scores in every]), 0)
    return Mood(
        coarse=(coarse / coarse.sum()).astype(np.float32),
        fine=np.clip(shares @ np.stack([scores.fine for scores in every]), 0, 1).astype(np.float32),
        valence=float(np.clip(shares @ np.array([scores.valence for scores in every]), -1, 1)),
        arousal=float(np.clip(shares @ np.array([scores.arousal for scores in every]), -1, 1)),
    )
