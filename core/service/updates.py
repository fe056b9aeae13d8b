"""The platforms' updates: each is handled to its end at least once, and after that not again."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from core.errors import ConflictError
from core.service.transactions import Transactions

__all__ = ["Updates"]

_KEPT: Final = timedelta(days=2)
"""Platforms repeat an update for a day at most."""


class Updates:
    """Which updates are done.

    Two keys an update: the use case adds the platform's own with its effect, so that the effect
    comes once; `finish` adds another when the answer is out, so that the answer is not repeated.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def finished(self, key: str) -> bool:
        """Whether the update was answered."""
        return await self._transactions.read(lambda work: work.deliveries.seen(_answered(key)))

    async def finish(self, key: str, *, now: datetime) -> None:
        """The update was answered."""
        with suppress(ConflictError):  # another process answered it as well
            await self._transactions.write(
                None, lambda work: work.deliveries.add(_answered(key), now)
            )

    async def prune(self, *, now: datetime) -> None:
        """Forget the updates that no platform will repeat."""
        await self._transactions.write(None, lambda work: work.deliveries.prune(now - _KEPT))

    async def marker(self, name: str) -> str | None:
        """A fact an adapter keeps of itself; None where there is none."""
        return await self._transactions.read(lambda work: work.markers.get(name))

    async def mark(self, name: str, value: str) -> None:
        """Keep a fact an adapter keeps of itself."""
        await self._transactions.write(None, lambda work: work.markers.put(name, value))


def _answered(key: str) -> str:
    return f"{key} answered"
