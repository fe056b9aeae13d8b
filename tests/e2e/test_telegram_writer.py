"""Replies of a language model on Telegram: asked about, in order, and not missed when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from bot.writer import open_writer
from bot.writer_settings import WriterSettings
from core.service.writing import WritingLimits
from tests.e2e.services import open_chat
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running
from tests.e2e.telegram.people import Person
from tests.llm import LlmServer, running_llm

KOREAN = "슬픔이 오래 머물렀네요."
ENGLISH = "That is a quiet day."


@pytest.fixture
async def llm() -> AsyncIterator[LlmServer]:
    async with running_llm() as server:
        server.says = KOREAN
        yield server


@pytest.fixture
async def bot(
    telegram_server: TelegramServer, fresh: Callable[[str], str], tmp_path: Path, llm: LlmServer
) -> AsyncIterator[Chat]:
    async with (
        open_writer(WriterSettings(llm.url, "gemma")) as writer,
        open_chat(fresh("sqlite"), tmp_path / "learned", writer=writer) as chat,
        running(telegram_server, chat),
    ):
        yield chat


@pytest.mark.parametrize(
    ("language", "command", "yes", "message", "says"),
    [
        ("ko", "/동의", "대답을 맡겨도 돼요", "슬픔뿐이야", KOREAN),
        ("en", "/consent", "Let a model answer", "중립, I guess", ENGLISH),
    ],
)
async def test_after_a_yes_the_model_answers(
    telegram_server: TelegramServer,
    bot: Chat,
    llm: LlmServer,
    language: str,
    command: str,
    yes: str,
    message: str,
    says: str,
) -> None:
    llm.says = says
    person = telegram_server.person(language=language)
    first = await person.says(message)
    _, answer = await person.answers(2, after=first)
    assert says not in answer.text
    assert llm.asked == []
    asked = await person.says(command)
    (page,) = await person.answers(after=asked)
    assert llm.place in page.text
    await person.taps(page, yes)
    await telegram_server.settled()
    again = await person.says(message)
    (answer,) = await person.answers(after=again)
    assert says in answer.text
    (body,) = llm.asked
    assert str(person.id) not in str(body)
    danger = await person.says("죽고 싶어")
    await person.answers(after=danger)
    assert len(llm.asked) == 1


async def agreed(server: TelegramServer, *, language: str = "ko", who: int = 101) -> Person:
    """Somebody who is known, and agreed."""
    person = server.person(who, language=language)
    asked = await person.says("/동의 대답 네")
    await person.answers(after=asked)
    return person


async def test_while_the_model_thinks_typing_is_shown_others_are_answered_and_order_is_kept(
    telegram_server: TelegramServer, bot: Chat, llm: LlmServer
) -> None:
    hana, duri = await agreed(telegram_server), telegram_server.person(102)
    llm.gate = asyncio.Event()
    first = await hana.says("슬픔")
    await llm.arrived.wait()
    second = await hana.says("/기분")
    await telegram_server.world.until(lambda: "typing" in hana.chat.actions, "typing")
    other = await duri.says("/기분")
    await duri.answers(after=other)
    assert len(hana.hears) == 1  # to the consent
    llm.gate.set()
    _introduction, written, mood = [each.text for each in await hana.answers(3, after=first)]
    assert KOREAN in written
    assert KOREAN not in mood
    assert second.id > first.id


async def test_a_model_that_never_answers_is_not_noticed_but_for_a_moment(
    telegram_server: TelegramServer, fresh: Callable[[str], str], tmp_path: Path, llm: LlmServer
) -> None:
    llm.gate = asyncio.Event()
    async with (
        open_writer(WriterSettings(llm.url, "gemma")) as writer,
        open_chat(
            fresh("sqlite"), tmp_path, writer=writer, limits=WritingLimits(timeout_s=0.2)
        ) as chat,
        running(telegram_server, chat),
    ):
        hana = await agreed(telegram_server)
        asked = await hana.says("슬픔")
        (answer,) = await hana.answers(after=asked)
    assert len(llm.asked) == 1
    assert answer.text
    assert KOREAN not in answer.text
