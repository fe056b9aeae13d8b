"""Which bucket a command or a button takes from, and how much (see `bot.pace`).

What has none is never refused: votes, consents, settings, reminders (so that they can always be
stopped), the way to forget, the exercise for the senses.
"""

from collections.abc import Mapping
from typing import Final

from bot.chat.actions import SONGS, Action
from bot.chat.answers import Turn
from bot.chat.commands import Command, Request
from bot.errors import HurriedError
from bot.pace import Deed, Leave, Pace

__all__ = ["deed_of", "deed_of_press", "take", "weight_of"]

_FREE: Final = frozenset(
    {
        Command.LIKE,
        Command.DISLIKE,
        Command.UNVOTE,
        Command.NEVER,
        Command.CONSENT,
        Command.SETTINGS,
        Command.REMIND,
        Command.FORGET,
        Command.GROUNDING,
        Command.QUIT,
    }
)
_DEEDS: Final[Mapping[Command, Deed]] = {
    **dict.fromkeys((Command.SONGS, Command.LIKE_SONG, Command.DIARY), Deed.SONGS),
    **dict.fromkeys((Command.MOOD, Command.HISTORY, Command.WEEK), Deed.PICTURES),
    Command.EXPORT: Deed.EXPORT,
}
_PRESSES: Final[Mapping[str, Deed]] = {
    **dict.fromkeys(SONGS, Deed.SONGS),
    "w": Deed.TALK,
}
_HEAVY: Final = 2_000
"""Characters that a message may have before it counts for more than one."""


def deed_of(command: Command) -> Deed | None:
    """What a command takes from; None where it is free."""
    return None if command in _FREE else _DEEDS.get(command, Deed.TALK)


def deed_of_press(action: Action) -> Deed | None:
    """What a button takes from; None where it is free."""
    return _PRESSES.get(action.name)


def take(pace: Pace, turn: Turn, deed: Deed | None, weight: int = 1) -> None:
    """Let the person do something, once.

    Raises:
        HurriedError: there is not enough left of it.
    """
    if deed is None:
        return
    leave = pace.ask(turn.user, deed, turn.now, weight=weight)
    if leave is not Leave.GIVEN:
        raise HurriedError(told=leave is Leave.SILENT)


def weight_of(request: Request) -> int:
    """How much a request takes: a long text is as much work as many short ones."""
    return 1 + len(request.text) // _HEAVY
