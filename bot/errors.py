"""What can be wrong with something a person typed; `presentation` has a kind sentence for each.

MaeumError
├── UndecodableError       the bytes are not UTF-8
├── TooLongError           more than is read at once
├── HurriedError           more than one person may ask for in a while
├── SettingValueError      a setting cannot have this value
├── UnknownCommandError    a command that there is not
├── ReminderTimeError      no time at which to be asked
├── UnfoundSongError       no song of the name that was typed is known
├── UnknownActionError     a button that there is not any more
├── WordlessError          a mark alone, "?" say: somebody calls
└── UsageError             a command with words it does not know
"""

from core.errors import EmptyMessageError, MaeumError

__all__ = [
    "HurriedError",
    "ReminderTimeError",
    "SettingValueError",
    "TooLongError",
    "UndecodableError",
    "UnfoundSongError",
    "UnknownActionError",
    "UnknownCommandError",
    "UsageError",
    "WordlessError",
]


class UndecodableError(MaeumError):
    """The bytes are not UTF-8."""


class TooLongError(MaeumError):
    """There is more in one line than is read at once."""


class UnknownCommandError(MaeumError):
    """A command that there is not.

    Attributes:
        meant: the command with nearly that name, if there is one.
    """

    def __init__(self, meant: str | None) -> None:
        super().__init__("there is no such command")
        self.meant = meant


class HurriedError(MaeumError):
    """More was asked for than one person may in a while; a little later there is more.

    Attributes:
        told: whether the person was told so a moment ago, and need not be again.
    """

    def __init__(self, *, told: bool) -> None:
        super().__init__("more was asked for than one person may in a while")
        self.told = told


class SettingValueError(MaeumError):
    """A setting cannot have this value.

    Attributes:
        name: of the setting.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot have this value")
        self.name = name


class ReminderTimeError(MaeumError):
    """No time at which to be asked, or none that is understood."""


class UnfoundSongError(MaeumError):
    """No song of the name that was typed is known."""


class UnknownActionError(MaeumError):
    """A button that there is not, or not any more."""


class UsageError(MaeumError):
    """A command with words it does not know.

    Attributes:
        command: whose usage helps.
    """

    def __init__(self, command: str) -> None:
        super().__init__(f"{command} was given words it does not know")
        self.command = command


class WordlessError(EmptyMessageError):
    """Nothing but punctuation was typed: somebody wonders, or calls."""
