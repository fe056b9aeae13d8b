"""Answers of the chat to interactions and messages, each shown where it belongs."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import discord

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_components import AGAIN, SHARE
from bot.handlers.discord_context import Context, in_direct_messages
from bot.handlers.discord_views import Post, posts, song_posts, text_posts
from core.models import Layout

__all__ = ["may_share", "reply", "respond"]

_SILENT: Final = frozenset({AnswerKind.CRISIS, AnswerKind.CARE, AnswerKind.GROUNDING})
"""Answers of which nobody else is to know that there was one."""


async def respond(
    context: Context, interaction: AnyInteraction, act: Callable[[Turn], Awaitable[Answer]]
) -> None:
    """Answer an interaction with a message that only the person sees.

    In direct messages it stays, elsewhere it is ephemeral, and songs can be shown to everybody.
    """
    ephemeral = not in_direct_messages(interaction)
    how = Acknowledgement.PRIVATE if ephemeral else Acknowledgement.PUBLIC

    async def work() -> None:
        turn = context.turn(interaction)
        async with context.alone(turn.user):
            answer = await act(turn)
            # Nobody can react to what is ephemeral, so there is no use in a message a song.
            made = await _posts(context, turn, answer, private=True, singles=not ephemeral)
        if ephemeral and _has_songs(answer) and await may_share(context, interaction):
            made = [replace(post, own=(SHARE,)) if post.embeds else post for post in made]
        texts = context.presenter(answer).texts
        await context.sender.respond(interaction, made, texts, ephemeral=ephemeral)

    await interaction.client.answers.acknowledged(interaction, how, work)


async def reply(
    context: Context, client: discord.Client, message: discord.Message, turn: Turn, answer: Answer
) -> None:
    """Answer a message; what is personal is answered in direct messages."""
    if answer.quiet:
        return
    texts = context.presenter(answer).texts
    if not turn.private and answer.personal:
        await _reply_in_private(context, client, message, turn, answer)
        return
    made = await _posts(context, turn, answer, private=turn.private, singles=True)
    to = None if turn.private else message
    await context.sender.send(client, message.channel, made, texts, to=to)


async def _reply_in_private(
    context: Context, client: discord.Client, message: discord.Message, turn: Turn, answer: Answer
) -> None:
    texts, silent = context.presenter(answer).texts, answer.kind in _SILENT
    made = await _posts(context, turn, answer, private=True, singles=False)
    try:
        await context.sender.send(client, message.author, made, texts)
        said: list[Post] = [] if silent else text_posts((texts("discord.private.sent"),))
    except discord.Forbidden:
        # Whoever takes no messages from strangers gets the same below a button.
        said = [Post(texts("discord.private.closed"), own=(AGAIN,))]
    await context.sender.send(client, message.channel, said, texts, to=message)


async def _posts(
    context: Context, turn: Turn, answer: Answer, *, private: bool, singles: bool
) -> list[Post]:
    """The messages of an answer; with `singles` songs come one by one to who wants them so."""
    presenter = context.presenter(answer)
    introduction = context.introductions.of(turn, answer, presenter)
    slate = answer.reply.slate if answer.reply else None
    if slate is None or not slate.items:
        return posts(answer, presenter, introduction)
    ids = [item.impression for item in slate.items]
    votes = await context.chat.service.votes.standing(turn.user, ids)
    return song_posts(
        (*introduction, *answer.text),
        presenter.cards(slate),
        votes,
        presenter,
        layout=answer.layout if singles else Layout.LIST,
        private=private,
    )


def _has_songs(answer: Answer) -> bool:
    return bool(answer.reply and answer.reply.slate and answer.reply.slate.items)


async def may_share(context: Context, interaction: AnyInteraction) -> bool:
    """Whether songs may be shown to everybody where the interaction comes from."""
    return await context.places.speaks_in(interaction.guild_id, interaction.channel)
