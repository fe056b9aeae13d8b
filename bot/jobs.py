"""The schedule: what the bot does by itself, one line a job, each a call of a use case."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from typing import Any, Final

import numpy as np
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.chat.chat import Chat
from bot.clock import Clock, utc_now
from bot.faults import places

__all__ = ["scheduled"]

_log = logging.getLogger(__name__)

_LOOK: Final = timedelta(minutes=10)
"""How often the bot looks whether learning is due. What is due is in the database, not in the
schedule: so a run missed while the bot was down is made up, and several processes agree."""
_PRUNE: Final = timedelta(days=7)
_MINUTE: Final = timedelta(minutes=1)
_SOON: Final = _MINUTE


@asynccontextmanager
async def scheduled(
    chat: Chat,
    generator: np.random.Generator,
    clock: Clock = utc_now,
) -> AsyncIterator[AsyncIOScheduler]:
    """Do the jobs while inside.

    Args:
        chat: whose use cases they are, and who brings the reminders.
        generator: of learning, and of what reminders say.
        clock: the time now, aware.
    """
    running: set[asyncio.Task[object]] = set()
    service = chat.service

    async def tracked(work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        running.add(task)
        task.add_done_callback(running.discard)
        await task

    async def learn() -> None:
        await tracked(service.learning.run_if_due(now=clock(), generator=generator))

    async def remind() -> None:
        await tracked(chat.rounds.go(clock, generator))

    async def prune() -> None:
        await service.updates.prune(now=clock())
        await service.people.prune(now=clock())

    # The library's own report quotes the exception, which may hold what is kept of people.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    # On the full minute, as reminders are.
    soon = (clock() + _SOON).replace(second=0, microsecond=0)
    for job, every in ((learn, _LOOK), (prune, _PRUNE), (remind, _MINUTE)):
        scheduler.add_job(
            job,
            IntervalTrigger(seconds=int(every.total_seconds()), timezone=UTC),
            id=job.__name__,
            next_run_time=soon,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)
        # What learns has to let go of the store before that closes.
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _failed(event: JobExecutionEvent) -> None:
    _log.error("the job %s failed: %s", event.job_id, places(event.exception))
