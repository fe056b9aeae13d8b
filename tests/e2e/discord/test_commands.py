"""Commands are sent when they changed."""

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.handlers.discord_errors import RefusedSetupError
from bot.handlers.discord_sync import sync_commands
from scripts import sync_discord
from tests.e2e.discord.bot import Bot, Markers, refused
from tests.e2e.discord_fake import TOKEN, DiscordServer


class Korean(app_commands.Translator):
    def __init__(self, name: str) -> None:
        self.name = name

    async def translate(self, string: Any, locale: discord.Locale, context: Any) -> str | None:
        return self.name if locale is discord.Locale.korean else None


async def test_commands_are_sent_only_when_they_or_their_translations_changed(
    server: DiscordServer,
) -> None:
    markers = Markers()

    async def start(name: str) -> bool:
        bot = Bot()
        await bot.tree.set_translator(Korean(name))

        @bot.tree.command(name=app_commands.locale_str("mood"), description="mood")
        async def mood(interaction: discord.Interaction) -> None: ...

        async with bot:
            await bot.login(TOKEN)
            return await sync_commands(bot.tree, markers)

    assert [await start("기분"), await start("기분"), await start("마음")] == [True, False, True]
    assert server.commands.overwrites == 2
    [mood] = [c for c in server.commands.sets[None] if c["name"] == "mood"]
    assert mood["name_localizations"] == {"ko": "마음"}
    assert mood["integration_types"] == [0, 1]
    assert sorted(mood["contexts"]) == [0, 1, 2]


async def test_commands_that_discord_refuses_are_named(server: DiscordServer) -> None:
    async with Bot() as bot:
        await bot.login(TOKEN)
        await bot.tree.set_translator(Korean("노래 주세요"))

        @bot.tree.command(name=app_commands.locale_str("mood"), description="mood")
        async def mood(interaction: discord.Interaction) -> None: ...

        with pytest.raises(RefusedSetupError, match="talk"):
            await sync_commands(bot.tree, Markers())
        with pytest.raises(RefusedSetupError):
            await sync_commands(bot.tree, Markers(), guild=discord.Object(5))
    assert refused(server) == [50035, 50001]


async def test_a_start_does_without_new_commands_while_discord_does_not_take_them(
    server: DiscordServer,
) -> None:
    server.faults.answer("PUT", "/commands", 500, times=4)
    markers = Markers()
    async with Bot() as bot:
        await bot.login(TOKEN)
        assert not await sync_commands(bot.tree, markers)
    assert markers.values == {}


@pytest.mark.parametrize("one_guild", [False, True])
async def test_the_script_sends_the_commands(
    server: DiscordServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    one_guild: bool,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    guild = server.guild().id
    sent = await asyncio.to_thread(sync_discord.main, ["--guild", str(guild)] if one_guild else [])
    assert (sent, set(server.commands.sets)) == (0, {guild if one_guild else None})
    assert "sent" in capsys.readouterr().out


async def test_the_script_says_what_is_wrong(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "wrong")
    assert await asyncio.to_thread(sync_discord.main, []) == 2
    assert "DISCORD_TOKEN" in capsys.readouterr().err
    assert refused(server) == [0]
