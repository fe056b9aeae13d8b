"""Inline mode: songs in any chat."""

import pytest

from bot.chat.chat import Chat
from tests.e2e.conftest import Rows
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running
from tests.e2e.telegram.world import Query


async def answered(server: TelegramServer, query: Query) -> Query:
    await server.settled()
    assert query.answer is not None
    return query


@pytest.mark.parametrize(
    ("language", "listen", "why"), [("ko", "듣기", "슬픔"), ("en", "Listen", "sadness")]
)
async def test_songs_for_a_mood_are_offered_and_what_is_sent_tells_of_none(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, listen: str, why: str
) -> None:
    hana = telegram_server.person(language=language)
    asked = await answered(telegram_server, await hana.asks_inline("슬픔 가득한 날 듣기 좋은 노래"))
    assert asked.answer is not None
    assert (asked.answer["is_personal"], asked.answer["cache_time"]) == ("true", "10")
    assert len(asked.results) == 10
    for result in asked.results:
        assert why in result["description"]
        assert why not in result["input_message_content"]["message_text"]
        assert result["reply_markup"]["inline_keyboard"][0][0]["text"] == listen
    assert stored("SELECT count(*) FROM person") == [(0,)]


@pytest.mark.parametrize(("language", "who"), [("ko", "마음DJ"), ("en", "Maeum DJ")])
async def test_what_cannot_be_read_and_what_speaks_of_danger_offers_only_a_way_to_talk(
    telegram_server: TelegramServer, bot: Chat, language: str, who: str
) -> None:
    hana = telegram_server.person(language=language)
    for text, payload in (("", "inline"), ("...", "inline"), ("죽고 싶어", "h-0")):
        asked = await answered(telegram_server, await hana.asks_inline(text))
        assert asked.results == []
        assert asked.answer is not None
        assert f'"start_parameter": "{payload}"' in asked.answer["button"]
    said = await hana.says("/start inline")
    (hello,) = await hana.answers(after=said)
    assert who in hello.text


async def test_a_query_that_waited_too_long_is_let_go(
    unruly_server: TelegramServer, chat: Chat
) -> None:
    hana = unruly_server.person()
    await hana.asks_inline("슬픔")
    unruly_server.world.advance(31)
    async with running(unruly_server, chat):
        await unruly_server.settled()
        asked = await hana.asks_inline("슬픔")
        await unruly_server.settled()
    assert asked.results
    assert [refusal.method for refusal in unruly_server.refusals] == ["answerInlineQuery"]


@pytest.mark.parametrize(
    ("language", "text", "wish"),
    [("ko", "2000년대 신나는 발라드", "신나는"), ("en", "lively 2000s ballads", "lively")],
)
async def test_a_wish_and_a_decade_are_asked_for_in_any_chat(
    telegram_server: TelegramServer, bot: Chat, language: str, text: str, wish: str
) -> None:
    hana = telegram_server.person(language=language)
    asked = await answered(telegram_server, await hana.asks_inline(text))
    assert len(asked.results) == 10
    assert any(wish in result["description"] for result in asked.results)
    asked = await answered(telegram_server, await hana.asks_inline(text.replace("2000", "1980")))
    assert asked.results == []
