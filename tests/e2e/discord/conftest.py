"""A local Discord, and a small bot that is connected to it."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.discord.bot import Bot, living
from tests.e2e.discord_fake import DiscordServer, running_discord
from tests.e2e.discord_fake.library import no_waiting


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    no_waiting(monkeypatch)
    async with running_discord() as running:
        yield running
        assert running.refusals == []
        assert running.errors == []


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with living(server) as running:
        yield running
