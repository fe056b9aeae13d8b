"""Presses on buttons. What a press changed shows in the message, or is said to the person alone."""

from dataclasses import dataclass, replace
from typing import Final

import discord

from bot.chat.actions import IN_PLACE, SONGS, VOTES
from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.commands import Request
from bot.chat.presses import PAGES
from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_client import spoken
from bot.handlers.discord_components import AGAIN, SHARE, impressions_in, offers, rows_here
from bot.handlers.discord_context import Context, shown_in_private, user_key
from bot.handlers.discord_errors import OutdatedError
from bot.handlers.discord_replies import may_share, respond
from bot.handlers.discord_views import posts, song_posts, text_posts
from core.models import Layout

__all__ = ["press"]

_MORE: Final = SONGS | {"rt"}
"""What is answered with a new message."""


@dataclass(frozen=True)
class _Press:
    """A press.

    Attributes:
        message: whose button it was.
        carried: by the button.
    """

    interaction: AnyInteraction
    message: discord.Message
    turn: Turn
    carried: str

    @property
    def action(self) -> str:
        """The name of what the button does."""
        return self.carried.partition(".")[0]


async def press(context: Context, interaction: AnyInteraction, carried: str) -> None:
    """Do what the button does, and show it.

    Args:
        context: what a handler has at hand.
        interaction: the press.
        carried: by the button: the text of an action, or one of Discord's own.
    """
    name = carried.partition(".")[0]
    if name in _MORE:
        await respond(context, interaction, lambda turn: context.chat.press(turn, carried))
        return
    if name == AGAIN:
        await _answer_again(context, interaction)
        return

    async def work() -> None:
        message = interaction.message
        if message is None:
            raise OutdatedError
        it = _Press(interaction, message, context.turn(interaction), carried)
        if name == SHARE:
            await _share(context, it)
            return
        async with context.alone(it.turn.user):
            answer = await context.chat.press(it.turn, carried)
        await _show(context, it, answer)

    await interaction.client.answers.acknowledged(interaction, Acknowledgement.UPDATE, work)


async def _show(context: Context, it: _Press, answer: Answer) -> None:
    if answer.quiet:
        return
    if answer.kind is AnswerKind.ERROR:
        await _tell(context, it, answer)
    elif it.action in VOTES:
        await _show_vote(context, it, answer)
    elif it.action in PAGES:
        command = PAGES[it.action]
        page = await context.chat.run(it.turn, Request(command, f"/{command}"))
        await _put(context, it, page)
    elif it.action in IN_PLACE:
        await _put(context, it, answer)
    else:
        await _tell(context, it, answer)


async def _show_vote(context: Context, it: _Press, answer: Answer) -> None:
    """The vote that stands now: at its button where only the voter sees it, else in words."""
    if not it.message.embeds:  # pressed below the question what is never to come again
        await _put(context, it, replace(answer, song_rows=None))
    elif shown_in_private(it.interaction) and answer.song_rows is not None:
        rows = rows_here(answer.song_rows, it.message)
        own = (SHARE,) if offers(it.message, SHARE) else ()
        texts = context.presenter(answer).texts
        await context.sender.change_rows(it.interaction, rows, texts, own)
        if it.carried.startswith("vl.never"):  # the menu does not show what was chosen
            await _tell(context, it, answer)
    else:
        await _tell(context, it, answer)


async def _tell(context: Context, it: _Press, answer: Answer) -> None:
    """Say it to the person alone."""
    presenter = context.presenter(answer)
    for post in posts(answer, presenter):
        await context.sender.follow_up(it.interaction, post, presenter.texts, ephemeral=True)


async def _put(context: Context, it: _Press, answer: Answer) -> None:
    """Show it in place of what was pressed."""
    presenter = context.presenter(answer)
    first, *more = posts(answer, presenter)
    await context.sender.change(it.interaction, first, presenter.texts)
    for post in more:
        await context.sender.follow_up(it.interaction, post, presenter.texts, ephemeral=True)


async def _share(context: Context, it: _Press) -> None:
    """Show the songs of the message to everybody, and nothing of the person's mood."""
    presenter = await context.presenter_for(it.turn)
    texts, sender = presenter.texts, context.sender
    if not await may_share(context, it.interaction):
        (post,) = text_posts((texts("discord.quiet"),))
        await sender.follow_up(it.interaction, post, texts, ephemeral=True)
        return
    if not context.shared.is_new(it.message.id):
        (post,) = text_posts((texts("discord.shared.already"),))
        await sender.follow_up(it.interaction, post, texts, ephemeral=True)
        return
    service = context.chat.service
    found = [
        await service.songs.explain(it.turn.user, which, now=it.turn.now, private=False)
        for which in impressions_in(it.message)
    ]
    votes = await service.votes.standing(it.turn.user, [song.impression for song in found])
    made = song_posts(
        (texts("discord.shared"),),
        presenter.cards_of(found),
        votes,
        presenter,
        layout=Layout.LIST,
        private=False,
    )
    await sender.show_to_all(it.interaction, made, texts)


async def _answer_again(context: Context, interaction: AnyInteraction) -> None:
    """Answer the message that was replied to, to its author alone."""

    async def again(turn: Turn) -> Answer:
        message = await _replied_to(interaction)
        if user_key(message.author) != turn.user:
            presenter = await context.presenter_for(turn)
            text = (presenter.texts("discord.private.other"),)
            return Answer(AnswerKind.ERROR, text, language=presenter.texts.language)
        # As it was when the message came: what it did then it does not do twice.
        first = await context.turn_of(message)
        same = replace(turn, key=first.key, message=first.message)
        return await context.chat.answer(same, spoken(message, interaction.application_id))

    await respond(context, interaction, again)


async def _replied_to(interaction: AnyInteraction) -> discord.Message:
    """The message that the pressed one replies to.

    Raises:
        OutdatedError: it is gone.
    """
    reference = interaction.message.reference if interaction.message else None
    if reference is None or reference.message_id is None:
        raise OutdatedError
    place = interaction.client.get_partial_messageable(reference.channel_id)
    try:
        found: discord.Message = await place.fetch_message(reference.message_id)
    except discord.NotFound as error:
        raise OutdatedError from error
    return found
