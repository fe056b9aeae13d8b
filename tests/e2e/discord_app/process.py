"""The bot in a process of its own, that can be killed."""

import asyncio
from pathlib import Path

import numpy as np
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord_app import serve
from core.store.address import sqlite_address
from tests.e2e.discord_app.app import settings_for
from tests.e2e.services import open_chat

__all__ = ["serve_at", "use"]


def use(base: str, gateway: str) -> None:
    """Let the library of this process talk to a server elsewhere."""
    Route.BASE = base
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def serve_at(base: str, gateway: str, database: str, seed: int) -> None:
    """The bot, until it is killed."""
    use(base, gateway)

    async def run() -> None:
        async with open_chat(sqlite_address(Path(database)), Path(database).parent) as chat:
            await serve(settings_for(), chat, np.random.default_rng(seed), asyncio.Event())

    asyncio.run(run())
