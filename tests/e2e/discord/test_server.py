"""The Discord of the tests: the real library works with it; it refuses what Discord refuses."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.e2e.discord_fake import TOKEN, Clock, DiscordServer, running_discord
from tests.e2e.discord_fake.errors import Refused
from tests.e2e.discord_fake.library import no_waiting

INTENTS = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True
)


class Bot(discord.AutoShardedClient):
    """A small bot on the bare library."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=INTENTS, **options)
        self.tree = app_commands.CommandTree(self)
        self.reactions: list[tuple[str, str]] = []
        self.messages: list[str] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        return

    async def on_message(self, message: discord.Message) -> None:
        self.messages.append(message.content)
        if not message.author.bot and message.content:
            await message.reply(f"들었어요: {message.content}")

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.append((event.event_type, event.emoji.name))

    on_raw_reaction_remove = on_raw_reaction_add


class Form(discord.ui.Modal):
    note: discord.ui.TextInput[Any] = discord.ui.TextInput(label="오늘은", custom_id="note")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"적었어요: {self.note.value}", ephemeral=True)


class Buttons(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="바꾸기", custom_id="change")
    async def change(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="바뀌었어요")

    @discord.ui.button(label="적기", custom_id="write")
    async def write(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_modal(Form(title="일기", custom_id="form"))


class Menu(discord.ui.View):
    @discord.ui.select(custom_id="menu", options=[discord.SelectOption(label="봄", value="s")])
    async def chosen(self, interaction: discord.Interaction, menu: discord.ui.Select[Any]) -> None:
        await interaction.response.edit_message(content=menu.values[0], view=None)


def add_commands(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(name="songs", description="songs")
    @app_commands.choices(mode=[app_commands.Choice(name="반대", value="opposite")])
    async def songs(interaction: discord.Interaction, mode: str, count: int = 5) -> None:
        await interaction.response.defer(ephemeral=True)
        picture = discord.File(io.BytesIO(b"png"), "mood.png", description="기분 그림")
        await interaction.edit_original_response(content=f"{mode} {count}", attachments=[picture])
        await interaction.followup.send("더 있어요", view=Buttons())

    @tree.command(name="like-song", description="like")
    async def like(interaction: discord.Interaction, song: str) -> None:
        await interaction.response.send_message(song, view=Buttons())

    @like.autocomplete("song")
    async def offer(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value=typed)]

    @tree.command(name="secret", description="secret")
    async def secret(interaction: discord.Interaction, followups: int = 1) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()
        for number in range(followups):
            await interaction.followup.send(f"비밀 {number}", ephemeral=True)

    @tree.command(name="pick", description="pick")
    async def pick(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("골라요", view=Menu())

    @tree.context_menu(name="이 글에 어울리는 노래")
    async def fitting(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"<{message.content}>", ephemeral=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with running_discord() as running:
        yield running
        assert running.refusals == []
        assert running.errors == []


@pytest.fixture
async def bot(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    no_waiting(monkeypatch)
    async with Bot() as client:
        add_commands(client.tree)
        Buttons()
        await client.login(TOKEN)
        client.add_view(Buttons())
        await client.tree.sync()
        running = asyncio.create_task(client.connect())
        await server.connected()
        yield client
        await client.close()
        await running


async def test_a_deferred_command_is_answered_with_a_file_and_a_follow_up(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    interaction = await person.slash("songs", mode="반대", count=3)
    assert interaction.shown.content == "opposite 3"
    assert interaction.shown.ephemeral
    assert [(a.filename, a.description, a.content) for a in interaction.shown.attachments] == [
        ("mood.png", "기분 그림", b"png")
    ]
    await server.until(lambda: bool(interaction.followups))
    assert interaction.followups[0].labels == ["바꾸기", "적기"]
    stranger = server.person("지호")
    assert interaction.shown not in stranger.sees(person.dm)


async def test_typing_is_completed_buttons_change_and_forms_are_sent(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    assert await person.types("like-song", song="봄") == [{"name": "봄!", "value": "봄"}]
    shown = (await person.slash("like-song", song="봄")).shown
    opened = await person.clicks(shown, "적기")
    sent = await person.submits(opened, {"오늘은": "비가 왔다"})
    assert sent.shown.content == "적었어요: 비가 왔다"
    await person.clicks(shown, "바꾸기")
    assert shown.content == "바뀌었어요"
    answer = await person.uses_message_command("이 글에 어울리는 노래", shown)
    assert answer.shown.content == "<바뀌었어요>"


async def test_a_public_promise_can_be_taken_back_for_a_private_answer(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    interaction = await person.slash("secret")
    await server.until(lambda: bool(interaction.followups))
    assert [(m.content, m.visible_to) for m in person.sees()] == [("비밀 0", person.id)]


async def test_an_app_that_was_only_brought_along_follows_up_five_times(
    server: DiscordServer, bot: Bot
) -> None:
    [secret] = [c for c in server.commands.sets[None] if c["name"] == "secret"]
    secret["integration_types"] = [1]
    where = server.channel(server.guild(has_bot=False))
    interaction = await server.person().slash("secret", where=where, followups=6)
    await server.until(lambda: bool(server.refusals))
    assert (len(interaction.followups), server.refusals[0].code) == (5, 40094)
    server.refusals.clear()


async def test_a_choice_of_a_menu_arrives(server: DiscordServer, bot: Bot) -> None:
    person = server.person()
    shown = (await person.slash("pick")).shown
    with pytest.raises(LookupError):
        await person.chooses(shown, "겨울")
    assert (await person.chooses(shown, "봄")).shown.content == "s"
    assert list(shown.parts) == []


async def test_a_file_that_is_too_large_and_a_reply_to_nothing_are_refused(
    server: DiscordServer, bot: Bot
) -> None:
    channel = bot.get_partial_messageable(server.person().dm.id)
    large = discord.File(io.BytesIO(b"x" * (10 * 2**20 + 1)), "large.bin")
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=large)
    assert (refused.value.status, refused.value.code) == (413, 40005)
    with pytest.raises(discord.HTTPException) as missing:
        await channel.send("답장", reference=channel.get_partial_message(5))
    assert missing.value.code == 50035
    server.refusals.clear()


async def test_messages_are_readable_in_direct_messages_and_when_the_bot_is_addressed(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    said = await person.says("힘들어요")
    answer = await person.hears(after=said)
    assert (answer.content, answer.reply_to) == ("들었어요: 힘들어요", said)


async def test_in_a_guild_only_what_is_addressed_to_the_bot_is_readable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running_discord() as server, Bot() as client:
        channel = server.channel(server.guild())
        await client.login(TOKEN)
        running = asyncio.create_task(client.connect())
        await server.connected()
        person = server.person()
        await person.says("혼잣말", channel)
        asked = await person.says("안녕", channel, mention=True)
        answer = await person.hears(channel, after=asked)
        assert answer.content.startswith("들었어요: <@")
        assert client.messages[0] == ""
        await person.says("고마워", channel, reply_to=answer)
        await server.until(lambda: len(channel.messages) == 5)
        await client.close()
        await running
        assert server.refusals == []


async def test_reactions_of_people_and_of_the_bot_are_told(server: DiscordServer, bot: Bot) -> None:
    person = server.person()
    message = await person.hears(after=await person.says("안녕"))
    await person.reacts(message, "👍🏽")
    await person.unreacts(message, "👍🏽")
    await server.until(lambda: len(bot.reactions) == 2)
    assert bot.reactions == [("REACTION_ADD", "👍🏽"), ("REACTION_REMOVE", "👍🏽")]


async def test_a_dropped_socket_resumes_and_missed_events_are_replayed(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    server.gateway.drop()
    said = await person.says("끊겼나요?")
    assert (await person.hears(after=said)).content == "들었어요: 끊겼나요?"
    assert (server.gateway.resumes, server.gateway.identifies) == (1, 1)


async def test_op_7_resumes_and_op_9_identifies_again(server: DiscordServer, bot: Bot) -> None:
    await server.gateway.ask_to_reconnect()
    await server.until(lambda: server.gateway.resumes == 1)
    await server.connected()
    await server.gateway.invalidate()
    await server.until(lambda: server.gateway.identifies == 2)
    await server.connected()
    person = server.person()
    assert (await person.hears(after=await person.says("안녕"))).content == "들었어요: 안녕"


async def test_a_second_or_a_late_acknowledgement_is_refused(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    first = await person.slash("like-song", song="봄")
    await server.repeat(first)
    await server.until(lambda: bool(server.refusals))
    assert [r.code for r in server.refusals] == [40060]
    server.refusals.clear()
    held = server.faults.hold("POST", "/callback")
    late = await person.slash("like-song", song="봄", wait=False)
    await held.met.wait()
    server.clock.advance(3.5)
    held.release.set()
    await server.until(lambda: bool(server.refusals))
    assert (late.callback, [r.code for r in server.refusals]) == (None, [10062])
    server.refusals.clear()


async def test_a_token_ends_after_a_quarter_of_an_hour(server: DiscordServer, bot: Bot) -> None:
    person = server.person()
    caught: list[discord.Interaction] = []

    @bot.event
    async def on_interaction(interaction: discord.Interaction) -> None:
        caught.append(interaction)

    await person.slash("like-song", song="봄")
    server.clock.advance(901)
    with pytest.raises(discord.HTTPException) as refused:
        await caught[0].followup.send("늦었어요")
    assert refused.value.code == 50027
    server.refusals.clear()


async def test_a_wrong_token_and_missing_access_are_refused() -> None:
    async with running_discord() as server:
        async with Bot() as stranger:
            with pytest.raises(discord.LoginFailure):
                await stranger.login("wrong")
        async with Bot() as client:
            await client.login(TOKEN)
            closed = server.channel(server.guild())
            closed.bot_sees = False
            for path, code in ((closed.id, 50001), (1, 10003)):
                with pytest.raises(discord.HTTPException) as refused:
                    await client.get_partial_messageable(path).send("안녕")
                assert refused.value.code == code
            dm = server.person().dm
            with pytest.raises(discord.NotFound) as missing:
                await client.get_partial_messageable(dm.id).get_partial_message(5).edit(content="x")
            assert missing.value.code == 10008
        assert [r.code for r in server.refusals] == [0, 50001, 10003, 10008]


async def test_nobody_reacts_to_what_one_person_alone_sees(server: DiscordServer, bot: Bot) -> None:
    person = server.person()
    private = (await person.slash("songs", mode="반대")).shown
    with pytest.raises(Refused):
        await person.reacts(private, "👍")
    message = bot.get_partial_messageable(person.dm.id).get_partial_message(private.id)
    with pytest.raises(discord.NotFound):
        await message.add_reaction("👍")
    assert [r.code for r in server.refusals] == [10008]
    server.refusals.clear()


async def test_heartbeats_are_acknowledged(server: DiscordServer, bot: Bot) -> None:
    await server.until(lambda: server.gateway.heartbeats > 0)


async def test_people_find_only_what_is_offered_where_they_are(
    server: DiscordServer, bot: Bot
) -> None:
    person = server.person()
    uninvited = server.channel(server.guild(has_bot=False))
    for where in (uninvited, server.group(person, server.person("지호"))):
        with pytest.raises(LookupError):
            await person.slash("songs", where=where, mode="반대")
    for wrong in ({"mode": "없음"}, {}, {"mode": "반대", "count": "셋"}, {"other": 1}):
        with pytest.raises(LookupError):
            await person.slash("songs", **wrong)
    [songs] = [c for c in server.commands.sets[None] if c["name"] == "songs"]
    songs |= {"contexts": [0, 1, 2], "integration_types": [0, 1]}
    interaction = await person.slash("songs", where=uninvited, mode="반대")
    assert interaction.shown.content == "opposite 5"


async def test_a_message_with_an_enforced_nonce_is_made_once() -> None:
    async with running_discord() as server, Bot() as client:
        await client.login(TOKEN)
        dm = server.person().dm
        for _ in range(2):
            await client.get_partial_messageable(dm.id).send("한 번만", nonce="abc")
        assert [m.content for m in dm.messages] == ["한 번만"]


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock = Clock()
    clock.advance(2.0)
    assert clock.now == 2.0
