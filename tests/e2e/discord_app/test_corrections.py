"""Readings that are put right on Discord, in direct messages and in guilds."""

import pytest

from bot.chat.chat import Chat
from core.emotion.labels import COARSE
from core.models import UserKey
from core.records import ConsentKind
from tests.e2e.conftest import Rows
from tests.e2e.discord_fake import DiscordServer, Guild
from tests.services import NOW

WORDS = [
    ("ko", "아니에요", "어떤 마음에 더 가까웠어요", "분노", "분노로 다시 읽었어요"),
    ("en", "That's not it", "Which feeling", "anger", "I read it as anger now"),
]


@pytest.mark.parametrize(("locale", "no", "asks", "label", "done"), WORDS)
async def test_who_says_no_chooses_and_the_question_becomes_the_answer(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    locale: str,
    no: str,
    asks: str,
    label: str,
    done: str,
) -> None:
    person = server.person(locale=locale)
    await person.slash("help")  # which tells the language of the person's app
    await person.hears(after=await person.says("오늘은 슬픔뿐이야"))
    question = await person.hears(after=await person.says(no))
    assert asks in question.content
    assert len(question.labels) == len(COARSE)
    await person.clicks(question, label)
    await server.until(lambda: done in question.content)
    assert f"{label} 100%" in question.content
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]
    assert stored("SELECT count(*) FROM correction") == [(0,)]


@pytest.mark.parametrize(("locale", "no", "asks", "label", "done"), WORDS)
async def test_in_a_guild_it_is_between_the_two(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    guild: Guild,
    locale: str,
    no: str,
    asks: str,
    label: str,
    done: str,
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    await person.slash("consent", where=channel)
    await bot.service.people.consent(
        UserKey("discord", str(person.id)),
        ConsentKind.CORRECTIONS,
        given=True,
        now=NOW,
        text_version="1",
    )
    await person.hears(channel, after=await person.says("슬픔", channel, mention=True))
    mood = (await person.slash("mood", where=channel)).shown
    assert mood.ephemeral
    assert mood.labels == [no]
    pressed = await person.clicks(mood, no)
    await server.until(lambda: bool(pressed.followups))
    (question,) = pressed.followups
    assert question.ephemeral
    assert asks in question.content
    await person.clicks(question, label)
    await server.until(lambda: done in question.content)
    assert question.labels == []
    asked = await person.says(no, channel, mention=True)
    told = await person.hears(channel, after=asked)
    assert label not in told.text
    assert asks not in told.text
    assert asks in (await person.hears()).content
    assert stored("SELECT model_version FROM correction") == [("words 1",)]


@pytest.mark.parametrize(("locale", "no", "asks", "label", "done"), WORDS)
async def test_the_command_asks_where_there_is_something_to_put_right(
    server: DiscordServer, bot: Chat, locale: str, no: str, asks: str, label: str, done: str
) -> None:
    person = server.person(locale=locale)
    shown = (await person.slash("correct")).shown
    assert shown.labels == []
    await person.slash("talk", text="슬픔")
    assert asks in (await person.slash("correct")).shown.content
