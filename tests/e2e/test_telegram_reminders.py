"""Reminders on Telegram, in Korean and in English; the time is passed in."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.chat import Chat
from core.models import UserKey
from tests.e2e.reminding import due, stored_reminders, time_passes
from tests.e2e.telegram import Person, TelegramServer
from tests.e2e.telegram.app import running
from tests.e2e.telegram.world import Message

BOTH = pytest.mark.parametrize("language", ["ko", "en"])
SET = {"ko": "/알림 매일 21:30", "en": "/remind daily 9:30 pm"}
WEEKLY = {"ko": "/알림 매주 일 20:00", "en": "/remind sunday 20:00"}
SENT = {"ko": "매일 21:30에", "en": "every day 21:30"}
TALK = {"ko": "이야기하기", "en": "Talk"}
STOP = {"ko": "알림 끄기", "en": "Stop reminders"}
STOPPED = {"ko": "알림을 껐어요", "en": "Reminders are off"}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def key(person: Person) -> UserKey:
    return UserKey("telegram", str(person.id))


async def reply(person: Person, text: str) -> Message:
    asked = await person.says(text)
    (answer,) = await person.answers(after=asked)
    return answer


@BOTH
async def test_a_reminder_comes_at_its_time_and_is_stopped_with_a_tap(
    telegram_server: TelegramServer, bot: Chat, tmp_path: Path, language: str
) -> None:
    person = telegram_server.person(language=language)
    told = await reply(person, SET[language])
    assert SENT[language] in told.text
    assert any("✓" in label for label in told.labels) is False  # 21:30 is none of those offered
    assert stored_reminders(tmp_path) == [("daily", None, 1290, language)]
    at = await due(bot, key(person))
    await time_passes(bot, at - MINUTE)
    await time_passes(bot, at)
    (asked,) = await person.answers(after=told)
    assert asked.labels == [TALK[language], STOP[language]]
    await time_passes(bot, at + MINUTE)
    await person.taps(asked, TALK[language])
    heard = (await person.answers(2, after=told))[1]
    assert heard.text != asked.text
    query = await person.taps(asked, STOP[language])
    await telegram_server.world.until(lambda: STOPPED[language] in asked.text)
    assert query.answered
    assert asked.labels == []
    assert stored_reminders(tmp_path) == []
    await time_passes(bot, at + DAY)
    assert len(await person.answers(2, after=told)) == 2


@BOTH
async def test_times_are_chosen_with_a_tap(
    telegram_server: TelegramServer, bot: Chat, tmp_path: Path, language: str
) -> None:
    person = telegram_server.person(language=language)
    page = await reply(person, {"ko": "/알림", "en": "/remind"}[language])
    await person.taps(page, "21:00")
    await telegram_server.world.until(lambda: "21:00 ✓" in " ".join(page.labels))
    await person.taps(page, {"ko": "일요일", "en": "Sunday"}[language])
    await telegram_server.world.until(lambda: " ".join(page.labels).count("✓") == 2)
    assert [row[:3] for row in stored_reminders(tmp_path)] == [
        ("daily", None, 1260),
        ("weekly", 6, 1200),
    ]
    await person.taps(page, STOP[language])
    await telegram_server.world.until(lambda: STOPPED[language] in page.text)
    assert stored_reminders(tmp_path) == []


@BOTH
async def test_the_week_comes_with_its_picture(
    telegram_server: TelegramServer, bot: Chat, language: str
) -> None:
    person = telegram_server.person(language=language)
    await person.says("슬픔")
    await person.answers(2)
    told = await reply(person, WEEKLY[language])
    await time_passes(bot, await due(bot, key(person)))
    picture, asked = await person.answers(2, after=told)
    assert picture.kind == "photo"
    assert {"ko": "슬픔", "en": "sadness"}[language] in picture.text
    assert asked.labels == [TALK[language], STOP[language]]


@BOTH
async def test_bad_times_are_answered_kindly(
    telegram_server: TelegramServer, bot: Chat, tmp_path: Path, language: str
) -> None:
    person = telegram_server.person(language=language)
    await reply(person, SET[language])
    for bad in ("25:00", "매주 20:00", "soon"):
        told = await reply(person, f"/remind {bad}")
        assert {"ko": "그대로 있어요", "en": "stays as it is"}[language] in told.text
    assert len(stored_reminders(tmp_path)) == 1
    stop = {"ko": "알림 꺼줘", "en": "stop reminders"}[language]
    assert STOPPED[language] in (await reply(person, stop)).text


async def test_who_spoke_of_danger_is_asked_quietly(
    telegram_server: TelegramServer, bot: Chat
) -> None:
    person = telegram_server.person(language="ko")
    await reply(person, SET["ko"])
    told = await reply(person, "죽고 싶어")
    at = await due(bot, key(person))
    await time_passes(bot, at)
    (asked,) = await person.answers(after=told)
    assert asked.labels == ["잠깐 숨 고르기", "이야기하기", "알림 끄기"]


async def test_who_blocked_the_bot_is_not_asked_again_and_others_are(
    unruly_server: TelegramServer, chat: Chat, tmp_path: Path
) -> None:
    async with running(unruly_server, chat):
        gone, there = unruly_server.person(1), unruly_server.person(2, language="en")
        await reply(gone, SET["ko"])
        told = await reply(there, SET["en"])
        await gone.blocks()
        await time_passes(chat, await due(chat, key(there)))
        await there.answers(after=told)
    assert stored_reminders(tmp_path) == [("daily", None, 1290, "en")]
    assert {refusal.code for refusal in unruly_server.refusals} == {403}


async def test_what_was_missed_while_the_bot_was_away_comes_once(
    telegram_server: TelegramServer, chat: Chat, tmp_path: Path
) -> None:
    person = telegram_server.person(language="ko")
    async with running(telegram_server, chat):
        told = await reply(person, "/알림 매일 20:00")
    at = await due(chat, key(person))
    await time_passes(chat, at)  # Telegram is away
    async with running(telegram_server, chat):
        told = await reply(person, "/알림")
        await time_passes(chat, at + 9 * DAY + timedelta(hours=1))
        await time_passes(chat, at + 9 * DAY + timedelta(hours=1, minutes=1))
        assert len(await person.answers(after=told)) == 1
        await time_passes(chat, at + 10 * DAY + timedelta(hours=12))  # too late
        assert len(await person.answers(after=told)) == 1


async def test_a_flood_makes_only_its_chat_wait(
    telegram_server: TelegramServer, bot: Chat, tmp_path: Path
) -> None:
    """The reminder goes through the limiter of all other messages."""
    slow, quick = telegram_server.person(1), telegram_server.person(2)
    for person in (slow, quick):
        await reply(person, SET["ko"])
    before = len(quick.chat.sent)
    telegram_server.faults.flood(1000, chat=slow.id, method="sendMessage")
    at = await due(bot, key(quick))
    await time_passes(bot, at)
    assert len(quick.chat.sent) == before + 1
    kept = await bot.service.reminding.of(key(slow))
    assert kept[0].next_at == at + timedelta(minutes=10)  # Telegram wanted a pause too long


@BOTH
async def test_in_a_group_it_is_set_in_private(
    telegram_server: TelegramServer, bot: Chat, tmp_path: Path, language: str
) -> None:
    person = telegram_server.person(language=language)
    group = telegram_server.group()
    await person.says("/remind 21:30", chat=group)
    await telegram_server.world.until(lambda: bool(group.sent))
    assert "start=remind" in str(group.sent[0].buttons[0][0])
    assert stored_reminders(tmp_path) == []


async def test_the_end_of_the_bot_loses_nothing_that_was_taken(
    telegram_server: TelegramServer, chat: Chat, tmp_path: Path
) -> None:
    people = [telegram_server.person(number) for number in (1, 2, 3)]
    async with running(telegram_server, chat) as stop:
        for person in people:
            await reply(person, SET["ko"])
        before = [len(person.chat.sent) for person in people]
        at = await due(chat, key(people[-1]))
        going = asyncio.create_task(time_passes(chat, at))
        await asyncio.sleep(0)
        stop.set()
    await going
    came = [len(person.chat.sent) for person in people]
    left = [await due(chat, key(person)) < at + DAY for person in people]
    assert [more == old for more, old in zip(came, before, strict=True)] == left
