"""The slash commands of Discord, each in Korean and English: what is shown and what is kept."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat.chat import Chat
from tests.e2e.conftest import Rows
from tests.e2e.discord_app.app import key, talking
from tests.e2e.discord_fake import DiscordServer, Guild
from tests.e2e.discord_fake.people import Person
from tests.e2e.services import open_chat

BOTH = pytest.mark.parametrize("locale", ["ko", "en"])


async def test_every_command_has_a_name_in_both_languages(server: DiscordServer, bot: Chat) -> None:
    offered = server.commands.sets[None]
    names = {c["name"]: c["name_localizations"]["ko"] for c in offered}
    assert names == {
        "talk": "이야기",
        "songs": "노래",
        "like-song": "비슷한노래",
        "diary": "일기",
        "mood": "기분",
        "correct": "바로잡기",
        "history": "기록",
        "week": "한주",
        "taste": "취향",
        "settings": "설정",
        "consent": "동의",
        "breathe": "숨고르기",
        "privacy": "개인정보",
        "export": "내보내기",
        "forget": "잊어줘",
        "link": "연결",
        "remind": "알림",
        "language": "언어",
        "help": "도움말",
        "server": "서버",
        "Songs for this message": "이 글에 어울리는 노래",
    }
    anywhere = [c["name"] for c in offered if sorted(c["contexts"]) == [0, 1, 2]]
    assert set(names) - set(anywhere) == {"server"}
    assert all(c["integration_types"] == [0, 1] for c in offered if c["name"] != "server")


@pytest.mark.parametrize(("locale", "offer"), [("ko", "어떤 노래가"), ("en", "Which would you")])
async def test_talk_is_answered_and_offers_songs(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, offer: str
) -> None:
    person = server.person(locale=locale)
    first = await person.slash("talk", text="오늘은 슬픔뿐이야")
    assert "AI" in first.shown.content
    second = await person.slash("talk", text="여전히 슬픔이야")
    assert offer in second.shown.content
    assert "AI" not in second.shown.content
    assert len(second.shown.labels) == 3
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]
    assert "슬픔" not in str(stored("SELECT * FROM person"))


@pytest.mark.parametrize(
    ("locale", "name", "mode", "intro"),
    [
        ("ko", "노래", "비슷한 노래", "지금 마음과 닮은"),
        ("ko", "노래", "반대 노래", "지금과 다른 기분"),
        ("en", "songs", "similar", "like your mood"),
        ("en", "songs", "Another mood", "bring another mood"),
        ("en", "songs", "path", "bright side"),
    ],
)
async def test_songs_come_as_cards_with_buttons(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, name: str, mode: str, intro: str
) -> None:
    person = server.person(locale=locale)
    await person.slash("talk", text="슬픔")
    option: dict[str, Any] = {{"ko": "종류", "en": "mode"}[locale]: mode}
    shown = (await person.slash(name, **option)).shown
    assert intro in shown.content
    assert len(shown.embeds) == 5
    assert [e["title"].split(".")[0] for e in shown.embeds] == ["1", "2", "3", "4", "5"]
    assert all(e["url"].startswith("https://music.youtube.com/") for e in shown.embeds)
    assert all("\n" in e["description"] for e in shown.embeds)  # the reason
    assert len({e["description"] for e in shown.embeds}) == 5
    assert all(e["color"] for e in shown.embeds)
    assert shown.labels[:4] == ["1 👍", "1 👎", "2 👍", "2 👎"]
    assert stored("SELECT count(*) FROM impression") == [(5,)]


@BOTH
async def test_songs_of_a_genre_and_a_decade(server: DiscordServer, bot: Chat, locale: str) -> None:
    person = server.person(locale=locale)
    await person.slash("talk", text="슬픔")
    offered = await person.types("songs", genre="발")
    assert [choice["name"] for choice in offered] == ["발라드"]
    asked = await person.slash("songs", genre="발라드", decade="2000")
    assert len(asked.shown.embeds) == 5
    none = await person.slash("songs", genre="없는장르")
    assert {"ko": "이렇게 적어주세요", "en": "Please type it"}[locale] in none.shown.content


@BOTH
async def test_songs_like_one_that_is_chosen_while_typing(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str
) -> None:
    person = server.person(locale=locale)
    offered = await person.types("like-song", song="노래 1")
    assert 1 < len(offered) <= 25
    assert all(len(choice["name"]) <= 100 for choice in offered)
    shown = (await person.slash("like-song", song=offered[0]["value"])).shown
    assert len(shown.embeds) == 5
    assert stored("SELECT DISTINCT mode FROM impression") == [("like_song",)]
    none = await person.slash("like-song", song="xyzzy plugh")
    assert {"ko": "찾지 못했어요", "en": "no such song"}[locale] in none.shown.content
    assert await person.types("like-song", song="") == []


@pytest.mark.parametrize(("locale", "which"), [("ko", "어느 노래"), ("en", "Which song")])
async def test_a_name_of_several_songs_asks_which_one(
    server: DiscordServer, bot: Chat, locale: str, which: str
) -> None:
    person = server.person(locale=locale)
    asked = (await person.slash("like-song", song="노래")).shown
    assert which in asked.content
    (menu,) = [part for part in asked.parts if part["type"] == 3]
    assert len(menu["options"]) == 8
    chosen = await person.chooses(asked, menu["options"][2]["label"])
    assert len(chosen.shown.embeds) == 5


@BOTH
async def test_a_diary_is_written_in_a_form(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows, locale: str
) -> None:
    (channel,) = guild.channels
    person = server.person(locale=locale)
    opened = await person.slash("diary", where=channel)
    sent = await person.submits(opened, written="오늘은 슬픔이 가득한 하루였다. 비도 왔다.")
    assert sent.shown.ephemeral
    assert sent.shown.embeds
    assert stored("SELECT DISTINCT mode FROM impression") == [("diary",)]
    danger = await person.submits(opened, written="이제 죽고 싶다")
    assert "109" in danger.shown.content
    assert danger.shown.embeds == []


@pytest.mark.parametrize("count", [1, 4, 10, 20])
async def test_a_list_of_any_length_fits(server: DiscordServer, bot: Chat, count: int) -> None:
    person = server.person()
    await person.slash("talk", text="슬픔")
    asked = await person.slash("songs", count=count)
    await server.until(lambda: _cards(person) == count)
    assert asked.message in person.sees()
    labels = [label for message in person.sees() for label in message.labels]
    assert sum("👍" in label for label in labels) == count


def _cards(person: Person) -> int:
    return sum(len(m.embeds) for m in person.sees() if any("👍" in label for label in m.labels))


@pytest.mark.parametrize(
    ("locale", "said", "unknown"),
    [("ko", "슬픔", "아직 어떤 마음인지"), ("en", "sadness", "do not know your mood")],
)
async def test_the_mood_is_told_and_in_a_guild_to_the_person_alone(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, said: str, unknown: str
) -> None:
    person, (channel,) = server.person(locale=locale), guild.channels
    assert unknown in (await person.slash("mood")).shown.text
    await person.slash("talk", text="슬픔")
    shown = (await person.slash("mood", where=channel)).shown
    assert said in shown.text
    assert shown.ephemeral
    assert shown.labels == [{"ko": "아니에요", "en": "That's not it"}[locale]]
    assert server.person("이웃").sees(channel) == []


@pytest.mark.parametrize(
    ("locale", "none", "title"),
    [("ko", "아직 없어요", "지난 3일"), ("en", "told me nothing", "last 3 days")],
)
async def test_history(
    server: DiscordServer, bot: Chat, locale: str, none: str, title: str
) -> None:
    person = server.person(locale=locale)
    assert none in (await person.slash("history")).shown.content
    await person.slash("talk", text="슬픔")
    assert title in (await person.slash("history", days=3)).shown.content


@pytest.mark.parametrize(("locale", "name"), [("ko", "한주"), ("en", "week")])
async def test_pictures_come_with_words_for_who_does_not_see_them(
    server: DiscordServer,
    fresh: Callable[[str], str],
    tmp_path: Path,
    locale: str,
    name: str,
) -> None:
    person = server.person(locale=locale)
    async with (
        open_chat(fresh("sqlite"), tmp_path) as chat,
        talking(server, chat),
    ):
        assert (await person.slash(name)).shown.attachments == []
        await person.slash("talk", text="슬픔")
        for command in (name, "mood", "history"):
            shown = (await person.slash(command)).shown
            (picture,) = shown.attachments
            assert picture.content.startswith(b"\x89PNG")
            assert picture.description
            assert shown.content


@pytest.mark.parametrize(("locale", "name"), [("ko", "숨고르기"), ("en", "breathe")])
async def test_the_exercise_for_the_senses_is_told(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, name: str
) -> None:
    (channel,) = guild.channels
    shown = (await server.person(locale=locale).slash(name, where=channel)).shown
    assert shown.ephemeral
    assert shown.content


@pytest.mark.parametrize(("locale", "none"), [("ko", "아직 취향을"), ("en", "your taste yet")])
async def test_taste(server: DiscordServer, bot: Chat, locale: str, none: str) -> None:
    assert none in (await server.person(locale=locale).slash("taste")).shown.content


@pytest.mark.parametrize(
    ("locale", "name", "value", "done"),
    [("ko", "언어", "영어", "Your settings."), ("en", "language", "Korean", "지금 설정")],
)
async def test_the_language_can_be_chosen(
    server: DiscordServer, bot: Chat, locale: str, name: str, value: str, done: str
) -> None:
    person = server.person(locale=locale)
    option: dict[str, Any] = {name: value}
    assert done in (await person.slash(name, **option)).shown.content
    assert done in (await person.slash("settings")).shown.content


@BOTH
async def test_settings_are_changed_by_buttons_and_options(
    server: DiscordServer, bot: Chat, locale: str
) -> None:
    person = server.person(locale=locale)
    page = (await person.slash("settings")).shown
    await person.clicks(page, {"ko": "길게", "en": "long"}[locale])
    await server.until(lambda: "✓" in "".join(page.labels))
    await person.slash("settings", count=7, zone="europe/berlin")
    chosen = await bot.service.people.settings(key(person))
    assert (chosen.memory, chosen.count, chosen.time_zone) == ("long", 7, "Europe/Berlin")
    wrong = await person.slash("settings", zone="달나라")
    assert {"ko": "바꿀 수 없어요", "en": "cannot have"}[locale] in wrong.shown.content


@pytest.mark.parametrize(
    ("locale", "yes", "done"),
    [("ko", "추천에 써도 돼요", "동의하셨어요"), ("en", "Use my votes", "You agreed")],
)
async def test_consent_is_given_by_a_button(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, yes: str, done: str
) -> None:
    person = server.person(locale=locale)
    page = (await person.slash("consent")).shown
    assert done not in page.content
    await person.clicks(page, yes)
    await server.until(lambda: done in page.content)
    assert stored("SELECT kind, given FROM consent") == [("improve", 1)]


@pytest.mark.parametrize(("locale", "said"), [("ko", "글은 남기지 않아요"), ("en", "not kept")])
async def test_privacy(server: DiscordServer, bot: Chat, locale: str, said: str) -> None:
    assert said in (await server.person(locale=locale).slash("privacy")).shown.content


@BOTH
async def test_export_gives_everything_as_a_file(
    server: DiscordServer, bot: Chat, locale: str
) -> None:
    person = server.person(locale=locale)
    assert (await person.slash("export")).shown.attachments == []
    await person.slash("talk", text="슬픔")
    (file,) = (await person.slash("export")).shown.attachments
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert len(everything["mood_point"]) == 1


@pytest.mark.parametrize(
    ("locale", "keep", "sure", "kept", "done"),
    [
        ("ko", "아니요, 그대로 둘게요", "네, 모두 지워주세요", "그대로 둘게요", "남은 것은 0건"),
        ("en", "No, keep it", "Yes, remove all", "leave it as it is", "there are 0 left"),
    ],
)
async def test_forget_asks_first(
    server: DiscordServer,
    bot: Chat,
    stored: Rows,
    locale: str,
    keep: str,
    sure: str,
    kept: str,
    done: str,
) -> None:
    person = server.person(locale=locale)
    await person.slash("talk", text="슬픔")
    asked = (await person.slash("forget")).shown
    await person.clicks(asked, keep)
    await server.until(lambda: kept in asked.content)
    assert asked.buttons == []
    assert stored("SELECT count(*) FROM person") == [(1,)]
    asked = (await person.slash("forget")).shown
    await person.clicks(asked, sure)
    await server.until(lambda: done in asked.content)
    assert stored("SELECT count(*) FROM person") == [(0,)]


@pytest.mark.parametrize(("locale", "done"), [("ko", "한 사람이에요"), ("en", "one person")])
async def test_two_accounts_are_linked(
    server: DiscordServer, bot: Chat, stored: Rows, locale: str, done: str
) -> None:
    person, other = server.person(locale=locale), server.person("둘째", locale=locale)
    text = (await person.slash("link")).shown.content
    (code,) = [
        word for word in text.replace("’", " ").split() if len(word) == 10 and word.isupper()
    ]
    assert done in (await other.slash("link", code=code)).shown.content
    assert stored("SELECT count(DISTINCT person) FROM account") == [(1,)]
    wrong = await other.slash("link", code="WRONG")
    assert {"ko": "이을 수 없어요", "en": "does not work"}[locale] in wrong.shown.content


@pytest.mark.parametrize(("locale", "said"), [("ko", "편하게 말을"), ("en", "Just talk")])
async def test_help(server: DiscordServer, bot: Chat, locale: str, said: str) -> None:
    person = server.person(locale=locale)
    await person.slash("help")
    assert said in person.sees()[0].content


@BOTH
async def test_a_message_gets_songs_without_a_word_on_its_author(
    server: DiscordServer, bot: Chat, guild: Guild, stored: Rows, locale: str
) -> None:
    (channel,) = guild.channels
    person, author = server.person(locale=locale), server.person("글쓴이")
    name = {"ko": "이 글에 어울리는 노래", "en": "Songs for this message"}[locale]
    written = await author.says("오늘 정말 슬픔뿐", channel)
    shown = (await person.uses_message_command(name, written)).shown
    assert shown.ephemeral
    assert len(shown.embeds) == 5
    assert shown.buttons == []
    assert not {"슬픔", "sadness", "%"} & set(shown.text.split())
    assert len({e["color"] for e in shown.embeds}) == 1
    assert stored("SELECT count(*) FROM person") == [(0,)]
    unread = await author.says("...", channel)
    assert (await person.uses_message_command(name, unread)).shown.ephemeral


@pytest.mark.parametrize(
    ("locale", "name", "care"),
    [
        ("ko", "이 글에 어울리는 노래", "소중한 사람"),
        ("en", "Songs for this message", "somebody you care for"),
    ],
)
async def test_a_message_that_speaks_of_danger_gets_help_for_who_reads_it(
    server: DiscordServer, bot: Chat, guild: Guild, locale: str, name: str, care: str
) -> None:
    (channel,) = guild.channels
    person, author = server.person(locale=locale), server.person("글쓴이", locale=locale)
    written = await author.says("죽고 싶어", channel)
    shown = (await person.uses_message_command(name, written)).shown
    assert care in shown.content
    own = await author.uses_message_command(name, written)
    assert "109" in own.shown.content
    assert shown.embeds == own.shown.embeds == []
