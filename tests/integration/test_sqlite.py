"""SQLite writes what queued in one transaction, and still everybody alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from core.errors import ConflictError, StoreError
from core.store.cipher import Cipher
from core.store.engines import direct_engine
from core.store.sqlite import SqliteAccess


class Numbers:
    """A table of numbers, each at most once, and how many transactions were committed."""

    def __init__(self, file: Path) -> None:
        self.engine = direct_engine(f"sqlite:///{file}", Cipher())
        self.commits = 0

    async def __aenter__(self) -> "Numbers":
        engine = self.engine.__enter__()
        self.dialect = engine.dialect
        self.access = SqliteAccess(engine)
        await self.access.write([lambda c: _run(c, "CREATE TABLE number (n INTEGER PRIMARY KEY)")])
        event.listen(engine, "commit", self._count)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.access.close()
        self.engine.__exit__(None, None, None)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    async def add(self, *numbers: int) -> None:
        await self.access.write(
            [partial(_run, statement=f"INSERT INTO number VALUES ({n})") for n in numbers]
        )

    async def all(self) -> list[int]:
        return [
            row.n for row in await self.access.rows(text("SELECT n FROM number ORDER BY n"), {})
        ]


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[Numbers]:
    async with Numbers(tmp_path / "numbers.db") as opened:
        yield opened


async def test_what_queued_is_written_in_few_transactions(numbers: Numbers) -> None:
    await asyncio.gather(*(numbers.add(n) for n in range(50)))
    assert await numbers.all() == list(range(50))
    assert numbers.commits <= 2


async def test_of_changes_written_together_only_those_that_do_not_fit_fail(
    numbers: Numbers,
) -> None:
    await numbers.add(7)
    outcomes = await asyncio.gather(
        *(numbers.add(100 + n, n) for n in range(5, 10)),
        numbers.access.write([lambda c: _run(c, "INSERT INTO nowhere VALUES (1)")]),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [
        *(type(None), type(None), ConflictError, type(None), type(None)),
        StoreError,
    ]
    # Of the one that failed nothing is left, not even what fitted.
    assert await numbers.all() == [5, 6, 7, 8, 9, 105, 106, 108, 109]


async def test_what_nobody_waits_for_any_more_is_not_written(numbers: Numbers) -> None:
    first, second = asyncio.create_task(numbers.add(1)), asyncio.create_task(numbers.add(2))
    await asyncio.sleep(0)
    second.cancel()
    await first
    await numbers.add(3)
    assert await numbers.all() == [1, 3]


async def test_closing_finishes_what_is_being_written(tmp_path: Path) -> None:
    async with Numbers(tmp_path / "numbers.db") as opened:
        writing = asyncio.create_task(opened.add(1))
        await asyncio.sleep(0)
    await writing
    with direct_engine(f"sqlite:///{tmp_path}/numbers.db", Cipher()) as engine:
        assert engine.connect().exec_driver_sql("SELECT count(*) FROM number").scalar() == 1


async def test_an_error_that_is_not_the_database_s_reaches_who_asked(numbers: Numbers) -> None:
    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await numbers.access.write([fail])
    await numbers.add(1)
    assert await numbers.all() == [1]


async def test_a_commit_that_fails_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps the transaction open where the disk failed at its end."""
    file = tmp_path / "numbers.db"
    async with Numbers(file) as numbers:
        dialect = numbers.dialect
        commit = dialect.do_commit

        def fail(_connection: object) -> None:
            monkeypatch.setattr(dialect, "do_commit", commit)
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(dialect, "do_commit", fail)
        with pytest.raises(StoreError):
            await numbers.add(1)
        await numbers.add(2)
        assert await numbers.all() == [2]
    with sqlite3.connect(file, timeout=0) as other:
        other.execute("BEGIN IMMEDIATE")
