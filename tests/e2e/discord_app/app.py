"""The bot on the local Discord, as `python -m bot discord` runs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.chat.chat import Chat
from bot.config import Settings, load_settings
from bot.discord_app import serve
from bot.handlers.discord_resilience import Resilience
from core.models import Layout, UserKey
from tests.e2e.clock import time_of_tests
from tests.e2e.discord_fake import TOKEN, DiscordServer
from tests.e2e.discord_fake.library import pause
from tests.e2e.discord_fake.people import Person
from tests.services import NOW

RESILIENCE = Resilience(sleep=pause, to_acknowledge=10.0)


def settings_for(**more: str) -> Settings:
    return load_settings({"DISCORD_TOKEN": TOKEN, **more}, Path("no") / "such" / "file")


@asynccontextmanager
async def talking(server: DiscordServer, chat: Chat, **more: str) -> AsyncIterator[asyncio.Event]:
    """The bot from when it is connected until it has left; the event stops it."""
    stop = asyncio.Event()
    settings, generator = settings_for(**more), np.random.default_rng(0)
    before = server.gateway.identifies
    serving = asyncio.create_task(
        serve(settings, chat, generator, stop, resilience=RESILIENCE, clock=time_of_tests)
    )
    there = asyncio.create_task(server.until(lambda: server.gateway.identifies > before, 30))
    await asyncio.wait({serving, there}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        there.cancel()
        await serving
    await there
    try:
        yield stop
    finally:
        stop.set()
        await serving


def key(person: Person) -> UserKey:
    return UserKey("discord", str(person.id))


async def wants(chat: Chat, person: Person, layout: Layout) -> None:
    await chat.service.people.change_settings(
        key(person), lambda settings: replace(settings, layout=layout), now=NOW
    )


def refused(server: DiscordServer) -> list[int]:
    """The codes of the refusals so far, which are expected thereby."""
    codes = [refusal.code for refusal in server.refusals]
    server.refusals.clear()
    return codes
