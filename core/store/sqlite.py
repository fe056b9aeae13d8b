"""SQLite, which answers faster than a thread could be asked to ask it.

A query of a few rows takes some hundredths of a millisecond, less than the way to a thread and
back, and in WAL mode no writer makes it wait: it is made in place. Writing may have to wait for
the disk or another process, and goes to a thread. What queued while that was busy is written in
one transaction, so that many writers cost few commits.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Executable

from core.store.engines import AnyRow, Change, Values, translated

__all__ = ["SqliteAccess"]

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
        # Never in a transaction, so that each query sees what is committed by then.
        self._reader = engine.connect()
        self._writer = engine.execution_options(immediate=True).connect()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._queue: list[_Waiting] = []
        self._rounds: asyncio.Task[None] | None = None

    async def rows(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters."""
        with translated():
            return self._reader.execute(statement, values).all()

    async def write(self, changes: Sequence[Change]) -> None:
        """Make the changes in one transaction, all or none; others' may be made in the same."""
        waiting = _Waiting(changes, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._write_queued())
        await waiting.done

    async def close(self) -> None:
        """Finish what is being written."""
        if self._rounds is not None:
            await self._rounds
        self._thread.shutdown()
        self._reader.close()
        self._writer.close()

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
                with translated(), self._writer.begin():
                    for index in left:
                        _apply(index, queued[index], self._writer)
            except _Misfit as misfit:
                # All was rolled back: the others begin again without it.
                errors[misfit.index] = misfit.error
                continue
            except Exception as error:  # noqa: BLE001 - nobody may wait forever
                self._end_transaction()
                for index in left:
                    errors[index] = error
            break
        return errors

    def _end_transaction(self) -> None:
        """End what a failed COMMIT left open: SQLAlchemy takes the transaction for over."""
        try:
            self._writer.connection.rollback()
        except Exception as error:  # noqa: BLE001 - who waits is told of the first one
            _log.error("a transaction could not be ended: %s", type(error).__name__)


def _apply(index: int, changes: Sequence[Change], connection: Connection) -> None:
    try:
        with translated():
            for change in changes:
                change(connection)
    except Exception as error:  # noqa: BLE001 - goes to who asked for the changes
        raise _Misfit(index, error) from None
