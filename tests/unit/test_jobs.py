"""The schedule: which jobs there are, and what they call."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bot.jobs import scheduled
from tests.services import NOW, service_over


async def test_each_job_calls_its_use_case() -> None:
    service = service_over()
    await service.updates.finish("old", now=NOW - timedelta(days=30))
    async with scheduled(service, np.random.default_rng(0), lambda: NOW) as scheduler:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert set(jobs) == {"learn", "prune"}
        for job in jobs.values():
            await job.func()
    assert not await service.updates.finished("old")
    assert await service.updates.marker("learning.started") == NOW.isoformat()


async def test_no_run_is_dropped_and_none_overlaps() -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    async with scheduled(service_over(), np.random.default_rng(0), lambda: soon) as scheduler:
        for job in scheduler.get_jobs():
            assert job.max_instances == 1
            assert job.coalesce
            assert job.misfire_grace_time is None
