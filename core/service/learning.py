"""Learning from everybody's votes: when it is due, by one process at a time, off the event loop.

What fits models is imported in the thread that fits them: the bot starts without it.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from threading import Event
from typing import TYPE_CHECKING, Final, Optional

import numpy as np

from core.models import new_id
from core.ports import UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.events import EventTable
from core.recommend.learned import LearnedModel, ModelFolder
from core.recommend.personal import PersonalRecommender
from core.records import TasteEvent
from core.service.people import WITHDRAWN
from core.service.songs import Shelf
from core.service.transactions import Transactions

if TYPE_CHECKING:
    from core.recommend.learning import LearnConfig, Lesson

__all__ = ["Learning", "Schedule"]

_logger = logging.getLogger(__name__)

LEASE: Final = "learning"
_LEASE_HELD: Final = timedelta(hours=1)
"""Learning takes minutes; a process that was killed holds the others up no longer than this."""
_AGAIN: Final = timedelta(hours=1)
"""After which a run that failed, or was cut off, is tried again."""
_STARTED: Final = "learning.started"
_FINISHED: Final = "learning.finished"
_INSTALLED: Final = "learning.installed"


@dataclass(frozen=True)
class Schedule:
    """When to learn.

    Attributes:
        at: the time of day after which a night's learning is due.
        zone: of `at`.
        votes: new votes after which it is due sooner.
    """

    at: time
    zone: tzinfo
    votes: int = 500


class Learning:
    """Keeps the recommender up to date with what people say."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        catalogue: Catalogue,
        folder: ModelFolder,
        shelf: Shelf,
        schedule: Schedule,
        config: Optional["LearnConfig"] = None,
    ) -> None:
        """Prepare to learn.

        Args:
            transactions: of the store.
            catalogue: of the songs.
            folder: of the learned models.
            shelf: where a new recommender is put.
            schedule: when learning is due.
            config: how models are fitted and judged; None for the usual way.
        """
        self._transactions = transactions
        self._catalogue = catalogue
        self._folder = folder
        self._shelf = shelf
        self._config = config
        self._schedule = schedule
        self._holder = new_id()
        self._seen: str | None = None

    async def run_if_due(
        self, *, now: datetime, generator: np.random.Generator
    ) -> Optional["Lesson"]:
        """Learn if the night's time has passed, or enough votes are new; a missed run is made up.

        Also takes over what another process learned.

        Returns:
            What came of it; None where it is not due, or another process is at it.
        """
        await self.take_over()
        if not await self._transactions.read(lambda work: self._due(work, now)):
            return None
        return await self.run(now=now, generator=generator)

    async def run(
        self,
        *,
        now: datetime,
        generator: np.random.Generator,
        progress: Callable[[int], object] = lambda _: None,
    ) -> Optional["Lesson"]:
        """Learn now.

        Args:
            now: aware.
            generator: of the people who judge, and of the intervals.
            progress: called from another thread with 1 after each iteration of the (at most two)
                fits.

        Returns:
            What came of it; None where another process is at it.
        """
        if not await self._acquire(now):
            return None
        try:
            return await self._learn(now, generator, progress)
        finally:
            await self._transactions.write(
                None, lambda work: work.leases.release(LEASE, self._holder)
            )

    async def take_over(self) -> None:
        """Use the model that another process has put in place since."""
        installed = await self._transactions.read(lambda work: work.markers.get(_INSTALLED))
        if installed != self._seen:
            self._seen = installed
            self._use(await asyncio.to_thread(self._folder.load))

    async def _due(self, work: UnitOfWork, now: datetime) -> bool:
        started, finished = [await _moment(work, name) for name in (_STARTED, _FINISHED)]
        if started is None:
            return True
        if finished is None or finished < started:
            return now - started >= _AGAIN
        if finished < _last_time(self._schedule, now):
            return True
        return await work.feedback.count_since(started) >= self._schedule.votes

    async def _acquire(self, now: datetime) -> bool:
        until = now + _LEASE_HELD

        async def write(work: UnitOfWork) -> bool:
            taken = await work.leases.acquire(LEASE, self._holder, now, until)
            if taken:
                await work.markers.put(_STARTED, now.isoformat())
            return taken

        return await self._transactions.write(None, write)

    async def _learn(
        self, now: datetime, generator: np.random.Generator, progress: Callable[[int], object]
    ) -> "Lesson":
        withdrawn, events = await self._transactions.read(_gather)
        _logger.info("learning from %d events", len(events))
        lesson = await self._in_thread(events, generator, progress, withdrawn is not None)
        self._use(await asyncio.to_thread(self._folder.load))
        self._seen = now.isoformat()

        async def write(work: UnitOfWork) -> None:
            await work.markers.put(_INSTALLED, now.isoformat())
            await work.markers.put(_FINISHED, now.isoformat())
            # Somebody may have withdrawn while this was learning: that is for the next run.
            if withdrawn is not None and await work.markers.get(WITHDRAWN) == withdrawn:
                await work.markers.put(WITHDRAWN, "")

        await self._transactions.write(None, write)
        return lesson

    async def _in_thread(
        self,
        events: list[TasteEvent],
        generator: np.random.Generator,
        progress: Callable[[int], object],
        withdrawn: bool,
    ) -> "Lesson":
        """Learn in a thread; where this is cancelled that ends first, and installs nothing."""
        stop = Event()

        def step(done: int) -> None:
            if stop.is_set():
                raise _StoppedError
            progress(done)

        work = asyncio.create_task(
            asyncio.to_thread(self._teach, events, generator, step, withdrawn=withdrawn)
        )
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            with suppress(_StoppedError):
                await work
            raise

    def _teach(
        self,
        events: list[TasteEvent],
        generator: np.random.Generator,
        progress: Callable[[int], object],
        *,
        withdrawn: bool,
    ) -> "Lesson":
        from core.recommend.learning import LearnConfig, install, learn  # noqa: PLC0415

        config = self._config or LearnConfig()
        current = None if withdrawn else self._folder.load()
        rows = {song.id: row for row, song in enumerate(self._catalogue.songs)}
        table = EventTable.of(events, rows)
        lesson = learn(table, self._catalogue, current, config, generator, progress)
        install(lesson, self._folder, withdrawn=withdrawn)
        return lesson

    def _use(self, model: LearnedModel | None) -> None:
        recommender: PersonalRecommender = self._shelf.recommender
        if recommender.model_version != ("" if model is None else model.version):
            self._shelf.recommender = recommender.with_model(model)


class _StoppedError(Exception):
    """The bot ends; what was being learned is left."""


async def _moment(work: UnitOfWork, name: str) -> datetime | None:
    found = await work.markers.get(name)
    return datetime.fromisoformat(found) if found else None


async def _gather(work: UnitOfWork) -> tuple[str | None, list[TasteEvent]]:
    # The marker first: who withdraws between the two is found in neither, or in the marker.
    return await work.markers.get(WITHDRAWN) or None, await work.feedback.agreed()


def _last_time(schedule: Schedule, now: datetime) -> datetime:
    """When the time of day was last."""
    local = now.astimezone(schedule.zone)
    today = datetime.combine(local.date(), schedule.at, schedule.zone)
    return today if today <= local else today - timedelta(days=1)
