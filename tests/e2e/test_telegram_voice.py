"""Voice messages on Telegram: heard, shown, answered, corrected; and what is not heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.chat.chat import Chat
from bot.config import SettingsError
from bot.telegram_app import serve
from bot.voice import Transcriber, WhisperTranscriber, open_transcriber
from core.models import Language, UserKey
from tests.e2e.clock import time_of_tests
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import UNHURRIED, settings_for
from tests.services import NOW

HANA = UserKey("telegram", "101")


class Ears:
    """Hears what the recording says, letter by letter."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, Language]] = []

    async def transcribe(self, audio: bytes, language: Language) -> str:
        self.heard.append((audio, language))
        if audio.startswith(b"noise"):
            raise ValueError("no recording")
        return audio.decode()


@asynccontextmanager
async def listening(
    server: TelegramServer, chat: Chat, ears: Transcriber | None
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        serve(
            settings_for(server.port, server.token),
            chat,
            np.random.default_rng(0),
            stop,
            limits=UNHURRIED,
            clock=time_of_tests,
            transcriber=ears,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await task


@pytest.mark.parametrize("language", list(Language))
async def test_a_voice_message_is_shown_as_text_and_answered(
    telegram_server: TelegramServer, chat: Chat, language: Language
) -> None:
    ears = Ears()
    hana = telegram_server.person(language=language)
    words = "오늘은 슬픔뿐 <b>굵게</b> & _밑줄_ [x](y)"
    async with listening(telegram_server, chat, ears):
        spoken = await hana.speaks(f"{words}\u202e".encode())
        shown, introduction, answer = await hana.answers(3, after=spoken)
    assert f"“{words}”" in shown.text  # as it is, but what turns the order of letters
    assert "AI" in introduction.text
    assert answer.text
    assert ears.heard == [(f"{words}\u202e".encode(), language)]
    mood = (await chat.service.conversation.mood(HANA, now=NOW)).mood
    assert mood is not None
    assert mood.coarse[1] == 1


@pytest.mark.parametrize(("language", "said"), [("ko", "고쳐 주신 대로"), ("en", "as you")])
async def test_what_was_heard_is_corrected_by_a_reply(
    telegram_server: TelegramServer, chat: Chat, language: str, said: str
) -> None:
    hana = telegram_server.person(language=language)
    async with listening(telegram_server, chat, Ears()):
        spoken = await hana.speaks("오늘은 슬픔뿐이야".encode())
        shown, *_ = await hana.answers(3, after=spoken)
        reply = await hana.says("오늘은 행복뿐이야", reply_to=shown)
        (corrected,) = await hana.answers(after=reply)
    assert said in corrected.text
    mood = (await chat.service.conversation.mood(HANA, now=NOW)).mood
    assert mood is not None
    assert mood.coarse[0] == 1


async def test_what_can_no_more_be_corrected_is_said_so(
    telegram_server: TelegramServer, chat: Chat
) -> None:
    hana = telegram_server.person()
    async with listening(telegram_server, chat, Ears()):
        spoken = await hana.speaks("오늘은 슬픔뿐이야".encode())
        shown, *_ = await hana.answers(3, after=spoken)
        for _ in range(3):
            later = await hana.says("분노")
            await hana.answers(after=later)
        reply = await hana.says("오늘은 행복뿐이야", reply_to=shown)
        (answer,) = await hana.answers(after=reply)
    assert "방금 나눈 이야기만" in answer.text


@pytest.mark.parametrize(
    ("content", "seconds", "size", "said"),
    [
        ("noise", 3, None, "들리지 않았어요"),
        ("", 3, None, "들리지 않았어요"),
        ("슬픔", 61, None, "60초까지만"),
        ("슬픔", 3, 6 * 2**20, "60초까지만"),
    ],
)
async def test_what_cannot_be_heard_is_told_kindly(
    telegram_server: TelegramServer,
    chat: Chat,
    content: str,
    seconds: int,
    size: int | None,
    said: str,
) -> None:
    hana = telegram_server.person()
    async with listening(telegram_server, chat, Ears()):
        spoken = await hana.speaks(content.encode(), seconds=seconds, size=size)
        (answer,) = await hana.answers(after=spoken)
    assert said in answer.text
    assert await chat.service.people.kept(HANA) == {}


async def test_without_a_model_it_says_that_it_does_not_listen(
    telegram_server: TelegramServer, chat: Chat
) -> None:
    hana = telegram_server.person(language="en")
    async with listening(telegram_server, chat, None):
        spoken = await hana.speaks(b"OggS")
        (answer,) = await hana.answers(after=spoken)
    assert "cannot listen" in answer.text


def test_a_model_that_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    assert open_transcriber(None) is None
    with pytest.raises(SettingsError, match="VOICE_MODEL"):
        WhisperTranscriber(tmp_path)
