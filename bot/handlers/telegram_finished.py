"""Keeps which updates were handled, many in one transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

__all__ = ["PAUSE_S", "Finished", "FinishedStore"]

PAUSE_S: Final = 0.05
"""What is finished within this is kept together.

A crash meanwhile repeats the answer to what Telegram was not told of: it is told with the next
poll, which comes sooner, unless an older update takes long.
"""

_MOST: Final = 1000
"""That are kept where the store fails."""
_log = logging.getLogger(__name__)


class FinishedStore(Protocol):
    """Where it outlives the process."""

    async def finish(self, keys: Sequence[str]) -> None:
        """Keep that these updates were handled; no harm where that is known already."""
        ...


class Finished:
    """The updates that were handled and are not kept yet."""

    def __init__(
        self, store: FinishedStore, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._store = store
        self._sleep = sleep
        self._keys: list[str] = []
        self._keeping: asyncio.Task[None] | None = None

    def add(self, key: str) -> None:
        """Keep the update soon."""
        self._keys.append(key)
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Keep the rest now."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self._write()

    async def _keep(self) -> None:
        while self._keys:
            await self._sleep(PAUSE_S)
            if not await self._write():
                return  # tried again with the next one

    async def _write(self) -> bool:
        """Whether all is kept."""
        keys = tuple(self._keys)
        if not keys:
            return True
        try:
            await self._store.finish(keys)
        except Exception as error:  # noqa: BLE001 - the updates were handled all the same
            # They are tried again; Telegram is told of them next, and only a crash before that
            # repeats one.
            _log.error("the inbox cannot keep %d updates: %s", len(keys), type(error).__name__)
            del self._keys[:-_MOST]
            return False
        del self._keys[: len(keys)]
        return True
