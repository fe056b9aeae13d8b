"""The store over SQLAlchemy, and its unit of work."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core.store.anew import BeginsAnew
from core.store.cipher import Cipher
from core.store.database import Database, open_database
from core.store.repositories.people import SqlUsers
from core.store.repositories.records import (
    SqlConsents,
    SqlCorrections,
    SqlHistory,
    SqlRecords,
    SqlUtterances,
)
from core.store.repositories.reminders import SqlReminders
from core.store.repositories.songs import SqlFeedback, SqlImpressions, SqlPosts
from core.store.repositories.upkeep import SqlDeliveries, SqlLeases, SqlLinks, SqlMarkers
from core.store.work import Work

__all__ = ["SqlStore", "SqlUnitOfWork", "open_store"]


class SqlStore:
    """Keeps everything in a database; `unit_of_work` opens a transaction on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unit_of_work(self) -> "SqlUnitOfWork":
        """A new transaction; implements `core.ports.UnitOfWork`."""
        return SqlUnitOfWork(self._database)


class SqlUnitOfWork(BeginsAnew):
    """Implements `core.ports.UnitOfWork`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Many works are opened for a message: what holds nothing of one is made once.
        self._work = work = Work(database)
        self.history = SqlHistory(work)
        self.impressions = SqlImpressions(work)
        self.posts = SqlPosts(work)
        self.feedback = SqlFeedback(work)
        self.consents = SqlConsents(work)
        self.links = SqlLinks(work)
        self.utterances = SqlUtterances(work)
        self.corrections = SqlCorrections(work)
        self.records = SqlRecords(work)
        self.reminders = SqlReminders(work)
        self.deliveries = SqlDeliveries(work)
        self.leases = SqlLeases(work)
        self.markers = SqlMarkers(work)
        super().__init__()

    def _begin(self) -> None:
        self._work.begin()
        self.users = SqlUsers(self._work)

    async def commit(self) -> None:
        """Write the changes: first the people, for the rest belongs to them."""
        users, changes, long = self.users, self._work.changes, self._work.long
        self._begin()
        if users.changed or changes:
            await self._database.write([users.flush, *changes], long=long)


@asynccontextmanager
async def open_store(
    address: str, *, data_key: str | None = None, old_keys: Sequence[str] = ()
) -> AsyncIterator[SqlStore]:
    """Open the store, with its tables up to date; close it at the end.

    Args:
        address: of SQLite in a file or of PostgreSQL, as in DATABASE_URL.
        data_key: with which moods and platform ids are encrypted; None to keep them as they are.
        old_keys: with which older values may still be encrypted.

    Raises:
        DatabaseError: it cannot be opened, is of a newer version, or has another key.
    """
    async with open_database(address, Cipher(data_key, old_keys)) as database:
        yield SqlStore(database)
