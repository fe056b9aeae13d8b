"""Talk on Telegram: messages, lists of songs, first contact, what cannot be read."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.chat.buttons import OFFERED
from bot.chat.chat import Chat
from core.models import UserKey
from tests.e2e.conftest import Rows
from tests.e2e.services import NASTY, GatedReader, few_songs, open_chat
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running

HANA = UserKey("telegram", "101")


@pytest.mark.parametrize(
    ("language", "who", "offer"),
    [
        ("ko", "사람이 아니라 AI", "어떤 노래가 좋을까요"),
        ("en", "an AI and not a person", "Which would you like"),
        ("fr-CA", "an AI and not a person", "Which would you like"),
        (None, "사람이 아니라 AI", "어떤 노래가 좋을까요"),
    ],
)
async def test_the_first_message_is_answered_by_who_speaks_and_the_next_offers_songs(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str | None,
    who: str,
    offer: str,
) -> None:
    hana = telegram_server.person(language=language)
    first = await hana.says("오늘은 슬픔뿐이야")
    introduction, answer = await hana.answers(2, after=first)
    assert who in introduction.text
    assert answer.text
    assert not answer.buttons
    second = await hana.says("여전히 슬픔이야")
    (offering,) = await hana.answers(after=second)
    assert offer in offering.text
    assert who not in offering.text
    assert len(offering.labels) == len(OFFERED)
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]
    assert "슬픔" not in str(stored("SELECT * FROM person"))


async def test_typing_is_shown_while_an_answer_takes_long(
    telegram_server: TelegramServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    reader = GatedReader()
    reader.gates["슬픔"] = gate = asyncio.Event()
    hana = telegram_server.person()
    async with (
        open_chat(fresh("sqlite"), tmp_path, reader=reader) as chat,
        running(telegram_server, chat),
    ):
        await hana.says("슬픔")
        await telegram_server.world.until(lambda: hana.chat.actions == ["typing"], "typing")
        assert hana.hears == []
        gate.set()
        await hana.answers(2)


@pytest.mark.parametrize(
    ("language", "ask", "intro", "why"),
    [
        ("ko", "노래 추천해줘", "지금 마음과 닮은 노래예요", "슬픔"),
        ("ko", "반대 노래", "지금과 다른 기분을 데려올", "%"),
        ("ko", "/노래 반대", "지금과 다른 기분을 데려올", "%"),
        ("en", "/songs", "like your mood", "sadness"),
        ("en", "/songs opposite", "bring another mood", "%"),
    ],
)
async def test_songs_come_as_one_list_with_a_row_of_buttons_each(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    ask: str,
    intro: str,
    why: str,
) -> None:
    hana = telegram_server.person(language=language)
    await hana.says("슬픔")
    await hana.answers(2)
    asked = await hana.says(ask)
    (songs,) = await hana.answers(after=asked)
    assert intro in songs.text
    assert why in songs.text
    assert [len(row) for row in songs.buttons[:5]] == [4, 4, 4, 4, 4]
    assert [row[0].text for row in songs.buttons[:5]] == [f"{n} 👍" for n in range(1, 6)]
    links = [entity["url"] for entity in songs.entities if entity["type"] == "text_link"]
    assert len(links) == 10  # where to hear it, and its source
    shown = stored("SELECT song_id FROM impression ORDER BY rank")
    assert len(shown) == 5
    lines = [line for line in songs.text.splitlines() if line[:1].isdigit() and ". " in line[:4]]
    named = [f"{place}. 노래 {song.split(':')[1]} · " for place, (song,) in enumerate(shown, 1)]
    assert all(line.startswith(name) for line, name in zip(lines, named, strict=True))


@pytest.mark.parametrize(
    ("language", "said", "modes", "buttons"),
    [
        ("ko", "닮은 노래", ["비슷한 노래", "반대 노래"], ["듣기", "왜 이 노래?", "추천 제외"]),
        (
            "en",
            "like your mood",
            ["Like my mood", "Another mood"],
            ["Listen", "Why this?", "Never"],
        ),
    ],
)
async def test_songs_come_one_by_one_where_the_person_wants_them_so(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    said: str,
    modes: list[str],
    buttons: list[str],
) -> None:
    hana = telegram_server.person(language=language)
    await hana.says("슬픔")
    await hana.says("/설정 모양 하나씩")
    await hana.answers(3)
    asked = await hana.says("/노래 3")
    intro, *songs = await hana.answers(4, after=asked)
    assert said in intro.text
    assert intro.labels[:2] == modes
    assert [song.labels for song in songs] == [["👍", "👎", *buttons]] * 3
    assert all(song.button(buttons[0]).url for song in songs)
    await telegram_server.settled()
    assert stored("SELECT count(*) FROM post") == [(3,)]


async def test_titles_that_look_like_markup_are_shown_as_they_are(
    telegram_server: TelegramServer, fresh: Callable[[str], str], tmp_path: Path
) -> None:
    hana = telegram_server.person()
    async with (
        open_chat(fresh("sqlite"), tmp_path, songs=few_songs(nasty=True)) as chat,
        running(telegram_server, chat),
    ):
        await hana.says("슬픔")
        await hana.answers(2)
        asked = await hana.says("/노래 20")
        songs = await hana.answers(after=asked)
        shown = "\n".join(message.text for message in songs)
        plain = NASTY.replace("\u202e", "")  # what turns the order of letters is left out
        assert shown.count(plain) >= 20
        assert shown.count("<i>가수</i>") >= 20
        tapped = await hana.taps(songs[-1], "1 👍")
        await telegram_server.settled()
        assert plain in tapped.text
        assert "1 👍 ✓" in songs[-1].labels


async def test_what_cannot_be_done_gets_a_hint(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    hana = telegram_server.person()
    await hana.says("슬픔")
    await hana.answers(2)
    hints = {
        "🙂": "말로 하기 어려운 마음도 있죠",
        "/mod": "혹시 /mood를 찾으셨나요",
        "/qwertz": "그런 명령은 아직 몰라요",
        "/노래 999": "1곡부터 20곡까지",
        "/좋아요": "/좋아요 번호",
        "/좋아요 3": "아직 보여드린 노래가 없어요",
    }
    for text, said in hints.items():
        asked = await hana.says(text)
        (hint,) = await hana.answers(after=asked)
        assert said in hint.text
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]


async def test_any_text_gets_an_answer(telegram_server: TelegramServer, bot: Chat) -> None:
    hana = telegram_server.person()
    for text in ("가" * 4096, "'; DROP TABLE person; --", "\u200b\u0007<a>", "hello", "👍" * 9):
        said = await hana.says(text)
        (answer,) = await hana.answers(after=said)
        assert "말로 하기 어려운 마음도 있죠" in answer.text


@pytest.mark.parametrize(
    ("language", "said"), [("ko", "글만 읽을 수 있어요"), ("en", "only read text")]
)
async def test_what_is_no_text_gets_a_kind_sentence_and_a_caption_is_read(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, said: str
) -> None:
    hana = telegram_server.person(language=language)
    spoken = await hana.sends(
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 8,
                "height": 8,
                "is_animated": False,
                "is_video": False,
            }
        }
    )
    (answer,) = await hana.answers(after=spoken)
    assert said in answer.text
    pictured = await hana.sends_photo(b"\xff\xd8\xff", "슬픔 가득한 하늘")
    await hana.answers(2, after=pictured)
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]


@pytest.mark.parametrize(("language", "joy"), [("ko", "행복 100%"), ("en", "joy 100%")])
async def test_an_edited_message_is_read_again_and_not_answered_again(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, joy: str
) -> None:
    hana = telegram_server.person(language=language)
    said = await hana.says("슬픔")
    answers = await hana.answers(2)
    await hana.edits(said, "사실은 행복")
    await telegram_server.settled()
    assert hana.chat.sent == answers
    mood = (await bot.service.conversation.mood(HANA, now=telegram_server.world.now)).mood
    assert mood is not None
    assert mood.coarse.argmax() == 0
    asked = await hana.says("/기분")
    (answer,) = await hana.answers(after=asked)
    assert answer.kind == "photo"
    assert joy in answer.text


@pytest.mark.parametrize(("language", "line"), [("ko", "109"), ("en", "109")])
async def test_danger_gets_the_help_lines_and_is_not_kept(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, line: str
) -> None:
    hana = telegram_server.person(language=language)
    said = await hana.says("죽고 싶어")
    (card,) = await hana.answers(after=said)
    assert line in card.text
    first = await hana.says("오늘은 평범했어")
    await hana.answers(after=first)
    await hana.edits(first, "이제 그만 죽고 싶어")
    *_, again = await hana.answers(2, after=first)
    assert line in hana.hears[-1]
    assert again.labels == card.labels != []
    assert stored("SELECT count(*) FROM person") == [(0,)]


async def test_updates_that_come_twice_are_answered_once(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    telegram_server.repeat = 1
    hana = telegram_server.person()
    for _ in range(3):
        await hana.says("슬픔")
    await telegram_server.settled()
    assert len(hana.hears) == 4  # the introduction comes once
    assert stored("SELECT count(*) FROM mood_point") == [(3,)]


async def test_what_was_answered_is_not_answered_again_after_a_restart(
    telegram_server: TelegramServer, chat: Chat
) -> None:
    hana = telegram_server.person()
    async with running(telegram_server, chat):
        await hana.says("슬픔")
        await hana.answers(2)
        again = list(telegram_server.world.pending)
        await telegram_server.settled()
    telegram_server.world.pending = again
    async with running(telegram_server, chat):
        await telegram_server.settled()
    assert len(hana.hears) == 2


async def test_who_blocks_the_bot_does_not_disturb_others(
    unruly_server: TelegramServer, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    hana, duri = unruly_server.person(), unruly_server.person(102, "두리")
    async with running(unruly_server, chat):
        await hana.says("슬픔")
        await hana.answers(2)
        hana.chat.reachable = False
        message = hana.chat.messages[0]
        await unruly_server.world.send_update("message", unruly_server.world.wire(message))
        await unruly_server.settled()
        await duri.says("행복")
        await duri.answers(2)
    assert {refusal.description for refusal in unruly_server.refusals} == {
        "Forbidden: bot was blocked by the user"
    }
    assert [record.levelname for record in caplog.records if "update" in record.message] == []


async def test_logs_hold_neither_the_token_nor_what_people_say(
    telegram_server: TelegramServer, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    hana = telegram_server.person()
    async with running(telegram_server, chat):
        await hana.says("슬픔이라는 비밀")
        await hana.answers(2)
    ours = [record for record in caplog.records if not record.name.startswith("tests.")]
    told = "\n".join(record.getMessage() for record in ours if record.levelname != "DEBUG")
    assert telegram_server.token not in told
    assert "비밀" not in told
