"""What people write: in direct messages, and in guilds where they address the bot."""

import re
from typing import Final

import discord

from bot.chat.answers import Answer, Turn
from bot.chat.commands import Command, Request
from bot.handlers.discord_client import MaeumClient, spoken
from bot.handlers.discord_context import Context
from bot.handlers.discord_replies import reply
from bot.handlers.discord_typing import typing

__all__ = ["on_edited_message", "on_message"]

_NO_WORDS: Final = re.compile(r"<(?:a?:\w+:|[@#][!&]?)\d+>")
"""Emoji of a guild, and mentions of others."""


async def on_message(context: Context, client: MaeumClient, message: discord.Message) -> None:
    """Answer a message that is meant for the bot."""
    turn = await context.turn_of(message)
    text = _said(message, client)
    async with context.alone(turn.user):
        speaks = await context.places.speaks_in(_guild(message), message.channel)
        # Where it is not to speak it answers danger alone, and that in direct messages.
        if not speaks and not await context.chat.service.conversation.hears_danger(text):
            return
        async with typing(message.channel):
            answer = await _answer(context, turn, message, text)
        await reply(context, client, message, turn, answer)


async def on_edited_message(
    context: Context, client: MaeumClient, message: discord.Message
) -> None:
    """Read the last message again; nothing is said to it, unless it speaks of danger now."""
    turn = await context.turn_of(message, edited=str(message.edited_at))
    async with context.alone(turn.user):
        answer = await context.chat.reread(turn, turn.message or "", _said(message, client))
        if answer is not None:
            await reply(context, client, message, turn, answer)


async def _answer(context: Context, turn: Turn, message: discord.Message, text: str) -> Answer:
    if not text and message.guild is not None and not message.attachments:
        # Only our name: somebody wants to know who that is.
        return await context.chat.run(turn, Request(Command.ABOUT, ""))
    return await context.chat.answer(turn, text)


def _said(message: discord.Message, client: MaeumClient) -> str:
    me = client.user.id if client.user else 0
    return _NO_WORDS.sub(" ", spoken(message, me)).strip()


def _guild(message: discord.Message) -> int | None:
    return message.guild.id if message.guild else None
