"""Care of somebody with several accounts, whatever comes between while the store is asked."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

import pytest

from core.dialogue.care_state import CareMemory, CareState
from core.dialogue.check_in import CheckIn
from core.dialogue.crisis import Assessment, CrisisDetector
from core.errors import StoreError
from core.models import CrisisKind, ReplyKind, UserKey
from core.service.maeum import MaeumService
from core.store.memory import MemoryUnitOfWork
from core.store.memory_tables import MemoryTables
from tests.services import NOW, USER, say, service_over

ELSEWHERE = UserKey("discord", "7")
MINUTE = timedelta(minutes=1)
DANGER = "죽고 싶어"
SUSPECTED = "지난주에 한번 시도했다가 실패했어. 이번엔 제대로 하려고"


class Held:
    """Something that waits until it is let go."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def wait(self) -> None:
        self.reached.set()
        await self.go_on.wait()


@dataclass
class Store:
    """What happens to the store.

    Attributes:
        away: whether it cannot be reached.
        away_after: whether it cannot be reached from the next commit on.
        before: holds up the next work before it reads.
        after: holds up the next work after it has read.
    """

    away: bool = False
    away_after: bool = False
    before: Held | None = None
    after: Held | None = None


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def service(store: Store) -> MaeumService:
    tables = MemoryTables()

    class Work(MemoryUnitOfWork):
        def __init__(self) -> None:
            super().__init__(tables)

        async def __aenter__(self) -> Self:
            held, store.before = store.before, None
            if held is not None:
                await held.wait()
            if store.away:
                raise StoreError("away")
            return await super().__aenter__()

        async def __aexit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            traceback: TracebackType | None,
        ) -> None:
            held, store.after = store.after, None
            if held is not None:
                await held.wait()
            await super().__aexit__(kind, error, traceback)

        async def commit(self) -> None:
            await super().commit()
            store.away = store.away_after

    return service_over(Work)


async def code_of(service: MaeumService) -> str:
    for user in (USER, ELSEWHERE):
        await say(service, "행복", user)
    return (await service.people.offer_link(USER, now=NOW)).code


async def link(service: MaeumService) -> None:
    await service.people.link(ELSEWHERE, await code_of(service), now=NOW)


async def test_a_question_does_not_end_the_care_of_another_account(
    service: MaeumService, store: Store
) -> None:
    await link(service)
    store.away = True
    assert (await say(service, DANGER)).card
    store.away = False
    await say(service, SUSPECTED, ELSEWHERE, NOW + MINUTE)
    await say(service, "아니요", ELSEWHERE, NOW + 2 * MINUTE)
    for user in (USER, ELSEWHERE):
        assert service.conversation.in_care(user, NOW + 3 * MINUTE)


async def test_a_question_that_is_late_does_not_either(service: MaeumService, store: Store) -> None:
    await link(service)
    store.before = held = Held()
    asked = asyncio.create_task(say(service, SUSPECTED, ELSEWHERE))
    await held.reached.wait()
    assert (await say(service, DANGER)).card
    held.go_on.set()
    await asked
    await say(service, "아니요", ELSEWHERE, NOW + MINUTE)
    assert service.conversation.in_care(USER, NOW + 2 * MINUTE)


async def test_care_begins_before_the_store_is_asked(service: MaeumService, store: Store) -> None:
    store.before = held = Held()
    spoken = asyncio.create_task(say(service, DANGER))
    await held.reached.wait()
    assert (await say(service, "슬픔", now=NOW + MINUTE)).kind is ReplyKind.CARE
    held.go_on.set()
    assert (await spoken).card


async def test_who_is_linked_meanwhile_is_in_care(service: MaeumService, store: Store) -> None:
    code = await code_of(service)
    store.after = held = Held()
    spoken = asyncio.create_task(say(service, DANGER))
    await held.reached.wait()
    await service.people.link(ELSEWHERE, code, now=NOW)
    held.go_on.set()
    await spoken
    assert service.conversation.in_care(ELSEWHERE, NOW + MINUTE)


async def test_who_is_linked_is_in_care_though_the_store_fails_right_after(
    service: MaeumService, store: Store
) -> None:
    code = await code_of(service)
    await say(service, DANGER)
    store.away_after = True
    await service.people.link(ELSEWHERE, code, now=NOW)
    assert service.conversation.in_care(ELSEWHERE, NOW + MINUTE)


async def test_what_is_forgotten_meanwhile_stays_forgotten(
    service: MaeumService, store: Store
) -> None:
    await link(service)
    await say(service, DANGER)
    store.before = held = Held()
    said = asyncio.create_task(say(service, "음", now=NOW + MINUTE))
    await held.reached.wait()
    await service.people.forget(ELSEWHERE, now=NOW + MINUTE)
    held.go_on.set()
    await said
    for user in (USER, ELSEWHERE):
        assert not service.conversation.in_care(user, NOW + 2 * MINUTE)
        assert not service.conversation.spoke_of_danger(user, now=NOW + 2 * MINUTE)


@pytest.mark.parametrize("writer", [USER, ELSEWHERE])
async def test_a_long_text_that_is_read_meanwhile_does_not_end_care(
    service: MaeumService, writer: UserKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await link(service)
    reached, go_on = asyncio.Event(), threading.Event()
    loop, whole = asyncio.get_running_loop(), CrisisDetector.assess

    def assess(self: CrisisDetector, text: str) -> Assessment:
        if len(text) > len(SUSPECTED) + 1:
            loop.call_soon_threadsafe(reached.set)
            go_on.wait()
        return whole(self, text[: len(SUSPECTED)])

    monkeypatch.setattr(CrisisDetector, "assess", assess)
    written = asyncio.create_task(say(service, f"{SUSPECTED} {'그냥 그래 ' * 300}", writer))
    await reached.wait()
    assert (await say(service, DANGER)).card
    go_on.set()
    await written
    await say(service, "아니요", writer, NOW + MINUTE)
    assert service.conversation.in_care(USER, NOW + 2 * MINUTE)


def care(minute: int, *, over: bool = False) -> CareState:
    return CareState(CrisisKind.SELF_HARM, NOW + minute * MINUTE, {}, over=over)


def test_of_accounts_that_are_joined_care_weighs_most_and_what_is_over_least() -> None:
    asked, now = CheckIn(CrisisKind.SELF_HARM, NOW), NOW + 3 * MINUTE
    for states, kept in (
        ((care(0), care(1, over=True)), care(0)),
        ((care(0), care(1)), care(1)),
        ((asked, care(1, over=True)), asked),
        ((asked, care(0)), care(0)),
        ((None, asked), asked),
    ):
        memory = CareMemory()
        for user, state in zip("ab", states, strict=True):
            memory.keep(user, state)
        memory.join("ab", now)
        assert [memory.recall(user, now) for user in "ab"] == [kept, kept]


def test_what_somebody_just_said_counts_unless_danger_was_spoken_of_elsewhere_later() -> None:
    asked, now = CheckIn(CrisisKind.SELF_HARM, NOW), NOW + 3 * MINUTE
    for said, elsewhere, kept in (
        (care(0, over=True), care(0), care(0, over=True)),
        (care(0, over=True), care(1), care(1)),
        (care(1), care(0), care(1)),
        (asked, care(0), care(0)),
        (asked, care(0, over=True), asked),
        (asked, None, asked),
    ):
        memory = CareMemory()
        memory.keep("a", said)
        memory.keep("b", elsewhere)
        memory.share("a", ["a", "b"], now)
        assert [memory.recall(user, now) for user in "ab"] == [kept, kept]
