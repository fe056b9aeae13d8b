"""A word for programs for each error that a person is told of."""

from typing import Final

from bot.errors import (
    HurriedError,
    ReminderTimeError,
    SettingValueError,
    TooLongError,
    UndecodableError,
    UnfoundSongError,
    UnknownActionError,
    UnknownCommandError,
    UsageError,
)
from core.errors import (
    BusyError,
    ConflictError,
    EmptyMessageError,
    InvalidCountError,
    LinkError,
    NothingShownError,
    SetupError,
    StoreError,
    UnknownMoodError,
    UnknownReadingError,
    UnknownSongError,
)

__all__ = ["ERROR_CODES", "INTERNAL", "error_code"]

ERROR_CODES: Final[dict[type, str]] = {
    EmptyMessageError: "empty",
    UnknownMoodError: "unknown_mood",
    InvalidCountError: "invalid_count",
    ConflictError: "conflict",
    BusyError: "busy",
    HurriedError: "hurried",
    SetupError: "setup",
    UndecodableError: "not_utf8",
    TooLongError: "too_long",
    UnknownCommandError: "unknown_command",
    UsageError: "usage",
    NothingShownError: "nothing_shown",
    UnknownSongError: "unknown_song",
    UnknownActionError: "unknown_action",
    UnfoundSongError: "unfound_song",
    SettingValueError: "setting_value",
    UnknownReadingError: "unknown_reading",
    ReminderTimeError: "reminder_time",
    LinkError: "link",
    StoreError: "store",
}
"""A word for programs for each exception; its sentence is `error.<word>` in the locales."""
INTERNAL: Final = "internal"
"""The code of an error that was not raised on purpose."""


def error_code(error: Exception) -> str:
    """A word for programs; "internal" for what was not raised on purpose."""
    return next(
        (ERROR_CODES[kind] for kind in type(error).__mro__ if kind in ERROR_CODES), INTERNAL
    )
