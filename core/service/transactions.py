"""How the use cases read and write: one short transaction, tried again where others got between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from core.errors import ConflictError
from core.models import User, UserKey
from core.ports import UnitOfWork

__all__ = ["Transactions"]

_ATTEMPTS: Final = 10
_PAUSE_S: Final = 0.002
"""After the first conflict, and so much more after each: two who collide part."""

_Result = TypeVar("_Result")
_Change = Callable[[UnitOfWork], Awaitable[_Result]]


class Transactions:
    """Runs changes, those of one user one after the other. Shared by all use cases."""

    def __init__(self, unit_of_work: Callable[[], UnitOfWork]) -> None:
        self._unit_of_work = unit_of_work
        # A lock lives as long as somebody holds or awaits it.
        self._locks: WeakValueDictionary[UserKey, asyncio.Lock] = WeakValueDictionary()

    async def read(self, ask: _Change[_Result]) -> _Result:
        """What `ask` finds; nothing is written."""
        async with self._unit_of_work() as work:
            return await ask(work)

    async def person(self, user: UserKey) -> User:
        """The person as kept; a new one where the account is unknown."""
        return await self.read(lambda work: work.users.get(user))

    async def write(self, user: UserKey | None, change: _Change[_Result]) -> _Result:
        """Run `change` and commit.

        Changes of one user wait for each other here; another process may still get in between,
        and then `change` runs again on what it left.

        Args:
            user: whose change it is; None for one of nobody's.
            change: does nothing but with the unit of work, since it may run several times; what it
                remembers of a run is for the next one.

        Raises:
            ConflictError: others were faster each time.
        """
        if user is None:
            return await self._try(change)
        async with self._locks.setdefault(user, asyncio.Lock()):
            return await self._try(change)

    async def _try(self, change: _Change[_Result]) -> _Result:
        for attempt in range(1, _ATTEMPTS):
            try:
                return await self._attempt(change)
            except ConflictError:
                await asyncio.sleep(attempt * _PAUSE_S)
        return await self._attempt(change)

    async def _attempt(self, change: _Change[_Result]) -> _Result:
        async with self._unit_of_work() as work:
            result = await change(work)
            await work.commit()
            return result
