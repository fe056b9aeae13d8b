"""A bot that has only its transport: what is received goes to a function of the test."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from telegram import Update

from bot.handlers.telegram_dispatch import Dispatcher
from bot.handlers.telegram_intake import Intake
from bot.handlers.telegram_network import Network, TransportBot, build_bot
from bot.handlers.telegram_polling import PollingConfig, PollingReceiver
from tests.e2e.telegram.server import TelegramServer

__all__ = [
    "ALLOWED",
    "MemoryInbox",
    "Recorder",
    "Sleeps",
    "eventually",
    "network",
    "polling",
    "transport_bot",
    "words",
]

ALLOWED = ("message", "edited_message", "callback_query", "message_reaction", "inline_query")


class MemoryInbox:
    """An inbox that outlives the bots of a test, as the database does."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.kept: list[dict[str, Any]] = []
        self.failures = 0
        self.full = False

    async def finished(self, key: str) -> bool:
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        return key in self.keys

    async def finish(self, key: str) -> None:
        self.keys.add(key)

    async def claims(self) -> list[dict[str, Any]]:
        return self.kept

    async def keep_claims(self, claims: list[dict[str, Any]]) -> None:
        if self.full:
            raise OSError("no room")
        self.kept = claims


@dataclass
class Recorder:
    """Notes the texts it handles; those that `gates` holds wait until their gate opens.

    Attributes:
        begun: texts in the order in which their handling began.
        ended: likewise in which it ended.
        most: how many were handled at a time at most.
    """

    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    most: int = 0

    def hold(self, text: str) -> asyncio.Event:
        return self.gates.setdefault(text, asyncio.Event())

    async def until(self, count: int) -> None:
        """Wait until the handling of so many updates has begun."""
        await eventually(lambda: len(self.begun) >= count)

    async def __call__(self, update: Update) -> None:
        text = words(update)
        self.begun.append(text)
        self.most = max(self.most, len(self.begun) - len(self.ended))
        if text in self.gates:
            await self.gates[text].wait()
        if text == "fail":
            raise RuntimeError("a fault of the handler")
        self.ended.append(text)


def words(update: Update) -> str:
    if update.callback_query:
        return f"tap {update.callback_query.data}"
    if update.message_reaction:
        return "reaction"
    return (update.effective_message and update.effective_message.text) or ""


async def eventually(true: Callable[[], bool]) -> None:
    """Wait for what the server does not see."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is watched notifies nobody
            await asyncio.sleep(0)


class Sleeps:
    """Sleeps not at all, and notes how long it should have."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def network(sleep: Callable[[float], Awaitable[None]] | None = None) -> Network:
    return Network(np.random.default_rng(1), sleep=sleep or Sleeps())


def transport_bot(server: TelegramServer) -> TransportBot:
    return build_bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url)


@dataclass
class Running:
    """A bot that polls."""

    task: asyncio.Task[None]
    stopping: asyncio.Event
    dispatcher: Dispatcher
    server: TelegramServer

    async def stop(self) -> None:
        """As SIGTERM does."""
        self.stopping.set()
        await self.task

    async def kill(self) -> None:
        """As kill -9 does, as far as Telegram can tell: nothing is finished or confirmed."""
        unconfirmed = list(self.server.world.pending)
        for task in (self.task, *self.dispatcher._workers):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        self.server.world.pending = unconfirmed  # whatever was confirmed in the last moment


@asynccontextmanager
async def polling(
    server: TelegramServer,
    handle: Callable[[Update], Awaitable[None]],
    *,
    inbox: MemoryInbox | None = None,
    sleep: Callable[[float], Awaitable[None]] | None = None,
    config: PollingConfig | None = None,
    clock: Callable[[], float] = time.monotonic,
    concurrency: int = 64,
    close_after_s: float = 5.0,
) -> AsyncIterator[Running]:
    """A bot of the transport alone; it is stopped at the end where it still runs."""
    paced = network(sleep)
    async with transport_bot(server) as bot:
        dispatcher = Dispatcher(
            handle,
            inbox or MemoryInbox(),
            bot_id=server.bot_id,
            network=paced,
            concurrency=concurrency,
            close_after_s=close_after_s,
        )
        intake = Intake(bot, dispatcher, paced, ALLOWED)
        receiver = PollingReceiver(intake, config=config or PollingConfig(), clock=clock)
        stop = asyncio.Event()
        running = Running(asyncio.create_task(receiver.run(stop)), stop, dispatcher, server)
        await server.world.until(
            lambda: running.task.done() or bool(server.made("getUpdates")), "the first poll"
        )
        try:
            yield running
        finally:
            if not running.task.done():
                await running.stop()
