"""What receiving updates rests on, however they come."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Update

from bot.handlers.telegram_dispatch import Dispatcher
from bot.handlers.telegram_network import Network, TransportBot

__all__ = ["Intake"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Intake:
    """Where updates come from, and where they go.

    Attributes:
        bot: initialised.
        dispatcher: handles what comes; whoever receives closes it in the end.
        network: repeats failed calls.
        allowed: the kinds of updates to get, message_reaction among them where wanted.
    """

    bot: TransportBot
    dispatcher: Dispatcher
    network: Network
    allowed: Sequence[str]

    def read(self, content: dict[str, Any]) -> Update | None:
        """The update as an object; None, logged, where the library cannot read it."""
        try:
            return Update.de_json(content, self.bot)
        except Exception as error:  # noqa: BLE001 - whatever the library trips over
            _log.error("update %d cannot be read: %s", content["update_id"], type(error).__name__)
            return None

    async def resume(self) -> None:
        """Begin with what was owed when the process before this one ended."""
        claims = self.dispatcher.claims
        for content in await claims.load():
            update = self.read(content)
            if update is None:
                await claims.settle(content["update_id"])
            else:
                self.dispatcher.submit(update)
