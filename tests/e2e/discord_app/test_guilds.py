"""Guilds: songs for everybody, rules of administrators, where people bring the app along."""

import pytest

from bot.chat.chat import Chat
from tests.e2e.conftest import Rows
from tests.e2e.discord_fake import Channel, DiscordServer, Guild, Message
from tests.e2e.discord_fake.people import Person


async def songs(person: Person, where: Channel, count: int = 5) -> Message:
    await person.slash("talk", text="슬픔")
    return (await person.slash("songs", where=where, count=count)).shown


@pytest.mark.parametrize(
    ("locale", "share", "intro", "again"),
    [
        ("ko", "모두에게 보이기", "함께 듣고", "이미 모두"),
        ("en", "Show to everybody", "listen to together", "see them already"),
    ],
)
async def test_songs_are_shown_to_everybody_when_the_person_wants_so(
    server: DiscordServer,
    bot: Chat,
    guild: Guild,
    stored: Rows,
    locale: str,
    share: str,
    intro: str,
    again: str,
) -> None:
    (channel,) = guild.channels
    person, neighbour = server.person(locale=locale), server.person("이웃")
    shown = await songs(person, channel)
    assert shown.ephemeral
    assert neighbour.sees(channel) == []
    await person.clicks(shown, "1 👍")
    await server.until(lambda: "1 👍 ✓" in shown.labels and share in shown.labels)
    await person.clicks(shown, share)
    await server.until(lambda: len(neighbour.sees(channel)) == 1)
    (public,) = neighbour.sees(channel)
    assert intro in public.content
    assert [e["url"] for e in public.embeds] == [e["url"] for e in shown.embeds]
    assert "%" not in public.text
    assert "✓" not in "".join(public.labels)
    pressed = await neighbour.clicks(public, "2 👎")
    await server.until(lambda: bool(pressed.followups))
    assert stored("SELECT verdict FROM feedback ORDER BY rowid") == [("up",), ("down",)]
    twice = await person.clicks(shown, share)
    await server.until(lambda: bool(twice.followups))
    assert again in twice.followups[0].content
    assert [m for m in neighbour.sees(channel) if not m.ephemeral] == [public]


SHARES = {"ko": "모두에게 보이기", "en": "Show to everybody"}
SHARE = pytest.mark.parametrize(("locale", "share"), SHARES.items())


@SHARE
async def test_one_song_that_is_shown_to_everybody_takes_reactions(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows, locale: str, share: str
) -> None:
    (channel,) = guild.channels
    person, neighbour = server.person(locale=locale), server.person("이웃", locale=locale)
    await person.slash("talk", text="슬픔")
    asked = await person.slash("songs", where=channel, count=1)
    await server.until(lambda: bool(asked.followups))
    await person.clicks(asked.followups[0], share)
    await server.until(lambda: any("👎" in m.reactions for m in channel.messages))
    song = next(m for m in channel.messages if m.reactions)
    await neighbour.reacts(song, "👍")
    await server.until(lambda: stored("SELECT verdict FROM feedback") == [("up",)])


@SHARE
async def test_a_mood_cannot_be_shown_to_everybody(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, share: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    await person.slash("talk", text="슬픔")
    for name in ("mood", "history", "taste", "settings", "consent", "privacy", "forget"):
        shown = (await person.slash(name, where=channel)).shown
        assert shown.ephemeral, name
        assert share not in shown.labels


ALONE = (
    *("mood", "history", "week", "taste", "settings", "consent", "breathe", "privacy", "export"),
    *("forget", "link", "help"),
)


@SHARE
async def test_brought_along_into_a_guild_or_group_it_answers_the_person_alone(
    server: DiscordServer, bot: Chat, locale: str, share: str
) -> None:
    person, friend = server.person(locale=locale), server.person("친구")
    elsewhere = server.channel(server.guild("남의 서버", has_bot=False))
    for place in (elsewhere, server.group(person, friend)):
        await person.slash("talk", where=place, text="슬픔")
        shown = (await person.slash("songs", where=place, count=20)).shown
        assert shown.ephemeral
        await server.until(
            lambda place=place: sum(len(m.embeds) for m in person.sees(place)) == 20  # type: ignore[misc]
        )
        await person.clicks(shown, share)
        await server.until(lambda place=place: len(friend.sees(place)) == 1)  # type: ignore[misc]
        for name in ALONE:  # none needs more than the five further messages it may send there
            assert (await person.slash(name, where=place)).shown.ephemeral, name


@pytest.mark.parametrize(
    ("locale", "title", "off", "quiet"),
    [
        ("ko", "이 서버의 설정", "말하지 않아요", "모두에게 보여드릴 수 없게"),
        ("en", "settings of this server", "do not speak", "not to show things"),
    ],
)
async def test_an_administrator_switches_the_bot_off_where_all_read_along(
    server: DiscordServer,
    bot: Chat,
    guild: Guild,
    locale: str,
    title: str,
    off: str,
    quiet: str,
) -> None:
    (channel,) = guild.channels
    admin = server.person("관리자", admin=True, locale=locale)
    person, share = server.person(locale=locale), SHARES[locale]
    with pytest.raises(LookupError):
        await person.slash("server", where=channel)
    shown = (await admin.slash("server", where=channel)).shown
    assert title in shown.content
    assert shown.ephemeral
    before = await songs(person, channel)
    switched = await admin.slash("server", where=channel, speak=False)
    assert off in switched.shown.content
    other = server.person("이웃")
    await other.says("슬픔", channel, mention=True)
    await other.says("죽고 싶어", channel, mention=True)
    await server.until(lambda: any("109" in message.content for message in other.sees()))
    assert not [message for message in other.sees(channel) if message.author.bot]
    assert share not in (await songs(person, channel)).labels
    pressed = await person.clicks(before, share)
    await server.until(lambda: bool(pressed.followups))
    assert quiet in pressed.followups[0].content
    await admin.slash("server", where=channel, speak=True)
    asked = await person.says("슬픔", channel, mention=True)
    await person.hears(channel, after=asked)


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_an_administrator_chooses_the_channels(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str
) -> None:
    channel, *_ = guild.channels
    other = server.channel(guild, "다른 방")
    admin, person = server.person("관리자", admin=True, locale=locale), server.person()
    shown = await admin.slash("server", where=channel, channel="here")
    assert f"<#{channel.id}>" in shown.shown.content
    await person.says("슬픔", other, mention=True)
    asked = await person.says("슬픔", channel, mention=True)
    await person.hears(channel, after=asked)
    assert not [m for m in other.messages if m.author.bot]
    await admin.slash("server", where=channel, channel="everywhere")
    asked = await person.says("슬픔", other, mention=True)
    await person.hears(other, after=asked)


async def test_a_guild_has_a_language_for_those_who_chose_none(
    server: DiscordServer, bot: Chat, guild: Guild
) -> None:
    (channel,) = guild.channels
    admin, person = server.person("관리자", admin=True), server.person()
    await admin.slash("server", where=channel, language="en")
    asked = await person.says("", channel, mention=True)
    assert "I am Maeum DJ" in (await person.hears(channel, after=asked)).content
    await person.slash("language", language="ko")
    asked = await person.says("", channel, mention=True)
    assert "마음DJ예요" in (await person.hears(channel, after=asked)).content
