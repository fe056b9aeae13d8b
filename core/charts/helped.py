"""Songs that went with a rise of the mood.

Only an order in time: that the song was the cause is not known, and the texts do not say so.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.records import MoodPoint

__all__ = ["HelpedSong", "LikedSong", "helped_songs"]

BEFORE: Final = timedelta(hours=12)
"""A mood older than this does not say how it was when the song was liked."""
AFTER: Final = timedelta(hours=6)
"""A mood later than this is no longer held to follow on the song."""
LEAST_RISE: Final = 0.05
"""The rise of valence from which it counts. Moods are kept as rolling means, which move slowly."""


@dataclass(frozen=True)
class LikedSong:
    """A song the person liked.

    Attributes:
        song_id: of the catalogue.
        at: when, aware, UTC.
    """

    song_id: str
    title: str
    artist: str
    at: datetime


@dataclass(frozen=True)
class HelpedSong:
    """A liked song after which the mood rose.

    Attributes:
        rise: of valence, from the last mood before to the mean of those after, above 0 to 2.
    """

    song: LikedSong
    rise: float


def helped_songs(points: Iterable[MoodPoint], liked: Iterable[LikedSong]) -> tuple[HelpedSong, ...]:
    """Those of `liked` after which valence rose, the largest rise first, no song twice.

    Args:
        points: in any order.
        liked: in any order; of a song liked more than once, the largest rise counts.
    """
    ordered = sorted(points, key=lambda point: point.at)
    best: dict[str, HelpedSong] = {}
    for song in sorted(liked, key=lambda song: (song.at, song.song_id)):
        rise = _rise(ordered, song.at)
        known = best.get(song.song_id)
        if rise is not None and rise >= LEAST_RISE and (known is None or rise > known.rise):
            best[song.song_id] = HelpedSong(song, rise)
    return tuple(sorted(best.values(), key=lambda helped: -helped.rise))


def _rise(points: Sequence[MoodPoint], at: datetime) -> float | None:
    """None where no mood is known before or after."""
    place = bisect_right(points, at, key=lambda point: point.at)
    if place == 0 or at - points[place - 1].at > BEFORE:
        return None
    end = bisect_right(points, at + AFTER, key=lambda point: point.at)
    after = [float(point.valence) for point in points[place:end]]
    if not after:
        return None
    return sum(after) / len(after) - float(points[place - 1].valence)
