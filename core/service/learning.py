"""Learning from everybody's votes: when it is due, by one process at a time, off the event loop.

What fits models is imported in the thread that fits them: the bot starts without it.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final, Optional

import numpy as np

from core.ports import UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.events import EventTable
from core.recommend.learned import LearnedModel, ModelFolder
from core.recommend.personal import PersonalRecommender
from core.records import TasteEvent
from core.service.lease import Lease
from core.service.people import WITHDRAWN
from core.service.schedule import FINISHED, STARTED, Schedule, due
from core.service.shelf import Shelf
from core.service.transactions import Transactions

if TYPE_CHECKING:
    from core.recommend.learning import LearnConfig, Lesson

__all__ = ["Learning"]

_logger = logging.getLogger(__name__)

LEASE: Final = "learning"
_USABLE: Final = "learning.usable"
"""The marker that names the versions of the models that may be used, the best first."""


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
            folder: of the learned models on this machine.
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
        self._seen: str | None = None
        self._missed = ""

    async def run_if_due(
        self, *, now: datetime, generator: np.random.Generator
    ) -> Optional["Lesson"]:
        """Learn if the night's time has passed, or enough votes are new; a missed run is made up.

        Also takes over what another process learned.

        Returns:
            What came of it; None where it is not due, or another process is at it.
        """
        await self.take_over()
        if not await self._transactions.read(lambda work: due(work, self._schedule, now)):
            return None
        return await self.run(now=now, generator=generator)

    async def run(
        self,
        *,
        now: datetime,
        generator: np.random.Generator,
        progress: Callable[[int], object] = lambda _: None,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> Optional["Lesson"]:
        """Learn now.

        Args:
            now: aware.
            generator: of the people who judge, and of the intervals.
            progress: called from another thread with 1 after each iteration of the (at most two)
                fits.
            elapsed_s: seconds since some moment, for a run that takes longer than its lease.

        Returns:
            What came of it; None where another process is at it, or took over because this one
            was not heard of for too long. Then nothing is changed.
        """
        lease = Lease(self._transactions, LEASE, now, elapsed_s)

        async def begin(work: UnitOfWork) -> bool:
            taken = await lease.take(work)
            if taken:
                await work.markers.put(STARTED, now.isoformat())
            return taken

        if not await self._transactions.write(None, begin):
            return None
        try:
            return await self._learn(lease, now, generator, progress)
        except _LostError:
            _logger.warning("another process has begun to learn: what was learned here is dropped")
            return None
        finally:
            await lease.give_back()

    async def take_over(self) -> None:
        """Use the model that the database names, if it is here, and no other.

        Where it is on another machine only, songs are chosen without what was learned.
        """
        named = await self._transactions.read(lambda work: work.markers.get(_USABLE)) or ""
        if named == self._seen:
            return
        versions = named.split()
        self._use(await asyncio.to_thread(self._loaded, versions))
        if not versions or await asyncio.to_thread(self._folder.has, versions[0]):
            self._seen = named
        elif self._missed != named:  # it may come: then it is found at the next look
            self._missed = named
            _logger.warning(
                "the learned model %s is not on this machine: songs go by mood alone, or by the"
                " model before, until the folder is shared or this machine learns",
                versions[0],
            )

    async def _learn(
        self,
        lease: Lease,
        now: datetime,
        generator: np.random.Generator,
        progress: Callable[[int], object],
    ) -> "Lesson":
        from core.recommend.learning import versions_after  # noqa: PLC0415

        withdrawn, before, events = await self._transactions.read(_gather)
        _logger.info("learning from %d events", len(events))
        current = None
        if withdrawn is None:
            current = await asyncio.to_thread(self._folder.load, before)
        lesson = await self._in_thread(lease, events, current, generator, progress)
        usable = versions_after(lesson, before, withdrawn=withdrawn is not None)

        async def name(work: UnitOfWork) -> bool:
            held = await lease.take(work)
            if held:
                await work.markers.put(_USABLE, " ".join(usable))
            return held

        # Named before it is there: a process that sees the name removes the files of all others.
        if not await self._transactions.write(None, name):
            raise _LostError
        if lesson.model is not None:
            await asyncio.to_thread(self._folder.save, lesson.model)
        self._use(await asyncio.to_thread(self._loaded, usable))
        self._seen = " ".join(usable)

        async def finish(work: UnitOfWork) -> None:
            await work.markers.put(FINISHED, now.isoformat())
            # Somebody may have withdrawn while this was learning: that is for the next run.
            if withdrawn is not None and await work.markers.get(WITHDRAWN) == withdrawn:
                await work.markers.put(WITHDRAWN, "")

        await self._transactions.write(None, finish)
        return lesson

    async def _in_thread(
        self,
        lease: Lease,
        events: list[TasteEvent],
        current: LearnedModel | None,
        generator: np.random.Generator,
        progress: Callable[[int], object],
    ) -> "Lesson":
        """Learn in a thread; where this is cancelled that ends first, and installs nothing."""
        stop, loop = Event(), asyncio.get_running_loop()

        def step(done: int) -> None:
            if stop.is_set():
                raise _StoppedError
            # The thread waits: whoever lost the lease has nothing to go on for.
            if lease.ages and not asyncio.run_coroutine_threadsafe(lease.renew(), loop).result():
                raise _LostError
            progress(done)

        work = asyncio.create_task(asyncio.to_thread(self._teach, events, current, generator, step))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            with suppress(_StoppedError, _LostError):
                await work
            raise

    def _teach(
        self,
        events: list[TasteEvent],
        current: LearnedModel | None,
        generator: np.random.Generator,
        progress: Callable[[int], object],
    ) -> "Lesson":
        from core.recommend.learning import LearnConfig, learn  # noqa: PLC0415

        config = self._config or LearnConfig()
        rows = {song.id: row for row, song in enumerate(self._catalogue.songs)}
        table = EventTable.of(events, rows)
        return learn(table, self._catalogue, current, config, generator, progress)

    def _loaded(self, versions: Sequence[str]) -> LearnedModel | None:
        """The model to use; the files of those that may not be used go."""
        self._folder.keep(versions)
        return self._folder.load(versions)

    def _use(self, model: LearnedModel | None) -> None:
        recommender: PersonalRecommender = self._shelf.recommender
        if recommender.model_version != ("" if model is None else model.version):
            self._shelf.recommender = recommender.with_model(model)


class _StoppedError(Exception):
    """The bot ends; what was being learned is left."""


class _LostError(Exception):
    """Another process took the lease, since it was not renewed for too long."""


async def _gather(work: UnitOfWork) -> tuple[str | None, list[str], list[TasteEvent]]:
    # The marker first: who withdraws between the two is found in neither, or in the marker.
    withdrawn = await work.markers.get(WITHDRAWN) or None
    usable = (await work.markers.get(_USABLE) or "").split()
    return withdrawn, usable, await work.feedback.agreed()
