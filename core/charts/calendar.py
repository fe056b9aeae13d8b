"""Local days: which one a moment belongs to, and where in it; daylight saving included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["days_ending", "local_day", "place_in_day", "span_start", "start_of_day"]


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day on the wall of somebody in `zone`; `at` is aware."""
    return at.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, UTC.

    Where clocks jump over midnight, the day begins with the jump; where they strike it twice,
    with the first stroke (PEP 495, fold=0).
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def place_in_day(at: datetime, zone: ZoneInfo) -> float:
    """How much of its local day has passed at `at`, 0 to below 1; days of 23 or 25 hours too."""
    day = local_day(at, zone)
    start, end = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
    return (at - start) / (end - start)


def days_ending(last: date, count: int) -> tuple[date, ...]:
    """`count` days in a row, the last one included, earliest first.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"{count} days are no period")
    return tuple(last - timedelta(days=back) for back in range(count - 1, -1, -1))


def span_start(now: datetime, zone: ZoneInfo, count: int) -> datetime:
    """The first moment of the `count` local days that end with today, UTC."""
    return start_of_day(days_ending(local_day(now, zone), count)[0], zone)
