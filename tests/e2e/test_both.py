"""Telegram and Discord in one event loop, over one service."""

import re

import pytest

from bot.chat.chat import Chat
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import talking
from tests.e2e.discord_fake import running_discord
from tests.e2e.discord_fake.library import no_waiting
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running


@pytest.mark.parametrize(
    ("language", "joined", "sad"), [("ko", "한 사람", "슬픔"), ("en", "one person", "sadness")]
)
async def test_who_links_both_accounts_is_one_person_on_both(
    telegram_server: TelegramServer,
    chat: Chat,
    stored: Rows,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    joined: str,
    sad: str,
) -> None:
    no_waiting(monkeypatch)
    async with (
        running_discord() as discord,
        running(telegram_server, chat),
        talking(discord, chat),
    ):
        here = telegram_server.person(language=language)
        there = discord.person(locale=language)
        await here.says("슬픔")
        await here.answers(2)
        asked = await here.says("/link")
        (offer,) = await here.answers(after=asked)
        code = re.findall(r"[0-9A-Z]{10}", offer.text)[0]
        assert joined in (await there.slash("link", code=code)).shown.content
        assert sad in (await there.slash("mood")).shown.text
        assert len((await there.slash("songs")).shown.embeds) == 5
        asked = await here.says("/like 2")
        await here.answers(after=asked)  # of the list that was shown there
    assert discord.refusals == []
    assert stored("SELECT count(*) FROM person") == [(1,)]
    assert stored("SELECT verdict FROM feedback") == [("up",)]
