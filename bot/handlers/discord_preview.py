"""Songs for a message that somebody wrote, by the command of its menu."""

from typing import Final

import discord

from bot.chat.answers import Turn
from bot.chat.limits import take
from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_client import spoken
from bot.handlers.discord_context import Context, user_key
from bot.handlers.discord_views import cards_posts, text_posts
from bot.pace import Deed
from bot.presentation import Presenter
from core.models import CrisisKind, Reply, ReplyKind
from core.recommend.query import SongQuery

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
    if await service.conversation.hears_danger(text):
        made = text_posts(await _help(context, turn, message, presenter))
    else:
        take(context.chat.pace, turn, Deed.SONGS)
        slate = await service.songs.preview(
            text, SongQuery(count=_SONGS), generator=context.generator
        )
        # Reasons would tell what the author of the message feels.
        made = cards_posts((presenter.texts("discord.preview"),), presenter.cards(slate))
    await context.sender.respond(interaction, made, presenter.texts, ephemeral=True)


async def _help(
    context: Context, turn: Turn, message: discord.Message, presenter: Presenter
) -> tuple[str, ...]:
    """What is said of danger: to the author as to any message, to others who worry as to them."""
    if user_key(message.author) == turn.user:
        return (await context.chat.answer(turn, message.content)).text
    return presenter.paragraphs(Reply(ReplyKind.CRISIS, crisis=CrisisKind.THIRD_PERSON, card=True))
