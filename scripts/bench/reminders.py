"""What one look for due reminders costs, against reading all of them, in one run.

    python -m scripts.bench.reminders [--reminders 100000] [--rounds 100]

So many people, in 24 zones, each with a reminder at a random minute; some of them weekly. A look is
what the bot does every minute: the one indexed query of `Reminders.due`, for a batch of 20. The
rival is what is often done instead: read when every reminder is due, and compare in Python; it
reads two columns in one pass with nothing but the standard library's sqlite3, and makes no objects.
They take turns. The ratio is of the fastest rounds: on a busy machine whatever takes longer
than a turn of the processor waits for others in between. "Nothing due" is the look of most minutes.
"Taken" is a whole batch through the use case: read, decided, moved on and committed.
"""

import argparse
import asyncio
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.config import limit_threads

limit_threads()

import numpy as np

from core.models import Language, new_id
from core.ports import UnitOfWork
from core.reminders import Plan, clock_of, next_due
from core.service.reminding import BATCH, Reminding
from core.service.transactions import Transactions
from core.store.address import sqlite_address
from core.store.cipher import Cipher, new_key
from core.store.unit_of_work import open_store

_START: Final = datetime(2026, 11, 21, tzinfo=UTC)
_NOON: Final = _START + timedelta(hours=12)
_PLATFORM: Final = "bench"
_WEEKLY: Final = 0.3
_ZONES: Final = tuple(f"Etc/GMT{offset:+d}" for offset in range(-11, 13))
_ALL: Final = "SELECT id, next_at FROM reminder NOT INDEXED WHERE platform = ?"

_COLUMNS: Final = (
    "id, person, account_hash, platform, rhythm, weekday, minute, zone, language, next_at"
)

_OpenWork = Callable[[], UnitOfWork]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reminders", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "maeum.db", options.reminders, options.rounds))


async def _measure(file: Path, count: int, rounds: int) -> None:
    key = new_key()
    async with open_store(sqlite_address(file), data_key=key) as store:
        with closing(sqlite3.connect(file)) as connection:
            _fill(connection, Cipher(key), count)
            times = await _times(_calls(store.unit_of_work, connection), rounds)
    rival = min(next(iter(times.values())))
    print(f"{count} reminders\n\n| | median | fastest | all rows take |\n|---|---:|---:|---:|")
    for name, found in times.items():
        median, fastest = statistics.median(found), min(found)
        row = f"| {name} | {1000 * median:.2f} ms | {1000 * fastest:.2f} ms "
        print(f"{row}| {rival / fastest:.0f}x |")


def _calls(
    open_work: _OpenWork, connection: sqlite3.Connection
) -> dict[str, Callable[[], Awaitable[object]]]:
    """What is compared, the rival first."""
    work, reminding = open_work(), Reminding(Transactions(open_work))

    async def read_all() -> list[str]:
        noon = _stored(_NOON)
        rows = connection.execute(_ALL, (_PLATFORM,)).fetchall()
        return [id_ for id_, next_at in rows if next_at <= noon][:BATCH]

    return {
        "all rows": read_all,
        "one look, nothing due": lambda: work.reminders.due(_PLATFORM, _START, BATCH),
        f"one look, {BATCH} due": lambda: work.reminders.due(_PLATFORM, _NOON, BATCH),
        f"{BATCH} due, taken": lambda: reminding.take(_PLATFORM, now=_NOON),
    }


async def _times(
    calls: dict[str, Callable[[], Awaitable[object]]], rounds: int
) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            await call()
            times[name].append(time.perf_counter() - start)
    return times


def _fill(connection: sqlite3.Connection, cipher: Cipher, count: int) -> None:
    """People with a reminder each, written past the store, which would take minutes."""
    generator = np.random.default_rng(0)
    people, accounts, reminders = [], [], []
    for number in range(count):
        person, key = new_id(), secrets.token_bytes(32)
        sealed = cipher.seal(str(number).encode(), "account.platform_id")
        people.append((person, "[]", "[]", "{}", 1))
        accounts.append((key, _PLATFORM, sealed, person))
        reminders.append((new_id(), person, key, _PLATFORM, *_plan(generator)))
    with connection:
        for table, columns, rows in (
            ("person", "id, shown, said, settings, version", people),
            ("account", "key_hash, platform, platform_id, person", accounts),
            ("reminder", _COLUMNS, reminders),
        ):
            marks = ", ".join("?" * len(columns.split(",")))
            connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - ours
                rows,
            )


def _plan(generator: np.random.Generator) -> tuple[str, int | None, int, str, str, str]:
    """What else stands in a row."""
    weekday = int(generator.integers(7)) if generator.random() < _WEEKLY else None
    plan, zone = Plan.of(int(generator.integers(1440)), weekday), str(generator.choice(_ZONES))
    first = next_due(plan, clock_of(zone), _START)
    return plan.rhythm.value, weekday, plan.minute, zone, Language.KOREAN.value, _stored(first)


def _stored(at: datetime) -> str:
    """A time as SQLAlchemy keeps it in SQLite."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


if __name__ == "__main__":
    main()
