"""The small parts of the connection to Discord."""

import asyncio

import discord
import pytest

from bot.handlers.discord_once import Recent
from bot.handlers.discord_reactions import Reaction, plain_emoji, reaction_of
from bot.running import Running
from bot.shards import Shards

BOT = 7


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("👍", "👍"), ("👍🏻", "👍"), ("👍🏿", "👍"), ("👎\ufe0f", "👎"), ("❤️", "❤"), ("", "")],
)
def test_an_emoji_is_the_same_in_every_skin_tone(typed: str, plain: str) -> None:
    assert plain_emoji(typed) == plain


def event(user: int = 1, *, emoji_id: int | None = None) -> discord.RawReactionActionEvent:
    emoji = discord.PartialEmoji(name="👍🏽", id=emoji_id)
    data: discord.types.gateway.MessageReactionAddEvent = {
        "user_id": user,
        "channel_id": 2,
        "message_id": 3,
        "guild_id": 4,
        "emoji": {"id": None, "name": "👍🏽"},
        "type": 0,
        "burst": False,
    }
    return discord.RawReactionActionEvent(data, emoji, "REACTION_REMOVE")


def test_a_reaction_is_a_plain_value() -> None:
    expected = Reaction(user=1, channel=2, message=3, guild=4, emoji="👍", added=False)
    assert reaction_of(event(), BOT) == expected


def test_our_own_reactions_and_custom_emoji_are_none() -> None:
    assert reaction_of(event(BOT), BOT) is None
    assert reaction_of(event(emoji_id=9), BOT) is None


def test_what_was_seen_is_not_new_until_it_is_forgotten() -> None:
    recent = Recent(size=2)
    assert [recent.is_new(thing) for thing in "aababc"] == [True, False, True, False, False, True]
    assert recent.is_new("a")
    assert not recent.is_new("c")


@pytest.mark.parametrize(
    ("text", "ids", "count"), [("0-3/8", [0, 1, 2, 3], 8), ("7/8", [7], 8), (" 0-0/1 ", [0], 1)]
)
def test_a_part_of_the_shards_is_read(text: str, ids: list[int], count: int) -> None:
    shards = Shards.parse(text)
    assert (shards.ids, shards.count) == (ids, count)


@pytest.mark.parametrize("text", ["", "3-1/8", "0-8/8", "1/0", "-1/4", "a-b/c", "0-3", "²/3"])
def test_what_is_no_part_of_the_shards_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not like|the last is"):
        Shards.parse(text)


async def test_draining_waits_for_work_and_for_what_it_begins() -> None:
    running = Running()
    done: list[str] = []
    gate = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def second() -> None:
        with running.track():
            await asyncio.sleep(0)
            done.append("second")

    async def first() -> None:
        with running.track(), running.track():
            await gate.wait()
            tasks.append(asyncio.create_task(second()))
            await asyncio.sleep(0)
            done.append("first")

    tasks.append(asyncio.create_task(first()))
    await asyncio.sleep(0)
    draining = asyncio.create_task(running.drain(10.0))
    await asyncio.sleep(0)
    assert not draining.done()
    gate.set()
    await draining
    assert sorted(done) == ["first", "second"]
    assert len(running) == 0


async def test_what_does_not_end_is_cancelled_and_may_say_so() -> None:
    running = Running()
    said: list[str] = []

    async def endless() -> None:
        with running.track():
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                said.append("goodbye")
                raise

    task = asyncio.create_task(endless())
    await asyncio.sleep(0)
    await running.drain(0.1)
    assert said == ["goodbye"]
    assert task.cancelled()
