"""Makes the library's own waits between attempts take no time."""

import asyncio
import types

import discord.http
import discord.shard
import discord.webhook.async_
import pytest

__all__ = ["no_waiting", "pause"]


async def pause(_: float = 0.0) -> None:
    """Sleep no time, but let everybody else have a turn, sockets too."""
    for _turn in range(5):
        await asyncio.sleep(0)
    await asyncio.get_running_loop().run_in_executor(None, lambda: None)


def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py sleep no time before it tries again."""
    names = {name: getattr(asyncio, name) for name in dir(asyncio)}
    for module in (discord.shard, discord.http, discord.webhook.async_):
        monkeypatch.setattr(module, "asyncio", types.SimpleNamespace(**{**names, "sleep": pause}))
