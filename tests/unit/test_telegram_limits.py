"""What may be sent when, in a time that only the test moves on."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.handlers.telegram_errors import ChatBusyError
from bot.handlers.telegram_limits import ChatRateLimiter
from bot.handlers.telegram_pace import Bucket, Window
from core.errors import BusyError


class Time:
    """A clock, and sleeps that end when the clock gets there."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now + seconds, id(woken), woken))
        await woken

    async def run(self, until: float) -> None:
        """Let everything happen that happens until then."""
        while True:
            for _ in range(50):
                await asyncio.sleep(0)
            if not self._sleeping or self._sleeping[0][0] > until:
                self.now = until
                return
            self.now, _, woken = heapq.heappop(self._sleeping)
            if not woken.done():
                woken.set_result(None)


class Api:
    """Telegram, as the limiter sees it: notes what was called when, and fails as told."""

    def __init__(self, time: Time, limiter: ChatRateLimiter) -> None:
        self.time = time
        self.limiter = limiter
        self.called: list[tuple[float, Any, str]] = []
        self.errors: dict[Any, list[Exception]] = {}
        self.tasks: list[asyncio.Task[Any]] = []

    def call(self, chat: int | str | None, method: str = "sendMessage") -> asyncio.Task[Any]:
        data = {} if chat is None else {"chat_id": chat}

        async def callback(endpoint: str, _data: dict[str, Any]) -> Any:
            self.called.append((self.time.now, chat, endpoint))
            if errors := self.errors.get(chat):
                raise errors.pop(0)
            return {"sent": len(self.called)}

        task = asyncio.create_task(
            self.limiter.process_request(callback, (method, data), {}, method, data, None)
        )
        self.tasks.append(task)
        return task

    def at(self, chat: int | str | None) -> list[float]:
        return [now for now, to, _ in self.called if to == chat]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def api(time: Time) -> AsyncIterator[Api]:
    made = Api(time, limiter(time))
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


def limiter(time: Time) -> ChatRateLimiter:
    generator = np.random.default_rng(1)
    return ChatRateLimiter(generator, clock=time.clock, sleep=time.sleep)


def most_within(times: list[float], period: float) -> int:
    return max(sum(start <= at < start + period for at in times) for start in times)


@given(
    gaps=st.lists(st.floats(0, 5), min_size=1, max_size=60),
    most=st.integers(1, 5),
    period=st.floats(0.5, 10),
)
def test_a_window_never_lets_more_through_than_it_says(
    gaps: list[float], most: int, period: float
) -> None:
    window, now, passed = Window(most, period), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += window.delay(now)
        assert window.delay(now) <= 1e-9
        window.add(now)
        passed.append(now)
    assert most_within(passed, period - 1e-6) <= most


@given(
    gaps=st.lists(st.floats(0, 5), min_size=1, max_size=60),
    burst=st.integers(1, 5),
    interval=st.floats(0.5, 5),
)
def test_a_bucket_lets_a_burst_through_and_then_no_more_than_its_pace(
    gaps: list[float], burst: int, interval: float
) -> None:
    bucket, now, passed = Bucket(burst, interval), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += bucket.delay(now)
        assert bucket.delay(now) <= 1e-9
        bucket.add(now)
        passed.append(now)
    for first, start in enumerate(passed):
        for count, end in enumerate(passed[first:], start=1):
            assert count <= burst + (end - start) / interval + 1e-6


async def test_one_person_gets_a_burst_at_once_and_then_about_one_message_a_second(
    api: Api, time: Time
) -> None:
    for _ in range(20):
        api.call(101)
    await time.run(60)
    assert api.at(101) == [0.0] * 8 + [float(second) for second in range(1, 13)]


async def test_a_burst_is_there_again_after_a_pause(api: Api, time: Time) -> None:
    for _ in range(10):
        api.call(101)
    await time.run(100)
    for _ in range(9):
        api.call(101)
    await time.run(200)
    assert api.at(101)[10:] == [100.0] * 8 + [101.0]


async def test_edits_wait_in_a_group_and_not_for_a_person(api: Api, time: Time) -> None:
    for _ in range(25):
        api.call(101, "editMessageReplyMarkup")
        api.call(-201, "editMessageReplyMarkup")
    await time.run(10)
    assert len(api.at(101)) == 25
    assert len(api.at(-201)) == 20


async def test_a_group_gets_twenty_messages_a_minute(api: Api, time: Time) -> None:
    for _ in range(30):
        api.call(-201)
    await time.run(200)
    assert len(api.at(-201)) == 30
    assert most_within(api.at(-201), 60) == 20


@pytest.mark.parametrize("chat", ["-201", "@channel"])
async def test_groups_and_channels_are_known_by_their_names(
    api: Api, time: Time, chat: str
) -> None:
    for _ in range(25):
        api.call(chat)
    await time.run(59)
    assert len(api.at(chat)) == 20


async def test_all_chats_together_get_thirty_messages_a_second(api: Api, time: Time) -> None:
    for number in range(100):
        api.call(1000 + number)
    await time.run(30)
    times = [now for now, _, _ in api.called]
    assert len(times) == 100
    assert most_within(times, 1.0) == 30
    assert max(times) == 3.0
    assert [chat for _, chat, _ in api.called] == list(range(1000, 1100))


async def test_calls_that_are_no_messages_are_not_paced(api: Api, time: Time) -> None:
    for _ in range(100):
        api.call(None, "answerCallbackQuery")
        api.call(101, "getChat") if len(api.tasks) < 30 else None
    await time.run(0)
    assert len(api.called) == len(api.tasks)


async def test_a_chat_told_to_wait_waits_and_no_other_does(api: Api, time: Time) -> None:
    api.errors[101] = [RetryAfter(30)]
    first, second = api.call(101), api.call(101)
    await time.run(1)
    others = [api.call(number) for number in range(200, 210)]
    await time.run(2)
    assert all(other.done() for other in others)
    assert not first.done()
    await time.run(29)
    assert api.at(101) == [0.0]
    await time.run(31)
    assert api.at(101) == [0.0, 30.0, 30.0]
    assert first.done()
    assert second.done()


async def test_messages_of_one_chat_keep_their_order_through_failures(api: Api, time: Time) -> None:
    api.errors[101] = [NetworkError("lost"), RetryAfter(3)]
    tasks = [api.call(101) for _ in range(3)]
    await time.run(60)
    assert [task.result()["sent"] for task in tasks] == [3, 4, 5]


async def test_a_call_without_a_chat_told_to_wait_waits_alone(api: Api, time: Time) -> None:
    api.errors[None] = [RetryAfter(30)]
    told = api.call(None, "getMe")
    await time.run(0)
    free = [api.call(None, "answerCallbackQuery"), api.call(101)]
    await time.run(1)
    assert [task.done() for task in free] == [True, True]
    await time.run(29)
    assert not told.done()
    await time.run(30)
    assert told.done()


async def test_a_pause_nobody_would_wait_for_is_an_error_at_once(api: Api, time: Time) -> None:
    api.errors[101] = [RetryAfter(3600)]
    failed, behind = api.call(101), api.call(101)
    await time.run(1)
    for task in (failed, behind):
        assert isinstance(task.exception(), RetryAfter)
    assert api.at(101) == [0.0]


async def test_a_chat_for_which_too_much_waits_takes_nothing_more(api: Api, time: Time) -> None:
    api.errors[101] = [RetryAfter(30)]
    for _ in range(32):
        api.call(101)
    await time.run(0)
    refused, other = api.call(101), api.call(102)
    await time.run(1)
    assert isinstance(refused.exception(), ChatBusyError)
    assert isinstance(refused.exception(), BusyError)
    assert other.result()
    await time.run(200)
    assert len(api.at(101)) == 33  # the first one twice


@pytest.mark.parametrize("error", [NetworkError("Bad Gateway"), TimedOut()])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "answerCallbackQuery"])
async def test_a_call_whose_fate_is_unknown_is_made_again(
    api: Api, time: Time, error: Exception, method: str
) -> None:
    chat = None if method.startswith("answer") else 101
    api.errors[chat] = [error, error]
    task = api.call(chat, method)
    await time.run(60)
    assert task.result() == {"sent": 3}


async def test_a_call_is_given_up_after_a_few_attempts(api: Api, time: Time) -> None:
    api.errors[101] = [NetworkError("down")] * 10
    task = api.call(101)
    await time.run(600)
    assert isinstance(task.exception(), NetworkError)
    assert len(api.at(101)) == 4


@pytest.mark.parametrize("method", ["createInvoiceLink", "logOut"])
async def test_a_call_that_may_not_be_repeated_is_not(api: Api, time: Time, method: str) -> None:
    api.errors[None] = [NetworkError("lost")]
    task = api.call(None, method)
    await time.run(60)
    assert isinstance(task.exception(), NetworkError)


@pytest.mark.parametrize("error", [BadRequest("no"), Forbidden("no"), ChatMigrated(-5)])
async def test_what_telegram_refuses_is_not_repeated(
    api: Api, time: Time, error: Exception
) -> None:
    api.errors[101] = [error]
    task = api.call(101)
    await time.run(60)
    assert task.exception() is error
    assert len(api.at(101)) == 1


async def test_an_edit_whose_answer_was_lost_succeeds_though_nothing_is_left_to_change(
    api: Api, time: Time
) -> None:
    told = BadRequest("Message is not modified: specified new message content is the same")
    api.errors[101] = [NetworkError("lost"), told]
    lost = api.call(101, "editMessageText")
    await time.run(60)
    assert lost.result() is True
    api.errors[101] = [told]
    plain = api.call(101, "editMessageText")
    await time.run(120)
    assert plain.exception() is told


async def test_typing_is_neither_repeated_nor_waited_for(api: Api, time: Time) -> None:
    api.errors[101] = [RetryAfter(30)]
    api.call(101)
    await time.run(0)
    typing = api.call(101, "sendChatAction")
    await time.run(1)
    assert typing.result() is True
    api.errors[102] = [NetworkError("lost")]
    lost = api.call(102, "sendChatAction")
    await time.run(2)
    assert lost.result() is True
    assert len(api.at(102)) == 1


async def test_a_cancelled_call_makes_room_for_the_next(api: Api, time: Time) -> None:
    api.errors[101] = [RetryAfter(30)]
    for _ in range(32):
        api.call(101)
    await time.run(0)
    for task in api.tasks[5:]:
        task.cancel()
    await time.run(1)
    late = api.call(101)
    await time.run(31)
    assert late.result()


async def test_chats_that_are_done_are_forgotten(
    api: Api, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(chats: range) -> None:
        for number in chats:
            api.call(number)
        await time.run(time.now + 200)

    for start in range(1, 9000, 1000):
        await talk(range(start, start + 1000))
    assert len(api.limiter._lines) <= 3000
