"""SQLite writes at once, or what queued in one transaction, and still everybody alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from core.errors import ConflictError, StoreError
from core.store.cipher import Cipher
from core.store.engines import direct_engine
from core.store.sqlite import _LOG_BYTES, SqliteAccess


class Numbers:
    """A table of numbers, each at most once."""

    def __init__(self, file: Path) -> None:
        self.engine = direct_engine(f"sqlite:///{file}", Cipher())
        self.file = file

    @contextmanager
    def held(self) -> Iterator[None]:
        """Another process writes meanwhile."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    async def __aenter__(self) -> "Numbers":
        self.opened = engine = self.engine.__enter__()
        self.access = SqliteAccess(engine)
        await self.access.write([lambda c: _run(c, "CREATE TABLE number (n INTEGER PRIMARY KEY)")])
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.access.close()
        self.engine.__exit__(None, None, None)

    def trace(self) -> list[str]:
        """What is run from here on, as it is run; that takes time, and writers get in between."""
        made: list[str] = []
        for connection in (self.access._quick, self.access._patient):
            below = connection.connection.driver_connection
            assert below is not None
            below.set_trace_callback(made.append)
        return made

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


async def test_what_is_short_is_written_at_once(numbers: Numbers) -> None:
    with pytest.raises(StopIteration):  # done before anything else on the event loop has its turn
        numbers.add(1).send(None)
    assert await numbers.all() == [1]


async def test_what_is_broken_off_is_not_seen_and_holds_up_nobody(numbers: Numbers) -> None:
    def broken_off(connection: Connection) -> None:
        _run(connection, "INSERT INTO number VALUES (99)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await numbers.access.write([broken_off])
    assert await numbers.all() == []
    await numbers.add(1)
    assert await numbers.all() == [1]


async def test_what_takes_long_leaves_the_event_loop_free(numbers: Numbers) -> None:
    insert = partial(_run, statement="INSERT INTO number VALUES (1)")
    writing = asyncio.create_task(numbers.access.write([insert], long=True))
    await asyncio.sleep(0)
    assert not writing.done()
    await writing
    assert await numbers.all() == [1]


async def test_what_queued_behind_another_process_is_written_in_few_transactions(
    numbers: Numbers,
) -> None:
    made = numbers.trace()
    with numbers.held():
        adding = [asyncio.create_task(numbers.add(n)) for n in range(50)]
        await asyncio.sleep(0)
        assert await numbers.all() == []
    await asyncio.gather(*adding)
    assert await numbers.all() == list(range(50))
    assert 1 <= made.count("COMMIT") <= 2


@pytest.mark.parametrize(("longest", "mode"), [(0, "RESTART"), (5000, "PASSIVE")])
async def test_writers_have_to_wait_for_the_checkpoint_of_a_long_log_alone(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch, longest: int, mode: str
) -> None:
    monkeypatch.setattr("core.store.sqlite._LONG_LOG", longest)
    made: list[str] = []
    tidy = numbers.access._tidy.connection.driver_connection
    assert tidy is not None
    tidy.set_trace_callback(made.append)
    for start in (0, 200):
        for n in range(start, start + 200):
            await numbers.add(n)
        numbers.access._thread.submit(int).result()
    checkpoints = [statement for statement in made if "wal_checkpoint" in statement]
    assert checkpoints == ["PRAGMA wal_checkpoint(PASSIVE)", f"PRAGMA wal_checkpoint({mode})"]


async def test_the_log_does_not_grow_without_end(
    numbers: Numbers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.sqlite._LONG_LOG", 500)
    log = tmp_path / "numbers.db-wal"
    # Who writes without a pause gets in the way of its end.
    for n in range(6000):
        await numbers.add(n)
    for n in range(6000, 7000):
        await numbers.add(n)
        numbers.access._thread.submit(int).result()
    assert log.stat().st_size < 2 * _LOG_BYTES
    assert await numbers.all() == list(range(7000))


async def test_after_a_failed_checkpoint_there_is_another(
    numbers: Numbers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tidy = numbers.access._tidy.connection.driver_connection
    assert tidy is not None
    tidy.execute("BEGIN")
    tidy.execute("SELECT n FROM number").fetchall()
    before = (tmp_path / "numbers.db").read_bytes()
    for start in (0, 200):
        for n in range(start, start + 200):
            await numbers.add(n)
        numbers.access._thread.submit(int).result()
    assert caplog.text.count("not shortened") == 1
    assert (tmp_path / "numbers.db").read_bytes() != before


@pytest.mark.parametrize("queued", [False, True])
async def test_of_changes_written_together_only_those_that_do_not_fit_fail(
    numbers: Numbers, queued: bool
) -> None:
    await numbers.add(7)
    with numbers.held() if queued else nullcontext():
        writing = [
            *(asyncio.create_task(numbers.add(100 + n, n)) for n in range(5, 10)),
            asyncio.create_task(
                numbers.access.write([lambda c: _run(c, "INSERT INTO nowhere VALUES (1)")])
            ),
        ]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*writing, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        *(type(None), type(None), ConflictError, type(None), type(None)),
        StoreError,
    ]
    # Of the one that failed nothing is left, not even what fitted.
    assert await numbers.all() == [5, 6, 7, 8, 9, 105, 106, 108, 109]


async def test_what_nobody_waits_for_any_more_is_not_written(numbers: Numbers) -> None:
    with numbers.held():
        first, second = asyncio.create_task(numbers.add(1)), asyncio.create_task(numbers.add(2))
        await asyncio.sleep(0)
        second.cancel()
    await first
    await numbers.add(3)
    assert await numbers.all() == [1, 3]


async def test_closing_finishes_what_is_being_written(tmp_path: Path) -> None:
    insert = partial(_run, statement="INSERT INTO number VALUES (1)")
    async with Numbers(tmp_path / "numbers.db") as opened:
        writing = asyncio.create_task(opened.access.write([insert], long=True))
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


@pytest.mark.parametrize("long", [False, True])
async def test_a_commit_that_fails_leaves_nothing_open(tmp_path: Path, *, long: bool) -> None:
    """SQLite keeps the transaction open then."""
    file = tmp_path / "numbers.db"
    late = "REFERENCES number DEFERRABLE INITIALLY DEFERRED"
    async with Numbers(file) as numbers:
        await numbers.access.write([partial(_run, statement=f"CREATE TABLE child (n {late})")])
        orphan = partial(_run, statement="INSERT INTO child VALUES (3)")
        with pytest.raises(ConflictError):
            await numbers.access.write([orphan], long=long)
        await numbers.add(2)
        assert await numbers.all() == [2]
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM child").fetchone() == (0,)


async def test_a_query_that_finds_the_log_being_repaired_waits_for_it(numbers: Numbers) -> None:
    await numbers.add(1)
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorname = "SQLITE_BUSY_RECOVERY"
    refusals = [busy]

    def refuse(*_statement: object) -> None:
        if refusals:
            raise refusals.pop()

    event.listen(numbers.opened, "before_cursor_execute", refuse)
    assert await numbers.all() == [1]
    assert not refusals
    await numbers.add(2)
    assert await numbers.all() == [1, 2]


async def test_what_another_process_wrote_is_seen_at_once(numbers: Numbers) -> None:
    with closing(sqlite3.connect(numbers.file, isolation_level=None)) as other:
        for number in range(3):
            await numbers.add(2 * number)
            other.execute("INSERT INTO number VALUES (?)", (2 * number + 1,))
            assert await numbers.all() == list(range(2 * number + 2))
