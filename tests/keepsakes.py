"""What is kept of people, made by hand for tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta

import numpy as np

from core.emotion.labels import COARSE, FINE
from core.models import (
    Contribution,
    EmotionScores,
    Language,
    Mode,
    Mood,
    MoodState,
    User,
    UserKey,
    new_id,
)
from core.ports import UnitOfWork
from core.records import FeedbackEvent, Impression, Verdict
from core.reminders import Plan, Reminder

OpenWork = Callable[[], UnitOfWork]

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DAILY = Plan(time(21, 30))
KEY, OTHER_KEY = UserKey("console", "1"), UserKey("discord", "1")


def mood_state(evidence: float = 1.5) -> MoodState:
    """Numbers that need all their digits."""
    coarse = np.arange(1, len(COARSE) + 1, dtype=np.float32) / np.float32(28)
    fine = np.linspace(0.1, 0.9, len(FINE), dtype=np.float32)
    mood = Mood(coarse, fine, -1 / 3, 0.1)
    scores = EmotionScores(coarse, fine, 0.3, -1 / 7, ambiguous=True)
    read = coarse[::-1].copy()
    recent = Contribution("r" * 32, NOW, scores, 0.9, read, "m1", left=1 / 3, counted=False)
    return MoodState(mood, evidence, 0.7, NOW, (recent,), 3)


def impression(
    person: str,
    song: str = "melon:1",
    *,
    rank: int = 0,
    slate: str | None = None,
    mode: Mode = Mode.SIMILAR,
    shown_at: datetime = NOW,
    asked: Mapping[str, object] | None = None,
) -> Impression:
    return Impression(
        id=new_id(),
        person=person,
        slate=slate or new_id(),
        song_id=song,
        artist="아이유",
        rank=rank,
        score=1 / 3,
        parts={"mood": 0.25, "taste": 1 / 12},
        propensity=0.1,
        mood=np.full(len(COARSE), 1 / len(COARSE), np.float32),
        mode=mode,
        model_version="m1",
        catalogue_version="c1",
        shown_at=shown_at,
        asked=asked or {},
    )


def vote(
    shown: Impression,
    verdict: Verdict = Verdict.UP,
    *,
    key: str | None = None,
    person: str | None = None,
    at: datetime = NOW,
) -> FeedbackEvent:
    voter = person or shown.person
    return FeedbackEvent.on(shown, key=key or new_id(), person=voter, verdict=verdict, at=at)


def reminder(
    user: User,
    plan: Plan = DAILY,
    *,
    key: UserKey | None = None,
    next_at: datetime = LATER,
) -> Reminder:
    return Reminder(
        new_id(), user.person, key or user.key, plan, "Asia/Seoul", Language.KOREAN, next_at
    )


async def person(open_work: OpenWork, key: UserKey = KEY) -> User:
    """Somebody who is known already."""
    async with open_work() as work:
        await work.users.put(await work.users.get(key))
        await work.commit()
    async with open_work() as work:
        return await work.users.get(key)


async def shown_to(open_work: OpenWork, *impressions: Impression) -> None:
    """Keep the impressions."""
    async with open_work() as work:
        await work.impressions.add(impressions)
        await work.commit()


async def say(open_work: OpenWork, *events: FeedbackEvent) -> None:
    """Keep the events, a unit of work each."""
    for event in events:
        async with open_work() as work:
            await work.feedback.add(event)
            await work.commit()
