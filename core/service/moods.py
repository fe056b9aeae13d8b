"""What the use cases share of moods: how they are remembered, kept and told."""

import hashlib
from dataclasses import replace
from datetime import datetime

from core.emotion.state import StateConfig, gauge
from core.models import (
    AccountSettings,
    EmotionScores,
    MoodState,
    Reply,
    ReplyKind,
    User,
    UserKey,
    new_id,
)
from core.records import MoodPoint

__all__ = ["mood_config", "mood_point", "mood_reply", "reading_id"]


def mood_config(config: StateConfig, settings: AccountSettings) -> StateConfig:
    """The half-life a person chose, or the bot's own."""
    if settings.memory is None:
        return config
    return replace(config, half_life_hours=settings.memory.half_life_hours)


def mood_point(person: User, mood: EmotionScores, at: datetime, reading: str) -> MoodPoint:
    """What is kept of the mood after the message of a reading."""
    return MoodPoint(person.person, at, mood.coarse, mood.valence, mood.arousal, reading)


def mood_reply(person: User, state: MoodState | None, config: StateConfig, now: datetime) -> Reply:
    """What a state tells of the mood, and the last reading that can be corrected."""
    last = state.recent[-1].reading if state and state.recent else ""
    return Reply(
        ReplyKind.MOOD,
        mood=state.mood if state else None,
        gauge=gauge(state, now, config),
        first=person.is_new,
        correctable=last or None,
    )


def reading_id(user: UserKey, message: str | None) -> str:
    """The id of the reading of a message, the same when it is edited or comes again.

    Args:
        user: who sent it.
        message: the platform's name of it; None where it comes once and cannot be edited.
    """
    if message is None:
        return new_id()
    name = "\n".join((user.platform, user.id, message))
    return hashlib.sha256(name.encode()).hexdigest()[:32]
