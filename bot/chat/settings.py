"""The settings a person can change, by name and value as they are typed or carried by a button."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from bot.errors import SettingValueError
from core.models import AccountSettings, Language, Layout, Memory, Theme

__all__ = ["CHOICES", "SETTING_NAMES", "changed"]

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
    **dict.fromkeys(("count", "곡수"), "count"),
    **dict.fromkeys(("zone", "시간대"), "time_zone"),
}
_KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "language": Language,
    "memory": Memory,
    "layout": Layout,
    "theme": Theme,
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "language": {"한국어": Language.KOREAN, "영어": Language.ENGLISH, "english": Language.ENGLISH},
    "memory": {"짧게": Memory.SHORT, "보통": Memory.NORMAL, "길게": Memory.LONG},
    "layout": {"목록": Layout.LIST, "하나씩": Layout.SINGLE},
    "theme": {"밝게": Theme.LIGHT, "어둡게": Theme.DARK},
}


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
    """An IANA name in its own spelling: what is typed is folded to lower case."""
    return _zones().get(value.lower())


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}
