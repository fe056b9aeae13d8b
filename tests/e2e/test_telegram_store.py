"""Telegram while the database is away for a moment."""

from collections.abc import Callable

from bot.chat.chat import Chat
from tests.e2e.conftest import Rows
from tests.e2e.telegram import TelegramServer


async def test_a_vote_by_reaction_is_kept_when_the_database_is_back(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    lose_commits: Callable[[int], None],
) -> None:
    person = telegram_server.person()
    await person.says("/settings layout single")
    await person.says("슬픔")
    await telegram_server.settled()
    asked = await person.says("/songs 1")
    _, song = await person.answers(2, after=asked)
    await telegram_server.settled()
    lose_commits(1)
    await person.reacts(song, [], ["👍"])
    await telegram_server.settled()
    assert stored("SELECT verdict FROM feedback") == [("up",)]
    assert song.labels[:2] == ["👍 ✓", "👎"]


async def test_a_vote_by_button_says_that_it_was_not_kept(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    lose_commits: Callable[[int], None],
) -> None:
    person = telegram_server.person()
    await person.says("슬픔")
    await telegram_server.settled()
    asked = await person.says("/songs 1")
    (songs,) = await person.answers(after=asked)
    await telegram_server.settled()
    lose_commits(1)
    lost = await person.taps(songs, "👍")
    await telegram_server.settled()
    assert "기억을 꺼낼 수 없어요" in lost.text
    await person.taps(songs, "👍")
    await telegram_server.settled()
    assert stored("SELECT verdict FROM feedback") == [("up",)]
