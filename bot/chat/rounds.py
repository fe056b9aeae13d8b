"""Brings reminders to people: looks what is due, and hands it to the platform that reaches them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

import numpy as np

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.clock import Clock
from bot.faults import places
from core.errors import ConflictError
from core.models import UserKey
from core.reminders import Reminder
from core.service.reminding import Reminding

__all__ = ["Arrival", "Carrier", "Rounds"]

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 4
"""Reminders that are sent at a time on a platform: whoever talks to the bot meanwhile waits behind
no more than these for what the platform allows."""
_TO_FINISH: Final = 3.0
"""Seconds in which those that are being sent may arrive when a platform ends."""


class Arrival(Enum):
    """What came of sending."""

    ARRIVED = "arrived"
    LATER = "later"
    """The platform cannot be reached now."""
    UNREACHABLE = "unreachable"
    """The person cannot be written to: blocked the bot, or is gone."""


class Carrier(Protocol):
    """A platform's way to a person who said nothing just now."""

    async def bring(self, user: UserKey, answer: Answer) -> Arrival:
        """Send it to the person alone."""
        ...


Compose = Callable[[Turn, Reminder], Awaitable[Answer]]


class Rounds:
    """Knows which platforms can be reached, and brings what is due there."""

    def __init__(self, reminding: Reminding, compose: Compose) -> None:
        """Make one.

        Args:
            reminding: says what is due.
            compose: what is said then.
        """
        self._reminding = reminding
        self._compose = compose
        self._carriers: dict[str, tuple[Carrier, asyncio.Event]] = {}
        self._going: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def through(
        self, platform: str, carrier: Carrier, stop: asyncio.Event
    ) -> AsyncIterator[None]:
        """Reach the people of a platform while inside; at the end what is being sent arrives.

        Args:
            platform: as in `UserKey`.
            carrier: the way to its people.
            stop: nothing more is taken once it is set.
        """
        self._carriers[platform] = (carrier, stop)
        try:
            yield
        finally:
            del self._carriers[platform]
            going = self._going.get(platform)
            if going is not None:
                await asyncio.wait({going}, timeout=_TO_FINISH)
                going.cancel()  # unless it is done
                await asyncio.wait({going})

    async def go(self, clock: Clock, generator: np.random.Generator) -> None:
        """Bring all that is due on the platforms that can be reached.

        Args:
            clock: the time now, aware.
            generator: of all that varies.
        """
        for name, (carrier, stop) in self._carriers.items():
            work = self._go(name, carrier, stop, clock, generator)
            self._going[name] = asyncio.create_task(work)
        going = list(self._going.values())
        try:
            await asyncio.gather(*going, return_exceptions=True)
        finally:
            self._going.clear()
        for done in going:
            if not done.cancelled():
                done.result()

    async def take(
        self, platform: str, now: datetime, generator: np.random.Generator
    ) -> list[Answer]:
        """What is due on a platform whose only person is there: at a terminal."""
        batch = await self._reminding.take(platform, now=now)
        answers = [
            await self._compose(_turn(reminder, now, generator), reminder) for reminder in batch.due
        ]
        return [answer for answer in answers if answer.kind is not AnswerKind.ERROR]

    async def _go(
        self,
        platform: str,
        carrier: Carrier,
        stop: asyncio.Event,
        clock: Clock,
        generator: np.random.Generator,
    ) -> None:
        more, room = True, asyncio.Semaphore(_AT_ONCE)
        while more and not stop.is_set():
            try:
                batch = await self._reminding.take(platform, now=clock())
            except ConflictError:
                return  # other processes are at it
            if stop.is_set():
                for reminder in batch.due:
                    await self._reminding.try_again(reminder, now=clock())
                return
            await asyncio.gather(
                *(self._bring(carrier, each, clock, generator, room) for each in batch.due)
            )
            more = batch.more

    async def _bring(
        self,
        carrier: Carrier,
        reminder: Reminder,
        clock: Clock,
        generator: np.random.Generator,
        room: asyncio.Semaphore,
    ) -> None:
        async with room:
            now = clock()
            try:
                answer = await self._compose(_turn(reminder, now, generator), reminder)
                if answer.kind is AnswerKind.ERROR:  # logged already, and not for the person
                    arrival = Arrival.LATER
                else:
                    arrival = await carrier.bring(reminder.key, answer)
                await self._note(reminder, arrival, clock())
            except Exception as error:  # noqa: BLE001 - the others are to be brought all the same
                _log.error("a reminder on %s: %s", reminder.key.platform, places(error))

    async def _note(self, reminder: Reminder, arrival: Arrival, now: datetime) -> None:
        if arrival is Arrival.LATER:
            await self._reminding.try_again(reminder, now=now)
        elif arrival is Arrival.UNREACHABLE:
            _log.info("a reminder on %s is stopped: out of reach", reminder.key.platform)
            await self._reminding.unreachable(reminder)


def _turn(reminder: Reminder, now: datetime, generator: np.random.Generator) -> Turn:
    """A reminder as something that is answered."""
    key = f"reminder:{reminder.id}:{reminder.next_at.isoformat()}"
    return Turn(reminder.key, key, reminder.language, now, generator)
