"""Asking people how it goes, when they want to be asked.

What is due is taken in batches, and moved on to its next time in the transaction that takes it:
so of several processes one takes it, and a process that is killed may lose the batch it was
sending, but nobody is ever asked twice. At most once is meant: a question that comes again says
that nobody remembers having asked, and tomorrow's comes anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.errors import ConflictError
from core.models import Language, User, UserKey, new_id
from core.ports import UnitOfWork
from core.reminders import Plan, Reminder, Rhythm, clock_of, decide, next_due
from core.service.transactions import Transactions

__all__ = ["BATCH", "Batch", "Reminding", "move_reminders"]

BATCH: Final = 20
"""Reminders that are taken at once: as many as a killed process may lose."""
_AGAIN: Final = timedelta(minutes=10)
"""After which it is tried again where the network was away."""


@dataclass(frozen=True)
class Batch:
    """What was taken.

    Attributes:
        due: to be sent now, as they stand after it.
        more: whether there may be others that are due.
    """

    due: Sequence[Reminder]
    more: bool


class Reminding:
    """When people are asked, and who is to be asked now."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of(self, user: UserKey) -> list[Reminder]:
        """The user's reminders, the daily one first."""

        async def look(work: UnitOfWork) -> list[Reminder]:
            return await work.reminders.of((await work.users.get(user)).person)

        return await self._transactions.read(look)

    async def set(
        self, user: UserKey, plan: Plan, *, zone: str, language: Language, now: datetime
    ) -> Reminder:
        """Ask the user by a plan, in place of an earlier one of the same rhythm.

        Args:
            user: the account through which the person is asked.
            plan: when.
            zone: whose clock, an IANA name.
            language: of the account's app.
            now: aware.
        """

        async def write(work: UnitOfWork) -> Reminder:
            person = await _known(work, user)
            first = next_due(plan, clock_of(zone), now)
            reminder = Reminder(new_id(), person.person, user, plan, zone, language, first)
            await work.reminders.put(reminder)
            return reminder

        return await self._transactions.write(user, write)

    async def stop(self, user: UserKey, rhythm: Rhythm | None = None) -> None:
        """Do not ask any more: of a rhythm, or at all."""

        async def write(work: UnitOfWork) -> None:
            await work.reminders.remove((await work.users.get(user)).person, rhythm)

        await self._transactions.write(user, write)

    async def take(self, platform: str, *, now: datetime) -> Batch:
        """Take some of what is due on a platform; see the head of this module."""

        async def write(work: UnitOfWork) -> Batch:
            found = await work.reminders.due(platform, now, BATCH)
            due = []
            for reminder in found:
                what = decide(reminder.plan, clock_of(reminder.zone), now)
                await work.reminders.advance(reminder, what.next_at)
                if what.send:
                    due.append(replace(reminder, next_at=what.next_at))
            return Batch(due, len(found) == BATCH)

        return await self._transactions.write(None, write)

    async def try_again(self, reminder: Reminder, *, now: datetime) -> None:
        """It could not be sent now; whether it is too late by then is decided then."""
        again = min(now + _AGAIN, reminder.next_at)
        try:
            await self._transactions.write(
                None, lambda work: work.reminders.advance(reminder, again)
            )
        except ConflictError:  # the person changed or stopped it meanwhile
            return

    async def unreachable(self, reminder: Reminder) -> None:
        """The account cannot be written to: who blocked the bot does not want to be asked."""

        async def write(work: UnitOfWork) -> None:
            kept = await work.reminders.of(reminder.person)
            if reminder.id in {one.id for one in kept}:  # and not another one, set since
                await work.reminders.remove(reminder.person, reminder.plan.rhythm)

        await self._transactions.write(None, write)


async def move_reminders(work: UnitOfWork, person: str, zone: str, now: datetime) -> None:
    """Let the person's reminders go by the clock of another zone, in the same transaction."""
    for reminder in await work.reminders.of(person):
        if reminder.zone != zone:
            await work.reminders.put(reminder.moved(zone, now))


async def _known(work: UnitOfWork, user: UserKey) -> User:
    person = await work.users.get(user)
    if person.version == 0:
        await work.users.put(person)
    return person
