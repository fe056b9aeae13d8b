"""Who was told something: in memory, for a while."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.models import UserKey

__all__ = ["Warned"]

_MINUTES: Final = timedelta(minutes=10)


@dataclass
class Warned:
    """Remembers who read a warning. Who is not remembered any more is simply warned again.

    Attributes:
        lasts: for how long.
        capacity: people who are remembered.
    """

    lasts: timedelta = _MINUTES
    capacity: int = 10_000
    _at: OrderedDict[UserKey, datetime] = field(default_factory=OrderedDict, repr=False)

    def add(self, user: UserKey, now: datetime) -> None:
        """The person reads the warning now."""
        self._at[user] = now
        self._at.move_to_end(user)
        if len(self._at) > self.capacity:
            self._at.popitem(last=False)

    def take(self, user: UserKey, now: datetime) -> bool:
        """Whether the person read it not long ago; a warning is good for one answer."""
        at = self._at.pop(user, None)
        return at is not None and now - at < self.lasts
