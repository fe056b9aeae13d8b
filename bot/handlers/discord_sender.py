"""Brings answers to people, and knows which message shows which song."""

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import discord

from bot.chat.answers import Rows
from bot.handlers.discord_answers import FAILED_REQUEST, AnyInteraction
from bot.handlers.discord_components import view_of
from bot.handlers.discord_views import Post
from bot.texts import Texts
from core.service.votes import Votes

__all__ = ["Sender", "post_key"]

_log = logging.getLogger(__name__)

_TO_VOTE: Final = ("👍", "👎")


class Sender:
    """Sends posts."""

    def __init__(self, votes: Votes) -> None:
        """Make one; `votes` is told which message shows which song."""
        self._votes = votes

    async def respond(
        self,
        interaction: AnyInteraction,
        posts: Sequence[Post],
        texts: Texts,
        *,
        ephemeral: bool,
    ) -> None:
        """Send what "is thinking" promised.

        Args:
            interaction: deferred with a message.
            posts: at least one.
            texts: of the buttons.
            ephemeral: as it was deferred.
            share: whether songs get a button to show them to everybody.
        """
        first, *more = posts
        content = _content(first, texts)
        files = content.pop("files")
        sent = await interaction.edit_original_response(**content, attachments=files)
        shown: list[tuple[Post, discord.Message]] = [(first, sent)]
        for post in more:
            sent_too = await self.follow_up(interaction, post, texts, ephemeral=ephemeral)
            shown.append((post, sent_too))
        if not ephemeral:
            await self._shown(interaction.client, interaction.channel, shown)

    async def follow_up(
        self,
        interaction: AnyInteraction,
        post: Post,
        texts: Texts,
        *,
        ephemeral: bool = True,
    ) -> discord.Message:
        """Send one more message."""
        content = _content(post, texts)
        return await interaction.followup.send(**content, ephemeral=ephemeral, wait=True)

    async def change(self, interaction: AnyInteraction, post: Post, texts: Texts) -> None:
        """Show the post in place of the message that was pressed."""
        content = _content(post, texts)
        del content["files"]
        await interaction.edit_original_response(**content)

    async def change_rows(
        self, interaction: AnyInteraction, rows: Rows, texts: Texts, own: Sequence[str] = ()
    ) -> None:
        """Put other buttons below the message that was pressed."""
        await interaction.edit_original_response(view=view_of(rows, texts, own))

    async def show_to_all(
        self, interaction: AnyInteraction, posts: Sequence[Post], texts: Texts
    ) -> None:
        """Send messages that everybody sees."""
        shown = [
            (post, await self.follow_up(interaction, post, texts, ephemeral=False))
            for post in posts
        ]
        await self._shown(interaction.client, interaction.channel, shown)

    async def edit_rows(self, message: discord.PartialMessage, rows: Rows, texts: Texts) -> None:
        """Put other buttons below a message."""
        try:
            await message.edit(view=view_of(rows, texts))
        except FAILED_REQUEST as error:
            # Deleted, say; the vote counts all the same.
            _log.info("message %d: buttons not changed: %s", message.id, type(error).__name__)

    async def send(
        self,
        client: discord.Client,
        channel: discord.abc.Messageable,
        posts: Sequence[Post],
        texts: Texts,
        *,
        to: discord.Message | None = None,
    ) -> None:
        """Send messages, the first one as a reply to `to`."""
        shown: list[tuple[Post, discord.Message]] = []
        for post in posts:
            content = _content(post, texts)
            if to is not None and not shown:
                # The message may be deleted by now; the answer is not meant to be lost with it.
                content["reference"] = to.to_reference(fail_if_not_exists=False)
            shown.append((post, await channel.send(**content)))
        await self._shown(client, channel, shown)

    async def _shown(
        self, client: discord.Client, channel: object, shown: Sequence[tuple[Post, discord.Message]]
    ) -> None:
        """Let reactions be votes on the songs shown, and offer the two that everybody knows."""
        songs = {sent: post.impression for post, sent in shown if post.impression is not None}
        if not songs:
            return
        await self._votes.posted(
            {post_key(sent.channel.id, sent.id): which for sent, which in songs.items()}
        )
        if not _may_react(client, channel):
            return
        for sent in songs:
            place = client.get_partial_messageable(sent.channel.id)
            try:
                for emoji in _TO_VOTE:
                    await place.get_partial_message(sent.id).add_reaction(emoji)
            except FAILED_REQUEST as error:
                # People can still add their own, and there are the buttons.
                _log.info("message %d: no reactions added: %s", sent.id, type(error).__name__)
                return


def post_key(channel: int, message: int) -> str:
    """What a message is called among those that show songs."""
    return f"discord:{channel}:{message}"


def _content(post: Post, texts: Texts) -> dict[str, Any]:
    """A post in the words of the library; a message that is changed loses what is not in it."""
    view = view_of(post.rows, texts, post.own)
    return {
        "content": post.text,
        "embeds": list(post.embeds),
        "view": view,
        "files": [
            discord.File(BytesIO(file.content), file.name, description=file.alt)
            for file in post.files
        ],
    }


def _may_react(client: discord.Client, channel: object) -> bool:
    """Whether the bot is there, and not only brought along by a person, and is allowed to."""
    if isinstance(channel, discord.DMChannel):
        return True
    place = getattr(channel, "guild", None)
    guild = None if place is None else client.get_guild(place.id)
    if guild is None:
        return False
    known = guild.get_channel_or_thread(getattr(channel, "id", 0))
    return known is not None and known.permissions_for(guild.me).add_reactions
