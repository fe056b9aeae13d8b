"""/server: how the bot behaves in a guild, for its administrators."""

from dataclasses import replace
from typing import Any, Final

from discord import app_commands

from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_context import Context
from bot.handlers.discord_names import Names
from bot.handlers.discord_places import Rules
from bot.handlers.discord_views import Post
from bot.texts import Texts
from core.models import Language

__all__ = ["LANGUAGES", "add_server_command"]

_HERE: Final = "here"
_EVERYWHERE: Final = "everywhere"
_CHANNELS: Final = {"discord.choice.here": _HERE, "discord.choice.everywhere": _EVERYWHERE}
LANGUAGES: Final = {
    "setting.language.ko": Language.KOREAN,
    "setting.language.en": Language.ENGLISH,
}
"""By the keys of their names."""


def add_server_command(tree: app_commands.CommandTree[Any], names: Names) -> None:
    """Let the tree have the command; in guilds that the bot is in."""

    @tree.command(**names.command("server", "discord.command.server.text"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    @names.options("on", "channel", "language")
    @app_commands.choices(
        channel=names.choices(_CHANNELS),
        language=names.choices(LANGUAGES),
    )
    async def server(
        interaction: AnyInteraction,
        on: bool | None = None,
        channel: str | None = None,
        language: str | None = None,
    ) -> None:
        async def work() -> None:
            context: Context = interaction.client.context
            guild, here = interaction.guild_id or 0, interaction.channel_id or 0
            before = await context.places.rules(guild)
            rules = _changed(before, here, on=on, channel=channel, language=language)
            if rules != before:
                await context.places.put(guild, rules)
            texts = (await context.presenter_for(context.turn(interaction))).texts
            post = Post("\n".join(_lines(rules, texts)))
            await context.sender.respond(interaction, [post], texts, ephemeral=True)

        await interaction.client.answers.acknowledged(interaction, Acknowledgement.PRIVATE, work)


def _changed(
    rules: Rules, here: int, *, on: bool | None, channel: str | None, language: str | None
) -> Rules:
    if on is not None:
        rules = replace(rules, on=on)
    if channel == _HERE:
        rules = rules.with_channel(here)
    elif channel == _EVERYWHERE:
        rules = replace(rules, channels=())
    if language is not None:
        rules = replace(rules, language=Language(language))
    return rules


def _lines(rules: Rules, texts: Texts) -> list[str]:
    channels = ", ".join(f"<#{channel}>" for channel in rules.channels)
    spoken = rules.language
    name = texts("discord.server.unset") if spoken is None else texts(f"setting.language.{spoken}")
    return [
        texts("discord.server.title"),
        texts("discord.server.on") if rules.on else texts("discord.server.off"),
        texts("discord.server.channels", channels=channels)
        if channels
        else texts("discord.server.everywhere"),
        texts("discord.server.language", language=name),
    ]
