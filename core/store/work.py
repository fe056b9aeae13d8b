"""What the repositories of one unit of work share."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Executable

from core.errors import StoreError
from core.store.database import Database
from core.store.engines import AnyRow, Change

__all__ = ["AnyRow", "Work"]


class Work:
    """Reads at once, and collects what is to be written.

    Attributes:
        changes: in the order they were asked for.
        long: whether one of them may take long.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.begin()

    def begin(self) -> None:
        """Forget what is to be written."""
        self.changes: list[Change] = []
        self.long = False

    def later(self, change: Change, *, long: bool = False) -> None:
        """Do it when the work is committed.

        Args:
            change: what to do.
            long: whether it touches so many rows that nobody else may wait for it.
        """
        self.changes.append(change)
        self.long = self.long or long

    def hash(self, *parts: str) -> bytes:
        """The keyed hash by which something is looked up, 32 bytes."""
        return self._database.hash(*parts)

    async def rows(self, statement: Executable, **values: object) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters.

        Raises:
            StoreError: the database cannot be reached, or what it holds cannot be read.
        """
        try:
            return await self._database.rows(statement, values)
        except ValueError as error:  # of a column type
            raise StoreError("what is kept cannot be read") from error

    async def row(self, statement: Executable, **values: object) -> AnyRow | None:
        """The first row of a query, if any."""
        return next(iter(await self.rows(statement, **values)), None)

    def stream(self, statement: Executable) -> AsyncIterator[AnyRow]:
        """The rows of a large query, bit by bit."""
        return self._database.stream(statement)
