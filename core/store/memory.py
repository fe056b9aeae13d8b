"""A store that forgets when the process ends."""

from types import TracebackType
from typing import Self

from core.store.memory_people import (
    MemoryConsents,
    MemoryCorrections,
    MemoryHistory,
    MemoryUsers,
    MemoryUtterances,
)
from core.store.memory_records import MemoryRecords
from core.store.memory_reminders import MemoryReminders
from core.store.memory_songs import MemoryFeedback, MemoryImpressions, MemoryPosts
from core.store.memory_tables import MemoryTables, MemoryWork
from core.store.memory_upkeep import MemoryDeliveries, MemoryLeases, MemoryLinks, MemoryMarkers

__all__ = ["MemoryStore", "MemoryUnitOfWork"]


class MemoryStore:
    """Keeps everything in dictionaries; `unit_of_work` opens a transaction on them."""

    def __init__(self) -> None:
        self._tables = MemoryTables()

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """A new transaction; implements `core.ports.UnitOfWork`."""
        return MemoryUnitOfWork(self._tables)


class MemoryUnitOfWork:
    """Implements `core.ports.UnitOfWork`."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables
        self._begin()

    def _begin(self) -> None:
        self._work = work = MemoryWork(self._tables)
        self.users = MemoryUsers(work)
        self.history = MemoryHistory(work)
        self.impressions = MemoryImpressions(work)
        self.posts = MemoryPosts(work)
        self.feedback = MemoryFeedback(work)
        self.consents = MemoryConsents(work)
        self.links = MemoryLinks(work)
        self.utterances = MemoryUtterances(work)
        self.corrections = MemoryCorrections(work)
        self.records = MemoryRecords(work)
        self.reminders = MemoryReminders(work)
        self.deliveries = MemoryDeliveries(work)
        self.leases = MemoryLeases(work)
        self.markers = MemoryMarkers(work)

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._begin()

    async def commit(self) -> None:
        """Apply the changes, all or none."""
        work = self._work
        self._begin()
        work.commit()
