"""Shows "typing"."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.handlers.telegram_sender import Place
from bot.signs import shown_while_inside

__all__ = ["Typing"]

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

    def shown(self, place: Place) -> AbstractAsyncContextManager[None]:
        """Show it in a chat while inside, after a moment."""
        return shown_while_inside(partial(self._show, place))

    async def _show(self, place: Place) -> None:
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
