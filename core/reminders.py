"""When a person is asked how it goes: every day or every week, at a time of the person's own clock.

A time of a clock is not always one moment. Where clocks are put forward, a time that is skipped
that day comes as much later as they were put forward: 02:30 comes at 03:30, as long after
midnight as ever. Where they are put back, a time that comes twice counts the first time.

After the bot was away, one message makes up for all that were missed, and none where even the last
of them is too long ago (`LATE`). One that is late does not come at night (`QUIET`) but in the
morning, if that is not too late by then; one that is punctual comes whenever the person wanted it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.models import Language, UserKey

__all__ = [
    "LATE",
    "PUNCTUAL",
    "QUIET",
    "Decision",
    "Plan",
    "Reminder",
    "Reminders",
    "Rhythm",
    "clock_of",
    "decide",
    "last_due",
    "next_due",
]


class Rhythm(StrEnum):
    """How often; of each a person has one at most."""

    DAILY = "daily"
    WEEKLY = "weekly"


PUNCTUAL: Final = timedelta(minutes=15)
"""What is later than this is late: sending to many people at one time takes a while by itself."""

LATE: Final = {Rhythm.DAILY: timedelta(hours=3), Rhythm.WEEKLY: timedelta(hours=24)}
"""How late it may come at all. The next day asks again anyway; the next week is far away."""

QUIET: Final = (time(22), time(8))
"""From when until when, by the person's clock, nothing comes that is late."""

_WEEK: Final = 7
_SKIPPED: Final = 1
"""Days: a time that a clock skips may come on the next day, and zones have skipped a whole one."""


@dataclass(frozen=True)
class Plan:
    """When to ask.

    Attributes:
        at: by the person's clock, to the minute, without a zone.
        weekday: 0 (Monday) to 6; None for every day.
    """

    at: time
    weekday: int | None = None

    def __post_init__(self) -> None:
        """Hold the ranges."""
        if self.at.tzinfo is not None or self.at.replace(second=0, microsecond=0) != self.at:
            raise ValueError("a time of a clock, to the minute")
        if self.weekday is not None and not 0 <= self.weekday < _WEEK:
            raise ValueError("a weekday is 0 to 6")

    @property
    def rhythm(self) -> Rhythm:
        """How often."""
        return Rhythm.DAILY if self.weekday is None else Rhythm.WEEKLY

    @property
    def minute(self) -> int:
        """Of the day, 0 to 1439."""
        return 60 * self.at.hour + self.at.minute

    @classmethod
    def of(cls, minute: int, weekday: int | None = None) -> Self:
        """The plan of a minute of the day."""
        return cls(time(*divmod(minute, 60)), weekday)


@dataclass(frozen=True)
class Reminder:
    """That a person wants to be asked.

    Attributes:
        id: what it is called.
        person: whose.
        key: the account through which the person is asked: where it was wanted.
        plan: when.
        zone: whose clock, an IANA name.
        language: of that account's app, for who chose none.
        next_at: when it is looked at next, aware, UTC.
    """

    id: str
    person: str
    key: UserKey
    plan: Plan
    zone: str
    language: Language
    next_at: datetime

    def moved(self, zone: str, now: datetime) -> "Reminder":
        """By the clock of another zone."""
        return replace(self, zone=zone, next_at=next_due(self.plan, clock_of(zone), now))


@dataclass(frozen=True)
class Decision:
    """What to do with a reminder that is due.

    Attributes:
        send: whether to ask now.
        next_at: when to look again, later than now, UTC.
    """

    send: bool
    next_at: datetime


def clock_of(zone: str) -> ZoneInfo:
    """The clock of a zone; of UTC where its name is known no more: one must not stop all others."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def next_due(plan: Plan, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after `after` that the plan comes to, UTC.

    Args:
        plan: when to ask.
        zone: whose clock.
        after: aware.
    """
    first = after.astimezone(zone).date() - timedelta(days=_SKIPPED)
    days = (first + timedelta(days=ahead) for ahead in range(_WEEK + 2 * _SKIPPED + 1))
    return next(due for due in _moments(plan, zone, days) if due > after)


def last_due(plan: Plan, zone: ZoneInfo, now: datetime) -> datetime:
    """The last time that the plan came to, `now` included, UTC.

    Args:
        plan: when to ask.
        zone: whose clock.
        now: aware.
    """
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(_WEEK + 2 * _SKIPPED + 1))
    return next(due for due in _moments(plan, zone, days) if due <= now)


def decide(plan: Plan, zone: ZoneInfo, now: datetime) -> Decision:
    """What to do with a reminder whose time has come, or came while the bot was away.

    Args:
        plan: when to ask.
        zone: whose clock.
        now: aware.
    """
    due, following = last_due(plan, zone, now), next_due(plan, zone, now)
    latest = due + LATE[plan.rhythm]
    if now - due <= PUNCTUAL:
        return Decision(True, following)
    if now > latest:
        return Decision(False, following)
    morning = _quiet_until(zone, now)
    if morning is None:
        return Decision(True, following)
    # Either way nothing now: in the morning, or the next time where the morning is too late.
    return Decision(False, min(morning, following) if morning <= latest else following)


def _quiet_until(zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the night is over; None by day."""
    begins, ends = QUIET
    clock = now.astimezone(zone)
    if ends <= clock.time() < begins:
        return None
    day = clock.date() + timedelta(days=1 if clock.time() >= begins else 0)
    over = _moment(day, ends, zone)
    return over if over > now else None  # clocks were put forward over the end of the night


def _moments(plan: Plan, zone: ZoneInfo, days: Iterator[date]) -> Iterator[datetime]:
    for day in days:
        if plan.weekday is None or day.weekday() == plan.weekday:
            yield _moment(day, plan.at, zone)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock shows a time, UTC; see the head of this module for changes of the clock."""
    # `fold=0`: of two the first; of none the one by the clock before it was put forward, which
    # is as much later as it is put forward.
    return datetime.combine(day, at, zone).replace(fold=0).astimezone(UTC)


class Reminders(Protocol):
    """When people want to be asked how it goes."""

    async def of(self, person: str) -> list[Reminder]:
        """The person's, the daily one first."""
        ...

    async def put(self, reminder: Reminder) -> None:
        """Keep it, in place of the person's of the same rhythm; `key` is one of its accounts.

        Of two that put at once, one may get `ConflictError` from `commit`.
        """
        ...

    async def remove(self, person: str, rhythm: Rhythm | None = None) -> None:
        """Remove the person's of a rhythm, or all of them."""
        ...

    async def due(self, platform: str, now: datetime, limit: int) -> list[Reminder]:
        """Those of a platform's accounts that are to be looked at by `now`, oldest first."""
        ...

    async def advance(self, reminder: Reminder, next_at: datetime) -> None:
        """Look at it again at `next_at`.

        Where another work advanced, replaced or removed it since it was read, `commit` raises
        `ConflictError`: so what is due is taken once.
        """
        ...
