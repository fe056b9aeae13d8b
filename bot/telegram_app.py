"""The bot on Telegram: builds it, and runs it until it is told to stop."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from telegram import Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.chat.chat import Chat
from bot.clock import Clock, utc_now
from bot.config import Settings, SettingsError, TelegramSettings
from bot.handlers.telegram_buttons import on_press
from bot.handlers.telegram_context import PLATFORM, Context
from bot.handlers.telegram_errors import ChatBusyError
from bot.handlers.telegram_inline import on_inline_query
from bot.handlers.telegram_limits import ChatRateLimiter, Limits
from bot.handlers.telegram_menu import publish
from bot.handlers.telegram_messages import on_edited_message, on_message
from bot.handlers.telegram_network import Network, TransportBot, bot_id_of, build_bot
from bot.handlers.telegram_reactions import on_reaction
from bot.handlers.telegram_reminders import TelegramCarrier
from bot.handlers.telegram_sender import Place, Sender
from bot.handlers.telegram_transport import Transport
from bot.handlers.telegram_transport import serve as serve_updates
from bot.handlers.telegram_typing import Typing
from bot.handlers.telegram_views import text_posts
from bot.handlers.telegram_voice import Voices
from bot.handlers.telegram_webhook import WebhookConfig
from bot.voice import Transcriber, open_transcriber
from core.service.updates import Updates

__all__ = ["ALLOWED", "LIMITS", "build", "serve"]

_App = Application[TransportBot, Any, Any, Any, Any, Any]
_Handle = Callable[[Context, Update], Awaitable[None]]
_Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]

ALLOWED: Final = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "inline_query",
)
"""The kinds of updates that are received: those with a handler in `build`."""
LIMITS: Final = Limits(attempts=12)
"""A network that is away for a minute loses no answer."""
_log = logging.getLogger(__name__)


async def serve(  # noqa: PLR0913 - the last three are what tests have others of
    settings: Settings,
    chat: Chat,
    generator: np.random.Generator,
    stop: asyncio.Event,
    *,
    limits: Limits = LIMITS,
    clock: Clock = utc_now,
    transcriber: Transcriber | None = None,
) -> None:
    """Talk on Telegram until `stop` is set; then finish what runs, within ten seconds.

    Args:
        settings: the token among them.
        chat: answers.
        generator: of all that varies.
        stop: set on SIGTERM.
        limits: of what is sent.
        clock: the time now, aware.
        transcriber: of voice messages; None for the one that the settings name, if any.

    Raises:
        SetupError: the bot cannot start as it is set up, or its token was revoked.
    """
    if settings.telegram_token is None:
        raise SettingsError("TELEGRAM_TOKEN has to be set; @BotFather gives one")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, the token in them
    transcriber = transcriber or open_transcriber(settings.voice_model)
    api, token = settings.telegram.api_url, settings.telegram_token.reveal()
    bot = build_bot(
        token,
        ChatRateLimiter(generator, limits=limits),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
    )
    context = Context(
        chat=chat,
        bot=bot,
        sender=Sender(bot, chat.service.votes),
        typing=Typing(bot),
        generator=generator,
        clock=clock,
        language=settings.language,
        voices=Voices(transcriber, settings.voice_seconds),
    )
    texts = {language: presenter.texts for language, presenter in chat.presenters.items()}
    updates = chat.service.updates

    @asynccontextmanager
    async def prepared() -> AsyncIterator[None]:
        await publish(bot, updates, texts)
        async with chat.rounds.through(PLATFORM, TelegramCarrier(context), stop):
            yield

    await serve_updates(
        build(bot, context),
        _Inbox(updates, f"telegram:{bot_id_of(token)}:claims", clock),
        Network(generator),
        _transport(settings.telegram),
        stop,
        prepared=prepared,
    )


def build(bot: TransportBot, context: Context) -> _App:
    """The application: what handles which kind of update."""
    app = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    app.add_handlers(
        [
            MessageHandler(filters.UpdateType.MESSAGE, _with(context, on_message)),
            MessageHandler(filters.UpdateType.EDITED_MESSAGE, _with(context, on_edited_message)),
            CallbackQueryHandler(_with(context, on_press)),
            MessageReactionHandler(_with(context, on_reaction)),
            InlineQueryHandler(_with(context, on_inline_query)),
        ]
    )
    return app


def _with(context: Context, handle: _Handle) -> _Callback:
    """The handler as the library calls it; what it raises ends here."""

    async def call(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        try:
            await handle(context, update)
        except (TelegramError, ChatBusyError) as error:
            # Nothing can be said to who blocked the bot, or cannot be reached. The kind alone:
            # the message may quote an answer.
            level = logging.INFO if isinstance(error, Forbidden) else logging.WARNING
            _log.log(level, "update %d: %s", update.update_id, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a fault of ours ends one answer, not the bot
            await _apologise(context, update, error)

    return call


async def _apologise(context: Context, update: Update, error: Exception) -> None:
    """Log what went wrong, and tell the person who waits for an answer."""
    user = update.effective_user
    answer = context.chat.failed(error, context.language_of(user) if user else context.language)
    try:
        if update.callback_query:
            await context.sender.notify(update.callback_query.id, answer.text[0], alert=True)
        elif update.message:
            await context.sender.send(Place.of(update.message), text_posts(answer.text))
    except (TelegramError, ChatBusyError) as again:
        _log.warning("update %d: %s", update.update_id, type(again).__name__)


@dataclass(frozen=True)
class _Inbox:
    """Which updates were handled, and which are owed, in the store.

    Attributes:
        claims_name: under which the latter are kept.
        clock: the time now, aware.
    """

    updates: Updates
    claims_name: str
    clock: Clock

    async def finished(self, key: str) -> bool:
        return await self.updates.finished(key)

    async def finish(self, key: str) -> None:
        await self.updates.finish(key, now=self.clock())

    async def claims(self) -> list[dict[str, Any]]:
        return list(json.loads(await self.updates.marker(self.claims_name) or "[]"))

    async def keep_claims(self, claims: list[dict[str, Any]]) -> None:
        await self.updates.mark(self.claims_name, json.dumps(claims))


def _transport(settings: TelegramSettings) -> Transport:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return Transport(ALLOWED, concurrency=settings.concurrency)
    webhook = WebhookConfig(
        settings.webhook_url,
        settings.webhook_secret.reveal(),
        settings.webhook_host,
        settings.webhook_port,
    )
    return Transport(ALLOWED, webhook, settings.concurrency)
