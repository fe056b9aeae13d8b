"""The gateway: connecting, reconnecting and the end."""

import asyncio
import logging
from functools import partial

import pytest

from bot.handlers.discord_errors import RefusedSetupError, RefusedTokenError
from bot.handlers.discord_sync import sync_commands
from bot.shards import Shards
from tests.e2e.discord.bot import Bot, living, refused
from tests.e2e.discord_fake import TOKEN, DiscordServer


async def test_reconnects_resume_and_lose_nothing(server: DiscordServer, bot: Bot) -> None:
    person = server.person()
    server.gateway.drop()
    assert (await person.hears(after=await person.says("하나"))).content == "들었어요"
    await server.gateway.ask_to_reconnect()
    assert (await person.hears(after=await person.says("둘"))).content == "들었어요"
    await server.connected()
    await server.gateway.close(4000)
    assert (await person.hears(after=await person.says("셋"))).content == "들었어요"
    await server.connected()
    assert (server.gateway.identifies, server.gateway.resumes) == (1, 3)
    await server.gateway.invalidate()
    await server.connected()
    assert (await person.hears(after=await person.says("넷"))).content == "들었어요"
    assert server.gateway.identifies == 2
    assert bot.heard == ["하나", "둘", "셋", "넷"]


async def test_a_first_connection_that_fails_is_tried_again(server: DiscordServer) -> None:
    server.gateway.refused = 2
    server.faults.cut("GET", "/users/@me", times=5)
    server.faults.answer("GET", "/gateway/bot", 500, times=5)
    async with living(server):
        assert server.gateway.identifies == 1


async def test_a_wall_in_front_of_discord_is_waited_for_and_a_ban_is_named(
    server: DiscordServer,
) -> None:
    server.faults.limit("GET", "/users/@me", via=False, retry_after=60.0)
    async with living(server):
        pass
    server.faults.answer("GET", "/users/@me", 403)
    with pytest.raises(RefusedSetupError, match="403"):
        await Bot().serve(TOKEN, asyncio.Event())


async def test_a_refused_token_ends_it_with_a_clear_sentence(server: DiscordServer) -> None:
    with pytest.raises(RefusedTokenError, match="DISCORD_TOKEN"):
        await Bot().serve("wrong", asyncio.Event())
    assert refused(server) == [0]


async def test_a_token_reset_while_we_run_ends_it_too(server: DiscordServer) -> None:
    bot = Bot()
    serving = asyncio.create_task(bot.serve(TOKEN, asyncio.Event()))
    await server.connected()
    server.gateway.token = "another"
    server.gateway.drop()
    with pytest.raises(RefusedTokenError):
        await serving


async def test_shards_that_there_are_not_end_it_with_a_clear_sentence(
    server: DiscordServer,
) -> None:
    with pytest.raises(RefusedSetupError, match="4010"):
        await Bot(Shards(2, 2, 2)).serve(TOKEN, asyncio.Event())


async def test_a_process_serves_its_part_of_the_shards(server: DiscordServer) -> None:
    guilds = [server.guild(str(number)) for number in range(12)]
    channels = {(g.id >> 22) % 4: server.channel(g) for g in guilds}
    assert set(channels) == {0, 1, 2, 3}
    async with living(server, Bot(Shards.parse("1-2/4")), sessions=2) as bot:
        assert [s.shard for s in server.gateway.connected] == [1, 2]
        person = server.person()
        for channel in channels.values():
            await person.says("안녕", channel, mention=True)
        await server.until(lambda: len(bot.heard) == 2)
        assert not channels[0].messages[1:]
        assert {guild.shard_id for guild in bot.guilds} == {1, 2}


async def test_at_the_end_answers_finish_and_the_gateway_is_closed(server: DiscordServer) -> None:
    bot = Bot()
    bot.gate.clear()
    stopping = asyncio.Event()
    serving = asyncio.create_task(
        bot.serve(TOKEN, stopping, partial(sync_commands, bot.tree, bot.markers))
    )
    await server.connected()
    interaction = await server.person().slash("talk", text="안녕", wait=False)
    await server.until(lambda: interaction.thinking)
    stopping.set()
    await server.until(lambda: server.gateway.closed == [1000])
    assert not serving.done()
    bot.gate.set()
    await serving
    assert interaction.shown.content == "안녕"
    assert server.gateway.sessions == {}


async def test_answers_that_take_too_long_at_the_end_are_taken_back_kindly(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.discord_connection._TO_DRAIN", 0.5)
    async with living(server) as bot:
        bot.gate.clear()
        person = server.person()
        interaction = await person.slash("talk", text="안녕", wait=False)
        await person.says("기다려")
        await server.until(lambda: interaction.thinking and bool(bot.heard))
    assert interaction.shown.content == "ko: ShuttingDownError"
    assert "None: ShuttingDownError" in [message.content for message in person.sees()]


async def test_it_can_be_stopped_before_it_is_connected(server: DiscordServer) -> None:
    held = server.faults.hold("GET", "/users/@me")
    stopping = asyncio.Event()
    serving = asyncio.create_task(Bot().serve(TOKEN, stopping))
    await held.met.wait()
    stopping.set()
    await serving
    held.release.set()


async def test_the_library_does_not_log_what_people_write(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with living(server):
        person = server.person()
        await person.slash("talk", text="비밀이야")
        await person.hears(after=await person.says("비밀이야 고장"))
    assert caplog.text
    assert "비밀" not in caplog.text
