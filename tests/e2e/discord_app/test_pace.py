"""Who asks Discord's bot for too much at once: told once, then met with silence; danger never."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from bot.pace import Deed, Pace, Rate
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import talking
from tests.e2e.discord_fake import DiscordServer
from tests.e2e.services import open_chat


@pytest.fixture
async def hurried(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path
) -> AsyncIterator[Chat]:
    """The bot, which grants two of everything in a day."""
    pace = Pace({deed: Rate(2, 86_400) for deed in Deed})
    async with (
        open_chat(fresh("sqlite"), tmp_path / "learned", pace=pace) as chat,
        talking(server, chat),
    ):
        yield chat


@pytest.mark.parametrize(
    ("language", "sentence"), [("ko", "천천히 해도"), ("en", "No need to rush")]
)
async def test_too_many_messages_are_told_once_then_silent_and_danger_is_answered(
    server: DiscordServer, hurried: Chat, language: str, sentence: str
) -> None:
    person = server.person(locale=language)
    await person.slash("settings")  # which tells the language of the person's app
    for _ in range(2):
        await person.hears(after=await person.says("슬픔"))
    told = await person.hears(after=await person.says("슬픔"))
    assert sentence in told.content
    for _ in range(3):
        await person.says("슬픔")
    card = await person.hears(after=await person.says("죽고 싶어"))
    assert "109" in card.text
    assert len([message for message in person.sees() if sentence in message.content]) == 1


async def test_a_command_is_always_answered_and_a_button_only_once(
    server: DiscordServer, hurried: Chat, stored: Rows
) -> None:
    person = server.person()
    await person.slash("talk", text="슬픔")
    shown = (await person.slash("songs", count=3)).shown
    await person.slash("songs")
    for _ in range(2):  # "is thinking" has to end
        assert "천천히 해도" in (await person.slash("songs")).shown.content
    for label in ("1 👍", "2 👎", "3 👍"):
        await person.clicks(shown, label)
        marked = f"{label} ✓"
        await server.until(partial(lambda mark: mark in shown.labels, marked))
    assert stored("SELECT count(*) FROM feedback") == [(3,)]


async def test_what_is_looked_up_while_typing_is_bounded(
    server: DiscordServer, hurried: Chat
) -> None:
    person = server.person()
    found = [bool(await person.types("like-song", song=text)) for text in ("노", "노래", "노래 1")]
    assert found == [True, True, False]
