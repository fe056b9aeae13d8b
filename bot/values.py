"""Single settings out of what was written: checked, and kept from being printed by accident.

This module does not import numpy either, see `bot.config`.
"""

import logging
import math
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.pace import Deed, Rate, read_rates
from bot.secret import Secret
from bot.shards import Shards
from core.errors import SetupError

if TYPE_CHECKING:
    from core.models import Language

__all__ = ["SettingsError", "Values"]

_HUB_ID: Final = re.compile(r"\w[\w.-]*/\w[\w.-]*")


class SettingsError(SetupError):
    """A setting has a value that cannot be used; the message names the key."""


class Values:
    """Reads single keys; every failure is a `SettingsError` of one sentence that names the key."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def secret(self, key: str) -> Secret | None:
        """A value not to be printed; None where there is none."""
        value = self._values.get(key)
        return Secret(value) if value else None

    def text(self, key: str) -> str | None:
        """A text; None where there is none."""
        return self._values.get(key)

    def secrets(self, key: str) -> tuple[Secret, ...]:
        """Values separated by commas, not to be printed."""
        parts = (part.strip() for part in self._values.get(key, "").split(","))
        return tuple(Secret(part) for part in parts if part)

    def shards(self, key: str) -> Shards | None:
        """A part of the shards; None where there is none."""
        value = self._values.get(key)
        try:
            return None if value is None else Shards.parse(value)
        except ValueError as error:
            raise SettingsError(f"{key}: {error}") from error

    def rates(self, key: str) -> Mapping[Deed, Rate] | None:
        """How much one person may ask for; None where there is none."""
        value = self._values.get(key)
        try:
            return None if value is None else read_rates(value)
        except ValueError as error:
            raise SettingsError(f"{key}: {error}") from error

    def language(self, key: str) -> "Language":
        """A language; Korean where there is none."""
        from core.models import Language  # noqa: PLC0415 - see the head of this module

        value = self._values.get(key, Language.KOREAN).lower()
        if value not in set(Language):
            raise SettingsError(f"{key} has to be one of {', '.join(Language)}")
        return Language(value)

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._values.get(key)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise SettingsError(f"{key} has to be a number from {least:g} to {most:g}")
        return number

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._values.get(key)
        if value is None:
            return default
        if not (value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
            raise SettingsError(f"{key} has to be a whole number from {least} to {most}")
        return int(value)

    def switch(self, key: str) -> bool | None:
        """On or off; None where it does not say."""
        value = self._values.get(key)
        if value is None:
            return None
        if value.lower() not in {"on", "off"}:
            raise SettingsError(f"{key} has to be on or off")
        return value.lower() == "on"

    def time_zone(self, key: str, default: str) -> str:
        """The name of a time zone."""
        value = self._values.get(key, default)
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise SettingsError(f"{key} has to be a time zone such as {default}") from error
        return value

    def time_of_day(self, key: str, default: time) -> time:
        """A time of day, to the minute."""
        value = self._values.get(key)
        if value is None:
            return default
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise SettingsError(f"{key} has to be a time of day such as {default:%H:%M}")
        return time.fromisoformat(value)

    def folder(self, key: str, default: Path) -> Path:
        """A folder that is there, or the default."""
        value = self._values.get(key)
        path = Path(value).expanduser() if value else default
        if value and not path.is_dir():
            raise SettingsError(f"{key} has to be a folder, and {path} is none")
        return path

    def optional_folder(self, key: str) -> Path | None:
        """A folder that is there; None where none is named."""
        return self.folder(key, Path()) if key in self._values else None

    def model(self, key: str, default: Path) -> Path | str:
        """A folder that is there, or the id of a model on the hub."""
        value = self._values.get(key)
        if value and _HUB_ID.fullmatch(value) and not Path(value).is_dir():
            return value
        return self.folder(key, default)

    def level(self, key: str, default: str) -> str:
        """A level of the logging module."""
        value = self._values.get(key, default).upper()
        if value not in logging.getLevelNamesMapping():
            raise SettingsError(f"{key} has to be one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
        return value
