"""When the bot learns from votes, and from whose."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.models import Mode, UserKey
from core.recommend.learned import ModelFolder
from core.records import ConsentKind, Verdict
from core.service.maeum import MaeumService
from core.store.memory import MemoryStore
from tests.services import NOW, ask, say, service_over

PEOPLE = 45
NIGHT = datetime.fromisoformat("2026-11-22T04:00:00+09:00")


def person(number: int) -> UserKey:
    return UserKey("console", str(number))


async def votes(service: MaeumService, *, agreed: bool, rounds: int = 3) -> None:
    """People who like the first songs of their lists and not the last ones."""
    for number in range(PEOPLE):
        user = person(number)
        await say(service, "슬픔", user)
        await service.people.consent(
            user, ConsentKind.IMPROVE, given=agreed, now=NOW, text_version="1"
        )
        for turn in range(rounds):
            at = NOW + timedelta(minutes=number + 40 * turn)
            slate = (await ask(service, Mode.SIMILAR, seed=turn, user=user, now=at)).slate
            assert slate is not None
            for place, item in enumerate(slate.items[:4]):
                verdict = Verdict.UP if int(item.song.id[6:]) % 2 else Verdict.DOWN
                key = f"{number} {turn} {place}"
                await service.votes.vote(user, item.impression, verdict, key=key, now=at)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


async def test_votes_of_people_who_agreed_are_learned_from(tmp_path: Path) -> None:
    service = service_over(folder=tmp_path)
    await votes(service, agreed=True)
    lesson = await service.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
    assert lesson.model.votes > 0


async def test_votes_of_people_who_did_not_agree_are_not(tmp_path: Path) -> None:
    service = service_over(folder=tmp_path)
    await votes(service, agreed=False, rounds=1)
    lesson = await service.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is None


@pytest.mark.parametrize("forgotten", [True, False])
async def test_who_takes_the_consent_back_is_out_of_the_model_at_the_next_run(
    tmp_path: Path, forgotten: bool
) -> None:
    service = service_over(folder=tmp_path)
    await votes(service, agreed=True)
    first = await service.learning.run(now=NIGHT, generator=generator())
    for number in range(PEOPLE):
        if forgotten:
            await service.people.forget(person(number), now=NIGHT)
        else:
            await service.people.consent(
                person(number), ConsentKind.IMPROVE, given=False, now=NIGHT, text_version="1"
            )
    second = await service.learning.run(now=NIGHT + timedelta(days=1), generator=generator())
    assert first is not None
    assert first.model is not None
    assert second is not None
    assert second.model is None
    assert files(tmp_path) == []  # no old model stays


async def test_learning_is_due_once_a_night_and_made_up_when_missed(tmp_path: Path) -> None:
    service = service_over(folder=tmp_path)
    due = [
        await service.learning.run_if_due(now=at, generator=generator()) is not None
        for at in (
            NIGHT - timedelta(hours=1),  # never before
            NIGHT - timedelta(minutes=1),
            NIGHT + timedelta(minutes=5),
            NIGHT + timedelta(hours=20),
            NIGHT + timedelta(days=3, hours=10),  # the bot was down
            NIGHT + timedelta(days=3, hours=11),
        )
    ]
    assert due == [True, False, True, False, True, False]


async def test_many_new_votes_make_it_due_sooner(tmp_path: Path) -> None:
    service = service_over(folder=tmp_path, votes=3)
    start = NOW - timedelta(hours=1)
    await service.learning.run_if_due(now=start, generator=generator())
    await say(service, "슬픔")
    slate = (await ask(service)).slate
    assert slate is not None
    due = []
    for place, item in enumerate(slate.items[:3]):
        await service.votes.vote(
            UserKey("console", "1"), item.impression, Verdict.UP, key=str(place), now=NOW
        )
        at = NOW + timedelta(minutes=place)
        due.append(await service.learning.run_if_due(now=at, generator=generator()) is not None)
    assert due == [False, False, True]


async def test_two_processes_never_learn_at_once(tmp_path: Path) -> None:
    store = MemoryStore()
    one, other = (service_over(store.unit_of_work, folder=tmp_path) for _ in range(2))
    async with store.unit_of_work() as work:
        assert await work.leases.acquire("learning", "killed", NIGHT, NIGHT + timedelta(hours=1))
        await work.commit()
    assert await one.learning.run(now=NIGHT, generator=generator()) is None
    later = NIGHT + timedelta(hours=1, seconds=1)  # its lease has run out
    assert await other.learning.run(now=later, generator=generator()) is not None


async def test_what_another_process_learned_is_taken_over(tmp_path: Path) -> None:
    store = MemoryStore()
    one, other = (service_over(store.unit_of_work, folder=tmp_path) for _ in range(2))
    await votes(one, agreed=True)
    lesson = await one.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
    await other.learning.take_over()
    for service in (one, other):
        await ask(service, user=person(0), now=NIGHT)
    async with store.unit_of_work() as work:
        user = await work.users.get(person(0))
        shown = await work.impressions.latest(user.person, 10)
    assert {impression.model_version for impression in shown} == {lesson.model.version}


async def test_a_run_that_failed_is_tried_again_within_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_over(folder=tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(ModelFolder, "load", _fails)
        with pytest.raises(OSError, match="disk"):
            await service.learning.run(now=NIGHT, generator=generator())
    due = [
        await service.learning.run_if_due(now=NIGHT + after, generator=generator()) is not None
        for after in (timedelta(minutes=10), timedelta(minutes=70), timedelta(minutes=80))
    ]
    assert due == [False, True, False]


def _fails(*_: object) -> None:
    raise OSError("the disk is full")


async def test_a_run_that_is_cut_off_leaves_no_model_and_no_lease(tmp_path: Path) -> None:
    service = service_over(folder=tmp_path)
    await votes(service, agreed=True)
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    work = asyncio.create_task(
        service.learning.run(
            now=NIGHT,
            generator=generator(),
            progress=lambda _: loop.call_soon_threadsafe(began.set),
        )
    )
    await began.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert files(tmp_path) == []
    lesson = await service.learning.run(now=NIGHT, generator=generator())
    assert lesson is not None
    assert lesson.model is not None
