"""The bot on the test server, as `python -m bot telegram` runs it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from bot.chat.chat import Chat
from bot.config import Settings, load_settings
from bot.handlers.telegram_limits import Limits
from bot.telegram_app import serve
from tests.e2e.clock import time_of_tests
from tests.e2e.telegram.server import TelegramServer

__all__ = ["UNHURRIED", "running", "settings_for"]

UNHURRIED = Limits(private=10_000, group=10_000, overall=10_000)
"""No test waits for what Telegram allows in real time; the limits have tests of their own."""


def settings_for(port: int, token: str, **more: str) -> Settings:
    """Settings of a bot that talks to the test server at a port of this machine."""
    told = {"TELEGRAM_TOKEN": token, "TELEGRAM_API_URL": f"http://127.0.0.1:{port}", **more}
    return load_settings(told, Path("no") / "such" / "file")


@asynccontextmanager
async def running(server: TelegramServer, chat: Chat, **more: str) -> AsyncIterator[asyncio.Event]:
    """The bot while inside; the event stops it."""
    stop = asyncio.Event()
    settings = settings_for(server.port, server.token, **more)
    generator = np.random.default_rng(0)
    serving = asyncio.create_task(
        serve(settings, chat, generator, stop, limits=UNHURRIED, clock=time_of_tests)
    )
    try:
        yield stop
    finally:
        stop.set()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
