"""What stage two is trained on."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.emotion.labels import NEUTRAL
from scripts.training.corpus import (
    GOEMOTIONS,
    LabelledTexts,
    is_validation,
    read_everyday,
    read_goemotions,
    read_kote,
)
from scripts.training.finetune import Source

__all__ = ["everyday_split", "finetune_sources", "wide_rows"]

_Everyday = tuple[LabelledTexts, npt.NDArray[np.intp]]


def everyday_split() -> tuple[_Everyday, _Everyday]:
    """Our everyday sentences with their classes: training and validation rows."""
    rows, classes = read_everyday()
    held = np.array([is_validation(text) for text in rows.texts])
    return (rows.where(~held), classes[~held]), (rows.where(held), classes[held])


def finetune_sources(data: Path) -> list[Source]:
    """KOTE's training rows, our everyday ones, and GoEmotions."""
    kote, _ = read_kote(data).split()
    goemotions = read_goemotions(data)
    (everyday, classes), _ = everyday_split()
    # What GoEmotions calls neutral is what our annotator calls 중립; the other 27 are unknown.
    neutral = np.full((len(classes), len(GOEMOTIONS)), np.nan, np.float32)
    neutral[:, GOEMOTIONS.index("neutral")] = classes == NEUTRAL
    return [
        Source(kote.texts, {"fine": kote.labels}, batch=32),
        Source(everyday.texts, {"fine": everyday.labels, "goemotions": neutral}, batch=32),
        Source(goemotions.texts, {"goemotions": goemotions.labels}, batch=32, weight=0.5),
    ]


def wide_rows(data: Path) -> LabelledTexts:
    """What the n-gram part is fitted on: KOTE's and our training rows, unknown counting as 0."""
    kote, _ = read_kote(data).split()
    (everyday, _), _ = everyday_split()
    labels = np.concatenate([kote.labels, np.nan_to_num(everyday.labels)])
    return LabelledTexts([*kote.texts, *everyday.texts], labels)
