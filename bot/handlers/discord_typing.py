"""Shows that the bot is at work, where an answer takes long enough to be noticed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import discord

from bot.handlers.discord_answers import FAILED_REQUEST

__all__ = ["typing"]

_log = logging.getLogger(__name__)

_NOTICED_S: Final = 0.3
"""An answer that comes sooner needs no sign, nor the request."""


@asynccontextmanager
async def typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show "is typing" in a channel while inside."""
    showing = asyncio.create_task(_show(channel))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(channel: discord.abc.Messageable) -> None:
    await asyncio.sleep(_NOTICED_S)
    try:
        async with channel.typing():
            await asyncio.Event().wait()
    except FAILED_REQUEST as error:
        _log.info("typing could not be shown: %s", type(error).__name__)
