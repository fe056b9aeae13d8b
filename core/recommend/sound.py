"""How songs sound, whatever their words say."""

from typing import Literal

import numpy as np

from core.models import Vector
from core.recommend.catalogue import MELODY, Catalogue

__all__ = ["sound_of"]


def sound_of(catalogue: Catalogue, axis: Literal["valence", "arousal"]) -> Vector:
    """The valence or arousal of the sound, -1 to 1, [shape=(n,)].

    Of a song's recording, or else of its genres.
    """
    genres = catalogue.style_valence if axis == "valence" else catalogue.style_arousal
    style = np.asarray(genres, np.float32)
    if catalogue.melody is None:
        return style
    heard = catalogue.melody[:, MELODY.index("tempo")] > 0
    return np.asarray(np.where(heard, catalogue.melody[:, MELODY.index(axis)], style), np.float32)
