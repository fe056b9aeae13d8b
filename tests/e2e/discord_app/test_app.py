"""The bot on Discord as a whole: how it starts and ends, and the model it comes with."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.chat.chat import Chat
from bot.config import SettingsError, load_settings
from bot.discord_app import serve
from bot.handlers.discord_errors import RefusedTokenError
from bot.serving import serve as serve_platforms
from tests.e2e.discord_app.app import RESILIENCE, refused, settings_for, talking
from tests.e2e.discord_fake import DiscordServer
from tests.e2e.services import GatedReader, open_chat

NOWHERE = Path("no") / "such" / "file"


async def test_without_a_token_it_says_what_is_missing(chat: Chat) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
        await serve(load_settings({}, NOWHERE), chat, np.random.default_rng(0), asyncio.Event())


async def test_a_token_that_discord_does_not_know_ends_the_bot(
    server: DiscordServer, chat: Chat
) -> None:
    settings = settings_for(DISCORD_TOKEN="wrong")
    with pytest.raises(RefusedTokenError, match="DISCORD_TOKEN"):
        await serve(
            settings, chat, np.random.default_rng(0), asyncio.Event(), resilience=RESILIENCE
        )
    assert refused(server) == [0]


async def test_commands_are_sent_once_over_all_starts(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    address = fresh("sqlite")
    for _ in range(2):
        async with open_chat(address, tmp_path) as chat, talking(server, chat):
            pass
    assert server.commands.overwrites == 1


@pytest.mark.parametrize("shards", ["1-2/4", "3/4"])
async def test_a_part_of_the_shards_can_be_run(
    server: DiscordServer, chat: Chat, shards: str
) -> None:
    async with talking(server, chat, DISCORD_SHARDS=shards):
        wanted = {"1-2/4": [1, 2], "3/4": [3]}[shards]
        await server.until(lambda: len(server.gateway.connected) == len(wanted))
        assert sorted(s.shard for s in server.gateway.connected) == wanted


@pytest.mark.parametrize("shards", ["4/4", "2-1/4", "all"])
def test_shards_that_there_are_not_are_refused(shards: str) -> None:
    with pytest.raises(SettingsError, match="DISCORD_SHARDS"):
        settings_for(DISCORD_SHARDS=shards)


async def test_at_the_end_what_is_under_way_is_answered(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    classifier = GatedReader()
    classifier.gates["슬픔"] = gate = asyncio.Event()
    person = server.person()
    async with (
        open_chat(fresh("sqlite"), tmp_path, reader=classifier) as chat,
        talking(server, chat) as stop,
    ):
        asked = await person.slash("talk", text="슬픔", wait=False)
        await server.until(lambda: asked.thinking)
        stop.set()
        gate.set()
        await server.until(lambda: asked.answered)
    assert "AI" in asked.shown.content


async def test_what_breaks_inside_ends_in_a_sentence_and_not_in_the_log(
    server: DiscordServer,
    bot: Chat,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("비밀 이야기")

    monkeypatch.setattr(bot.service.votes, "standing", broken)
    person = server.person()
    await person.slash("talk", text="슬픔")
    shown = (await person.slash("songs")).shown
    assert "답을 만들지 못했어요" in shown.content
    said = await person.says("노래 추천해줘")
    assert "답을 만들지 못했어요" in (await person.hears(after=said)).content
    assert "RuntimeError" in caplog.text
    assert "비밀" not in caplog.text


async def test_with_the_bundled_model_and_songs(
    server: DiscordServer, fresh: Callable[[str], str]
) -> None:
    settings = settings_for(DATABASE_URL=fresh("sqlite"))
    stop, person = asyncio.Event(), server.person()
    serving = asyncio.create_task(
        serve_platforms(settings, [serve], np.random.default_rng(0), stop)
    )
    await server.until(lambda: server.gateway.identifies == 1, 60)
    try:
        for _ in range(2):
            said = await person.says("오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나")
            told = await person.hears(after=said)
        assert "비슷한 노래" in told.labels
        shown = (await person.clicks(told, "비슷한 노래")).shown
        assert len(shown.embeds) == 5
        assert "슬픔" in (await person.slash("mood")).shown.text
        await person.clicks(shown, "1 👍")
        await server.until(lambda: "1 👍 ✓" in shown.labels)
    finally:
        stop.set()
        await serving
