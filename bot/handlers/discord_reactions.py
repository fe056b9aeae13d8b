"""Reactions as plain values, whatever message they are on and however the emoji was typed."""

from dataclasses import dataclass
from typing import Final

import discord

__all__ = ["Reaction", "plain_emoji", "reaction_of"]

_VARIATION_SELECTORS: Final = ("\ufe0e", "\ufe0f")
_FIRST_SKIN_TONE: Final = "\U0001f3fb"
_LAST_SKIN_TONE: Final = "\U0001f3ff"


@dataclass(frozen=True)
class Reaction:
    """Somebody added a reaction, or took it back.

    Attributes:
        user: id of the person.
        channel: id.
        message: id; it may be any message, of anybody.
        guild: id; None in direct messages.
        emoji: without variation selector and skin tone.
        added: False where it was taken back.
    """

    user: int
    channel: int
    message: int
    guild: int | None
    emoji: str
    added: bool


def plain_emoji(emoji: str) -> str:
    """The emoji without variation selectors and skin tones: 👍🏽 and 👍 are the same."""
    return "".join(
        char
        for char in emoji
        if char not in _VARIATION_SELECTORS and not _FIRST_SKIN_TONE <= char <= _LAST_SKIN_TONE
    )


def reaction_of(event: discord.RawReactionActionEvent, bot: int) -> Reaction | None:
    """The event as a value; None for a bot's, and for custom emoji, which are no votes.

    Args:
        event: added or removed.
        bot: our own id. Of other bots only additions in guilds say that they are bots.
    """
    if event.user_id == bot or (event.member is not None and event.member.bot):
        return None
    if event.emoji.id is not None:
        return None
    return Reaction(
        user=event.user_id,
        channel=event.channel_id,
        message=event.message_id,
        guild=event.guild_id,
        emoji=plain_emoji(event.emoji.name),
        added=event.event_type == "REACTION_ADD",
    )
