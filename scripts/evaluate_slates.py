"""Measures what lists over the real catalogue are like, for moods drawn at random.

    python -m scripts.evaluate_slates [--moods 500] [--seed 0] [--json]

Moods are drawn evenly from all distributions over the seven emotions (Dirichlet, all 1). Printed:

* similar: the mean cosine of listed songs to the mood, and of as many songs drawn at random;
* opposite: the mean valence of the lists of moods that a negative emotion leads, and how many of
  these lists are brighter than the catalogue's mean;
* reach: the share of the catalogue that came in any list of all modes;
* artists: lists in which an artist comes twice;
* repeats: songs that come again within ten lists in a row for one person.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.config import limit_threads

limit_threads()

import numpy as np

from core.emotion.labels import COARSE
from core.models import EmotionScores, Mode
from core.recommend.artists import artist_keys
from core.recommend.catalogue import Catalogue
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import SongQuery
from core.recommend.scoring import cosine_scores, unit_rows
from scripts.recommend import mood_of

__all__ = ["main", "measure", "random_moods"]

ROOT: Final = Path(__file__).resolve().parents[1]
_NEGATIVE: Final = frozenset(("슬픔", "분노", "공포", "혐오"))
_IN_A_ROW: Final = 10
_SHOWN_KEPT: Final = 50
_MODES: Final = (Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH, Mode.SURPRISE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.evaluate_slates", description="Measure lists of songs."
    )
    parser.add_argument("--moods", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs")
    options = parser.parse_args(arguments)
    measured = measure(Catalogue.load(options.catalogue), options.moods, options.seed)
    if options.json:
        print(json.dumps(measured))
    else:
        for name, value in measured.items():
            print(f"{name:45} {value:.3f}" if isinstance(value, float) else f"{name:45} {value}")
    return 0


def random_moods(count: int, generator: np.random.Generator) -> list[EmotionScores]:
    """Moods of any kind."""
    shares = generator.dirichlet(np.ones(len(COARSE)), count)
    return [mood_of(dict(zip(COARSE, map(float, row), strict=True))) for row in shares]


def measure(catalogue: Catalogue, moods: int, seed: int) -> dict[str, Any]:
    """All the numbers, by name."""
    generator = np.random.default_rng(seed)
    recommender = PersonalRecommender(catalogue, None, PersonalConfig())
    feelings = random_moods(moods, generator)
    lists: dict[Mode, list[list[int]]] = {mode: [] for mode in _MODES}
    for feeling in feelings:
        for mode in _MODES:
            items = recommender.answer(feeling, SongQuery(mode), (), (), generator)
            lists[mode].append(_rows(recommender, items))
    every = [rows for each in lists.values() for rows in each]
    return {
        **_similar(catalogue, feelings, lists[Mode.SIMILAR], generator),
        **_opposite(catalogue, feelings, lists[Mode.OPPOSITE]),
        "share of the catalogue reached": len({row for rows in every for row in rows})
        / len(catalogue.songs),
        "lists in which an artist comes twice": sum(_artist_twice(catalogue, r) for r in every),
        "lists": len(every),
        f"songs again within {_IN_A_ROW} lists in a row": _again(recommender, feelings, generator),
    }


def _similar(
    catalogue: Catalogue,
    feelings: Sequence[EmotionScores],
    lists: Sequence[Sequence[int]],
    generator: np.random.Generator,
) -> dict[str, Any]:
    unit = unit_rows(catalogue.coarse)
    listed, chance = [], []
    for feeling, rows in zip(feelings, lists, strict=True):
        scores = cosine_scores(feeling.coarse, unit)
        listed.append(float(scores[rows].mean()))
        chance.append(float(scores[generator.choice(len(unit), len(rows))].mean()))
    return {
        "similar: mean cosine to the mood": float(np.mean(listed)),
        "similar: of songs drawn at random": float(np.mean(chance)),
        "similar: lists nearer than the random one": float(np.mean(np.greater(listed, chance))),
    }


def _opposite(
    catalogue: Catalogue, feelings: Sequence[EmotionScores], lists: Sequence[Sequence[int]]
) -> dict[str, Any]:
    means = [
        float(catalogue.valence[rows].mean())
        for feeling, rows in zip(feelings, lists, strict=True)
        if COARSE[int(feeling.coarse.argmax())] in _NEGATIVE
    ]
    usual = float(catalogue.valence.mean())
    return {
        "opposite of negative moods: mean valence": float(np.mean(means)),
        "opposite: the catalogue's mean valence": usual,
        "opposite: lists brighter than that": float(np.mean(np.array(means) > usual)),
    }


def _artist_twice(catalogue: Catalogue, rows: Sequence[int]) -> bool:
    keys = [key for row in rows for key in set(artist_keys(catalogue.songs[row].artist))]
    return len(keys) > len(set(keys))


def _again(
    recommender: PersonalRecommender,
    feelings: Sequence[EmotionScores],
    generator: np.random.Generator,
) -> int:
    """Songs that came before, over ten lists in a row for each of twenty moods."""
    again = 0
    for feeling in feelings[:20]:
        shown: list[str] = []
        for _ in range(_IN_A_ROW):
            recent = shown[-_SHOWN_KEPT:]
            items = recommender.answer(feeling, SongQuery(), recent, (), generator)
            found = [item.recommendation.song.id for item in items]
            again += len(set(found) & set(shown))
            shown += found
    return again


def _rows(recommender: PersonalRecommender, items: Sequence[PersonalItem]) -> list[int]:
    return [recommender.rows[item.recommendation.song.id] for item in items]


if __name__ == "__main__":
    sys.exit(main())
