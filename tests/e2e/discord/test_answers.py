"""Answers to interactions, messages and reactions on Discord."""

from typing import Any

import discord
import pytest

from bot.handlers.discord_answers import AnyInteraction
from bot.handlers.discord_errors import OutdatedError
from tests.e2e.discord.bot import Bot, living, refused
from tests.e2e.discord_fake import DiscordServer


async def test_an_answer_is_deferred_privately_and_then_filled_in(
    server: DiscordServer, bot: Bot
) -> None:
    bot.gate.clear()
    interaction = await server.person().slash("talk", text="안녕", wait=False)
    await server.until(lambda: interaction.thinking)
    assert interaction.shown.ephemeral
    bot.gate.set()
    await server.until(lambda: interaction.answered)
    assert interaction.shown.content == "안녕"
    assert [file.description for file in interaction.shown.attachments] == ["그림"]


@pytest.mark.parametrize(
    ("how", "text", "name"),
    [
        ("private", "empty", "EmptyMessageError"),
        ("private", "broken", "RuntimeError"),
        ("public", "broken", "RuntimeError"),
        ("itself", "empty", "EmptyMessageError"),
        ("itself", "nothing", "RuntimeError"),
    ],
)
async def test_every_failure_ends_in_a_visible_sentence(
    server: DiscordServer, bot: Bot, how: str, text: str, name: str
) -> None:
    interaction = await server.person(locale="en").slash("talk", text=text, how=how)
    assert interaction.shown.content == f"en-US: {name}"
    assert interaction.shown.ephemeral is (how != "public")


async def test_a_failure_outside_of_the_helper_is_said_too(server: DiscordServer, bot: Bot) -> None:
    interaction = await server.person().slash("raw")
    assert interaction.shown.content == "ko: ValueError"
    assert interaction.shown.ephemeral


async def test_a_command_that_is_gone_is_answered_as_outdated(
    server: DiscordServer, bot: Bot
) -> None:
    bot.tree.remove_command("raw")
    interaction = await server.person().slash("raw")
    assert interaction.shown.content == f"ko: {OutdatedError.__name__}"


async def test_a_button_of_before_the_restart_works_and_an_unknown_one_is_outdated(
    server: DiscordServer,
) -> None:
    person = server.person()
    async with living(server):
        shown = (await person.slash("talk", text="안녕")).shown
    async with living(server) as bot:
        clicked = await person.clicks(shown, "좋아요")
        await server.until(lambda: bool(clicked.followups))
        assert bot.votes == ["s1"]
        assert shown.content == "안녕"
        shown.button("좋아요")["custom_id"] = "old:1"
        outdated = await person.clicks(shown, "좋아요")
        assert outdated.shown.content == "ko: OutdatedError"


async def test_a_view_that_was_added_is_not_outdated(server: DiscordServer) -> None:
    class Kept(discord.ui.View):
        @discord.ui.button(label="그대로", custom_id="kept (1)")
        async def kept(self, interaction: discord.Interaction, _: Any) -> None:
            await interaction.response.edit_message(content="그대로예요")

    person = server.person()
    async with living(server) as bot:
        shown = (await person.slash("talk", text="안녕")).shown
        shown.button("좋아요").update(custom_id="kept (1)", label="그대로")
        bot.add_view(Kept(timeout=None))
        assert (await person.clicks(shown, "그대로")).shown.content == "그대로예요"
        assert len(person.sees()) == 1


async def test_a_form_opened_before_the_restart_is_received_after_it(
    server: DiscordServer,
) -> None:
    person = server.person()
    async with living(server):
        opened = await person.slash("diary")
    async with living(server):
        sent = await person.submits(opened, note="비가 왔다")
        assert sent.shown.content == "적었어요: 비가 왔다"
        assert opened.modal is not None
        opened.modal["custom_id"] = "gone"
        assert (await person.submits(opened, note="x")).shown.content == "ko: OutdatedError"


async def test_a_message_that_fails_is_answered_with_a_sentence(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    said = await person.says("고장")
    assert (await person.hears(after=said)).content == "None: RuntimeError"


async def test_where_the_bot_may_not_write_it_carries_on(server: DiscordServer) -> None:
    channel = server.channel(server.guild())
    channel.bot_writes = False
    async with living(server) as bot:
        person = server.person()
        await person.says("안녕", channel, mention=True)
        await server.until(lambda: len(server.refusals) == 2 and not bot.running)
        assert refused(server) == [50013, 50013]
        assert (await person.slash("talk", where=channel, text="안녕")).shown.content == "안녕"


async def test_in_a_guild_only_those_who_address_us_are_heard(server: DiscordServer) -> None:
    channel = server.channel(server.guild())
    async with living(server) as bot:
        person = server.person()
        await person.says("혼잣말", channel)
        asked = await person.says("안녕", channel, mention=True)
        answer = await person.hears(channel, after=asked)
        await person.says("고마워", channel, reply_to=answer)
        await server.person("봇", bot=True).says("나도", channel, mention=True)
        await person.says("끝", channel, mention=True)
        await server.until(lambda: len(bot.heard) == 3)
        assert bot.heard == ["안녕", "고마워", "끝"]
        assert answer.allowed_mentions == {"parse": []}


async def test_a_form_that_fails_outside_of_the_helper_is_said_too(
    server: DiscordServer, bot: Bot
) -> None:
    async def broken(interaction: AnyInteraction, written: Any) -> None:
        raise KeyError("note")

    bot.add_form("diary", broken)
    person = server.person()
    sent = await person.submits(await person.slash("diary"), note="비가 왔다")
    assert sent.shown.content == "ko: KeyError"


async def test_reactions_come_as_plain_values_and_ours_do_not(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    message = await person.hears(after=await person.says("안녕"))
    await (
        bot.get_partial_messageable(person.dm.id).get_partial_message(message.id).add_reaction("👍")
    )
    await person.reacts(message, "👍🏽")
    await person.reacts(message, "❤️")
    await person.unreacts(message, "👍🏽")
    await server.until(lambda: len(bot.reactions) == 3)
    assert [(r.emoji, r.added) for r in bot.reactions] == [("👍", True), ("❤", True), ("👍", False)]
    assert {(r.user, r.channel, r.message, r.guild) for r in bot.reactions} == {
        (person.id, person.dm.id, message.id, None)
    }
