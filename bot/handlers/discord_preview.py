"""Songs for a message that somebody wrote, by the command of its menu."""

from dataclasses import replace
from typing import Final

import discord

from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_client import spoken
from bot.handlers.discord_context import Context
from bot.handlers.discord_views import cards_posts, text_posts
from core.models import CrisisKind, Mode

__all__ = ["preview"]

_SONGS: Final = 5


async def preview(interaction: AnyInteraction, message: discord.Message) -> None:
    """Show songs for the message, to the person who asks; nothing is kept of it."""

    async def work() -> None:
        context: Context = interaction.client.context
        await _show(context, interaction, message)

    await interaction.client.answers.acknowledged(interaction, Acknowledgement.PRIVATE, work)


async def _show(context: Context, interaction: AnyInteraction, message: discord.Message) -> None:
    service, turn = context.chat.service, context.turn(interaction)
    presenter = await context.presenter_for(turn)
    text = spoken(message, interaction.application_id)
    danger = await service.conversation.crisis_reply(text)
    if danger is not None:
        if message.author.id != interaction.user.id:
            # The card is for who reads it: somebody that worries about another person.
            danger = replace(danger, crisis=CrisisKind.THIRD_PERSON)
        made = text_posts(presenter.paragraphs(danger))
    else:
        slate = await service.songs.preview(
            text, mode=Mode.SIMILAR, count=_SONGS, generator=context.generator
        )
        # Reasons would tell what the author of the message feels.
        made = cards_posts((presenter.texts("discord.preview"),), presenter.cards(slate))
    await context.sender.respond(interaction, made, presenter.texts, ephemeral=True)
