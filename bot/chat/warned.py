"""Who was warned, before something that cannot be undone: in memory, for a few minutes."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.models import UserKey

__all__ = ["Warned"]

_LASTS: Final = timedelta(minutes=10)


@dataclass
class Warned:
    """Remembers who read a warning. Who is not remembered any more is simply warned again.

    Attributes:
        capacity: people who are remembered.
    """

    capacity: int = 10_000
    _at: OrderedDict[UserKey, datetime] = field(default_factory=OrderedDict, repr=False)

    def add(self, user: UserKey, now: datetime) -> None:
        """The person reads the warning now."""
        self._at[user] = now
        self._at.move_to_end(user)
        if len(self._at) > self.capacity:
            self._at.popitem(last=False)

    def take(self, user: UserKey, now: datetime) -> bool:
        """Whether the person read it a few minutes ago; a warning is good for one answer."""
        at = self._at.pop(user, None)
        return at is not None and now - at < _LASTS
