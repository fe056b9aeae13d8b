"""When a person wants to be asked, as it is typed."""

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Command, Request, parse
from bot.chat.when import ENGLISH_DAYS, read_plan, stops
from bot.errors import ReminderTimeError
from core.reminders import Plan, Rhythm

SUNDAY = 6


@pytest.mark.parametrize(
    ("typed", "at", "weekday"),
    [
        ("/알림 매일 21:30", time(21, 30), None),
        ("/알림 21:30", time(21, 30), None),
        ("/알림 매일 21시 30분", time(21, 30), None),
        ("/알림 매일 21시30분에", time(21, 30), None),
        ("/알림 매일 오후 9시 반", time(21, 30), None),
        ("/알림 매일 오후 9시반", time(21, 30), None),
        ("/알림 매일 저녁 8시", time(20), None),
        ("/알림 매일 밤 11시", time(23), None),
        ("/알림 매일 밤 12시", time(0), None),
        ("/알림 매일 밤 1시", time(1), None),
        ("/알림 매일 새벽 5시", time(5), None),
        ("/알림 매일 오전 12시", time(0), None),
        ("/알림 매일 아침 7시 5분", time(7, 5), None),
        ("/알림 매일 낮 12시", time(12), None),
        ("/알림 매일 낮 2시", time(14), None),
        ("/알림 매일 점심 11시 50분", time(11, 50), None),
        ("/알림 매일 정오에", time(12), None),
        ("/알림 매일 자정", time(0), None),
        ("/알림 매일 24시", time(0), None),
        ("/알림 매일 오후 21:30", time(21, 30), None),
        ("/알림 매일 아홉시", time(9), None),
        ("/알림 매일 밤 열한 시 반", time(23, 30), None),
        ("/알림 밤 10시에 알려줘", time(22), None),
        ("/알림 매일 저녁 9시 반", time(21, 30), None),
        ("/알림 매일밤 열두시에 안부 물어봐줘", time(0), None),
        ("/알림 매일 ２１：３０", time(21, 30), None),  # full width
        ("/알림 매주 일 20:00", time(20), SUNDAY),
        ("/알림 매주 일요일 20:00", time(20), SUNDAY),
        ("/알림 일요일마다 저녁 8시에", time(20), SUNDAY),
        ("/알림 월욜 9시", time(9), 0),
        ("/알림 매주 20:00 금요일", time(20), 4),
        ("/remind daily 21:30", time(21, 30), None),
        ("/remind every day at 9:30 PM", time(21, 30), None),
        ("/remind 9:30 p.m.", time(21, 30), None),
        ("/remind 12am", time(0), None),
        ("/remind 12 pm", time(12), None),
        ("/remind noon", time(12), None),
        ("/remind at midnight", time(0), None),
        ("/remind every Sunday at 8 pm", time(20), SUNDAY),
        ("/remind weekly on sundays 20:00", time(20), SUNDAY),
        ("/remind wed 20:00", time(20), 2),
        ("/remind thurs 20:00", time(20), 3),
    ],
)
def test_times_are_read_as_they_are_typed(typed: str, at: time, weekday: int | None) -> None:
    request = parse(typed)
    assert request.command is Command.REMIND
    assert stops(request.words) == (False, stops(request.words)[1])
    assert read_plan(request.words) == Plan(at, weekday)


@pytest.mark.parametrize(
    "typed",
    [
        *("매일", "매주 일", "매주 20:00", "25:00", "21:60", "9:5", "오전 13시", "오후 오전 9시"),
        *("매일 일요일 20:00", "월 수 20:00", "매일 매주 일 20:00", "20:00 21:00", "내일 20:00"),
        *("-3:00", "13pm", "25시", "오전 24시", "9시 99분", "오후 9pm", "soon", "스물시"),
        "9" * 30,
    ],
)
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(ReminderTimeError):
        read_plan(typed.split())


@given(st.text())
def test_anything_is_a_plan_or_none(typed: str) -> None:
    with suppress(ReminderTimeError):
        assert isinstance(read_plan(typed.lower().split()), Plan)


@given(st.integers(0, 1439), st.sampled_from([None, *range(7)]))
def test_every_plan_can_be_typed(minute: int, weekday: int | None) -> None:
    plan = Plan.of(minute, weekday)
    korean = "매일" if weekday is None else f"매주 {'월화수목금토일'[weekday]}"
    english = "daily" if weekday is None else ENGLISH_DAYS[weekday]
    clock = f"{plan.at.hour % 12 or 12}:{plan.at:%M} {'pm' if plan.at.hour >= 12 else 'am'}"
    for typed in (f"{korean} {plan.at:%H:%M}", f"{english} {clock}"):
        assert read_plan(typed.split()) == plan


@pytest.mark.parametrize(
    ("typed", "rhythm"),
    [
        ("/알림 끄기", None),
        ("/알림 꺼줘", None),
        ("/알림 매일 끄기", Rhythm.DAILY),
        ("/알림 매주 그만", Rhythm.WEEKLY),
        ("/remind off", None),
        ("/remind stop weekly", Rhythm.WEEKLY),
        ("알림 꺼줘", None),
        ("알림 이제 그만!", None),
        ("알림 보내지 마세요", None),
        ("stop reminders", None),
        ("Please turn off my reminders.", None),
    ],
)
def test_stopping_is_typed_in_many_ways(typed: str, rhythm: Rhythm | None) -> None:
    request = parse(typed)
    assert request.command is Command.REMIND
    assert stops(request.words) == (True, rhythm)


@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ("알림 설정해줘 매일 밤 10시", Plan.of(22 * 60)),
        ("매일 아침 8시에 알려줘", Plan.of(8 * 60)),
        ("매일 저녁 9시 반에 안부 물어봐줘", Plan.of(21 * 60 + 30)),
        ("알림 일요일 오후 8시", Plan.of(20 * 60, 6)),
        ("remind me every day at 10 pm", Plan.of(22 * 60)),
    ],
)
def test_a_reminder_is_asked_for_in_plain_words(typed: str, plan: Plan) -> None:
    request = parse(typed)
    assert request.command is Command.REMIND
    assert read_plan(request.words) == plan


@pytest.mark.parametrize(
    "talk", ["알림 때문에 피곤해", "그만 울고 싶어", "알림이 자꾸 와서 짜증나"]
)
def test_talk_of_reminders_is_talk(talk: str) -> None:
    assert parse(talk) == Request(Command.TALK, talk)
