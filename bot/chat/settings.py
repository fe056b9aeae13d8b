"""The settings a person can change, by name and value as they are typed or carried by a button."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from bot.errors import SettingValueError
from core.models import AccountSettings, Language, Layout, Memory, Theme

__all__ = ["CHOICES", "SETTING_NAMES", "changed", "in_force"]

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": tuple(Language),
    "memory": tuple(Memory),
    "layout": tuple(Layout),
    "theme": tuple(Theme),
    "count": ("3", "5", "10"),
}
"""Values that are offered, by setting; of `count` others can be typed."""
_MOST_SONGS: Final = 20

SETTING_NAMES: Final = {
    **dict.fromkeys(("language", "언어"), "language"),
    **dict.fromkeys(("memory", "기억"), "memory"),
    **dict.fromkeys(("layout", "모양"), "layout"),
    **dict.fromkeys(("theme", "그림"), "theme"),
    **dict.fromkeys(("count", "songs", "곡수", "노래"), "count"),
    **dict.fromkeys(("zone", "timezone", "시간대"), "time_zone"),
}
_CITIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("서울", "한국", "대한민국", "부산", "korea", "busan"), "Asia/Seoul"),
    **dict.fromkeys(("도쿄", "동경", "오사카", "일본", "japan", "osaka"), "Asia/Tokyo"),
    **dict.fromkeys(("베이징", "북경", "상하이", "중국", "beijing", "china"), "Asia/Shanghai"),
    **dict.fromkeys(("홍콩", "hongkong"), "Asia/Hong_Kong"),
    **dict.fromkeys(("타이베이", "대만", "taiwan"), "Asia/Taipei"),
    **dict.fromkeys(("싱가포르", "싱가폴"), "Asia/Singapore"),
    **dict.fromkeys(("방콕", "태국", "thailand"), "Asia/Bangkok"),
    **dict.fromkeys(("하노이", "호찌민", "호치민", "베트남", "vietnam"), "Asia/Ho_Chi_Minh"),
    **dict.fromkeys(("마닐라", "필리핀", "philippines"), "Asia/Manila"),
    **dict.fromkeys(("시드니", "호주"), "Australia/Sydney"),
    **dict.fromkeys(("오클랜드", "뉴질랜드"), "Pacific/Auckland"),
    **dict.fromkeys(("두바이",), "Asia/Dubai"),
    **dict.fromkeys(("런던", "영국", "uk", "england"), "Europe/London"),
    **dict.fromkeys(("파리", "프랑스", "france"), "Europe/Paris"),
    **dict.fromkeys(("베를린", "독일", "germany"), "Europe/Berlin"),
    **dict.fromkeys(("마드리드", "스페인", "spain"), "Europe/Madrid"),
    **dict.fromkeys(("로마", "이탈리아", "italy"), "Europe/Rome"),
    **dict.fromkeys(("뉴욕", "newyork", "boston", "보스턴", "워싱턴"), "America/New_York"),
    **dict.fromkeys(("토론토",), "America/Toronto"),
    **dict.fromkeys(("시카고",), "America/Chicago"),
    **dict.fromkeys(("밴쿠버",), "America/Vancouver"),
    **dict.fromkeys(("엘에이", "la", "샌프란시스코", "시애틀"), "America/Los_Angeles"),
    **dict.fromkeys(
        ("로스앤젤레스", "losangeles", "sanfrancisco", "seattle"), "America/Los_Angeles"
    ),
    **dict.fromkeys(("하와이", "hawaii"), "Pacific/Honolulu"),
}
"""Where people say they are. A country of several zones is left out: it names none of them."""
_PLACES: Final = frozenset(
    {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
_KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "language": Language,
    "memory": Memory,
    "layout": Layout,
    "theme": Theme,
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "language": {
        "한국어": Language.KOREAN,
        "korean": Language.KOREAN,
        "영어": Language.ENGLISH,
        "english": Language.ENGLISH,
    },
    "memory": {"짧게": Memory.SHORT, "보통": Memory.NORMAL, "길게": Memory.LONG},
    "layout": {"목록": Layout.LIST, "하나씩": Layout.SINGLE},
    "theme": {"밝게": Theme.LIGHT, "어둡게": Theme.DARK},
}


def in_force(
    settings: AccountSettings, *, language: Language, count: int, zone: str
) -> AccountSettings:
    """The settings with what holds where nothing was chosen.

    Args:
        settings: as they were chosen.
        language: in which the bot speaks to the person.
        count: songs in the bot's usual list.
        zone: of people who did not choose one, an IANA name.
    """
    return AccountSettings(
        language=settings.language or language,
        time_zone=settings.time_zone or zone,
        memory=settings.memory or Memory.NORMAL,
        count=settings.count or count,
        layout=settings.layout or Layout.LIST,
        theme=settings.theme or Theme.LIGHT,
    )


def changed(settings: AccountSettings, name: str, value: str) -> AccountSettings:
    """The settings with another value.

    Args:
        settings: as they are.
        name: of `SETTING_NAMES`.
        value: as it was typed.

    Raises:
        SettingValueError: the setting cannot have this value.
    """
    changes: dict[str, Any] = {name: _value(name, value)}
    return replace(settings, **changes)


def _value(name: str, value: str) -> object:
    word = value.lower()
    if name in _WORDS:
        meant = _WORDS[name].get(word, word)
        if meant in CHOICES[name]:
            return _KINDS[name](meant)
    elif name == "count":
        digits = word.removesuffix("곡")
        if digits.isdecimal() and len(digits) < 4 and 1 <= int(digits) <= _MOST_SONGS:
            return int(digits)
    elif (zone := _zone(value)) is not None:
        return zone
    raise SettingValueError(name)


def _zone(value: str) -> str | None:
    """An IANA name in its own spelling: what is typed is folded to lower case.

    The city alone will do, as many people do not know that there is more to the name.
    """
    word = value.lower()
    one = word.replace(" ", "_")
    return _zones().get(one) or _CITIES.get(word.replace(" ", "")) or _cities().get(one)


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def _cities() -> Mapping[str, str]:
    """The zones by their cities; what is in two places of the world names neither."""
    zones = [zone for zone in available_timezones() if zone.split("/")[0] in _PLACES]
    named: dict[str, set[str]] = {}
    for zone in zones:
        named.setdefault(zone.rpartition("/")[2].lower(), set()).add(zone)
    return {city: places.pop() for city, places in named.items() if len(places) == 1}
