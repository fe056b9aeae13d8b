"""The transport put together: what the app needs to know of receiving.

In `bot/telegram_app.py`:

    limiter = ChatRateLimiter(generator)
    builder = ApplicationBuilder().bot(build_bot(token, limiter)).updater(None).job_queue(None)
    application = builder.build()
    ...handlers, none with `block=False`: an update counts as handled when they return...
    await serve(application, inbox, Network(generator), transport, stop)
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram.ext import Application

from bot.handlers.telegram_dispatch import CONCURRENCY, Dispatcher, Inbox
from bot.handlers.telegram_intake import Intake
from bot.handlers.telegram_network import Network, TransportBot, unless
from bot.handlers.telegram_polling import PollingReceiver
from bot.handlers.telegram_webhook import WebhookConfig, WebhookReceiver
from bot.up import up

__all__ = ["Transport", "serve"]


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


@dataclass(frozen=True)
class Transport:
    """How updates come.

    Attributes:
        allowed: the kinds of updates, as Telegram names them; message_reaction only comes where
            it is named.
        webhook: where they arrive; None to fetch them by long polling.
        concurrency: people who are answered at a time.
    """

    allowed: Sequence[str]
    webhook: WebhookConfig | None = None
    concurrency: int = CONCURRENCY


async def serve(
    application: "Application[TransportBot, Any, Any, Any, Any, Any]",
    inbox: Inbox,
    network: Network,
    transport: Transport,
    stop: asyncio.Event,
    *,
    prepared: Callable[[], AbstractAsyncContextManager[None]] = _nothing,
) -> None:
    """Answer on Telegram until `stop` is set; returns within ten seconds then.

    Args:
        application: built with a bot of `build_bot` and without an updater.
        inbox: which updates were handled.
        network: repeats calls until Telegram can be reached, at the start too.
        transport: how updates come.
        stop: set on SIGTERM.
        prepared: entered once Telegram is reached, before updates are received, and left when
            no more are, while calls can still be made: for the menu of commands and the like.

    Raises:
        RevokedTokenError: Telegram does not know the token (any more).
        RefusedSetupError: Telegram does not accept the webhook.
    """
    bot = application.bot
    whole = AsyncExitStack()
    try:
        ready = await unless(stop, network.insist(application.initialize, "getMe"))
        if not (ready and await unless(stop, whole.enter_async_context(prepared()))):
            return
        dispatcher = Dispatcher(
            application.process_update,
            inbox,
            bot_id=bot.id,
            network=network,
            concurrency=transport.concurrency,
        )
        intake = Intake(bot, dispatcher, network, transport.allowed)
        await intake.resume()
        up("Telegram", f"@{bot.username}")
        receiver = (
            WebhookReceiver(intake, transport.webhook)
            if transport.webhook
            else PollingReceiver(intake)
        )
        await receiver.run(stop)
    finally:
        await whole.aclose()
        await application.shutdown()
        await bot.shutdown()  # the application leaves it open where it was not initialised
