"""A small bot on our connection to Discord, for the tests of that connection."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import discord

from bot.handlers.discord_answers import Acknowledgement, AnyInteraction
from bot.handlers.discord_client import MaeumClient, spoken
from bot.handlers.discord_reactions import Reaction
from bot.handlers.discord_resilience import Resilience
from bot.handlers.discord_sync import sync_commands
from bot.shards import Shards
from core.errors import EmptyMessageError
from tests.e2e.discord_fake import TOKEN, DiscordServer
from tests.e2e.discord_fake.library import pause

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

    def __init__(self, shards: Shards | None = None, resilience: Resilience = RESILIENCE) -> None:
        super().__init__(sentence, shards=shards, resilience=resilience)
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
    server: DiscordServer, bot: Bot | None = None, sessions: int = 1
) -> AsyncIterator[Bot]:
    """The bot, from when it is connected until it has left."""
    bot = bot or Bot()
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


def refused(server: DiscordServer) -> list[int]:
    """The codes of the refusals so far, which are expected thereby."""
    codes = [refusal.code for refusal in server.refusals]
    server.refusals.clear()
    return codes
