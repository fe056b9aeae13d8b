"""Draws the pictures of docs/charts.md: an invented person's month.

    python -m scripts.draw_examples [--out docs/images]

The same bytes at every run. With `--all`, every picture in both themes and both languages.
"""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from bot.config import DATA, ROOT
from bot.texts import load_texts
from core.charts.helped import LikedSong
from core.charts.painter import Painter, Picture
from core.charts.summary import HISTORY_DAYS, history, present_mood, week
from core.emotion.labels import AROUSAL, COARSE, FINE, FINE_TO_COARSE, VALENCE
from core.models import Language, Mood, Theme
from core.records import MoodPoint

NOW: Final = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
ZONE: Final = ZoneInfo("Asia/Seoul")
SHOWN: Final = (
    ("mood", Language.KOREAN, Theme.LIGHT),
    ("history", Language.KOREAN, Theme.DARK),
    ("week", Language.KOREAN, Theme.LIGHT),
)
_FINE: Final = {"힘듦/지침": 0.72, "서러움": 0.55, "불안/걱정": 0.48, "안심/신뢰": 0.34}
_SONGS: Final = (
    ("밤편지", "아이유", 0.9),
    ("모든 날, 모든 순간", "폴킴", 2.1),
    ("걱정말아요 그대", "이적", 4.2),
    ("주저하는 연인들을 위해", "잔나비", 9.8),
    ("양화대교", "Zion.T", 17.2),
)


def mood_points(generator: np.random.Generator) -> Iterator[MoodPoint]:
    """A month that begins low and ends a little brighter; some days pass without a word."""
    silent = set(generator.choice(HISTORY_DAYS - 1, 7, replace=False).tolist())
    for back in range(HISTORY_DAYS - 1, -1, -1):
        if back in silent:
            continue
        brighter = 1 - back / HISTORY_DAYS
        leaning = np.array([0.3 + 2 * brighter, 2.2 - 1.4 * brighter, 0.5, 0.7, 0.2, 0.3, 0.8])
        for hours in sorted(generator.uniform(0, 12, generator.integers(1, 5)), reverse=True):
            coarse = generator.dirichlet(leaning).astype(np.float32)
            # As bright and as excited as the fine emotions of these classes are on average.
            weights = FINE_TO_COARSE / FINE_TO_COARSE.sum(axis=0)
            valence, arousal = (float(coarse @ (axis @ weights)) for axis in (VALENCE, AROUSAL))
            yield MoodPoint("", NOW - timedelta(days=back, hours=hours), coarse, valence, arousal)


def pictures(language: Language, theme: Theme) -> Iterator[tuple[str, Picture]]:
    """All three of the invented person."""
    painter, words = Painter(DATA / "fonts"), load_texts(language)
    points = list(mood_points(np.random.default_rng(11)))
    liked = [
        LikedSong(title, title, artist, NOW - timedelta(days=days))
        for title, artist, days in _SONGS
    ]
    fine = np.array([_FINE.get(label, 0.0) for label in FINE], np.float32)
    shares = {"슬픔": 0.46, "행복": 0.21, "공포": 0.14, "중립": 0.12, "분노": 0.05, "놀람": 0.02}
    coarse = np.array([shares.get(label, 0.0) for label in COARSE], np.float32)
    now = Mood(coarse, fine, -0.31, -0.18)
    yield "mood", painter.mood(present_mood(now, now=NOW, zone=ZONE), words=words, theme=theme)
    month = history(points, liked, now=NOW, zone=ZONE)
    yield "history", painter.history(month, words=words, theme=theme)
    yield "week", painter.week(week(points, liked, now=NOW, zone=ZONE), words=words, theme=theme)


def main() -> None:
    """Write them, and print their alt texts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="every theme and language")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for language in Language:
        for theme in Theme:
            for name, picture in pictures(language, theme):
                if given.all:
                    path = given.out / f"{name}_{language}_{theme}.png"
                elif (name, language, theme) in SHOWN:
                    path = given.out / f"{name}.png"
                else:
                    continue
                path.write_bytes(picture.png)
                print(f"{path.name}, {len(picture.png):,} bytes: {picture.alt}")


if __name__ == "__main__":
    main()
