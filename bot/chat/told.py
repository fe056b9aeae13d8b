"""Who was told or asked something: in memory, for a while."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import UserKey

__all__ = ["Told"]


@dataclass
class Told:
    """Remembers who was told something. Who is not remembered any more is told again.

    Attributes:
        lasts: for how long.
        capacity: people who are remembered.
    """

    lasts: timedelta = timedelta(minutes=10)
    capacity: int = 10_000
    _at: OrderedDict[UserKey, datetime] = field(default_factory=OrderedDict, repr=False)

    def add(self, user: UserKey, now: datetime) -> None:
        """The person is told now."""
        self._at[user] = now
        self._at.move_to_end(user)
        if len(self._at) > self.capacity:
            self._at.popitem(last=False)

    def stands(self, user: UserKey, now: datetime) -> bool:
        """Whether the person was told not long ago."""
        at = self._at.get(user)
        return at is not None and now - at < self.lasts

    def take(self, user: UserKey, now: datetime) -> bool:
        """As `stands`, for a warning that is good for one answer: it is forgotten."""
        stood = self.stands(user, now)
        self._at.pop(user, None)
        return stood
