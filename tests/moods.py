"""Moods of days and liked songs, for the pictures' tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.charts.helped import LikedSong
from core.emotion.labels import COARSE, FINE
from core.models import Mood
from core.records import MoodPoint

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
"""A Saturday, 21:30 in Seoul."""
_PLEASANT = np.array([0.8, -0.7, -0.6, -0.6, -0.6, 0.1, 0.0])
LONG_TITLE = "주저하는 연인들을 위해 그리고 끝나지 않는 밤에 부르는 노래가 이어지고 " * 3


def shares(**parts: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A distribution; what is left goes to 중립."""
    given = {"중립": max(0.0, 1 - sum(parts.values())), **parts}
    return np.array([given.get(label, 0.0) for label in COARSE], np.float32)


def point(at: datetime, valence: float = 0.0, arousal: float = 0.0, **parts: float) -> MoodPoint:
    return MoodPoint("p1", at, shares(**parts), valence, arousal)


def random_points(seed: int, count: int, days: float, *, now: datetime = NOW) -> list[MoodPoint]:
    generator = np.random.default_rng(seed)
    backs = np.sort(generator.uniform(0, days, count))[::-1]
    found = []
    for back in backs:
        coarse = generator.dirichlet(np.full(len(COARSE), 0.4)).astype(np.float32)
        arousal = float(generator.uniform(-1, 1))
        at = now - timedelta(days=float(back))
        found.append(MoodPoint("p1", at, coarse, float(coarse @ _PLEASANT), arousal))
    return found


def liked(
    at: datetime, number: int = 1, title: str = "밤편지", artist: str = "아이유"
) -> LikedSong:
    return LikedSong(f"melon:{number}", title, artist, at)


def liked_songs(names: Iterable[tuple[str, str]], *, hours: float = 20) -> list[LikedSong]:
    """One song every `hours`, counted back from `NOW`."""
    return [
        LikedSong(f"melon:{number}", *name, NOW - timedelta(hours=number * hours))
        for number, name in enumerate(names, start=1)
    ]


def mood(
    valence: float = -0.65,
    arousal: float = -0.14,
    fine: dict[str, float] | None = None,
    **parts: float,
) -> Mood:
    scores = np.full(len(FINE), 0.05, np.float32)
    for label, score in (fine or {}).items():
        scores[FINE.index(label)] = score
    return Mood(shares(**parts), scores, valence, arousal)
