"""Small catalogues for tests."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE
from core.emotion.ngrams import ngram_keys
from core.models import Mood, Song
from core.recommend.catalogue import Catalogue
from core.recommend.spaces import MeaningSpace, TextSpaces, WordSpace


def song(number: int, artist: str | None = None, **facts: object) -> Song:
    title = str(facts.pop("title", f"노래 {number}"))
    return Song(f"melon:{number}", title, artist or f"가수 {number}", **facts)  # type: ignore[arg-type]


def distribution(**shares: float) -> npt.NDArray[np.float32]:
    """The named classes have these shares, the others share what is left equally."""
    left = (1 - sum(shares.values())) / (len(COARSE) - len(shares))
    return np.array([shares.get(name, left) for name in COARSE], dtype=np.float32)


def mood(**shares: float) -> Mood:
    return Mood(distribution(**shares), np.zeros(len(FINE), np.float32), 0.0, 0.0)


def spaces(dimensions: int = 4) -> TextSpaces:
    """Spaces that know a few letters, and leave embeddings of `dimensions` as they are."""
    keys = np.sort(np.unique(ngram_keys("가나다라 마바사")))
    weights = np.random.default_rng(5).integers(-127, 128, (len(keys), dimensions), np.int8)
    return TextSpaces(
        MeaningSpace(np.zeros(dimensions, np.float32), np.eye(dimensions, dtype=np.float16)),
        WordSpace(keys, weights, np.ones(dimensions, np.float32)),
    )


def catalogue(
    coarse: npt.ArrayLike,
    songs: Sequence[Song] | None = None,
    model: str = "test",
    **arrays: npt.ArrayLike,
) -> Catalogue:
    """Songs of these distributions; `arrays` replaces other columns, in the right type."""
    rows = np.array(coarse, dtype=np.float32)
    count = len(rows)
    columns: dict[str, Any] = {
        "coarse": rows,
        "valence": np.zeros(count, np.float32),
        "arousal": np.zeros(count, np.float32),
        "lyric_coarse": rows.astype(np.float16),
        "lyric_valence": np.zeros(count, np.float16),
        "lyric_arousal": np.zeros(count, np.float16),
        "style_valence": np.zeros(count, np.float16),
        "style_arousal": np.zeros(count, np.float16),
        "fine": np.linspace(0, 1, count * len(FINE)).reshape(count, len(FINE)).astype(np.float16),
        "top_fine": np.tile(np.arange(3, dtype=np.uint8), (count, 1)),
        "korean": np.ones(count, np.float16),
        "flagged": np.zeros(count, np.bool_),
        "meaning": np.zeros((count, 4), np.int8),
        "words": np.zeros((count, 4), np.int8),
    }
    for name, values in arrays.items():
        columns[name] = np.array(values, columns[name].dtype)
    return Catalogue(
        songs=tuple(map(song, range(1, count + 1)) if songs is None else songs),
        **columns,
        spaces=spaces(),
        model_version=model,
        calibration={"temperature": 1.0},
    )
