"""A bot that sends back what it hears, on the library alone: what ours is measured against."""

from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackContext, MessageHandler, filters

from tests.e2e.telegram.server import TOKEN

__all__ = ["echo"]


def echo(port: int) -> None:
    """Run it, with the library's own polling, until the process ends."""

    async def repeat(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = ApplicationBuilder().token(TOKEN).base_url(f"http://127.0.0.1:{port}/bot")
    app = builder.concurrent_updates(64).connection_pool_size(256).job_queue(None).build()
    app.add_handler(MessageHandler(filters.TEXT, repeat))
    app.run_polling(stop_signals=None)
