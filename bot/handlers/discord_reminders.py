"""Reminders on Discord: direct messages to people who said nothing just now."""

import logging
from typing import Final

import discord

from bot.chat.answers import Answer
from bot.chat.rounds import Arrival
from bot.handlers.discord_answers import FAILED_REQUEST
from bot.handlers.discord_client import MaeumClient
from bot.handlers.discord_context import Context
from bot.handlers.discord_views import posts
from core.models import UserKey

__all__ = ["DiscordCarrier"]

_log = logging.getLogger(__name__)

_NOBODY: Final = frozenset({10013, 50033})
"""Discord's codes of a person who is not there any more, or cannot be written to."""


class DiscordCarrier:
    """Implements `bot.chat.rounds.Carrier`."""

    def __init__(self, context: Context, client: MaeumClient) -> None:
        self._context = context
        self._client = client

    async def bring(self, user: UserKey, answer: Answer) -> Arrival:
        """Send it as a direct message."""
        presenter = self._context.presenter(answer)
        client, made = self._client, posts(answer, presenter)
        try:
            with client.running.track():  # the connection ends after it
                channel = await client.create_dm(discord.Object(int(user.id)))
                await self._context.sender.send(client, channel, made, presenter.texts)
        except discord.Forbidden:
            return Arrival.UNREACHABLE
        except FAILED_REQUEST as error:
            if isinstance(error, discord.HTTPException) and error.code in _NOBODY:
                return Arrival.UNREACHABLE
            if isinstance(error, discord.HTTPException) and 400 <= error.status < 429:
                raise  # a fault of ours, which trying again does not mend
            _log.warning("a reminder has to wait: %s", type(error).__name__)
            return Arrival.LATER
        return Arrival.ARRIVED
