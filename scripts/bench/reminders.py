"""What one look for due reminders costs, against reading all of them, in one run.

    python -m scripts.bench.reminders [--reminders 100000] [--rounds 100]

So many people, in 24 zones, each with a reminder at a random minute; some of them weekly. A look is
what the bot does every minute: the one indexed query of `Reminders.due`, for a batch of 20. The
rival is what is often done instead: read when every reminder is due, and compare in Python; it
reads two columns with nothing but the standard library's sqlite3, and makes no objects of them.
They take turns; the median of the rounds is printed. "Nothing due" is the look of most minutes.
"Taken" is a whole batch through the use case: read, decided, moved on and committed.
"""

import argparse
import asyncio
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

from core.models import Language, User, UserKey, new_id
from core.ports import UnitOfWork
from core.reminders import Plan, Reminder, clock_of, next_due
from core.service.reminding import BATCH, Reminding
from core.service.transactions import Transactions
from core.store.address import sqlite_address
from core.store.cipher import new_key
from core.store.unit_of_work import open_store

_START: Final = datetime(2026, 11, 21, tzinfo=UTC)
_NOON: Final = _START + timedelta(hours=12)
_PLATFORM: Final = "bench"
_WEEKLY: Final = 0.3
_AT_ONCE: Final = 200
_ZONES: Final = tuple(f"Etc/GMT{offset:+d}" for offset in range(-11, 13))
_ALL: Final = "SELECT id, next_at FROM reminder WHERE platform = ?"

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
    async with open_store(sqlite_address(file), data_key=new_key()) as store:
        await _fill(store.unit_of_work, count)
        with closing(sqlite3.connect(file)) as connection:
            times = await _medians(_calls(store.unit_of_work, connection), rounds)
    rival, *ours = times.items()
    print(f"{count} reminders\n\n| | median | all rows take |\n|---|---:|---:|")
    print(f"| {rival[0]} | {1000 * rival[1]:.2f} ms | |")
    for name, seconds in ours:
        print(f"| {name} | {1000 * seconds:.2f} ms | {rival[1] / seconds:.0f}x |")


def _calls(
    open_work: _OpenWork, connection: sqlite3.Connection
) -> dict[str, Callable[[], Awaitable[object]]]:
    """What is compared, the rival first."""
    work, reminding = open_work(), Reminding(Transactions(open_work))

    async def read_all() -> list[str]:
        noon = str(_NOON.replace(tzinfo=None))
        rows = connection.execute(_ALL, (_PLATFORM,)).fetchall()
        return [id_ for id_, next_at in rows if next_at <= noon][:BATCH]

    return {
        "all rows": read_all,
        "one look, nothing due": lambda: work.reminders.due(_PLATFORM, _START, BATCH),
        f"one look, {BATCH} due": lambda: work.reminders.due(_PLATFORM, _NOON, BATCH),
        f"{BATCH} due, taken": lambda: reminding.take(_PLATFORM, now=_NOON),
    }


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


async def _fill(open_work: _OpenWork, count: int) -> None:
    generator = np.random.default_rng(0)
    for start in range(0, count, _AT_ONCE):
        async with open_work() as work:
            for number in range(start, min(start + _AT_ONCE, count)):
                user = User(UserKey(_PLATFORM, str(number)))
                await work.users.put(user)
                await work.reminders.put(_reminder(user, generator))
            await work.commit()


def _reminder(user: User, generator: np.random.Generator) -> Reminder:
    weekday = int(generator.integers(7)) if generator.random() < _WEEKLY else None
    plan = Plan.of(int(generator.integers(1440)), weekday)
    zone = str(generator.choice(_ZONES))
    first = next_due(plan, clock_of(zone), _START)
    return Reminder(new_id(), user.person, user.key, plan, zone, Language.KOREAN, first)


if __name__ == "__main__":
    main()
