"""What fails for a moment is repeated, and nothing is done twice."""

import io
from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.handlers.discord_resilience import Resilience
from tests.e2e.discord.bot import Bot, living, refused
from tests.e2e.discord_fake import DiscordServer
from tests.e2e.discord_fake.library import pause


async def test_an_interaction_and_a_message_delivered_twice_act_once(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    server.gateway.twice = 1
    await person.slash("talk", text="한 번")
    server.gateway.twice = 1
    await person.hears(after=await person.says("한 번"))
    await person.slash("talk", text="두 번")
    assert bot.done == ["한 번", "두 번"]
    assert bot.heard == ["한 번"]


@pytest.mark.parametrize(
    "order",
    [
        lambda faults: faults.answer("POST", "/callback", 500, times=2),
        lambda faults: faults.answer("POST", "/callback", 503),
        lambda faults: faults.cut("POST", "/callback", times=2),
        lambda faults: faults.limit("POST", "/callback", via=False),
        lambda faults: faults.limit("POST", "/callback", via=True),
        lambda faults: faults.answer("PATCH", "@original", 502, times=3),
        lambda faults: faults.cut("PATCH", "@original"),
        lambda faults: faults.lose_answer("PATCH", "@original"),
        lambda faults: faults.limit("PATCH", "@original", via=False),
    ],
)
async def test_what_fails_for_a_moment_is_repeated(
    server: DiscordServer, bot: Bot, order: Callable[[Any], Any]
) -> None:
    fault = order(server.faults)
    interaction = await server.person().slash("talk", text="안녕")
    assert interaction.shown.content == "안녕"
    assert [file.content for file in interaction.shown.attachments] == [b"png"]
    assert (fault.times, bot.done) == (0, ["안녕"])


@pytest.mark.parametrize("status", [0, 500])
async def test_an_acknowledgement_whose_answer_was_lost_counts(
    server: DiscordServer, bot: Bot, status: int
) -> None:
    if status:
        server.faults.answer_after("POST", "/callback", status)
    else:
        server.faults.lose_answer("POST", "/callback")
    interaction = await server.person().slash("talk", text="안녕")
    assert interaction.shown.content == "안녕"
    assert bot.done == ["안녕"]
    assert refused(server) == [40060]


async def test_an_acknowledgement_that_hangs_is_sent_again(server: DiscordServer) -> None:
    impatient = Bot(resilience=Resilience(sleep=pause, to_acknowledge=0.5))
    held = server.faults.hold("POST", "/callback")
    async with living(server, impatient) as bot:
        interaction = await server.person().slash("talk", text="안녕")
        assert (interaction.shown.content, bot.done) == ("안녕", ["안녕"])
    assert held.times == 0


async def test_what_somebody_else_acknowledged_is_left_to_them(
    server: DiscordServer, bot: Bot
) -> None:
    held = server.faults.hold("POST", "/callback")
    interaction = await server.person().slash("talk", text="안녕", wait=False)
    await held.met.wait()
    interaction.callback = 5
    held.release.set()
    await server.until(lambda: bool(server.refusals) and not bot.running)
    assert refused(server) == [40060]
    assert bot.done == []


async def test_what_is_acknowledged_too_late_is_not_done(server: DiscordServer, bot: Bot) -> None:
    held = server.faults.hold("POST", "/callback")
    await server.person().slash("talk", text="안녕", wait=False)
    await held.met.wait()
    server.clock.advance(3.5)
    held.release.set()
    await server.until(lambda: bool(server.refusals) and not bot.running)
    assert refused(server) == [10062]
    assert bot.done == []


@pytest.mark.parametrize("lost", [False, True])
async def test_a_message_is_sent_once_whatever_fails(
    server: DiscordServer, bot: Bot, lost: bool
) -> None:
    person = server.person()
    path = "/channels/[0-9]+/messages$"
    if lost:
        server.faults.lose_answer("POST", path, times=2)
    else:
        server.faults.answer_after("POST", path, 500, times=2)
    channel = bot.get_partial_messageable(person.dm.id)
    await channel.send("안녕")
    await channel.send("그림", file=discord.File(io.BytesIO(b"png"), "a.png"))
    assert [message.content for message in person.sees()] == ["안녕", "그림"]
    assert person.sees()[1].attachments[0].content == b"png"


@pytest.mark.parametrize("lost", [False, True])
async def test_a_follow_up_that_may_have_arrived_is_not_repeated(
    server: DiscordServer, bot: Bot, lost: bool
) -> None:
    person = server.person()
    shown = (await person.slash("talk", text="안녕")).shown
    fault = server.faults.lose_answer("POST", "/webhooks/[0-9]+/[^/]+$")
    fault.status = 0 if lost else 500
    clicked = await person.clicks(shown, "좋아요")
    await server.until(lambda: len(clicked.followups) == 2)
    problem = "ServerDisconnectedError" if lost else "DiscordServerError"
    assert [m.content for m in clicked.followups] == ["고마워요", f"ko: {problem}"]


async def test_a_server_error_that_stays_is_said(server: DiscordServer, bot: Bot) -> None:
    server.faults.answer("PATCH", "@original", 500, times=4)
    interaction = await server.person().slash("talk", text="안녕")
    assert interaction.shown.content == "ko: DiscordServerError"


async def test_where_the_sentence_fails_as_a_follow_up_it_is_written_into_the_answer(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.answer("POST", "/webhooks/[0-9]+/[^/]+$", 500)
    interaction = await server.person().slash("talk", text="broken")
    assert interaction.shown.content == "ko: RuntimeError"


async def test_a_refused_acknowledgement_after_waiting_for_a_limit_is_somebody_elses(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.limit("POST", "/callback", via=False)
    held = server.faults.hold("POST", "/callback")
    interaction = await server.person().slash("talk", text="안녕", wait=False)
    await held.met.wait()
    interaction.callback = 5
    held.release.set()
    await server.until(lambda: bool(server.refusals) and not bot.running)
    assert refused(server) == [40060]
    assert bot.done == []
