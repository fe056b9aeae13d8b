"""Votes on Discord, by button, menu and reaction: what is shown and what is kept."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from bot.chat.reactions import MEANINGS
from core.models import Layout
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import refused, talking, wants
from tests.e2e.discord_fake import DiscordServer, Guild, Message
from tests.e2e.discord_fake.people import Person
from tests.e2e.services import open_chat

VERDICTS = "SELECT verdict FROM feedback ORDER BY rowid"


def options(message: Message) -> list[str]:
    """What the menus of a message offer."""
    return [o["label"] for part in message.parts for o in part.get("options") or []]


async def listed(person: Person, count: int = 5) -> Message:
    """A list of songs in direct messages."""
    await person.slash("talk", text="슬픔")
    return (await person.slash("songs", count=count)).shown


async def singles(server: DiscordServer, chat: Chat, person: Person) -> list[Message]:
    """Three songs, a message each, with the bot's two reactions."""
    await wants(chat, person, Layout.SINGLE)
    await person.slash("talk", text="슬픔")
    await person.slash("songs", count=3)

    def songs() -> list[Message]:
        return [m for m in person.sees() if "👍" in m.reactions and "👎" in m.reactions]

    await server.until(lambda: len(songs()) == 3)
    return songs()


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_a_thumb_shows_at_its_button_and_is_taken_back_by_it(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str
) -> None:
    person = server.person(locale=locale)
    shown = await listed(person)
    before = shown.embeds
    await person.clicks(shown, "2 👍")
    await server.until(lambda: "2 👍 ✓" in shown.labels)
    await person.clicks(shown, "2 👎")
    await server.until(lambda: "2 👎 ✓" in shown.labels)
    assert "2 👍" in shown.labels
    await person.clicks(shown, "2 👎 ✓")
    await server.until(lambda: "2 👎" in shown.labels)
    assert stored(VERDICTS) == [("up",), ("down",), ("retracted",)]
    assert shown.embeds == before


async def test_in_a_long_list_each_message_keeps_its_own_buttons(
    server: DiscordServer, bot: Chat
) -> None:
    person = server.person()
    await person.slash("talk", text="슬픔")
    await person.slash("songs", count=10)
    await server.until(lambda: len([m for m in person.sees() if m.embeds]) == 2)
    first, second = (m for m in person.sees() if m.embeds)
    await person.clicks(second, "7 👍")
    await server.until(lambda: "7 👍 ✓" in second.labels)
    assert [label for label in second.labels if "👎" in label] == [
        f"{number} 👎" for number in range(6, 11)
    ]
    assert "비슷한 노래" in options(second)
    await person.clicks(first, "1 👎")
    await server.until(lambda: "1 👎 ✓" in first.labels)
    assert "비슷한 노래" not in options(first)


@pytest.mark.parametrize(
    ("locale", "song", "artist", "thanks"),
    [
        ("ko", "1 이 노래만", "2 이 가수 노래 모두", "다시 권하지 않을게요"),
        ("en", "1 This song", "2 All of this artist", "will not come again"),
    ],
)
async def test_a_menu_keeps_songs_and_artists_from_coming_again(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    locale: str,
    song: str,
    artist: str,
    thanks: str,
) -> None:
    person = server.person(locale=locale)
    shown = await listed(person)
    for label in (song, artist):
        chosen = await person.chooses(shown, label)
        await server.until(lambda chosen=chosen: bool(chosen.followups))  # type: ignore[misc]
        assert thanks in chosen.followups[0].content
        assert chosen.followups[0].ephemeral
    assert stored(VERDICTS) == [("never_song",), ("never_artist",)]


@pytest.mark.parametrize(
    ("locale", "never", "artist", "thanks"),
    [
        ("ko", "추천 제외", "이 가수 노래 모두", "다시 권하지 않을게요"),
        ("en", "Never", "All of this artist", "will not come again"),
    ],
)
async def test_below_a_single_song_a_question_asks_what_is_not_to_come(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    locale: str,
    never: str,
    artist: str,
    thanks: str,
) -> None:
    person = server.person(locale=locale)
    song, *_ = await singles(server, bot, person)
    asked = await person.clicks(song, never)
    await server.until(lambda: bool(asked.followups))
    (question,) = asked.followups
    await person.clicks(question, artist)
    await server.until(lambda: thanks in question.content)
    assert question.buttons == []
    assert stored(VERDICTS) == [("never_artist",)]


@pytest.mark.parametrize(
    ("locale", "more", "refined"),
    [("ko", "반대 노래", "다른 가수로"), ("en", "Another mood", "Other artists")],
)
async def test_a_menu_below_a_list_brings_other_songs(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, more: str, refined: str
) -> None:
    person = server.person(locale=locale)
    shown = await listed(person)
    moved = await person.chooses(shown, refined)
    assert len(moved.shown.embeds) == 5
    asked = await person.chooses(moved.shown, more)
    assert len(asked.shown.embeds) == 5
    assert stored("SELECT DISTINCT mode FROM impression ORDER BY mode") == [
        ("opposite",),
        ("similar",),
    ]


@pytest.mark.parametrize(("locale", "never"), [("ko", "추천 제외"), ("en", "Never")])
@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "❤️", "👎", "👎🏿"])
async def test_a_reaction_is_a_vote_and_shows_at_the_button(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, never: str, emoji: str
) -> None:
    person = server.person(locale=locale)
    _, song, _ = await singles(server, bot, person)
    verdict = MEANINGS[emoji[0]]
    await person.reacts(song, emoji)
    await server.until(lambda: any("✓" in label for label in song.labels))
    assert never in song.labels  # the buttons are changed in the voter's language
    await person.unreacts(song, emoji)
    await server.until(lambda: not any("✓" in label for label in song.labels))
    assert never in song.labels
    assert stored(VERDICTS) == [(verdict,), ("retracted",)]


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_taking_a_reaction_back_leaves_what_a_button_said_since(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str
) -> None:
    person = server.person(locale=locale)
    song, *_ = await singles(server, bot, person)
    await person.reacts(song, "👍")
    await server.until(lambda: "👍 ✓" in song.labels)
    await person.clicks(song, "👎")
    await server.until(lambda: "👎 ✓" in song.labels)
    edits = song.edits
    await person.unreacts(song, "👍")
    await server.until(lambda: song.edits > edits)
    assert stored(VERDICTS) == [("up",), ("down",)]
    assert "👎 ✓" in song.labels


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_other_emoji_and_other_messages_are_no_votes(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str
) -> None:
    person = server.person(locale=locale)
    song, *_ = await singles(server, bot, person)
    intro = next(m for m in person.sees() if m.author.bot and not m.embeds)
    await person.reacts(song, "😭")
    await person.reacts(intro, "👍")
    await person.reacts(song, "👎")
    await server.until(lambda: "👎 ✓" in song.labels)
    assert stored(VERDICTS) == [("down",)]


async def test_what_is_delivered_twice_acts_once(
    server: DiscordServer, bot: Chat, stored: Rows
) -> None:
    person = server.person()
    song, other, _ = await singles(server, bot, person)
    server.gateway.twice = 2
    await person.reacts(song, "👍")
    await person.clicks(other, "👎")
    await server.until(lambda: "👍 ✓" in song.labels and "👎 ✓" in other.labels)
    server.gateway.twice = 1
    await person.says("기쁨과 행복")
    await person.slash("mood")
    assert sorted(stored(VERDICTS)) == [("down",), ("up",)]
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]


async def test_quick_presses_count_in_their_order(
    server: DiscordServer, bot: Chat, stored: Rows
) -> None:
    person = server.person()
    song, *_ = await singles(server, bot, person)
    for emoji in "👍👎":
        await person.reacts(song, emoji)
    await person.unreacts(song, "👍")
    await server.until(lambda: "👎 ✓" in song.labels)
    await person.slash("mood")
    assert stored(VERDICTS)[-1] == ("down",)


async def test_buttons_and_reactions_of_before_a_restart_still_count(
    server: DiscordServer, fresh: Callable[[str], str], tmp_path: Path, stored: Rows
) -> None:
    person, address = server.person(), fresh("sqlite")
    async with open_chat(address, tmp_path / "learned") as chat, talking(server, chat):
        shown = await listed(person)
        song, other, third = await singles(server, chat, person)
    async with open_chat(address, tmp_path / "learned") as chat, talking(server, chat):
        await person.reacts(song, "👍")
        await person.clicks(other, "👎")
        await person.clicks(shown, "1 👍")
        await person.chooses(shown, "2 이 노래만")
        asked = await person.clicks(third, "추천 제외")
        await server.until(lambda: "👍 ✓" in song.labels and "👎 ✓" in other.labels)
        await server.until(lambda: "1 👍 ✓" in shown.labels and bool(asked.followups))
        await server.until(lambda: len(stored(VERDICTS)) == 4)
    assert sorted(stored(VERDICTS)) == [("down",), ("never_song",), ("up",), ("up",)]


@pytest.mark.parametrize(
    ("locale", "old", "gone"),
    [("ko", "너무 오래전", "쓰지 않는 버튼"), ("en", "too long ago", "not in use any more")],
)
async def test_a_vote_on_a_song_that_is_not_known_is_answered_kindly(
    server: DiscordServer, bot: Chat, locale: str, old: str, gone: str
) -> None:
    person = server.person(locale=locale)
    shown = await listed(person)
    shown.button("1 👍")["custom_id"] = "vl.up.gone"
    pressed = await person.clicks(shown, "1 👍")
    await server.until(lambda: bool(pressed.followups))
    assert old in pressed.followups[0].content
    shown.button("1 👎")["custom_id"] = "old"
    assert gone in (await person.clicks(shown, "1 👎")).shown.content


async def test_where_the_bot_may_not_react_songs_come_all_the_same(
    server: DiscordServer, bot: Chat, guild: Guild
) -> None:
    (channel,) = guild.channels
    channel.bot_reacts = False
    person = server.person()
    await wants(bot, person, Layout.SINGLE)
    await person.says("슬픔", channel, mention=True)
    said = await person.says("노래 3곡", channel, mention=True)
    await person.hears(channel, after=said)
    await server.until(lambda: bool(server.refusals))
    assert refused(server) == [50013]
    assert len([m for m in person.sees(channel) if m.embeds]) == 3


async def test_a_vote_survives_failures_of_discord(
    server: DiscordServer, bot: Chat, stored: Rows
) -> None:
    person = server.person()
    shown = await listed(person)
    server.faults.lose_answer("POST", "/callback")
    server.faults.answer("PATCH", "/messages/@original", 502)
    server.faults.limit("PATCH", "/messages/@original", via=False)
    await person.clicks(shown, "3 👍")
    await server.until(lambda: "3 👍 ✓" in shown.labels)
    assert stored(VERDICTS) == [("up",)]
    assert refused(server) == [40060]  # the acknowledgement whose answer was lost, sent again


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_reactions_of_two_people_are_their_own(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows, locale: str
) -> None:
    (channel,) = guild.channels
    person, neighbour = server.person(locale=locale), server.person("이웃", locale=locale)
    await wants(bot, person, Layout.SINGLE)
    await person.says("슬픔", channel, mention=True)
    await person.says("노래 3곡", channel, mention=True)
    await server.until(lambda: len([m for m in channel.messages if "👎" in m.reactions]) == 3)
    song = next(m for m in channel.messages if "👎" in m.reactions)
    await person.reacts(song, "👍")
    await neighbour.reacts(song, "👎")
    await server.until(lambda: len(stored(VERDICTS)) == 2)
    await asyncio.sleep(0)
    assert not any("✓" in label for label in song.labels)
    assert stored("SELECT count(DISTINCT person) FROM feedback") == [(2,)]


@pytest.mark.parametrize(
    ("locale", "asked", "said", "brighter", "more"),
    [
        ("ko", "2000년대 슬픈 발라드 추천해줘", "2000년대 슬픈 발라드", "더 밝게", "비슷한 노래"),
        (
            "en",
            "play some sad ballads from the 2000s",
            "2000s sad 발라드",
            "Brighter",
            "Like my mood",
        ),
    ],
)
async def test_what_was_asked_for_in_words_is_kept_by_the_menu_below_it(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    locale: str,
    asked: str,
    said: str,
    brighter: str,
    more: str,
) -> None:
    person = server.person(locale=locale)
    shown = (await person.slash("talk", text=asked)).shown
    assert said in shown.content
    assert len(shown.embeds) == 5
    for label in (brighter, more):
        chosen = next(option for option in options(shown) if option.startswith(label))
        await person.chooses(shown, chosen)
    kept = stored("SELECT DISTINCT asked FROM impression")
    assert len(kept) == 1
    assert "발라드" in str(bytes(kept[0][0]), "utf-8", "ignore")
