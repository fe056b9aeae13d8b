"""Shows "is typing"."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from functools import partial

import discord

from bot.handlers.discord_answers import FAILED_REQUEST
from bot.signs import shown_while_inside

__all__ = ["typing"]

_log = logging.getLogger(__name__)


def typing(channel: discord.abc.Messageable) -> AbstractAsyncContextManager[None]:
    """Show "is typing" in a channel while inside, after a moment."""
    return shown_while_inside(partial(_show, channel))


async def _show(channel: discord.abc.Messageable) -> None:
    try:
        async with channel.typing():
            await asyncio.Event().wait()
    except FAILED_REQUEST as error:
        _log.info("typing could not be shown: %s", type(error).__name__)
