"""Discord while the database is away for a moment."""

from collections.abc import Callable

import pytest

import bot.patience
from bot.chat.chat import Chat
from core.models import Layout
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import wants
from tests.e2e.discord_fake import DiscordServer, Message
from tests.e2e.discord_fake.people import Person

VERDICTS = "SELECT verdict FROM feedback ORDER BY rowid"


async def one_song(server: DiscordServer, chat: Chat, person: Person) -> Message:
    await wants(chat, person, Layout.SINGLE)
    await person.slash("talk", text="슬픔")
    await person.slash("songs", count=1)

    def songs() -> list[Message]:
        return [m for m in person.sees() if "👎" in m.reactions]

    await server.until(lambda: bool(songs()))
    return songs()[0]


async def test_a_vote_by_reaction_is_kept_when_the_database_is_back(
    server: DiscordServer, bot: Chat, stored: Rows, lose_commits: Callable[[int], None]
) -> None:
    person = server.person()
    song = await one_song(server, bot, person)
    lose_commits(1)
    await person.reacts(song, "👍")
    await server.until(lambda: "👍 ✓" in song.labels)
    assert stored(VERDICTS) == [("up",)]


async def test_after_a_database_that_stayed_away_the_same_reaction_is_no_repetition(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    lose_commits: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    person = server.person()
    song = await one_song(server, bot, person)
    monkeypatch.setitem(persist_defaults(), "pauses", ())
    lose_commits(1)
    await person.reacts(song, "👍")
    await server.until(lambda: "StoreError" in caplog.text)
    await person.unreacts(song, "👍")
    await person.reacts(song, "👍")
    await server.until(lambda: "👍 ✓" in song.labels)
    assert stored(VERDICTS)[-1] == ("up",)


def persist_defaults() -> dict[str, object]:
    defaults = bot.patience.persist.__kwdefaults__
    assert defaults is not None
    return defaults
