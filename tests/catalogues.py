"""Small catalogues for tests."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE
from core.models import Mood, Song
from core.recommend.catalogue import Catalogue


def song(number: int, artist: str | None = None, **facts: object) -> Song:
    return Song(f"melon:{number}", f"노래 {number}", artist or f"가수 {number}", **facts)  # type: ignore[arg-type]


def distribution(**shares: float) -> npt.NDArray[np.float32]:
    """The named classes have these shares, the others share what is left equally."""
    left = (1 - sum(shares.values())) / (len(COARSE) - len(shares))
    return np.array([shares.get(name, left) for name in COARSE], dtype=np.float32)


def mood(**shares: float) -> Mood:
    return Mood(distribution(**shares), np.zeros(len(FINE), np.float32), 0.0, 0.0)


def catalogue(
    coarse: npt.ArrayLike, songs: Sequence[Song] | None = None, model: str = "test"
) -> Catalogue:
    rows = np.array(coarse, dtype=np.float32)
    count = len(rows)
    return Catalogue(
        songs=tuple(map(song, range(1, count + 1)) if songs is None else songs),
        coarse=rows,
        fine=np.linspace(0, 1, count * len(FINE)).reshape(count, len(FINE)).astype(np.float16),
        valence=np.linspace(-1, 1, count).astype(np.float32),
        arousal=np.zeros(count, np.float32),
        model_version=model,
        calibration={"temperature": 1.0},
    )
