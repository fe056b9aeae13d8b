"""Many people at once, some of them through two stores: nothing is lost."""

import asyncio
from collections import Counter
from dataclasses import replace

import numpy as np

from core.emotion.state import StateConfig, message_weight, observe
from core.errors import ConflictError
from core.models import UserKey, new_id
from core.ports import UnitOfWork
from core.records import FeedbackEvent, MoodPoint, Verdict
from core.store.unit_of_work import SqlStore, open_store
from scripts.kill_test import message
from tests.keepsakes import NOW, impression

USERS, TURNS = 50, 20  # a message and a vote each turn: 40 updates a user
CONFIG = StateConfig()


async def hear(work: UnitOfWork, key: UserKey, number: int) -> None:
    user = await work.users.get(key)
    state = observe(user.state, message(number), NOW, CONFIG)
    await asyncio.sleep(0)  # so that others get in between
    await work.users.put(replace(user, state=state))
    mood = state.mood
    await work.history.add(MoodPoint(user.person, NOW, mood.coarse, mood.valence, mood.arousal))


async def vote(work: UnitOfWork, key: UserKey, number: int) -> None:
    user = await work.users.get(key)
    if user.version == 0:
        await work.users.put(user)
    shown = impression(user.person, str(number), slate=new_id())
    await work.impressions.add([shown])
    await work.feedback.add(
        FeedbackEvent.on(
            shown, key=f"{key.id}:{number}", person=user.person, verdict=Verdict.UP, at=NOW
        )
    )


async def test_fifty_users_with_forty_updates_each_lose_nothing(address: str) -> None:
    conflicts: Counter[str] = Counter()

    async def through(store: SqlStore, key: UserKey, numbers: range) -> None:
        for number in numbers:
            for step in (hear, vote):
                for _ in range(100):
                    try:
                        async with store.unit_of_work() as work:
                            await step(work, key, number)
                            await work.commit()
                    except ConflictError:
                        conflicts[key.id] += 1
                    else:
                        break

    keys = [UserKey("test", str(number)) for number in range(USERS)]
    half = TURNS // 2
    async with open_store(address) as one, open_store(address) as other:
        await asyncio.gather(
            *(through(one, key, range(half)) for key in keys),
            # Each user in two places at once; every fifth of them in two processes, as it were.
            *(
                through(one if number % 5 else other, key, range(half, TURNS))
                for number, key in enumerate(keys)
            ),
        )
        async with one.unit_of_work() as work:
            for key in keys:
                user = await work.users.get(key)
                rows = await work.records.count(user.person)
                votes = await work.feedback.verdicts(user.person)
                assert sorted(int(found.song_id) for found in votes) == list(range(TURNS))
                assert rows["feedback"] == rows["impression"] == rows["mood_point"] == TURNS
                assert user.state is not None
                weights = [message_weight(message(number), CONFIG) for number in range(TURNS)]
                np.testing.assert_allclose(user.state.evidence, sum(weights), rtol=1e-5)
    assert sum(conflicts.values()) > 0  # two did want the same user at once
