"""When people want to be asked how it goes, in memory."""

from dataclasses import replace
from datetime import datetime

from core.reminders import Reminder, Rhythm
from core.store.memory_tables import MemoryWork

__all__ = ["MemoryReminders"]


class MemoryReminders:
    """Implements `core.ports.Reminders`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work
        self._tables = work.tables

    async def of(self, person: str) -> list[Reminder]:
        """The person's."""
        mine = [kept for kept in self._tables.reminders.values() if kept.person == person]
        return sorted(mine, key=lambda kept: kept.plan.rhythm)

    async def put(self, reminder: Reminder) -> None:
        """Keep it, in place of the person's of the same rhythm."""
        self._work.expect_person(reminder.person)
        await self.remove(reminder.person, reminder.plan.rhythm)
        self._work.later(lambda: self._tables.reminders.update({reminder.id: reminder}))

    async def remove(self, person: str, rhythm: Rhythm | None = None) -> None:
        """Remove the person's of a rhythm, or all of them."""

        def change() -> None:
            self._tables.reminders = {
                id_: kept
                for id_, kept in self._tables.reminders.items()
                if kept.person != person or rhythm not in (None, kept.plan.rhythm)
            }

        self._work.later(change)

    async def due(self, platform: str, now: datetime, limit: int) -> list[Reminder]:
        """Those that are to be looked at by `now`."""
        found = [
            kept
            for kept in self._tables.reminders.values()
            if kept.key.platform == platform and kept.next_at <= now
        ]
        return sorted(found, key=lambda kept: kept.next_at)[:limit]

    async def advance(self, reminder: Reminder, next_at: datetime) -> None:
        """Look at it again at `next_at`."""
        tables, advanced = self._tables, replace(reminder, next_at=next_at)

        def unchanged() -> bool:
            kept = tables.reminders.get(reminder.id)
            return kept is not None and kept.next_at == reminder.next_at

        self._work.expect(unchanged)
        self._work.later(lambda: tables.reminders.update({reminder.id: advanced}))
