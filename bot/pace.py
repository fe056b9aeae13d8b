"""How much one person may ask for in a while: the work is bounded, the kindness is not.

Each kind of deed has a bucket a person: so many at once, and they come back one by one. Of a bucket
only one moment is kept, the one at which it is full again (the generic cell rate algorithm), and
nothing at all of a full one. Who asks for more than there is is told so once, and after that not
again until the bucket is full: what comes back in the meantime is answered as usual.

Votes, consents and the way to forget have no bucket. A word of danger is never refused: whoever
asks here looks for danger before a refusal counts.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final, Self

__all__ = ["RATES", "UNLIMITED", "Deed", "Leave", "Pace", "Rate", "read_rates"]

_MOST: Final = 10_000
_LONGEST_S: Final = 86_400.0


class Deed(StrEnum):
    """What a person may do only so often, by the work that it makes."""

    TALK = "talk"
    """A message, an edit, and what is looked up in the store."""
    CARE = "care"
    """A message of somebody who spoke of danger a while ago."""
    SONGS = "songs"
    """A list of songs, by command, button or menu."""
    PICTURES = "pictures"
    EXPORT = "export"
    SEARCH = "search"
    """What is looked up while somebody types, in any chat."""
    VOICE = "voice"
    """A recording that is written down."""


class Leave(Enum):
    """What comes of asking."""

    GIVEN = "given"
    REFUSED = "refused"
    """Too much, for the first time: to be said."""
    SILENT = "silent"
    """Too much, which was said already."""


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds, all of them at once if need be.

    Attributes:
        count: 1 or more.
        seconds: in which as many come back, above 0.
    """

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rate written "COUNT/SECONDS".

        Raises:
            ValueError: it is none.
        """
        count, slash, seconds = text.partition("/")
        try:
            rate = cls(int(count), float(seconds))
        except ValueError:
            rate = cls(0, math.nan)
        if not (slash and 1 <= rate.count <= _MOST and 0 < rate.seconds <= _LONGEST_S):
            raise ValueError(f"{text!r} is no rate such as 30/60, which is 30 in 60 seconds")
        return rate


RATES: Final[Mapping[Deed, Rate]] = {
    Deed.TALK: Rate(30, 60),
    Deed.CARE: Rate(120, 60),
    Deed.SONGS: Rate(12, 60),
    Deed.PICTURES: Rate(6, 60),
    Deed.EXPORT: Rate(3, 600),
    Deed.SEARCH: Rate(40, 60),
    Deed.VOICE: Rate(6, 60),
}
"""The usual rates: no conversation comes near them."""
UNLIMITED: Final[Mapping[Deed, Rate]] = {}


def read_rates(text: str) -> Mapping[Deed, Rate]:
    """The rates written "talk=30/60, songs=12/60"; others are the usual ones, "none" is no limit.

    Raises:
        ValueError: a name or a rate is none.
    """
    if text.lower() == "none":
        return UNLIMITED
    rates = dict(RATES)
    for part in text.split(","):
        name, equals, rate = (piece.strip() for piece in part.partition("="))
        if not equals or name not in set(Deed):
            raise ValueError(f"{part.strip()!r} is none of {', '.join(Deed)} with a rate")
        rates[Deed(name)] = Rate.parse(rate)
    return rates


@dataclass(frozen=True)
class _Bucket:
    """One that is not full.

    Attributes:
        full_at: when it is full again, in seconds since 1970.
        told: whether the person was told that there was too much.
    """

    full_at: float
    told: bool = False


@dataclass
class Pace:
    """The buckets of everybody, in memory: a new process begins with full ones.

    Attributes:
        rates: by deed; one that is missing has no limit.
        capacity: buckets that are remembered. Beyond it the one goes that was asked for longest
            ago, as if it had become full.
    """

    rates: Mapping[Deed, Rate] = field(default_factory=lambda: RATES)
    capacity: int = 50_000
    _buckets: OrderedDict[tuple[Hashable, Deed], _Bucket] = field(
        default_factory=OrderedDict, repr=False
    )

    def __len__(self) -> int:
        """How many buckets are remembered."""
        return len(self._buckets)

    def ask(self, who: Hashable, deed: Deed, now: datetime, *, weight: int = 1) -> Leave:
        """Take from the bucket, if there is enough in it.

        Args:
            who: the person.
            deed: what is about to be done.
            now: aware. A clock that was set back costs nobody more than one bucket's time.
            weight: how many it counts for, 1 or more; what weighs more than a whole bucket holds
                takes a full one.
        """
        rate = self.rates.get(deed)
        if rate is None:
            return Leave.GIVEN
        key, moment = (who, deed), now.timestamp()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.full_at <= moment:
            bucket = _Bucket(moment)
        begin = min(bucket.full_at, moment + rate.seconds)
        full_at = begin + min(weight, rate.count) * rate.seconds / rate.count
        # A thousandth of a second is forgiven: 30 times a thirtieth may be more than the whole.
        if full_at <= moment + rate.seconds + 1e-3:
            self._keep(key, _Bucket(full_at, bucket.told))
            return Leave.GIVEN
        self._keep(key, _Bucket(begin, told=True))
        return Leave.SILENT if bucket.told else Leave.REFUSED

    def _keep(self, key: tuple[Hashable, Deed], bucket: _Bucket) -> None:
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > self.capacity:
            self._buckets.popitem(last=False)
