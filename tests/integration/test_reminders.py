"""Reminders on real databases: the one query of a look, several processes, and kill -9."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, text

from bot.config import ROOT
from core.models import Language, UserKey
from core.ports import UnitOfWork
from core.reminders import Plan
from core.service.reminding import BATCH, Reminding
from core.service.transactions import Transactions
from core.store.database import migrate
from core.store.unit_of_work import open_store
from tests.conftest import DATABASES
from tests.keepsakes import NOW

DUE: Final = NOW + timedelta(minutes=1)
PLAN: Final = Plan(time(21, 1))  # in Seoul
PEOPLE: Final = 5 * BATCH


async def fill(open_work: Callable[[], UnitOfWork], people: int = PEOPLE) -> list[UserKey]:
    reminding = Reminding(Transactions(open_work))
    users = [UserKey("test", str(number)) for number in range(people)]
    for user in users:
        await reminding.set(
            user, PLAN, zone="Asia/Seoul", language=Language.KOREAN, now=NOW - timedelta(hours=1)
        )
    return users


@pytest.mark.parametrize("kind", DATABASES)
async def test_a_look_is_one_query_over_an_index(kind: str, fresh: Callable[[str], str]) -> None:
    address = fresh(kind)
    async with open_store(address) as store:
        await fill(store.unit_of_work, 3)
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[kind]

    def plan(connection: Connection) -> str:
        if kind == "postgresql":  # a few rows are read whole else
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        rows = connection.execute(
            text(
                f"{explain} SELECT reminder.id, account.platform_id FROM reminder"
                " JOIN account ON account.key_hash = reminder.account_hash"
                " WHERE reminder.platform = 'test' AND reminder.next_at <= '2026-11-21'"
                " ORDER BY reminder.next_at LIMIT 20"
            )
        )
        return "\n".join(str(row) for row in rows)

    told = await migrate(address, plan)
    assert "ix_reminder_platform" in told
    assert "TEMP B-TREE" not in told
    assert "Sort" not in told


@pytest.mark.parametrize("kind", DATABASES)
async def test_several_processes_take_each_reminder_once(
    kind: str, fresh: Callable[[str], str]
) -> None:
    address = fresh(kind)
    async with open_store(address) as one, open_store(address) as two:
        users = await fill(one.unit_of_work)
        taken: list[UserKey] = []

        async def take_all(open_work: Callable[[], UnitOfWork]) -> None:
            reminding, more = Reminding(Transactions(open_work)), True
            while more:
                batch = await reminding.take("test", now=DUE)
                taken.extend(reminder.key for reminder in batch.due)
                more = batch.more

        await asyncio.gather(*(take_all(store.unit_of_work) for store in (one, two, one)))
    assert sorted(taken, key=str) == sorted(users, key=str)


TAKER: Final = """
import asyncio, sys
from datetime import datetime
from core.service.reminding import Reminding
from core.service.transactions import Transactions
from core.store.unit_of_work import open_store

async def main(address, now):
    async with open_store(address) as store:
        reminding, more = Reminding(Transactions(store.unit_of_work)), True
        while more:
            batch = await reminding.take("test", now=now)
            for reminder in batch.due:
                print(reminder.key.id, flush=True)
            more = batch.more
            await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
"""


def killed(address: str, now: datetime, after: int) -> list[str]:
    """Who was asked by a process that was killed once it had asked so many."""
    with subprocess.Popen(
        [sys.executable, "-c", TAKER, address, now.isoformat()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked = [process.stdout.readline().strip() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        process.wait()
        return [*asked, *process.stdout.read().split()]


async def test_after_a_kill_nobody_is_asked_twice_and_a_batch_is_lost_at_most(
    fresh: Callable[[str], str], tmp_path: Path
) -> None:
    address = fresh("sqlite")
    async with open_store(address) as store:
        users = await fill(store.unit_of_work)
    asked = await asyncio.to_thread(killed, address, DUE, 3)
    async with open_store(address) as store:
        reminding, more = Reminding(Transactions(store.unit_of_work)), True
        while more:
            batch = await reminding.take("test", now=DUE)
            asked += [reminder.key.id for reminder in batch.due]
            more = batch.more
    assert len(asked) == len(set(asked))
    assert len(users) - len(asked) <= BATCH
