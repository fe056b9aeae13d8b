"""The schedule: which jobs there are, and what they call."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import numpy as np

from bot.bootstrap import load_presenters
from bot.chat.answers import Answer
from bot.chat.chat import Chat
from bot.chat.rounds import Arrival
from bot.jobs import scheduled
from core.models import Language, UserKey
from core.records import ConsentKind
from core.reminders import Plan
from tests.services import NOW, USER, say, service_over


class Carrier:
    """Brings everything, and keeps it."""

    def __init__(self) -> None:
        self.brought: list[tuple[UserKey, str]] = []

    async def bring(self, user: UserKey, answer: Answer) -> Arrival:
        self.brought.append((user, answer.text[0]))
        return Arrival.ARRIVED


def chat() -> Chat:
    return Chat(service_over(), load_presenters(), "Asia/Seoul")


async def test_each_job_calls_its_use_case() -> None:
    talk, carrier = chat(), Carrier()
    service = talk.service
    await service.updates.finish("old", now=NOW - timedelta(days=30))
    await service.reminding.set(
        USER, Plan(time(21)), zone="Asia/Seoul", language=Language.KOREAN, now=NOW - timedelta(1)
    )
    old = NOW - timedelta(days=200)
    await service.people.consent(
        USER, ConsentKind.UTTERANCES, given=True, now=old, text_version="1"
    )
    await say(service, "슬픔 쿠쿠루삥뽕", now=old)
    assert "utterance" in await service.people.kept(USER)
    async with scheduled(talk, np.random.default_rng(0), lambda: NOW) as scheduler:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert set(jobs) == {"learn", "prune", "remind"}
        async with talk.rounds.through(USER.platform, carrier, asyncio.Event()):
            for job in jobs.values():
                await job.func()
    assert not await service.updates.finished("old")
    assert "utterance" not in await service.people.kept(USER)
    assert await service.updates.marker("learning.started") == NOW.isoformat()
    ((user, _),) = carrier.brought
    assert user == USER


async def test_no_run_is_dropped_and_none_overlaps() -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    async with scheduled(chat(), np.random.default_rng(0), lambda: soon) as scheduler:
        for job in scheduler.get_jobs():
            assert job.max_instances == 1
            assert job.coalesce
            assert job.misfire_grace_time is None
            assert (job.next_run_time.second, job.next_run_time.microsecond) == (0, 0)
