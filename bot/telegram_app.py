"""The bot on Telegram: builds it, and runs it until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final

import numpy as np
from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.chat.chat import Chat
from bot.config import Settings, SettingsError, TelegramSettings
from bot.handlers.telegram_buttons import on_press
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_dispatch import Dispatcher
from bot.handlers.telegram_errors import ChatBusyError
from bot.handlers.telegram_inline import on_inline_query
from bot.handlers.telegram_limits import ChatRateLimiter, Limits
from bot.handlers.telegram_menu import publish
from bot.handlers.telegram_messages import on_edited_message, on_message
from bot.handlers.telegram_network import Network, TransportBot, build_bot
from bot.handlers.telegram_polling import PollingReceiver
from bot.handlers.telegram_reactions import on_reaction
from bot.handlers.telegram_sender import Place, Sender
from bot.handlers.telegram_views import text_posts
from bot.handlers.telegram_webhook import WebhookConfig, WebhookReceiver
from core.service.updates import Updates

__all__ = ["HANDLERS", "TelegramApp", "serve"]

_Handler = Callable[[Context, Update], Awaitable[None]]

HANDLERS: Final[Mapping[str, _Handler]] = {
    "message": on_message,
    "edited_message": on_edited_message,
    "callback_query": on_press,
    "message_reaction": on_reaction,
    "inline_query": on_inline_query,
}
"""What handles which kind of update. No other kind is received."""
_ATTEMPTS: Final = 12
"""How often a message is sent at most: a network that is away for a minute loses no answer."""
_log = logging.getLogger(__name__)


async def serve(
    settings: Settings, chat: Chat, generator: np.random.Generator, stop: asyncio.Event
) -> None:
    """Talk on Telegram until `stop` is set; then finish what runs, within ten seconds.

    Raises:
        SetupError: the bot cannot start as it is set up, or its token was revoked.
    """
