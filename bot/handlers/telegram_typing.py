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

__all__ = ["Typing"]

NOTICED_S: Final = 0.3
"""An answer that comes sooner needs no sign, nor the call."""
SHOWN_S: Final = 4.5
"""Telegram shows the sign for five seconds."""
MOST: Final = 8
"""Signs at a time: where more answers are slow, signs would make them slower."""
_log = logging.getLogger(__name__)


class Typing:
    """Shows "typing" in chats."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._shown = 0

    @asynccontextmanager
    async def shown(self, place: Place) -> AsyncIterator[None]:
        """Show it in a chat while inside, after a moment."""
        showing = asyncio.create_task(self._show(place))
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show(self, place: Place) -> None:
        await asyncio.sleep(NOTICED_S)
        if self._shown >= MOST:
            return
        self._shown += 1
        try:
            while True:
                await self._bot.send_chat_action(
                    place.chat, ChatAction.TYPING, message_thread_id=place.topic
                )
                await asyncio.sleep(SHOWN_S)
        except TelegramError as error:
            _log.info("typing could not be shown: %s", type(error).__name__)
        finally:
            self._shown -= 1
