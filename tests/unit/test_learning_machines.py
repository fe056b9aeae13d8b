"""Learning among several processes and machines: who may, for how long, and which model is used."""

import asyncio
import itertools
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreError
from core.models import Mode
from core.records import ConsentKind
from core.service.lease import HELD, Lease
from core.service.maeum import MaeumService
from core.service.transactions import Transactions
from core.store.memory import MemoryStore, MemoryUnitOfWork
from tests.services import ask, service_over
from tests.unit.test_learning_service import NIGHT, PEOPLE, files, generator, person, votes

HOUR = 3600.0
SECONDS = itertools.count()


class Slow:
    """A clock by which each iteration of a fit takes so long; something happens in each."""

    def __init__(self, seconds: float, between: Any = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.now = 0.0
        self.seconds = seconds
        self.between = between

    def elapsed_s(self) -> float:
        return self.now

    def progress(self, _: int) -> None:
        self.now += self.seconds
        if self.between is not None:
            asyncio.run_coroutine_threadsafe(self.between(self.now), self.loop).result(30)


async def learn(service: MaeumService, slow: Slow) -> object:
    return await service.learning.run(
        now=NIGHT, generator=generator(), progress=slow.progress, elapsed_s=slow.elapsed_s
    )


async def holder(store: MemoryStore, after_s: float) -> bool:
    """Whether another process could take the lease."""
    async with store.unit_of_work() as work:
        at = NIGHT + timedelta(seconds=after_s)
        taken = await work.leases.acquire("learning", "other", at, at + HELD)
        await work.commit()
    return taken


async def test_a_run_of_many_hours_keeps_its_lease(tmp_path: Path) -> None:
    store = MemoryStore()
    service = service_over(store.unit_of_work, folder=tmp_path)
    await votes(service, agreed=True)
    taken: list[bool] = []

    async def other(after_s: float) -> None:
        taken.append(await holder(store, after_s))

    slow = Slow(0.3 * HOUR, other)
    assert await learn(service, slow) is not None
    assert slow.now > 3 * HOUR
    assert taken == [False] * len(taken)
    assert await holder(store, slow.now)  # given back


@pytest.mark.parametrize("noticed", [True, False], ids=["while fitting", "at the end"])
async def test_who_was_not_heard_of_for_too_long_installs_nothing(
    tmp_path: Path, noticed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryStore()
    service = service_over(store.unit_of_work, folder=tmp_path)
    await votes(service, agreed=True)
    steps: list[float] = []

    async def other(_: float) -> None:
        steps.append(1)
        await holder(store, 1.1 * HOUR)

    slow = Slow(2 * HOUR if noticed else 0.0, other)
    assert await learn(service, slow) is None
    assert "what was learned here is dropped" in caplog.text
    assert not noticed or len(steps) == 1
    assert files(tmp_path) == []
    async with store.unit_of_work() as work:
        assert await work.markers.get("learning.usable") is None
        assert await work.markers.get("learning.finished") is None
    assert not await service.learning.run(now=NIGHT + timedelta(hours=2), generator=generator())


async def test_a_lease_that_cannot_be_renewed_for_a_moment_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, now = MemoryStore(), [0.0]
    lease = Lease(Transactions(store.unit_of_work), "job", NIGHT, lambda: now[0])
    assert await lease.renew()
    ages = [lease.ages]
    now[0] = 0.3 * HOUR
    assert [*ages, lease.ages] == [False, True]

    async def away(_: MemoryUnitOfWork) -> None:
        raise StoreError("away")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryUnitOfWork, "commit", away)
        assert await lease.renew()
    now[0] = 0.6 * HOUR
    assert await lease.renew()
    other = Lease(Transactions(store.unit_of_work), "job", NIGHT + 1.5 * HELD)
    assert not await other.renew()
    await other.give_back()  # of what is not its own
    assert not await other.renew()
    await lease.give_back()
    assert await other.renew()


async def model_of(service: MaeumService, store: MemoryStore) -> str:
    """The version of the model that a list is made with."""
    at = NIGHT + timedelta(seconds=next(SECONDS))
    await ask(service, Mode.SIMILAR, user=person(0), now=at)
    async with store.unit_of_work() as work:
        user = await work.users.get(person(0))
        (shown, *_) = await work.impressions.latest(user.person, 1)
    return shown.model_version


async def refuse(service: MaeumService) -> None:
    for number in range(PEOPLE):
        await service.people.consent(
            person(number), ConsentKind.IMPROVE, given=False, now=NIGHT, text_version="1"
        )


async def test_a_machine_without_the_file_goes_by_mood_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryStore()
    here, there = (
        service_over(store.unit_of_work, folder=tmp_path / name) for name in ("here", "there")
    )
    await votes(here, agreed=True)
    lesson = await here.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await there.learning.take_over()
    assert caplog.text.count("is not on this machine") == 1
    assert await model_of(there, store) == ""
    assert await model_of(here, store) == lesson.model.version
    # The operator shares the folder: it is found at the next look.
    lesson.model.save(tmp_path / "there" / f"learned-{lesson.model.version}.npz")
    await there.learning.take_over()
    assert await model_of(there, store) == lesson.model.version


async def test_a_withdrawn_model_is_dropped_on_every_machine(tmp_path: Path) -> None:
    store = MemoryStore()
    here, there = (
        service_over(store.unit_of_work, folder=tmp_path / name) for name in ("here", "there")
    )
    await votes(here, agreed=True)
    lesson = await here.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
    lesson.model.save(tmp_path / "there" / f"learned-{lesson.model.version}.npz")
    await there.learning.take_over()
    await refuse(here)
    tomorrow = NIGHT + timedelta(days=1)
    assert await here.learning.run(now=tomorrow, generator=generator()) is not None
    assert await model_of(there, store) == lesson.model.version  # until its next look
    await there.learning.take_over()
    assert await model_of(there, store) == ""
    assert files(tmp_path / "there") == []


async def test_a_machine_that_starts_uses_no_withdrawn_model(tmp_path: Path) -> None:
    store = MemoryStore()
    first = service_over(store.unit_of_work, folder=tmp_path)
    await votes(first, agreed=True)
    lesson = await first.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
    async with store.unit_of_work() as work:
        await work.markers.put("learning.usable", "")
        await work.commit()
    second = service_over(store.unit_of_work, folder=tmp_path)
    await second.learning.take_over()
    assert await model_of(second, store) == ""
    assert files(tmp_path) == []
