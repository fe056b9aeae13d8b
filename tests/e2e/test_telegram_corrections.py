"""Readings that are put right on Telegram, in private and in groups."""

import pytest

from bot.chat.chat import Chat
from core.emotion.labels import COARSE
from tests.e2e.conftest import Rows
from tests.e2e.telegram import TelegramServer

WORDS = [
    ("ko", "아니에요", "어떤 마음에 더 가까웠어요", "두려움", "두려움으로 다시 읽었어요"),
    ("en", "That's not it", "Which feeling", "fear", "I read it as fear now"),
]


@pytest.mark.parametrize(("language", "no", "asks", "label", "done"), WORDS)
async def test_who_says_no_chooses_and_the_question_becomes_the_answer(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    no: str,
    asks: str,
    label: str,
    done: str,
) -> None:
    hana = telegram_server.person(language=language)
    await hana.says("오늘은 슬픔뿐이야")
    await hana.answers(2)
    (question,) = await hana.answers(after=await hana.says(no))
    assert asks in question.text
    assert len(question.labels) == len(COARSE)
    await hana.taps(question, label)
    await hana.taps(question, label)  # again before it is seen
    await telegram_server.settled()
    assert done in question.text
    assert f"{label} 100%" in question.text
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]
    assert stored("SELECT count(*) FROM correction") == [(0,)]


@pytest.mark.parametrize(("language", "no", "asks", "label", "done"), WORDS)
async def test_below_the_mood_stands_a_button_and_what_is_agreed_to_is_kept(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    no: str,
    asks: str,
    label: str,
    done: str,
) -> None:
    hana = telegram_server.person(language=language)
    await hana.says("/consent corrections yes")
    await hana.says("오늘은 슬픔뿐이야")
    await hana.answers(3)
    (mood,) = await hana.answers(after=await hana.says("/mood"))
    assert mood.labels == [no]
    await hana.taps(mood, no)
    (question,) = await hana.answers(after=mood)
    assert asks in question.text
    await hana.taps(question, label)
    await telegram_server.settled()
    assert done in question.text
    assert question.labels == []
    assert stored("SELECT model_version FROM correction") == [("words 1",)]


@pytest.mark.parametrize("text", ["아니에요", "아니에요, 분노예요"])
async def test_in_a_group_it_leads_to_the_private_chat(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, text: str
) -> None:
    group, hana = telegram_server.group(), telegram_server.person()
    named = f"@{telegram_server.bot_name}"
    await hana.says(f"{named} 오늘은 슬픔뿐이야", chat=group)
    await telegram_server.settled()
    said = await hana.says(f"{named} {text}", chat=group)
    await telegram_server.settled()
    (invitation,) = [message for message in group.sent if message.id > said.id]
    assert "둘이서" in invitation.text
    ((button,),) = invitation.buttons
    payload = (button.url or "").partition("?start=")[2]
    (answer,) = await hana.answers(after=await hana.says(f"/start {payload}"))
    assert len(answer.labels) == (len(COARSE) if payload == "correct" else 1)


async def test_in_danger_nothing_of_it_is_offered(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    hana = telegram_server.person()
    await hana.says("오늘은 슬픔뿐이야")
    await hana.answers(2)
    for text in ("죽고 싶어", "아니에요"):
        (answer,) = await hana.answers(after=await hana.says(text))
        assert answer.labels in ([], ["잠깐 숨 고르기"])
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]


@pytest.mark.parametrize(
    ("language", "no", "said", "done", "forget", "keep", "kept"),
    [
        ("ko", "아니에요", "3", "분노로 다시 읽었어요", "/forget", "아니", "그대로 둘게요"),
        ("en", "That's not it", "anger", "I read it as anger", "/forget", "no", "as it is"),
    ],
)
async def test_what_the_bot_asks_is_answered_in_words(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    no: str,
    said: str,
    done: str,
    forget: str,
    keep: str,
    kept: str,
) -> None:
    hana = telegram_server.person(language=language)
    await hana.says("오늘은 슬픔뿐이야")
    await hana.answers(2)
    await hana.answers(after=await hana.says(no))
    (corrected,) = await hana.answers(after=await hana.says(said))
    assert done in corrected.text
    await hana.answers(after=await hana.says(forget))
    (answer,) = await hana.answers(after=await hana.says(keep))
    assert kept in answer.text
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]
