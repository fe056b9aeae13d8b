"""What the pictures show: days, means, changes and songs, computed from what is kept.

Pure values; the pictures draw them and the alt texts say them, so that both tell the same.
A mood point is the rolling mood after a message. The mean of a day is that of its points, the
mean of a longer time that of its days: a day of many words counts no more than a quiet one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from core.charts.calendar import days_ending, local_day, place_in_day
from core.charts.helped import LikedSong, helped_songs
from core.charts.values import (
    Change,
    DayMood,
    History,
    LikedOnDay,
    MeanMood,
    Moment,
    PresentMood,
    Share,
    Step,
    Week,
    ranked,
)
from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores
from core.records import MoodPoint

__all__ = [
    "HISTORY_DAYS",
    "MOST_HISTORY_DAYS",
    "WEEK_DAYS",
    "WEEK_POINTS_DAYS",
    "day_moods",
    "history",
    "present_mood",
    "week",
]

HISTORY_DAYS: Final = 30
"""The days of a history where nobody said how many."""
MOST_HISTORY_DAYS: Final = 92
WEEK_DAYS: Final = 7
WEEK_POINTS_DAYS: Final = 2 * WEEK_DAYS
"""The days of which a week needs the mood points: it is held against the week before."""

_FINE_SCORE: Final = 0.3
"""A fine emotion below this score is not named."""
_UNNAMED: Final = {*COARSE, "없음"}
"""Fine emotions that say what the doughnut says already, or that there is none."""
_SHARE_CHANGED: Final = 0.05
"""A class of which the share changed by less is not said to have changed."""


def present_mood(mood: EmotionScores, *, now: datetime, zone: ZoneInfo) -> PresentMood:
    """The mood as the doughnut shows it.

    Args:
        mood: the rolling one.
        now: aware.
        zone: of the person.
    """
    order = np.argsort(-mood.fine, kind="stable")
    fine = (FINE[index] for index in order if mood.fine[index] >= _FINE_SCORE)
    return PresentMood(
        at=now.astimezone(zone),
        shares=ranked(mood.coarse),
        fine=tuple(label for label in fine if label not in _UNNAMED),
        valence=float(mood.valence),
        arousal=float(mood.arousal),
    )


def history(
    points: Iterable[MoodPoint],
    liked: Iterable[LikedSong],
    *,
    now: datetime,
    zone: ZoneInfo,
    days: int = HISTORY_DAYS,
) -> History:
    """The local days up to today; what lies outside of them is left out.

    Args:
        points: in any order.
        liked: in any order; of a song liked more than once, the last time counts.
        now: aware.
        zone: of the person.
        days: how many, 1 to 92.

    Raises:
        ValueError: that many days are not drawn.
    """
    if not 1 <= days <= MOST_HISTORY_DAYS:
        raise ValueError(f"a history of 1 to {MOST_HISTORY_DAYS} days can be drawn, not {days}")
    dates = days_ending(local_day(now, zone), days)
    within = sorted(
        (point for point in points if dates[0] <= local_day(point.at, zone) <= dates[-1]),
        key=lambda point: point.at,
    )
    moods = day_moods(within, zone)
    these = tuple(moods.get(day) for day in dates)
    return History(
        first=dates[0],
        last=dates[-1],
        days=these,
        mean=_mean_mood([day for day in these if day is not None]),
        moments=tuple(_moment(point, dates[0], zone) for point in within),
        liked=_liked(liked, dates, zone),
    )


def week(
    points: Iterable[MoodPoint], liked: Iterable[LikedSong], *, now: datetime, zone: ZoneInfo
) -> Week:
    """The seven local days up to today, against the seven before.

    Args:
        points: of the last `WEEK_POINTS_DAYS` days, in any order.
        liked: in any order.
        now: aware.
        zone: of the person.
    """
    points = list(points)
    dates = days_ending(local_day(now, zone), WEEK_POINTS_DAYS)
    moods = day_moods(points, zone)
    before = [moods[day] for day in dates[:WEEK_DAYS] if day in moods]
    these = tuple(moods.get(day) for day in dates[WEEK_DAYS:])
    known = [day for day in these if day is not None]
    songs = [song for song in liked if dates[WEEK_DAYS] <= local_day(song.at, zone) <= dates[-1]]
    return Week(
        first=dates[WEEK_DAYS],
        last=dates[-1],
        days=these,
        mean=_mean_mood(known),
        change=_change(before, known) if before and known else None,
        helped=helped_songs(points, songs),
    )


def day_moods(points: Iterable[MoodPoint], zone: ZoneInfo) -> dict[date, DayMood]:
    """The mood of every local day that has one."""
    ordered = sorted(points, key=lambda point: point.at)
    days = groupby(ordered, key=lambda point: local_day(point.at, zone))
    return {day: _day_mood(day, list(group)) for day, group in days}


def _day_mood(day: date, points: list[MoodPoint]) -> DayMood:
    coarse: list[float] = np.stack([point.coarse for point in points]).mean(0, np.float64).tolist()
    return DayMood(
        day=day,
        coarse=tuple(coarse),
        valence=_mean([float(point.valence) for point in points]),
        arousal=_mean([float(point.arousal) for point in points]),
        count=len(points),
    )


def _moment(point: MoodPoint, first: date, zone: ZoneInfo) -> Moment:
    leading = ranked(point.coarse)[0].label
    return Moment(_place(point.at, first, zone), float(point.valence), leading)


def _liked(
    liked: Iterable[LikedSong], dates: Sequence[date], zone: ZoneInfo
) -> tuple[LikedOnDay, ...]:
    latest = {song.song_id: song for song in sorted(liked, key=lambda song: song.at)}
    return tuple(
        LikedOnDay(song, day, _place(song.at, dates[0], zone))
        for song in sorted(latest.values(), key=lambda song: song.at, reverse=True)
        if dates[0] <= (day := local_day(song.at, zone)) <= dates[-1]
    )


def _place(at: datetime, first: date, zone: ZoneInfo) -> float:
    return (local_day(at, zone) - first).days + place_in_day(at, zone)


def _mean_mood(days: Sequence[DayMood]) -> MeanMood | None:
    if not days:
        return None
    return MeanMood(
        shares=ranked(_mean_shares(days)),
        valence=_mean([day.valence for day in days]),
        arousal=_mean([day.arousal for day in days]),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _mean_shares(days: Sequence[DayMood]) -> list[float]:
    return [_mean(shares) for shares in zip(*(day.coarse for day in days), strict=True)]


def _change(before: Sequence[DayMood], after: Sequence[DayMood]) -> Change:
    shares = [
        Share(label, new - old)
        for label, new, old in zip(COARSE, _mean_shares(after), _mean_shares(before), strict=True)
    ]
    risen, fallen = max(shares, key=_size), min(shares, key=_size)
    return Change(
        valence=Step(*(_mean([day.valence for day in days]) for days in (before, after))),
        arousal=Step(*(_mean([day.arousal for day in days]) for days in (before, after))),
        risen=risen if risen.share >= _SHARE_CHANGED else None,
        fallen=fallen if fallen.share <= -_SHARE_CHANGED else None,
    )


def _size(share: Share) -> float:
    return share.share
