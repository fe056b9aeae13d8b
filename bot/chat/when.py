"""When a person wants to be asked, as it is typed: "매일 오후 9시 반", "sunday 8 pm".

A time without a half of the day is read by the clock of 24 hours, and what was understood is shown.
"""

import re
from collections.abc import Sequence
from datetime import time
from typing import Final

from bot.chat.numerals import NUMERALS
from bot.errors import ReminderTimeError
from core.reminders import Plan, Rhythm

__all__ = ["ENGLISH_DAYS", "read_plan", "stops"]

ENGLISH_DAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_STOP: Final = frozenset(
    {
        *("끄기", "꺼", "꺼줘", "꺼줘요", "꺼주세요", "그만", "중지", "해제", "취소"),
        *("off", "stop", "none", "cancel"),
    }
)
_DAILY: Final = frozenset(
    {"매일", "매일매일", "날마다", "하루에", "하루", "daily", "everyday", "day"}
)
_WEEKLY: Final = frozenset({"매주", "주마다", "weekly", "week"})
_FILLERS: Final = frozenset(
    {
        *("every", "each", "at", "on", "please", "reminders", "remind", "me"),
        *("에", "마다", "알림", "한번", "좀", "안부", "알려", "알려줘", "알려줘요", "알려주세요"),
        *(
            "물어봐",
            "물어봐줘",
            "물어봐줘요",
            "물어봐주세요",
            "물어",
            "봐줘",
            "봐주세요",
            "해",
            "줘",
        ),
        *("해줘", "해줘요", "해주세요", "보내줘", "보내줘요", "보내주세요", "맞춰줘", "주세요"),
    }
)
_HOURS: Final = (*NUMERALS, "열한", "열두")
_HOUR_WORD: Final = re.compile(
    rf"(?<![가-힣])(?P<hour>{'|'.join(sorted(_HOURS, key=len, reverse=True))})(?= ?시)"
)
_EACH_PART: Final = re.compile(r"(?P<each>매일|날마다)(?P<part>새벽|아침|점심|저녁|밤)")
_KOREAN_DAYS: Final = "월화수목금토일"
_SHORTEST_DAY: Final = 3
_KOREAN_DAY: Final = re.compile(rf"(?P<day>[{_KOREAN_DAYS}])(?:요일|욜)?(?:마다|에)?")

_NAMED: Final = {
    **dict.fromkeys(("정오", "noon"), time(12)),
    **dict.fromkeys(("자정", "midnight"), time(0)),
}
_TIME: Final = re.compile(
    r"(?:(?P<part>오전|오후|새벽|아침|낮|점심|저녁|밤) ?)?"
    r"(?P<hour>\d{1,2})(?: ?시 ?(?:(?P<minutes>\d{1,2})분|(?P<half>반))?|:(?P<minute>\d{2}))?"
    r"(?: ?(?P<end>[ap])\.?m\.?)?(?:에)?"
)
_MORNING: Final = frozenset({"오전", "새벽", "아침", "a"})
_NOON: Final = frozenset({"낮", "점심"})
_NIGHT: Final = frozenset({"밤"})
_HALF_DAY: Final = 12


def stops(words: Sequence[str]) -> tuple[bool, Rhythm | None]:
    """Whether reminders are to be stopped, and of which rhythm; None for all.

    Args:
        words: folded to lower case.
    """
    rhythm = Rhythm.DAILY if set(words) & _DAILY else None
    rhythm = Rhythm.WEEKLY if set(words) & _WEEKLY else rhythm
    return bool(set(words) & _STOP), rhythm


def read_plan(words: Sequence[str]) -> Plan:
    """The plan that was typed.

    Args:
        words: folded to lower case.

    Raises:
        ReminderTimeError: it names no time, no weekday of a week, or more than is one plan.
    """
    words = _EACH_PART.sub(r"\g<each> \g<part>", " ".join(words)).split()
    days = [day for word in words if (day := _weekday(word)) is not None]
    daily = any(word in _DAILY for word in words)
    weekly = any(word in _WEEKLY for word in words)
    rest = [
        word for word in words if word not in _DAILY | _WEEKLY | _FILLERS and _weekday(word) is None
    ]
    at = _time(" ".join(rest))
    if at is None or len(days) > 1 or (daily and (weekly or days)) or (weekly and not days):
        raise ReminderTimeError("no time, or none that is known")
    return Plan(at, days[0] if days else None)


def _weekday(word: str) -> int | None:
    """Monday is 0."""
    if match := _KOREAN_DAY.fullmatch(word):
        return _KOREAN_DAYS.index(match["day"])
    if len(word) < _SHORTEST_DAY:
        return None
    singular = word.removesuffix("s") if word.endswith("days") else word
    found = (day for day, name in enumerate(ENGLISH_DAYS) if name.startswith(singular))
    return next(found, None)


def _time(text: str) -> time | None:
    text = _HOUR_WORD.sub(lambda found: str(_HOURS.index(found["hour"]) + 1), text)
    if text.removesuffix("에") in _NAMED:
        return _NAMED[text.removesuffix("에")]
    match = _TIME.fullmatch(text)
    if match is None or (match["part"] and match["end"]):
        return None
    minute = 30 if match["half"] else int(match["minutes"] or match["minute"] or 0)
    hour = _hour(int(match["hour"]), match["part"] or match["end"])
    if hour is None or minute > 59:
        return None
    return time(hour, minute)


def _hour(hour: int, part: str | None) -> int | None:
    """Of 24; None where there is none."""
    if hour == 2 * _HALF_DAY:
        return 0 if part in _NIGHT or part is None else None
    if hour > 2 * _HALF_DAY or (hour > _HALF_DAY and part in _MORNING | {"p"}):
        return None
    if part is None or hour > _HALF_DAY:
        return hour
    if part in _MORNING or (part in _NIGHT and hour in {12, 1, 2, 3, 4, 5}):
        return hour % _HALF_DAY
    if part in _NOON and hour in {10, 11}:
        return hour
    return hour % _HALF_DAY + _HALF_DAY
