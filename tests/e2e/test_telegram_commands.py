"""Every command on Telegram, in Korean and in English: what is said, and what is stored."""

import io
import json
import re
import zipfile

import pytest

from bot.chat.chat import Chat
from core.models import Language, UserKey
from tests.e2e.conftest import Rows
from tests.e2e.telegram import Person, TelegramServer
from tests.e2e.telegram.app import running

HANA = UserKey("telegram", "101")


async def reply(person: Person, text: str) -> str:
    """What one message answers to `text`."""
    asked = await person.says(text)
    (answer,) = await person.answers(after=asked)
    return answer.text


async def acquainted(server: TelegramServer, language: str) -> Person:
    """Somebody who told of a sad day and was shown three songs."""
    person = server.person(language=language)
    await person.says("슬픔")
    await person.answers(2)
    asked = await person.says("/songs 3")
    await person.answers(after=asked)
    return person


KOREAN = {
    "/start": "오늘은 어떤 하루였나요",
    "/도움말": "/노래 [비슷한|반대",
    "도움말": "/노래 [비슷한|반대",
    "/help": "많이 힘들 때는 109",
    "/기분": "슬픔 100%",
    "내 기분 어때": "슬픔 100%",
    "/기록": "7일 가운데 1일",
    "/한주": "마음",
    "/숨고르기": "숨",
    "/취향": "아직 취향을 몰라요",
    "/설정": "지금 설정이에요",
    "/개인정보": "나눈 이야기의 글은 남기지 않아요",
    "/동의": "동의하실 때만",
    "/연결": "분 안에 ‘/연결 ",
    "/좋아요 2": "👍 ‘노래",
    "/취소 2": "평가를",
    "/싫어요 1": "👎 ‘노래",
    "/제외 1": "노래",
    "/이유 3": "슬픔",
    "너는 누구야": "마음DJ예요",
    "/language": "어떤 말로 이야기할까요",
}
ENGLISH = {
    "/start": "How was your day",
    "/help": "/songs [similar|opposite",
    "/mood": "sadness 100%",
    "/history": "1 of 7",
    "/week": "week",
    "/breathe": "breath",
    "/taste": "I do not know your taste yet",
    "/settings": "Your settings",
    "/privacy": "are not kept",
    "/consent": "only if you agree",
    "/link": "minutes",
    "/like 2": "👍",
    "/unvote 2": "I took back",
    "/dislike 1": "👎",
    "/never 1": "will not come again",
    "/why 3": "sadness",
    "who are you": "I am Maeum DJ",
    "/language": "Which language",
}


@pytest.mark.parametrize(("language", "commands"), [("ko", KOREAN), ("en", ENGLISH)])
async def test_every_command_is_answered(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    commands: dict[str, str],
) -> None:
    person = await acquainted(telegram_server, language)
    for command, said in commands.items():
        assert said in await reply(person, command), command
    assert stored("SELECT verdict FROM feedback ORDER BY at") == [
        ("up",),
        ("retracted",),
        ("down",),
        ("never_song",),
    ]
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]


@pytest.mark.parametrize(
    ("language", "command", "which", "near", "none"),
    [
        ("ko", "/비슷한노래", "어느 노래", "’, 이 노래와 가까운 노래", "찾지 못했어요"),
        ("en", "/like_song", "Which song", "near “노래", "no such song"),
    ],
)
async def test_songs_near_one_that_is_searched_for_and_chosen_by_button(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    command: str,
    which: str,
    near: str,
    none: str,
) -> None:
    person = telegram_server.person(language=language)
    question = await reply(person, f"{command} 노래")
    assert which in question
    asked = person.chat.sent[-1]
    assert len(asked.labels) == 8
    tapped = await person.taps(asked, asked.labels[2])
    _introduction, songs = await person.answers(2, after=asked)
    assert tapped.answered
    assert near in songs.text
    assert "1 👍" in songs.labels
    assert stored("SELECT DISTINCT mode FROM impression") == [("like_song",)]
    assert none in await reply(person, f"{command} xyzzy plugh")


@pytest.mark.parametrize(
    ("language", "title", "near", "day", "said", "refused"),
    [
        ("ko", "제목을 적어", "‘노래 12 - ", "어떤 하루", "이어지는", ("그만", "네, 이야기해요")),
        (
            "en",
            "its title",
            "near “노래 12 - ",
            "your day",
            "go on",
            ("never mind", "let's just talk"),
        ),
    ],
)
async def test_a_command_tapped_in_the_menu_asks_for_its_words(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    title: str,
    near: str,
    day: str,
    said: str,
    refused: tuple[str, str],
) -> None:
    person = telegram_server.person(language=language)
    assert title in await reply(person, "/like_song")
    _introduction, songs = await person.answers(2, after=await person.says("노래 12"))
    assert near in songs.text
    assert day in await reply(person, "/diary")
    wrote = await person.says("오늘은 슬픔이 가득한 하루였다. 비도 왔다.")
    (songs,) = await person.answers(after=wrote)
    assert said in songs.text
    assert stored("SELECT DISTINCT mode FROM impression ORDER BY mode") == [
        ("diary",),
        ("like_song",),
    ]
    assert "비도 왔다" not in str(stored("SELECT * FROM person"))
    assert day in await reply(person, "/diary")
    stop, answered = refused
    assert answered in await reply(person, stop)
    assert title in await reply(person, "/like_song")
    assert "109" in await reply(person, "이제 죽고 싶다")


@pytest.mark.parametrize(
    ("language", "command", "said"), [("ko", "/일기", "이어지는"), ("en", "/diary", "go on")]
)
async def test_a_diary_is_read_and_answered_with_songs_and_not_kept(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    command: str,
    said: str,
) -> None:
    person = telegram_server.person(language=language)
    day = "오늘은 슬픔이 가득한 하루였다. 비도 왔다."
    asked = await person.says(f"{command} {day}")
    *_, songs = await person.answers(2, after=asked)
    assert said in songs.text
    assert stored("SELECT DISTINCT mode FROM impression") == [("diary",)]
    assert "비도 왔다" not in str(stored("SELECT * FROM person"))
    danger = await person.says(f"{command} 이제 죽고 싶다")
    (card,) = await person.answers(after=danger)
    assert "109" in card.text


@pytest.mark.parametrize(
    ("language", "near", "unknown", "number"),
    [
        ("ko", "혹시 /mood를 찾으셨나요", "그런 명령은 아직 몰라요", "1곡부터 20곡까지"),
        ("en", "Did you mean /mood", "do not know", "1 to 20"),
    ],
)
async def test_an_unknown_command_gets_a_hint(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    near: str,
    unknown: str,
    number: str,
) -> None:
    person = telegram_server.person(language=language)
    assert near in await reply(person, "/mod")
    assert unknown in await reply(person, "/qwertz")
    assert number in await reply(person, "/songs 999")
    assert stored("SELECT count(*) FROM mood_point") == [(0,)]


async def test_commands_with_the_name_of_the_bot_are_the_same(
    telegram_server: TelegramServer, bot: Chat
) -> None:
    person = await acquainted(telegram_server, "ko")
    asked = await person.says(f"/songs@{telegram_server.bot_name} opposite")
    (songs,) = await person.answers(after=asked)
    assert "다른 기분" in songs.text


@pytest.mark.parametrize(
    ("language", "settings", "answer"),
    [
        ("ko", ("/설정 기억 길게", "/설정 곡수 3곡", "/설정 모양 하나씩"), "기억: 길게"),
        ("en", ("/settings memory long", "/settings count 3", "/settings layout single"), "memory"),
    ],
)
async def test_settings_are_typed_or_pressed_and_kept(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    settings: tuple[str, ...],
    answer: str,
) -> None:
    person = telegram_server.person(language=language)
    assert answer in await reply(person, settings[0])
    for typed in settings[1:]:
        await reply(person, typed)
    (kept,) = stored("SELECT settings FROM person")
    assert json.loads(kept[0]).items() >= {"memory": "long", "count": 3, "layout": "single"}.items()
    page = person.chat.sent[-1]
    await person.taps(page, "10")
    await person.taps(page, "10")  # again before it is seen
    await telegram_server.settled()
    (kept,) = stored("SELECT settings FROM person")
    assert json.loads(kept[0])["count"] == 10
    assert any("10" in label and "✓" in label for label in page.labels)


async def test_the_language_is_chosen_by_button_or_by_word(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    person = telegram_server.person(language="ko")
    await reply(person, "/언어")
    question = person.chat.sent[-1]
    assert question.labels == ["한국어", "English"]
    await person.taps(question, "English")
    await telegram_server.settled()
    assert "Your settings" in question.text
    assert "I do not know your taste" in await reply(person, "/taste")
    assert json.loads(stored("SELECT settings FROM person")[0][0])["language"] == Language.ENGLISH
    await reply(person, "/language 한국어")
    assert "취향을 몰라요" in await reply(person, "/taste")


@pytest.mark.parametrize(("language", "yes"), [("ko", "추천에 써도 돼요"), ("en", "Use my votes")])
async def test_consents_are_given_by_button(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, yes: str
) -> None:
    person = telegram_server.person(language=language)
    await reply(person, "/consent")
    page = person.chat.sent[-1]
    before = page.text
    tapped = await person.taps(page, yes)
    await telegram_server.settled()
    assert tapped.text
    assert page.text != before
    assert stored("SELECT kind, given FROM consent") == [("improve", 1)]


@pytest.mark.parametrize(
    ("language", "command", "said"),
    [("ko", "/내보내기", "모두 담았어요"), ("en", "/export", "All")],
)
async def test_the_export_is_a_file(
    telegram_server: TelegramServer, bot: Chat, language: str, command: str, said: str
) -> None:
    person = await acquainted(telegram_server, language)
    assert said in await reply(person, command)
    file = person.chat.sent[-1].upload
    assert file is not None
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert len(everything["impression"]) == 3
    assert everything["account"][0]["platform_id"] == "101"


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [("ko", "모두 지워주세요", "그대로 둘게요"), ("en", "remove", "keep")],
)
async def test_forgetting_takes_two_steps(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, yes: str, no: str
) -> None:
    person = await acquainted(telegram_server, language)
    await reply(person, "/forget")
    question = person.chat.sent[-1]
    await person.taps(question, no)
    await telegram_server.settled()
    assert question.labels == []
    assert stored("SELECT count(*) FROM person") == [(1,)]
    await reply(person, "/forget")
    question = person.chat.sent[-1]
    await person.taps(question, yes)
    await telegram_server.settled()
    assert question.labels == []
    for table in ("person", "account", "mood_point", "impression", "post"):
        assert stored(f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_links_lead_to_what_they_say(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person = telegram_server.person(language=language)
    asked = await person.says("/start songs-sadness-opposite")
    introduction, songs = await person.answers(2, after=asked)
    assert "AI" in introduction.text
    assert len([label for label in songs.labels if label[:1].isdigit()]) == 10
    assert stored("SELECT DISTINCT mode FROM impression") == [("opposite",)]
    assert len(await person.answers(1, after=await person.says("/start mood"))) == 1
    assert await reply(person, "/start like-2")
    assert stored("SELECT verdict FROM feedback") == [("up",)]
    assert "109" in await reply(person, "/start h-0")
    assert "ABC" in await reply(person, "/start link-ABC")  # asks first: it could be anybody's
    for unknown in ("nonsense", "like-x", "ns-1", "songs_", "__proto__"):
        assert await reply(person, f"/start {unknown}")


@pytest.mark.parametrize(
    ("language", "command", "one", "mood", "wrong"),
    [
        ("ko", "/연결", "한 사람", "슬픔 100%", "이을 수 없어요"),
        ("en", "/link", "one person", "sadness 100%", "does not work"),
    ],
)
async def test_a_code_makes_two_accounts_one_person(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    command: str,
    one: str,
    mood: str,
    wrong: str,
) -> None:
    hana, other, third = (
        telegram_server.person(number, language=language) for number in (101, 102, 103)
    )
    await hana.says("슬픔")
    await hana.answers(2)
    code = re.findall(r"[0-9A-Z]{10}", await reply(hana, command))[0]
    assert one in await reply(other, f"{command} {code}")
    assert mood in await reply(other, "/mood")
    assert stored("SELECT count(*) FROM person") == [(1,)]
    assert wrong in await reply(third, f"{command} {code}")


async def test_the_menu_is_published_in_korean_and_for_all_others_once(
    telegram_server: TelegramServer, chat: Chat
) -> None:
    async with running(telegram_server, chat):
        profile = telegram_server.world.profile
        await reply(telegram_server.person(), "/help")
    assert {language for _, _, language in profile} == {"", "ko", "en"}
    assert profile["name", "default", "ko"] == "마음DJ"
    menu = profile["commands", "default", "ko"]
    assert [entry["command"] for entry in menu][:4] == ["songs", "like_song", "diary", "mood"]
    assert profile["commands", "default", ""] == profile["commands", "default", "en"] != menu
    async with running(telegram_server, chat):
        await reply(telegram_server.person(), "/help")
    assert len(telegram_server.made("setMyName")) == 3
