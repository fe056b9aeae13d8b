"""Reminders on Discord, in Korean and in English; the time is passed in."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.chat import Chat
from tests.e2e.discord_app.app import key, refused, talking
from tests.e2e.discord_fake import DiscordServer, Guild
from tests.e2e.reminding import due, stored_reminders, time_passes

BOTH = pytest.mark.parametrize("locale", ["ko", "en-US"])
COMMAND = {"ko": "알림", "en-US": "remind"}
EVERY, TIME = {"ko": "주기", "en-US": "every"}, {"ko": "시각", "en-US": "time"}
DAILY, SUNDAY = {"ko": "매일", "en-US": "every day"}, {"ko": "일요일", "en-US": "Sunday"}
TALK = {"ko": "이야기하기", "en-US": "Talk"}
STOP = {"ko": "알림 끄기", "en-US": "Stop reminders"}
STOPPED = {"ko": "알림을 껐어요", "en-US": "Reminders are off"}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@BOTH
async def test_a_reminder_comes_as_a_direct_message_and_is_stopped_with_a_tap(
    server: DiscordServer, guild: Guild, bot: Chat, tmp_path: Path, locale: str
) -> None:
    person = server.person(locale=locale)
    options: dict[str, Any] = {EVERY[locale]: DAILY[locale], TIME[locale]: "9:30 PM"}
    told = await person.slash(COMMAND[locale], where=guild.channels[0], **options)
    assert told.shown.visible_to == person.id
    assert {"ko": "매일 21:30에", "en-US": "every day 21:30"}[locale] in told.shown.content
    assert stored_reminders(tmp_path) == [("daily", None, 1290, locale[:2])]
    at = await due(bot, key(person))
    await time_passes(bot, at - MINUTE)
    assert person.sees() == []
    await time_passes(bot, at)
    (asked,) = person.sees()
    assert asked.labels == [TALK[locale], STOP[locale]]
    heard = await person.clicks(asked, TALK[locale])
    assert heard.shown.content
    await person.clicks(asked, STOP[locale])
    await server.until(lambda: STOPPED[locale] in asked.content)
    assert asked.labels == []
    assert stored_reminders(tmp_path) == []
    seen = len(person.sees())
    await time_passes(bot, at + DAY)
    assert len(person.sees()) == seen


@BOTH
async def test_times_are_chosen_with_a_tap_where_only_the_person_sees_it(
    server: DiscordServer, guild: Guild, bot: Chat, tmp_path: Path, locale: str
) -> None:
    person = server.person(locale=locale)
    page = (await person.slash(COMMAND[locale], where=guild.channels[0])).shown
    await person.clicks(page, f"{DAILY[locale]} 21:00")
    await server.until(lambda: f"{DAILY[locale]} 21:00 ✓" in page.labels)
    await person.clicks(page, STOP[locale])
    await server.until(lambda: STOPPED[locale] in page.content)
    assert stored_reminders(tmp_path) == []


@BOTH
async def test_the_week_comes_with_its_picture(
    server: DiscordServer, bot: Chat, locale: str
) -> None:
    person = server.person(locale=locale)
    await person.slash("talk", text="슬픔")
    options: dict[str, Any] = {EVERY[locale]: SUNDAY[locale], TIME[locale]: "20:00"}
    await person.slash(COMMAND[locale], **options)
    await time_passes(bot, await due(bot, key(person)))
    asked = person.sees()[-1]
    (picture,) = asked.attachments
    assert {"ko": "슬픔", "en-US": "sadness"}[locale] in (picture.description or "")
    assert asked.labels == [TALK[locale], STOP[locale]]
    off: dict[str, Any] = {EVERY[locale]: STOP[locale]}
    assert STOPPED[locale] in (await person.slash(COMMAND[locale], **off)).shown.content


@BOTH
async def test_bad_times_are_answered_kindly(
    server: DiscordServer, bot: Chat, tmp_path: Path, locale: str
) -> None:
    person = server.person(locale=locale)
    wrong: list[dict[str, Any]] = [{TIME[locale]: "25:00"}, {EVERY[locale]: SUNDAY[locale]}]
    for bad in wrong:
        told = (await person.slash(COMMAND[locale], **bad)).shown
        assert {"ko": "/알림 매일 21:30", "en-US": "/remind daily 21:30"}[locale] in told.content
    assert stored_reminders(tmp_path) == []
    said = await person.says({"ko": "/알림 매주 일 20:00", "en-US": "/remind sun 8 pm"}[locale])
    heard = await person.hears(after=said)
    assert {"ko": "매주 일요일 20:00에", "en-US": "every Sunday 20:00"}[locale] in heard.content
    assert stored_reminders(tmp_path)[0][:3] == ("weekly", 6, 1200)


async def test_who_takes_no_messages_is_not_asked_again_and_others_are(
    server: DiscordServer, bot: Chat, tmp_path: Path
) -> None:
    closed, there = server.person(), server.person()
    for person in (closed, there):
        await person.slash("remind", time="21:30")
    closed.member.refuses_dms = True
    await time_passes(bot, await due(bot, key(there)))
    assert there.sees()[-1].labels == ["이야기하기", "알림 끄기"]
    assert len(stored_reminders(tmp_path)) == 1
    assert refused(server) == [50007]


async def test_what_discord_could_not_take_is_brought_later(
    server: DiscordServer, bot: Chat
) -> None:
    person = server.person()
    await person.slash("remind", time="21:30")
    seen = len(person.sees())
    server.faults.answer("POST", f"/channels/{person.dm.id}/messages", 503, times=9)
    at = await due(bot, key(person))
    later = await time_passes(bot, at)
    assert len(person.sees()) == seen
    server.faults.ordered.clear()
    await time_passes(bot, later)
    assert len(person.sees()) == seen + 1


async def test_a_reminder_survives_a_restart(
    server: DiscordServer, chat: Chat, tmp_path: Path
) -> None:
    person = server.person()
    async with talking(server, chat):
        await person.slash("remind", time="21:30")
    at = await due(chat, key(person))
    seen = len(person.sees())
    await time_passes(chat, at)  # Discord is away: nothing is taken
    async with talking(server, chat):
        await time_passes(chat, at + MINUTE)
        assert len(person.sees()) == seen + 1
