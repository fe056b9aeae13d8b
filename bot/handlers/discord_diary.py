"""/diary: a form to write in, and songs for what was written."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from bot.chat.commands import Command, Request
from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_context import Context
from bot.handlers.discord_replies import respond

__all__ = ["FORM", "open_diary", "receive_diary"]

FORM: Final = "diary"
_WRITTEN: Final = "written"
_LONGEST: Final = 4000
"""As Discord has it."""


async def open_diary(interaction: AnyInteraction) -> None:
    """Open the form."""

    async def work() -> None:
        context: Context = interaction.client.context
        texts = (await context.presenter_for(context.turn(interaction))).texts
        page = discord.ui.TextInput[Any](
            label=texts("discord.diary.label"),
            custom_id=_WRITTEN,
            style=discord.TextStyle.paragraph,
            max_length=_LONGEST,
        )
        form = discord.ui.Modal(title=texts("discord.diary.title"), custom_id=FORM, timeout=None)
        await interaction.response.send_modal(form.add_item(page))

    await interaction.client.answers.acknowledged(interaction, Acknowledgement.ITSELF, work)


async def receive_diary(
    context: Context, interaction: AnyInteraction, written: Mapping[str, str]
) -> None:
    """Answer what was written."""
    request = Request(Command.DIARY, f"/diary {written.get(_WRITTEN, '')}")
    await respond(context, interaction, lambda turn: context.chat.run(turn, request))
