"""Events that Discord delivers a second time, after a resumed connection, are dropped."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final

import discord

__all__ = ["Recent", "accept_once"]

_EVENTS: Final = ("INTERACTION_CREATE", "MESSAGE_CREATE")
_REMEMBERED: Final = 10_000  # minutes of a busy bot; a replay covers less


class Recent:
    """Remembers the last things it has seen."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def is_new(self, thing: Hashable) -> bool:
        """Whether it was not seen before, as far back as is remembered."""
        if thing in self._seen:
            return False
        self._seen[thing] = None
        if len(self._seen) > self._size:
            self._seen.popitem(last=False)
        return True


def accept_once(client: discord.Client) -> None:
    """Let the client handle each interaction and message once.

    A new process begins a new session, to which nothing is replayed, so memory is enough.
    Reactions have no id; to add or remove one twice is the same as once.
    """
    recent = Recent()
    # The library dispatches by this table, and offers no earlier place to stop an event.
    parsers = client._connection.parsers

    def once(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda data: parse(data) if recent.is_new((name, data["id"])) else None

    for name in _EVENTS:
        parsers[name] = once(name, parsers[name])
