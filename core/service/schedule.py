"""When learning is due. What tells it is in the database, so several processes agree."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from core.ports import UnitOfWork

__all__ = ["FINISHED", "STARTED", "Schedule", "due"]

STARTED: Final = "learning.started"
FINISHED: Final = "learning.finished"
_AGAIN: Final = timedelta(hours=1)
"""After which a run that failed, or was cut off, is tried again."""


@dataclass(frozen=True)
class Schedule:
    """When to learn.

    Attributes:
        at: the time of day after which a night's learning is due.
        zone: of `at`.
        votes: new votes after which it is due sooner.
    """

    at: time
    zone: tzinfo
    votes: int = 500


async def due(work: UnitOfWork, schedule: Schedule, now: datetime) -> bool:
    """Whether the night's time has passed since the last run, or enough votes are new."""
    started, finished = [await _moment(work, name) for name in (STARTED, FINISHED)]
    if started is None:
        return True
    if finished is None or finished < started:
        return now - started >= _AGAIN
    if finished < _last_time(schedule, now):
        return True
    return await work.feedback.count_since(started) >= schedule.votes


async def _moment(work: UnitOfWork, name: str) -> datetime | None:
    found = await work.markers.get(name)
    return datetime.fromisoformat(found) if found else None


def _last_time(schedule: Schedule, now: datetime) -> datetime:
    """When the time of day was last."""
    local = now.astimezone(schedule.zone)
    today = datetime.combine(local.date(), schedule.at, schedule.zone)
    return today if today <= local else today - timedelta(days=1)
