"""Bots in processes of their own: ours, that can be killed, and an empty one to compare with."""

import asyncio
from pathlib import Path

import discord
import discord.app_commands
import numpy as np
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord_app import serve
from core.store.address import sqlite_address
from tests.e2e.discord_app.app import settings_for
from tests.e2e.discord_fake import TOKEN, DiscordServer
from tests.e2e.services import open_chat

__all__ = ["base_and_gateway", "ping_at", "serve_at", "use"]


def base_and_gateway(server: DiscordServer) -> tuple[str, str]:
    """Where the server is, for `use` in another process."""
    return Route.BASE, server.gateway.address


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


def ping_at(base: str, gateway: str) -> None:
    """A bot that answers /talk with "pong", through nothing but the library."""
    use(base, gateway)
    client = discord.AutoShardedClient(intents=discord.Intents.none())
    tree = discord.app_commands.CommandTree(client)

    @tree.command(name="talk", description="ping")
    async def talk(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message("pong", ephemeral=True)

    async def setup() -> None:
        await tree.sync()

    client.setup_hook = setup  # type: ignore[method-assign]
    client.run(TOKEN, log_handler=None)
