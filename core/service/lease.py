"""The right to do a job that one process at a time may do, for as long as the job takes."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from core.errors import StoreError
from core.models import new_id
from core.ports import UnitOfWork
from core.service.transactions import Transactions

__all__ = ["HELD", "Lease"]

HELD: Final = timedelta(hours=1)
"""A process that was killed holds the others up no longer than this."""
_RENEWED: Final = HELD / 4

_logger = logging.getLogger(__name__)


class Lease:
    """One process's hold of a job, from `now` on; `renew` keeps it while the job goes on."""

    def __init__(
        self,
        transactions: Transactions,
        name: str,
        now: datetime,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to take it.

        Args:
            transactions: of the store.
            name: of the job.
            now: aware.
            elapsed_s: seconds since some moment, by which it is known how much later it is.
        """
        self._transactions = transactions
        self._name = name
        self._holder = new_id()
        self._now = now
        self._elapsed_s = elapsed_s
        self._began = self._taken = elapsed_s()

    @property
    def ages(self) -> bool:
        """Whether it is time to renew it."""
        return self._elapsed_s() - self._taken >= _RENEWED.total_seconds()

    async def take(self, work: UnitOfWork) -> bool:
        """Take or prolong it with the work; False where another process has it.

        What else the work changes is then changed only by who holds the lease.
        """
        elapsed = self._elapsed_s()
        now = self._now + timedelta(seconds=elapsed - self._began)
        held = await work.leases.acquire(self._name, self._holder, now, now + HELD)
        if held:
            self._taken = elapsed
        return held

    async def renew(self) -> bool:
        """Prolong it; False where another process has it now."""
        try:
            return await self._transactions.write(None, self.take)
        except StoreError as error:
            # It still holds for most of an hour, and the next call tries again.
            _logger.warning(
                "the lease was not renewed: %s", type(error.__cause__ or error).__name__
            )
            return True

    async def give_back(self) -> None:
        """Let others have it; changes nothing where another process has it already."""
        await self._transactions.write(
            None, lambda work: work.leases.release(self._name, self._holder)
        )
