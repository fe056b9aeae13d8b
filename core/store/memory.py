"""A store that forgets when the process ends."""

from core.store.anew import BeginsAnew
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


class MemoryUnitOfWork(BeginsAnew):
    """Implements `core.ports.UnitOfWork`."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables
        super().__init__()

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

    async def commit(self) -> None:
        """Apply the changes, all or none."""
        work = self._work
        self._begin()
        work.commit()
