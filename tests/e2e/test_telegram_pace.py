"""Who asks Telegram's bot for too much at once: told once, then met with silence; danger never."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from bot.pace import Deed, Pace, Rate
from tests.e2e.conftest import Rows
from tests.e2e.services import open_chat
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running

VOTES = "SELECT count(*) FROM feedback"


@pytest.fixture
async def hurried(
    telegram_server: TelegramServer, fresh: Callable[[str], str], tmp_path: Path
) -> AsyncIterator[Chat]:
    """The bot, which grants two of everything in a day."""
    pace = Pace({deed: Rate(2, 86_400) for deed in Deed})
    async with (
        open_chat(fresh("sqlite"), tmp_path / "learned", pace=pace) as chat,
        running(telegram_server, chat),
    ):
        yield chat


@pytest.mark.parametrize(
    ("language", "sentence"), [("ko", "천천히 해도"), ("en", "No need to rush")]
)
async def test_too_many_messages_are_told_once_then_silent_and_danger_is_answered(
    telegram_server: TelegramServer, hurried: Chat, language: str, sentence: str
) -> None:
    hana = telegram_server.person(language=language)
    for _ in range(6):
        await hana.says("슬픔")
    await telegram_server.settled()
    introduction, first, second, told = hana.hears
    assert introduction
    assert first
    assert sentence not in second
    assert sentence in told
    await hana.sends({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular"}})
    asked = await hana.says("죽고 싶어")
    (card,) = await hana.answers(after=asked)
    assert "109" in card.text
    cared = await hana.says("너무 힘들어")
    assert await hana.answers(after=cared)


async def test_votes_count_and_song_buttons_say_why_nothing_comes(
    telegram_server: TelegramServer, hurried: Chat, stored: Rows
) -> None:
    hana = telegram_server.person()
    await hana.says("슬픔")
    await hana.answers(2)
    asked = await hana.says("/songs 3")
    (songs,) = await hana.answers(after=asked)
    taps = [await hana.taps(songs, "1 👍"), await hana.taps(songs, "2 👎")]
    for _ in range(3):
        await hana.says("슬픔")
    taps += [await hana.taps(songs, "3 👎") for _ in range(2)]
    await telegram_server.settled()
    assert all(tap.text for tap in taps)
    assert stored(VOTES) == [(4,)]
    await hana.taps(songs, "비슷한 노래")
    await telegram_server.settled()
    before = len(hana.hears)
    for _ in range(3):
        await hana.taps(songs, "비슷한 노래")
    await telegram_server.settled()
    assert ["천천히 해도" in text for text in hana.hears[before:]] == [True]


async def test_a_group_is_not_flooded_with_invitations(
    telegram_server: TelegramServer, hurried: Chat
) -> None:
    group, hana = telegram_server.group(), telegram_server.person()
    for _ in range(5):
        await hana.says("/mood", chat=group)
    await telegram_server.settled()
    assert len(group.sent) == 2


async def test_inline_queries_are_answered_without_songs_once_there_were_many(
    telegram_server: TelegramServer, hurried: Chat
) -> None:
    hana = telegram_server.person()
    asked = []
    for text in ("슬픔", "슬픔이", "슬픔이야"):
        asked.append(await hana.asks_inline(text))
        await telegram_server.settled()
    assert [len(query.results) for query in asked] == [10, 10, 0]
    danger = await hana.asks_inline("죽고 싶어")
    await telegram_server.settled()
    assert danger.answer is not None
    assert '"start_parameter": "h-0"' in danger.answer["button"]
