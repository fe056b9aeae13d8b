"""Shows that the bot is at work, where an answer takes long enough to be noticed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.handlers.telegram_sender import Place

__all__ = ["typing"]

_NOTICED_S: Final = 0.15
"""An answer that comes sooner needs no sign, nor the call."""
_SHOWN_S: Final = 4.5
"""Telegram shows the sign for five seconds."""
_log = logging.getLogger(__name__)


@asynccontextmanager
async def typing(bot: Bot, place: Place) -> AsyncIterator[None]:
    """Show "typing" in a chat while inside."""
    showing = asyncio.create_task(_show(bot, place))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(bot: Bot, place: Place) -> None:
    pause = _NOTICED_S
    while True:
        await asyncio.sleep(pause)
        pause = _SHOWN_S
        try:
            await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.topic)
        except TelegramError as error:
            _log.info("typing could not be shown: %s", type(error).__name__)
            return
