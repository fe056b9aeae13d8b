"""What one look for due reminders costs, against reading all of them, in one run.

    python -m scripts.bench.reminders [--reminders 100000] [--rounds 30] [--database postgresql://...]

So many people, in 24 zones, each with a reminder at a random minute; some of them weekly. A look is
what the bot does every minute: the one indexed query of `Reminders.due`, for a batch of 20. The
rival is what is often done instead: read the time of every reminder, and compare in Python; it
reads two columns, and nothing of it is decrypted or made into objects. Both take turns on the same
connection; the median of the rounds is printed. "Nothing due" is the look of most minutes. "Taken"
is a whole batch through the use case: read, decided, moved on and committed.

Runs on SQLite in a temporary folder, and on the databases named (empty ones).
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.config import limit_threads

limit_threads()

import numpy as np
from sqlalchemy import Connection, insert, select, text

from core.models import UserKey, new_id
from core.reminders import Plan, clock_of, next_due
from core.service.reminding import BATCH, Reminding
from core.service.transactions import Transactions
from core.store.address import sqlite_address
from core.store.cipher import Cipher, new_key
from core.store.database import Database, open_database
from core.store.tables import Account, Person, ReminderRow
from core.store.unit_of_work import SqlUnitOfWork

_START: Final = datetime(2026, 11, 21, tzinfo=UTC)
_BEFORE: Final = _START - timedelta(hours=1)
_PLATFORM: Final = "bench"
_WEEKLY: Final = 0.3
_AT_ONCE: Final = 5000
_ZONES: Final = tuple(f"Etc/GMT{offset:+d}" for offset in range(-11, 13))
_ALL: Final = select(ReminderRow.id, ReminderRow.next_at).where(ReminderRow.platform == _PLATFORM)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reminders", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--database", action="append", default=[], help="may be repeated")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for address in [sqlite_address(Path(folder) / "maeum.db"), *options.database]:
            asyncio.run(_measure(address, options.reminders, options.rounds))


async def _measure(address: str, count: int, rounds: int) -> None:
    async with open_database(address, Cipher(new_key())) as database:
        await _fill(database, count)
        work = SqlUnitOfWork(database)

        async def look(now: datetime) -> int:
            return len(await work.reminders.due(_PLATFORM, now, BATCH))

        async def read_all(now: datetime) -> int:
            rows = await database.rows(_ALL, {})
            return len([row.id for row in rows if row.next_at <= now][:BATCH])

        noon = _START + timedelta(hours=12)
        times = await _medians(
            {
                "all rows": lambda: read_all(noon),
                "one look, nothing due": lambda: look(_BEFORE),
                f"one look, {BATCH} due": lambda: look(noon),
            },
            rounds,
        )
        taken = await _take(lambda: SqlUnitOfWork(database), noon, rounds)
    rival = times["all rows"]
    print(f"{address.partition(':')[0]}, {count} reminders\n")
    print("| | median | all rows takes |\n|---|---:|---:|")
    for name, seconds in times.items():
        print(f"| {name} | {1000 * seconds:.3f} ms | {rival / seconds:.0f}x |")
    print(f"| {BATCH} due, taken and moved on | {1000 * taken:.2f} ms | {rival / taken:.0f}x |\n")


async def _medians(
    calls: dict[str, Callable[[], Awaitable[object]]], rounds: int
) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            await call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


async def _take(open_work: Callable[[], SqlUnitOfWork], now: datetime, rounds: int) -> float:
    reminding, times = Reminding(Transactions(open_work)), []
    for _ in range(rounds):
        start = time.perf_counter()
        await reminding.take(_PLATFORM, now=now)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


async def _fill(database: Database, count: int) -> None:
    """People with a reminder each, past the use cases: one transaction would be one too many."""
    generator = np.random.default_rng(0)
    for start in range(0, count, _AT_ONCE):
        users = [UserKey(_PLATFORM, str(number)) for number in range(start, start + _AT_ONCE)]
        await database.write([_rows(database, users[: count - start], generator)])
    await database.write([_analyse])


def _rows(
    database: Database, users: list[UserKey], generator: np.random.Generator
) -> Callable[[Connection], None]:
    people: list[dict[str, object]] = []
    accounts: list[dict[str, object]] = []
    reminders: list[dict[str, object]] = []
    for user in users:
        person, key = new_id(), database.hash("account", user.platform, user.id)
        weekday = int(generator.integers(7)) if generator.random() < _WEEKLY else None
        plan, zone = Plan.of(int(generator.integers(1440)), weekday), str(generator.choice(_ZONES))
        people.append(
            {"id": person, "state": None, "shown": [], "said": [], "settings": {}, "version": 1}
        )
        accounts.append(
            {
                "key_hash": key,
                "platform": user.platform,
                "platform_id": user.id,
                "person": person,
            }
        )
        reminders.append(
            {
                "id": new_id(),
                "person": person,
                "account_hash": key,
                "platform": user.platform,
                "rhythm": plan.rhythm,
                "weekday": plan.weekday,
                "minute": plan.minute,
                "zone": zone,
                "language": "ko",
                "next_at": next_due(plan, clock_of(zone), _START),
            }
        )

    def change(connection: Connection) -> None:
        for table, rows in ((Person, people), (Account, accounts), (ReminderRow, reminders)):
            connection.execute(insert(table), rows)

    return change


def _analyse(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


if __name__ == "__main__":
    main()
