"""A local Discord, and the bot that talks on it."""

from collections.abc import AsyncIterator

import pytest

from bot.chat.chat import Chat
from tests.e2e.discord_app.app import talking
from tests.e2e.discord_fake import DiscordServer, Guild, running_discord
from tests.e2e.discord_fake.library import no_waiting


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """Discord; a test fails that makes a request which Discord refuses."""
    no_waiting(monkeypatch)
    async with running_discord() as running:
        yield running
        assert running.refusals == []
        assert running.errors == []


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    """A guild that the bot is in."""
    return server.guild()


@pytest.fixture
async def bot(server: DiscordServer, guild: Guild, chat: Chat) -> AsyncIterator[Chat]:
    """The bot, talking on Discord."""
    server.channel(guild)
    async with talking(server, chat):
        yield chat
