"""Talk on Discord: direct messages, guilds, danger, what is nobody else's business."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from core.emotion.labels import COARSE
from core.models import Layout, UserKey
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import refused, talking, wants
from tests.e2e.discord_fake import DiscordServer, Guild
from tests.e2e.discord_fake.people import Person
from tests.e2e.services import GatedReader, few_songs, open_chat

FEELINGS = re.compile("슬픔|sadness|%|담긴|닮")


@pytest.mark.parametrize(
    ("language", "who", "offer"),
    [
        ("ko", "사람이 아니라 AI", "어떤 노래가 좋을까요"),
        ("en", "an AI and not", "Which would you"),
    ],
)
async def test_the_first_message_says_who_speaks_and_the_next_offers_songs(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    language: str,
    who: str,
    offer: str,
) -> None:
    person = server.person(locale=language)
    await person.slash("help")  # which tells the language of the person's app
    first = await person.hears(after=await person.says("오늘은 슬픔뿐이야"))
    assert who in first.content
    assert first.reply_to is None
    second = await person.hears(after=await person.says("여전히 슬픔이야"))
    assert offer in second.content
    assert who not in second.content
    songs = await person.clicks(second, second.labels[0])
    assert len(songs.shown.embeds) == 5
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("노래 추천해줘", "아직 마음을 몰라서"),
        ("/기분", "어떤 마음인지 잘 몰라요"),
        ("😀", "한 단어라도 괜찮으니"),
        ("<:happy:123456>", "한 단어라도 괜찮으니"),
        ("가" * 3000, "한 단어라도 괜찮으니"),
        ("\u200b\u200b", "한 단어라도 괜찮으니"),
        ("/노레", "찾으셨나요"),
        ("'; DROP TABLE person; --", "한 단어라도 괜찮으니"),
    ],
)
async def test_whatever_is_written_gets_a_kind_answer(
    server: DiscordServer, bot: Chat, text: str, answer: str
) -> None:
    person = server.person()
    assert answer in (await person.hears(after=await person.says(text))).text


async def test_a_long_page_comes_in_parts(server: DiscordServer, bot: Chat) -> None:
    person = server.person()
    await person.slash("help")
    texts = [message.content for message in person.sees()]
    assert all(0 < len(text) <= 2000 for text in texts)
    assert "109" in texts[-1]


async def test_titles_are_shown_as_they_are_and_call_nobody(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    person = server.person()
    async with (
        open_chat(fresh("sqlite"), tmp_path, songs=few_songs(nasty=True)) as chat,
        talking(server, chat),
    ):
        await person.slash("talk", text="슬픔")
        shown = (await person.slash("songs")).shown
    title = shown.embeds[0]["title"]
    assert "\\_밑줄\\_ \\[글\\]" in title
    assert "\u202e" not in title
    assert shown.allowed_mentions == {"parse": []}


async def test_in_a_guild_the_bot_answers_who_addresses_it(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows
) -> None:
    (channel,) = guild.channels
    person = server.person()
    await person.says("혼잣말 슬픔", channel)
    asked = await person.says("슬픔", channel, mention=True)
    answer = await person.hears(channel, after=asked)
    assert answer.reply_to is asked
    again = await person.says("아직도 슬픔", channel, reply_to=answer)
    await person.hears(channel, after=again)
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]
    named = await person.says("", channel, mention=True)
    assert "AI" in (await person.hears(channel, after=named)).content


@pytest.mark.parametrize("layout", list(Layout))
async def test_songs_in_a_guild_tell_of_no_mood(
    server: DiscordServer, bot: Chat, guild: Guild, layout: Layout
) -> None:
    (channel,) = guild.channels
    person, neighbour = server.person(), server.person("이웃")
    await wants(bot, person, layout)
    await person.hears(channel, after=await person.says("슬픔", channel, mention=True))
    asked = await person.says("노래 3곡", channel, mention=True)
    await person.hears(channel, after=asked)
    await server.until(lambda: sum(len(m.embeds) for m in channel.messages) == 3)
    songs = [embed for m in channel.messages for embed in m.embeds]
    assert not FEELINGS.search(str([embed.get("description") for embed in songs]))
    assert len({embed["color"] for embed in songs}) == 1
    shown = next(m for m in channel.messages if m.embeds)
    pressed = await neighbour.clicks(shown, "👍")
    await server.until(lambda: bool(pressed.followups))
    assert pressed.followups[0].ephemeral
    assert "✓" not in "".join(shown.labels)


@pytest.mark.parametrize(("locale", "private"), [("ko", "둘이서"), ("en", "the two of us")])
@pytest.mark.parametrize("text", ["/기분", "/settings", "/내보내기", "/privacy"])
async def test_what_is_personal_is_answered_in_direct_messages(
    server: DiscordServer, bot: Chat, guild: Guild, text: str, locale: str, private: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    await person.slash("taste")  # which tells the language of the person's app
    await person.hears(channel, after=await person.says("슬픔", channel, mention=True))
    asked = await person.says(text, channel, mention=True)
    told = await person.hears(channel, after=asked)
    assert private in told.content
    assert not FEELINGS.search(told.text)
    assert (await person.hears()).text


@pytest.mark.parametrize(
    ("locale", "button", "mood", "others", "outdated"),
    [
        ("ko", "나만 보기", "슬픔", "부르신 분만", "쓰지 않는 버튼"),
        ("en", "Only for me", "sadness", "person who asked", "not in use any more"),
    ],
)
async def test_who_takes_no_direct_messages_sees_it_below_a_button(
    server: DiscordServer,
    bot: Chat,
    guild: Guild,
    locale: str,
    button: str,
    mood: str,
    others: str,
    outdated: str,
) -> None:
    (channel,) = guild.channels
    person, neighbour = server.person(locale=locale), server.person("이웃", locale=locale)
    await person.slash("taste")  # which tells the language of the person's app
    person.member.refuses_dms = True
    await person.hears(channel, after=await person.says("슬픔", channel, mention=True))
    asked = await person.says("/기분", channel, mention=True)
    told = await person.hears(channel, after=asked)
    assert refused(server) == [50007]
    assert not FEELINGS.search(told.text)
    shown = (await person.clicks(told, button)).shown
    assert shown.ephemeral
    assert mood in shown.text
    other = (await neighbour.clicks(told, button)).shown
    assert others in other.content
    channel.messages.remove(asked)
    del server.world.messages[asked.id]
    gone = (await person.clicks(told, button)).shown
    assert outdated in gone.content
    assert refused(server) == [10008]


@pytest.mark.parametrize(("locale", "line"), [("ko", "고마워요"), ("en", "Thank you")])
async def test_danger_is_answered_to_the_person_alone(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows, locale: str, line: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    shown = (await person.slash("talk", where=channel, text="죽고 싶어")).shown
    assert shown.ephemeral
    assert line in shown.content
    assert "109" in shown.content
    asked = await person.says("죽고 싶어", channel, mention=True)
    assert "109" in (await person.hears()).content
    await person.says("그만 살고 싶어", person.dm)
    await server.until(lambda: len(person.sees()) == 3)
    assert person.sees(channel)[-1] is asked
    assert stored("SELECT count(*) FROM person") == [(0,)]


@pytest.mark.parametrize(
    ("locale", "breathe", "feet"),
    [("ko", "잠깐 숨 고르기", "발바닥"), ("en", "A moment to breathe", "feet")],
)
async def test_care_after_danger_is_between_the_two_and_offers_to_breathe(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, breathe: str, feet: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    await person.slash("taste", where=channel)  # which tells the language of the person's app
    for count, text in enumerate(("죽고 싶어", "오늘도 슬픔뿐이야"), start=1):
        await person.says(text, channel, mention=True)
        await server.until(lambda count=count: len(person.sees()) == count)  # type: ignore[misc]
    said = [message for message in channel.messages if not message.ephemeral]
    assert not [message for message in said if message.author.bot]
    pressed = await person.clicks(person.sees()[0], breathe)
    await server.until(lambda: bool(pressed.followups))
    assert feet in pressed.followups[0].content
    assert pressed.followups[0].ephemeral


@pytest.mark.parametrize(("locale", "button"), [("ko", "나만 보기"), ("en", "Only for me")])
async def test_danger_is_answered_where_direct_messages_are_closed(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, button: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    await person.slash("taste")  # which tells the language of the person's app
    person.member.refuses_dms = True
    asked = await person.says("죽고 싶어", channel, mention=True)
    told = await person.hears(channel, after=asked)
    assert refused(server) == [50007]
    assert "109" not in told.text
    assert "109" in (await person.clicks(told, button)).shown.content


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_an_edited_message_is_read_again_and_answered_only_in_danger(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str
) -> None:
    person = server.person(locale=locale)
    await person.slash("taste")  # which tells the language of the person's app
    said = await person.says("슬픔")
    await person.hears(after=said)
    before = len(person.sees())
    await person.edits(said, "행복")
    user = UserKey("discord", str(person.id))
    await server.until(lambda: stored("SELECT version FROM person") == [(2,)])
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]
    (point,) = await bot.service.people.history(user, datetime.min.replace(tzinfo=UTC))
    assert COARSE[int(point.coarse.argmax())] == "행복"
    assert len(person.sees()) == before
    await person.edits(said, "죽고 싶어")
    await server.until(lambda: len(person.sees()) > before)
    assert "109" in person.sees()[-1].content


async def test_typing_is_shown_while_an_answer_takes_long(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    import asyncio

    classifier = GatedReader()
    classifier.gates["슬픔"] = gate = asyncio.Event()
    person = server.person()
    async with (
        open_chat(fresh("sqlite"), tmp_path, reader=classifier) as chat,
        talking(server, chat),
    ):
        said = await person.says("슬픔")
        await server.until(lambda: person.dm.typing > 0)
        gate.set()
        await person.hears(after=said)


async def test_quick_messages_are_answered_in_their_order(server: DiscordServer, bot: Chat) -> None:
    person: Person = server.person()
    await person.says("슬픔")
    await person.says("/없는명령어들")
    await person.says("/기분")
    await server.until(lambda: len([m for m in person.sees() if m.author.bot]) == 3)
    first, second, third = (m for m in person.sees() if m.author.bot)
    assert "AI" in first.content
    assert "도움말" in second.content
    assert "슬픔" in third.text
