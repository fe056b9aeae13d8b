"""The work that is under way, so that the end of the bot can wait for it."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["Running"]

_log = logging.getLogger(__name__)

_TO_SAY_GOODBYE: Final = 2.0
"""Seconds that cancelled work has to say so to the person."""


class Running:
    """Tasks that somebody waits for an answer of."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    @contextmanager
    def track(self) -> Iterator[None]:
        """Count the current task as running inside of the block; it may be nested."""
        task = asyncio.current_task()
        if task is None or task in self._tasks:
            yield
            return
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self, seconds: float) -> None:
        """Wait until nothing runs any more; what still runs near the end is cancelled.

        Args:
            seconds: in all, those included that cancelled work gets to tell the person.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        await self._wait(deadline - min(_TO_SAY_GOODBYE, seconds))
        if not self._tasks:
            return
        _log.warning("%d answers are given up, for the bot ends", len(self._tasks))
        for task in list(self._tasks):
            task.cancel()
        await self._wait(deadline)

    async def _wait(self, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        # Work that begins while we wait is waited for too.
        while (tasks := self._tasks - {asyncio.current_task()}) and loop.time() < deadline:
            await asyncio.wait(tasks, timeout=deadline - loop.time())
