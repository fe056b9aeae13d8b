"""The one way to answer an interaction: acknowledged in time, and every failure said kindly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, Final

import aiohttp
import discord

from bot.faults import places
from bot.handlers.discord_errors import OutdatedError, ShuttingDownError
from bot.handlers.discord_resilience import ALREADY_ACKNOWLEDGED
from bot.running import Running
from core.errors import MaeumError

__all__ = ["FAILED_REQUEST", "Acknowledgement", "Answers", "Sentence"]

_log = logging.getLogger(__name__)

_THINKING: Final = discord.InteractionResponseType.deferred_channel_message
_UNKNOWN_INTERACTION: Final = 10062
FAILED_REQUEST: Final = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What a request to Discord can end in."""

Sentence = Callable[[Exception, str | None], str]
"""The kind sentence for a failure, in the language of a Discord locale like "ko" or "en-US"; None
where Discord does not say which."""

AnyInteraction = discord.Interaction[Any]


class Acknowledgement(Enum):
    """How an interaction is acknowledged before the work begins.

    PRIVATE and PUBLIC show "is thinking"; the work ends it with `edit_original_response`.
    UPDATE keeps the clicked message as it is; the work may change it likewise, or follow up.
    ITSELF leaves it to the work, which answers at once: with a form, or with what is at hand.
    """

    PRIVATE = "private"
    PUBLIC = "public"
    UPDATE = "update"
    ITSELF = "itself"


class Answers:
    """Answers interactions.

    Args:
        sentence: what is said of a failure.
        running: where the work is counted while it is under way.
    """

    def __init__(self, sentence: Sentence, running: Running) -> None:
        self._sentence = sentence
        self._running = running

    async def acknowledged(
        self,
        interaction: AnyInteraction,
        how: Acknowledgement,
        work: Callable[[], Awaitable[object]],
    ) -> None:
        """Acknowledge the interaction, then do the work; say so where it fails.

        Where Discord refuses the acknowledgement, because somebody else gave it or it is too
        late, the work is not begun: nobody would see what comes of it.
        """
        with self._running.track():
            try:
                if not await self._acknowledge(interaction, how):
                    return
                await work()
                if not interaction.response.is_done():
                    raise RuntimeError("the interaction was left without an answer")
            except asyncio.CancelledError:
                await self.failed(interaction, ShuttingDownError())
                raise
            except Exception as error:  # noqa: BLE001 - the one place where everything ends
                await self.failed(interaction, error)

    async def _acknowledge(self, interaction: AnyInteraction, how: Acknowledgement) -> bool:
        if how is Acknowledgement.ITSELF:
            return True
        private = how is Acknowledgement.PRIVATE
        thinking = how is not Acknowledgement.UPDATE
        try:
            await interaction.response.defer(ephemeral=private, thinking=thinking)
        except discord.HTTPException as error:
            if error.code not in (ALREADY_ACKNOWLEDGED, _UNKNOWN_INTERACTION):
                raise
            _log.warning("interaction %s is not ours any more: %s", interaction.id, error.code)
            return False
        return True

    async def failed(self, interaction: AnyInteraction, error: Exception) -> None:
        """Say kindly that something failed, to the person alone."""
        level = logging.INFO if isinstance(error, MaeumError) else logging.ERROR
        _log.log(level, "interaction %s: %s", interaction.id, places(error))
        sentence = self._sentence(error, str(interaction.locale))
        try:
            await _say(interaction, sentence)
        except FAILED_REQUEST as refused:
            _log.error("interaction %s: nor could it be said: %r", interaction.id, refused)

    async def outdated(self, interaction: AnyInteraction) -> None:
        """Answer a button or form that nothing answers any more."""
        with self._running.track():
            await self.failed(interaction, OutdatedError())


async def _say(interaction: AnyInteraction, sentence: str) -> None:
    if interaction.type is discord.InteractionType.autocomplete:
        if not interaction.response.is_done():
            await interaction.response.autocomplete([])
        return
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True)
        return
    try:
        # Takes the place of "is thinking"; leaves an answer that is there already.
        await interaction.followup.send(sentence, ephemeral=True)
    except (discord.DiscordServerError, aiohttp.ClientConnectionError):
        if (
            interaction.response.type
            is not discord.InteractionResponseType.deferred_channel_message
        ):
            raise
        # A follow-up is not repeated, an edit is.
        await interaction.edit_original_response(content=sentence)
