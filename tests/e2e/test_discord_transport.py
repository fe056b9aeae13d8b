"""The connection to Discord, with the real library, against the local one."""

import asyncio
import io
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_client import MaeumClient, spoken
from bot.handlers.discord_errors import OutdatedError, RefusedSetupError, RefusedTokenError
from bot.handlers.discord_reactions import Reaction
from bot.handlers.discord_resilience import Resilience
from bot.handlers.discord_sync import sync_commands
from bot.running import stopping_by_signal
from bot.shards import Shards
from core.errors import EmptyMessageError
from scripts import sync_discord
from tests.e2e.discord_fake import TOKEN, DiscordServer, running_discord
from tests.e2e.discord_fake.library import no_waiting, pause

RESILIENCE = Resilience(sleep=pause, to_acknowledge=10.0)


class Markers:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.values.get(name)

    async def put(self, name: str, value: str) -> None:
        self.values[name] = value


def sentence(error: Exception, locale: str | None) -> str:
    return f"{locale}: {type(error).__name__}"


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"vote:(?P<song>\w+)"):
    def __init__(self, song: str) -> None:
        super().__init__(discord.ui.Button(label="좋아요", custom_id=f"vote:{song}"))
        self.song = song

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> "Vote":
        return cls(match["song"])

    async def callback(self, interaction: AnyInteraction) -> None:
        async def work() -> None:
            interaction.client.votes.append(self.song)
            await interaction.followup.send("고마워요", ephemeral=True)

        await interaction.client.answers.acknowledged(interaction, Acknowledgement.UPDATE, work)


class Bot(MaeumClient):
    """The transport with a few handlers."""

    def __init__(self, shards: Shards | None = None) -> None:
        super().__init__(sentence, shards=shards, resilience=RESILIENCE)
        self.markers = Markers()
        self.votes: list[str] = []
        self.heard: list[str] = []
        self.reactions: list[Reaction] = []
        self.done: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.hear(self.answer)
        self.watch(self.note)
        self.add_form("diary", self.receive)
        self.add_dynamic_items(Vote)
        add_commands(self)

    async def answer(self, message: discord.Message) -> None:
        self.heard.append(spoken(message, self.user.id if self.user else 0))
        if "고장" in message.content:
            raise RuntimeError("broken")
        await self.gate.wait()
        await message.reply("들었어요")

    async def note(self, reaction: Reaction) -> None:
        self.reactions.append(reaction)

    async def receive(self, interaction: AnyInteraction, written: Any) -> None:
        async def work() -> None:
            await interaction.response.send_message(f"적었어요: {written['note']}", ephemeral=True)

        await self.answers.acknowledged(interaction, Acknowledgement.ITSELF, work)


def add_commands(bot: Bot) -> None:
    @bot.tree.command(name="talk", description="talk")
    async def talk(interaction: discord.Interaction, text: str, how: str = "private") -> None:
        async def work() -> None:
            await bot.gate.wait()
            if text == "empty":
                raise EmptyMessageError
            if text == "broken":
                raise RuntimeError("broken")
            if text == "nothing":
                return
            bot.done.append(text)
            picture = discord.File(io.BytesIO(b"png"), "mood.png", description="그림")
            view = discord.ui.View(timeout=None).add_item(Vote("s1"))
            await interaction.edit_original_response(content=text, attachments=[picture], view=view)

        await bot.answers.acknowledged(interaction, Acknowledgement(how), work)

    @bot.tree.command(name="diary", description="diary")
    async def diary(interaction: discord.Interaction) -> None:
        note: Any = discord.ui.TextInput(label="오늘은", custom_id="note")
        form = discord.ui.Modal(title="일기", custom_id="diary:today", timeout=None).add_item(note)
        work = partial(interaction.response.send_modal, form)
        await bot.answers.acknowledged(interaction, Acknowledgement.ITSELF, work)

    @bot.tree.command(name="raw", description="raw")
    async def raw(interaction: discord.Interaction) -> None:
        raise ValueError("outside")


@asynccontextmanager
async def living(
    server: DiscordServer, shards: Shards | None = None, sessions: int = 1
) -> AsyncIterator[Bot]:
    bot = Bot(shards)
    stopping = asyncio.Event()
    prepare = partial(sync_commands, bot.tree, bot.markers)
    task = asyncio.create_task(bot.serve(TOKEN, stopping, prepare))
    connected = asyncio.create_task(server.connected(sessions))
    await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        connected.cancel()
        await task
    try:
        yield bot
    finally:
        stopping.set()
        await task


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    no_waiting(monkeypatch)
    async with running_discord() as running:
        yield running
        assert running.refusals == []
        assert running.errors == []


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with living(server) as running:
        yield running


def refused(server: DiscordServer) -> list[int]:
    """The codes of the refusals so far, which are expected thereby."""
    codes = [refusal.code for refusal in server.refusals]
    server.refusals.clear()
    return codes


# Answers.


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


# Once and again.


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


async def test_an_acknowledgement_that_hangs_is_sent_again(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "RESILIENCE", Resilience(sleep=pause, to_acknowledge=0.5))
    held = server.faults.hold("POST", "/callback")
    async with living(server) as bot:
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


# Reactions.


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


# The connection.


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
    async with living(server, Shards.parse("1-2/4"), sessions=2) as bot:
        assert [s.shard for s in server.gateway.connected] == [1, 2]
        person = server.person()
        for channel in channels.values():
            await person.says("안녕", channel, mention=True)
        await server.until(lambda: len(bot.heard) == 2)
        assert not channels[0].messages[1:]
        assert {guild.shard_id for guild in bot.guilds} == {1, 2}


# The end.


async def test_sigterm_lets_answers_finish_and_closes_the_gateway(server: DiscordServer) -> None:
    bot = Bot()
    bot.gate.clear()
    with stopping_by_signal() as stopping:
        serving = asyncio.create_task(
            bot.serve(TOKEN, stopping, partial(sync_commands, bot.tree, bot.markers))
        )
        await server.connected()
        interaction = await server.person().slash("talk", text="안녕", wait=False)
        await server.until(lambda: interaction.thinking)
        os.kill(os.getpid(), signal.SIGTERM)
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


# Commands.


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


async def test_a_form_that_fails_outside_of_the_helper_is_said_too(
    server: DiscordServer, bot: Bot
) -> None:
    async def broken(interaction: AnyInteraction, written: Any) -> None:
        raise KeyError("note")

    bot.add_form("diary", broken)
    person = server.person()
    sent = await person.submits(await person.slash("diary"), note="비가 왔다")
    assert sent.shown.content == "ko: KeyError"


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
