"""The schedule: which jobs there are, and what they call."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bot.jobs import scheduled
from core.records import ConsentKind
from tests.services import NOW, USER, say, service_over


async def test_each_job_calls_its_use_case() -> None:
    service = service_over()
    await service.updates.finish("old", now=NOW - timedelta(days=30))
    old = NOW - timedelta(days=200)
    await service.people.consent(
        USER, ConsentKind.UTTERANCES, given=True, now=old, text_version="1"
    )
    await say(service, "슬픔 쿠쿠루삥뽕", now=old)
    assert "utterance" in await service.people.kept(USER)
    async with scheduled(service, np.random.default_rng(0), lambda: NOW) as scheduler:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert set(jobs) == {"learn", "prune"}
        for job in jobs.values():
            await job.func()
    assert not await service.updates.finished("old")
    assert "utterance" not in await service.people.kept(USER)
    assert await service.updates.marker("learning.started") == NOW.isoformat()


async def test_no_run_is_dropped_and_none_overlaps() -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    async with scheduled(service_over(), np.random.default_rng(0), lambda: soon) as scheduler:
        for job in scheduler.get_jobs():
            assert job.max_instances == 1
            assert job.coalesce
            assert job.misfire_grace_time is None
