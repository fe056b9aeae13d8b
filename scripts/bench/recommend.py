"""How long one list takes, against the usual way: scikit-learn's cosines and pandas' sorting.

    python -m scripts.bench.recommend [--sizes 7123 10000 100000 700000] [--lists 30]

The first size is the bundled catalogue where it fits; the others are synthetic: emotions, facts and
lyric vectors drawn at random, an artist for every twelve songs, songs made when they are shown.
A list is everything from a mood to five explained songs, 50 shown ones left out. Printed: the
median, the memory the recommender holds, and the bound: the bytes that have to be read of each song
(emotions, valence, arousal, popularity, mask: 41) by the memory bandwidth measured here. 700,000
songs is what Melon has; 5000000 can be asked for and takes about 4 GB.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from bot.config import limit_threads
from scripts.requires import require_all

require_all()  # before the imports that need them
limit_threads()

import numpy as np
import pandas as pd
from sklearn.metrics.pairwise import cosine_similarity

from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores, Mode, Song
from core.recommend.catalogue import Catalogue
from core.recommend.index import SongIndex
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongFilters, SongQuery
from core.recommend.scoring import unit_rows
from core.recommend.target import target_for
from scripts.evaluate_slates import random_moods

_COUNT: Final = 5
_SHOWN: Final = 50
_SONGS_OF_AN_ARTIST: Final = 12
_BYTES_A_SONG: Final = 41
_GENRES: Final = ("발라드", "댄스", "랩/힙합", "R&B/Soul", "록/메탈", "인디음악")


class MadeSongs(Sequence[Song]):
    """Facts of songs that nobody keeps."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: Any) -> Any:
        genre = _GENRES[row % len(_GENRES)]
        artist = f"가수 {row // _SONGS_OF_AN_ARTIST}"
        return Song(f"melon:{row}", f"노래 {row}", artist, genres=(genre,), year=2000 + row % 24)

    def __iter__(self) -> Iterator[Song]:
        return (self[row] for row in range(self._count))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[7123, 10_000, 100_000, 700_000])
    parser.add_argument("--lists", type=int, default=30)
    parser.add_argument("--catalogue", type=Path, default=Path("data/songs"))
    options = parser.parse_args()
    bandwidth = _bandwidth()
    print(f"memory bandwidth, one thread: {bandwidth / 1e9:.1f} GB/s\n")
    print("songs      similar  filtered  path     usual     memory   bound    reached")
    bundled = Catalogue.load(options.catalogue)
    for size in options.sizes:
        whole = size == len(bundled.songs)
        _measure(bundled if whole else None, size, options.lists, bandwidth)


def _measure(catalogue: Catalogue | None, size: int, lists: int, bandwidth: float) -> None:
    generator = np.random.default_rng(0)
    catalogue, index = _made(size, generator) if catalogue is None else (catalogue, None)
    before = _memory()
    recommender = PersonalRecommender(catalogue, None, PersonalConfig(), index)
    held = _memory() - before
    moods = random_moods(lists, generator)
    shown = [f"melon:{row}" for row in range(_SHOWN)]

    def ask(query: SongQuery) -> float:
        answer = recommender.answer
        return _median([partial(answer, mood, query, shown, (), generator) for mood in moods])

    dance = SongFilters(genres=("댄스",), decades=(2010,))
    similar = ask(SongQuery())
    usual = _usual(catalogue, moods, generator)
    bound = _BYTES_A_SONG * size / bandwidth
    print(
        f"{size:<9,} {_ms(similar)}  {_ms(ask(SongQuery(filters=dance)))}  "
        f"{_ms(ask(SongQuery(Mode.PATH)))} {_ms(usual)}  {held / 2**20:6.0f} MB "
        f"{_ms(bound)} {bound / similar:6.0%}"
    )


def _usual(
    catalogue: Catalogue, moods: Sequence[EmotionScores], generator: np.random.Generator
) -> float:
    """The same list by the usual way: no votes, charts, variety or reasons."""
    artists = [row // _SONGS_OF_AN_ARTIST for row in range(len(catalogue.coarse))]
    frame = pd.DataFrame(np.array(catalogue.coarse), columns=list(COARSE))
    frame["artist"] = artists

    def choose(mood: EmotionScores) -> Any:
        target = target_for(Mode.SIMILAR, mood.coarse)[None]
        score = cosine_similarity(target, frame[list(COARSE)].to_numpy())[0]
        scored = frame.assign(score=score + generator.random(len(frame)) / 30).drop(range(_SHOWN))
        ordered = scored.sort_values("score", ascending=False)
        return ordered.drop_duplicates("artist").head(_COUNT)

    return _median([partial(choose, mood) for mood in moods[:10]])


def _made(size: int, generator: np.random.Generator) -> tuple[Catalogue, SongIndex]:
    """A synthetic catalogue, and its index without going through all songs."""
    coarse = generator.standard_exponential((size, len(COARSE)), np.float32)
    coarse /= coarse.sum(axis=1, keepdims=True)
    plane = generator.random((2, size), np.float32) * 2 - 1
    half = np.zeros(size, np.float16)
    template = Catalogue.load(Path("data/songs"))
    catalogue = Catalogue(
        songs=cast(tuple[Song, ...], MadeSongs(size)),
        coarse=coarse,
        valence=plane[0],
        arousal=plane[1],
        lyric_coarse=coarse.astype(np.float16),
        lyric_valence=half,
        lyric_arousal=half.copy(),
        style_valence=half.copy(),
        style_arousal=half.copy(),
        fine=np.zeros((size, len(FINE)), np.float16),
        top_fine=np.zeros((size, 3), np.uint8),
        korean=np.ones(size, np.float16),
        flagged=np.zeros(size, np.bool_),
        meaning=generator.integers(-127, 128, (size, template.meaning.shape[1]), np.int8),
        words=np.zeros((size, template.words.shape[1]), np.int8),
        spaces=template.spaces,
        model_version="none",
        calibration={},
    )
    artists = [frozenset((number,)) for number in range(size // _SONGS_OF_AN_ARTIST + 1)]
    numbers = np.arange(size)
    return catalogue, SongIndex(
        rows={f"melon:{row}": row for row in range(_SHOWN)},
        artists=[artists[row // _SONGS_OF_AN_ARTIST] for row in range(size)],
        rows_of_artist={},
        years=(2000 + numbers % 24).astype(np.int16),
        genres={name: numbers % len(_GENRES) == place for place, name in enumerate(_GENRES)},
        genre_counts=np.ones(size, np.int8),
        subjects={},
        popularity=generator.random(size, np.float32) * 2 - 1,
        unit_coarse=unit_rows(coarse),
        comfort=np.zeros(size, np.float32),
    )


def _median(calls: Sequence[Callable[[], Any]]) -> float:
    """Seconds; the first call warms up and does not count."""
    calls[0]()
    times = []
    for call in calls:
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _bandwidth() -> float:
    """Bytes a second at which one thread reads an array that no cache holds."""
    array = np.ones(50_000_000, np.float32)
    return array.nbytes / min(_median([array.sum] * 3) for _ in range(3))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:6.2f} ms"


if __name__ == "__main__":
    main()
