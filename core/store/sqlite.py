"""SQLite, which answers faster than a thread could be asked to ask it.

A query of a few rows takes some hundredths of a millisecond, less than the way to a thread and
back, and in WAL mode no writer makes it wait: it is made in place. So is a short transaction, which
writes to memory of the system. Only what takes long, or has to wait for another process, goes to a
thread, and so does what waits for the disk: the checkpoints, and beginning the log anew after one.
What queued while the thread was busy is written in one transaction.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.exc import DBAPIError

from core.errors import StoreError
from core.store.engines import AnyRow, Change, Values, translated

__all__ = ["SqliteAccess"]

_CHECKPOINT_AFTER: Final = 200
"""Transactions; about the thousand pages after which SQLite would make somebody wait for one."""
_LONG_LOG: Final = 2000
"""Pages, 8 MiB. A log that grows while a checkpoint runs is not begun anew; from here on writers
have to wait for one."""
_LOG_BYTES: Final = 4 * 2**20
"""To which the file of the log is cut when it is begun anew."""
_READERS_WAIT_MS: Final = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Waiting:
    """Changes that are to be written, all or none.

    Attributes:
        done: of who waits for it; holds the error where there was one.
    """

    changes: Sequence[Change]
    done: asyncio.Future[None]


class _Misfit(Exception):  # noqa: N818 - never seen outside
    """Of the changes that are written together, those at `index` failed."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__()
        self.index = index
        self.error = error


class SqliteAccess:
    """Reads and writes a SQLite file for one event loop."""

    def __init__(self, engine: Engine) -> None:
        """Use an engine that begins immediate transactions where it is asked to."""
        # Reads, and writes what is short: so the pages it has read stay good. Outside of the
        # transactions of `_write_now` each query sees what is committed by then.
        self._quick = engine.connect()
        self._patient = engine.execution_options(immediate=True).connect()
        self._tidy = engine.connect()
        for pragma in ("busy_timeout = 0", "wal_autocheckpoint = 0"):
            _driver(self._quick).execute(f"PRAGMA {pragma}")
        for pragma in (f"busy_timeout = {_READERS_WAIT_MS}", f"journal_size_limit = {_LOG_BYTES}"):
            _driver(self._tidy).execute(f"PRAGMA {pragma}")
        self._since_checkpoint = 0
        self._checkpointing: Future[None] | None = None
        self._pages = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._queue: list[_Waiting] = []
        self._rounds: asyncio.Task[None] | None = None

    async def rows(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters."""
        try:
            with translated():
                return self._quick.execute(statement, values).all()
        except StoreError as error:
            if not _is_busy(error):
                raise
        # It hardly happens: another process brings the log in order after a crash.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._rows_patiently, statement, values)

    async def write(self, changes: Sequence[Change], *, long: bool = False) -> None:
        """Make the changes in one transaction, all or none; others' may be made in the same.

        Args:
            changes: to make.
            long: whether they may take longer than everybody else can wait for.
        """
        queued = self._rounds is not None and not self._rounds.done()
        if not (long or queued) and self._write_now(changes):
            self._count_commit()
            return
        waiting = _Waiting(changes, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if not queued:
            self._rounds = asyncio.create_task(self._write_queued())
        await waiting.done

    async def close(self) -> None:
        """Finish what is being written."""
        if self._rounds is not None:
            await self._rounds
        self._thread.shutdown()
        for connection in (self._quick, self._patient, self._tidy):
            connection.close()

    def _rows_patiently(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        # In a writing transaction, though it only reads: this connection begins no other, and who
        # is waited for holds that lock as well.
        with translated(), self._patient.begin():
            return self._patient.execute(statement, values).all()

    def _write_now(self, changes: Sequence[Change]) -> bool:
        """Write in place; False where another process is writing."""
        driver = _driver(self._quick)
        try:
            with translated():
                driver.execute("BEGIN IMMEDIATE")
        except StoreError as error:
            if _is_busy(error):
                return False
            raise
        try:
            with translated():
                for change in changes:
                    change(self._quick)
                driver.execute("COMMIT")
        except BaseException:  # or who reads next would see what was not committed
            self._end_transaction(self._quick)
            raise
        return True

    def _count_commit(self) -> None:
        self._since_checkpoint += 1
        if self._since_checkpoint < _CHECKPOINT_AFTER:
            return
        if self._checkpointing is None or self._checkpointing.done():
            self._since_checkpoint = 0
            self._checkpointing = self._thread.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        """Bring into the file what was committed, and begin the log anew.

        The first to write after a complete checkpoint waits for the disk. So that this is nobody
        who speaks, a number is written that is there already.
        """
        driver = _driver(self._tidy)
        mode = "RESTART" if self._pages > _LONG_LOG else "PASSIVE"
        try:
            ((_, self._pages, done),) = driver.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
            if done == self._pages:
                ((number,),) = driver.execute("PRAGMA user_version").fetchall()
                driver.execute("BEGIN IMMEDIATE")
                driver.execute(f"PRAGMA user_version = {number}")
                driver.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - the next one does it all
            _log.warning("the log of the database was not shortened: %s", type(error).__name__)
            driver.rollback()

    async def _write_queued(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            # Whoever was cancelled meanwhile wants it no more.
            taken = [waiting for waiting in self._queue if not waiting.done.done()]
            self._queue.clear()
            changes = [waiting.changes for waiting in taken]
            errors = await loop.run_in_executor(self._thread, self._write_together, changes)
            for waiting, error in zip(taken, errors, strict=True):
                if waiting.done.done():
                    continue
                if error is None:
                    waiting.done.set_result(None)
                else:
                    waiting.done.set_exception(error)

    def _write_together(self, queued: Sequence[Sequence[Change]]) -> list[Exception | None]:
        """Write as many as fit in one transaction; what went wrong with each, in their order."""
        errors: list[Exception | None] = [None] * len(queued)
        while left := [index for index, error in enumerate(errors) if error is None]:
            try:
                with translated(), self._patient.begin():
                    for index in left:
                        _apply(index, queued[index], self._patient)
            except _Misfit as misfit:
                # All was rolled back: the others begin again without it.
                errors[misfit.index] = misfit.error
                continue
            except Exception as error:  # noqa: BLE001 - nobody may wait forever
                self._end_transaction(self._patient)
                for index in left:
                    errors[index] = error
            break
        return errors

    @staticmethod
    def _end_transaction(connection: Connection) -> None:
        """End what failed; after a failed COMMIT SQLAlchemy alone takes it for over."""
        try:
            _driver(connection).rollback()
        except Exception as error:  # noqa: BLE001 - who waits is told of the first one
            _log.error("a transaction could not be ended: %s", type(error).__name__)


def _driver(connection: Connection) -> sqlite3.Connection:
    """The connection of the standard library below SQLAlchemy's."""
    below = connection.connection.driver_connection
    if not isinstance(below, sqlite3.Connection):
        raise TypeError("not a connection to SQLite")
    return below


def _is_busy(error: Exception) -> bool:
    cause = error.__cause__
    original = cause.orig if isinstance(cause, DBAPIError) else cause
    name = getattr(original, "sqlite_errorname", "")
    return str(name).startswith("SQLITE_BUSY")


def _apply(index: int, changes: Sequence[Change], connection: Connection) -> None:
    try:
        with translated():
            for change in changes:
                change(connection)
    except Exception as error:  # noqa: BLE001 - goes to who asked for the changes
        raise _Misfit(index, error) from None
