"""Receiving and sending together, with the real library, until told to stop."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import numpy as np
import pytest
from telegram import Update
from telegram.error import ChatMigrated, Forbidden, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler
from telegram.ext.filters import TEXT

from bot.handlers.telegram_errors import RevokedTokenError
from bot.handlers.telegram_limits import ChatRateLimiter
from bot.handlers.telegram_network import TransportBot, build_bot
from bot.handlers.telegram_transport import Transport, serve
from bot.handlers.telegram_webhook import WebhookConfig
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.transport import MemoryInbox, Sleeps, eventually, network

ALLOWED = ("message", "callback_query", "message_reaction")
Answer = Callable[[Update, Any], Coroutine[Any, Any, None]]


class Clock:
    """Sleepers wait until the test lets the time come."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleeping: list[tuple[float, asyncio.Event]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleeping.append((self.now + seconds, woken))
        await woken.wait()

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for until, woken in self._sleeping:
            if until <= self.now:
                woken.set()


def bot_of(server: TelegramServer, limiter: ChatRateLimiter | None = None) -> TransportBot:
    return build_bot(
        server.token, limiter, base_url=server.base_url, base_file_url=server.base_file_url
    )


def limiter(
    sleep: Callable[[float], Awaitable[None]] | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> ChatRateLimiter:
    return ChatRateLimiter(np.random.default_rng(1), clock=clock, sleep=sleep or Sleeps())


def build(
    bot: TransportBot, answer: Answer
) -> "Application[TransportBot, Any, Any, Any, Any, Any]":
    application = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    application.add_handler(MessageHandler(TEXT, answer))
    application.add_handler(CallbackQueryHandler(answer))
    return application


@asynccontextmanager
async def serving(
    server: TelegramServer,
    answer: Answer,
    limits: ChatRateLimiter,
    *,
    inbox: MemoryInbox | None = None,
    webhook: WebhookConfig | None = None,
    prepared: Callable[[], AbstractAsyncContextManager[None]] | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    given = {"prepared": prepared} if prepared else {}
    task = asyncio.create_task(
        serve(
            build(bot_of(server, limits), answer),
            inbox or MemoryInbox(),
            network(),
            Transport(ALLOWED, webhook),
            stop,
            **given,
        )
    )
    try:
        yield task
    finally:
        stop.set()
        if not task.done():
            await task


async def echo(update: Update, _context: Any) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(update.effective_message.text or "")


async def test_a_message_is_answered(telegram_server: TelegramServer) -> None:
    async with serving(telegram_server, echo, limiter()):
        hana = telegram_server.person()
        await hana.says("안녕")
        await telegram_server.settled()
    assert hana.hears == ["안녕"]


@pytest.mark.parametrize("turns", range(8))
async def test_stopped_while_it_begins_it_leaves_nothing_open(
    telegram_server: TelegramServer, turns: int
) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: complaints.append(context["message"])
    )

    async def begin() -> None:
        stop = asyncio.Event()
        application = build(bot_of(telegram_server, limiter()), echo)
        serving = asyncio.create_task(
            serve(application, MemoryInbox(), network(), Transport(ALLOWED), stop)
        )
        for _ in range(turns):  # of the event loop
            await asyncio.sleep(0)
        stop.set()
        await serving

    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        await begin()
        gc.collect()
    assert complaints == []


async def test_a_message_brought_to_the_webhook_is_answered(
    telegram_server: TelegramServer, unused_tcp_port: int
) -> None:
    port = unused_tcp_port
    telegram_server.proxy = f"http://127.0.0.1:{port}"
    webhook = WebhookConfig("https://bot.example.org", "a-secret_of-the-tests", port=port)
    async with serving(telegram_server, echo, limiter(), webhook=webhook):
        await eventually(lambda: telegram_server.world.webhook is not None)
        hana = telegram_server.person()
        await hana.says("안녕")
        await telegram_server.deliver()
    assert telegram_server.deliveries == [200]
    assert hana.hears == ["안녕"]


async def test_others_are_answered_while_one_chat_has_to_wait(
    telegram_server: TelegramServer,
) -> None:
    clock = Clock()
    hana, duri = telegram_server.person(1), telegram_server.person(2)
    async with serving(telegram_server, echo, limiter(clock.sleep, clock.clock)):
        telegram_server.faults.flood(30, chat=1)
        await hana.says("나는 기다려")
        await eventually(lambda: not telegram_server.faults.waiting)
        for number in range(5):
            await duri.says(f"{number}")
        assert [message.text for message in await duri.answers(5)] == list("01234")
        assert hana.hears == []
        clock.advance(29)
        await asyncio.sleep(0)
        assert hana.hears == []
        clock.advance(1)
        assert [message.text for message in await hana.answers()] == ["나는 기다려"]
        await telegram_server.settled()


async def test_a_message_whose_answer_was_lost_is_sent_again(
    telegram_server: TelegramServer,
) -> None:
    hana = telegram_server.person()
    async with serving(telegram_server, echo, limiter()):
        telegram_server.faults.lose_answer(method="sendMessage")
        await hana.says("두 번은 괜찮아")
        await telegram_server.settled()
    assert hana.hears == ["두 번은 괜찮아"] * 2


async def test_what_fails_before_its_effect_is_done_once(telegram_server: TelegramServer) -> None:
    hana, faults = telegram_server.person(), telegram_server.faults
    async with serving(telegram_server, echo, limiter()):
        faults.drop(method="sendMessage")
        faults.fail(502, method="sendMessage")
        faults.fail(500, method="sendMessage")
        await hana.says("한 번")
        await telegram_server.settled()
    assert hana.hears == ["한 번"]


async def test_an_edit_whose_answer_was_lost_is_no_failure(
    telegram_server: TelegramServer,
) -> None:
    hana, failures = telegram_server.person(), list[TelegramError]()

    async def edit(update: Update, _context: Any) -> None:
        assert update.effective_chat is not None
        sent = await update.effective_chat.send_message("먼저")
        try:
            await sent.edit_text("나중")
        except TelegramError as error:
            failures.append(error)

    async with serving(telegram_server, edit, limiter()):
        telegram_server.faults.lose_answer(method="editMessageText")
        await hana.says("바꿔 줘")
        await telegram_server.settled()
    assert hana.hears == ["나중"]
    assert failures == []


async def test_an_answer_that_is_no_json_is_a_failure_like_any_other_and_not_logged(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    hana = telegram_server.person()
    async with serving(telegram_server, echo, limiter()):
        telegram_server.faults.garble(method="sendMessage")
        await hana.says("비밀")
        await hana.says("다음")
        await telegram_server.settled()
    assert hana.hears[-1] == "다음"
    assert "<html>" not in caplog.text
    assert "비밀" not in caplog.text


async def test_who_blocked_the_bot_and_what_moved_is_told_to_the_handler(
    unruly_server: TelegramServer,
) -> None:
    hana, group = unruly_server.person(), unruly_server.group()
    errors = list[Exception]()

    async def note(update: Update, _context: Any) -> None:
        for chat in (hana.id, group.id):
            try:
                await update.get_bot().send_message(chat, "안녕")
            except (Forbidden, ChatMigrated) as error:
                errors.append(error)

    async with serving(unruly_server, note, limiter()):
        await hana.says("나 갈게")
        hana.chat.reachable = False
        grown = await hana.upgrades(group)
        await unruly_server.settled()
    kinds = [type(error) for error in errors]
    assert kinds == [Forbidden, ChatMigrated]
    assert isinstance(errors[1], ChatMigrated)
    assert errors[1].new_chat_id == grown.id
    assert [refusal.code for refusal in unruly_server.refusals] == [403, 400]


async def test_the_start_survives_a_network_that_is_not_there_yet(
    telegram_server: TelegramServer,
) -> None:
    steps = list[str]()

    @asynccontextmanager
    async def prepared() -> AsyncIterator[None]:
        steps.append("menu")
        yield
        steps.append("end")

    telegram_server.faults.drop(method="getMe", times=6)
    telegram_server.faults.fail(502, method="deleteWebhook", times=6)
    hana = telegram_server.person()
    async with serving(telegram_server, echo, limiter(), prepared=prepared):
        await hana.says("거기 있어?")
        await telegram_server.settled()
        assert steps == ["menu"]
    assert hana.hears == ["거기 있어?"]
    assert steps == ["menu", "end"]


async def test_a_bot_can_be_stopped_while_it_waits_for_the_network(
    telegram_server: TelegramServer,
) -> None:
    telegram_server.faults.drop(times=10**6)
    async with serving(telegram_server, echo, limiter()) as task:
        await eventually(lambda: len(telegram_server.calls) > 5)
    assert task.done()
    assert task.exception() is None


async def test_a_revoked_token_ends_serving_with_an_error_that_does_not_tell_it(
    unruly_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    unruly_server.revoked = True
    with pytest.raises(RevokedTokenError) as caught:
        async with serving(unruly_server, echo, limiter()) as task:
            await task
    assert unruly_server.token not in str(caught.value) + caplog.text


async def test_neither_token_nor_words_are_logged_at_any_level(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    hana = telegram_server.person()
    async with serving(telegram_server, echo, limiter()):
        telegram_server.faults.drop(method="sendMessage")
        telegram_server.faults.drop(method="getUpdates")
        await hana.says("아무에게도 말하지 마")
        await telegram_server.settled()
    ours = [record for record in caplog.records if not record.name.startswith("tests.")]
    told = " ".join(record.getMessage() for record in ours)
    assert telegram_server.token not in told
    assert "아무에게도" not in told


async def test_sending_fails_for_good_after_a_few_attempts(
    telegram_server: TelegramServer,
) -> None:
    async with bot_of(telegram_server, limiter()) as bot:
        telegram_server.person().chat.started = True
        telegram_server.faults.drop(method="sendMessage", times=9)
        with pytest.raises(NetworkError):
            await bot.send_message(101, "안녕")
    assert len(telegram_server.made("sendMessage")) == 4
