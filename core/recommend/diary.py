"""Cuts a diary into the parts that a reason can name."""

import re
from collections.abc import Sequence
from typing import Final

from core.models import Reading
from core.recommend.query import Diary, DiaryPart

__all__ = ["diary_parts", "read_diary"]

_END: Final = re.compile(r"(?<=[.!?。…~])\s+|[\n\r]+|(?<=[요다까죠네어야지])[.]?\s+(?=\S{2})")
_LETTERS: Final = 5
_MOST: Final = 12


def diary_parts(text: str) -> list[str]:
    """The first sentences of a text that say something, in order, at most twelve."""
    parts = [" ".join(part.split()).rstrip(".") for part in _END.split(text)]
    return [part for part in parts if sum(map(str.isalpha, part)) >= _LETTERS][:_MOST]


def read_diary(text: str, readings: Sequence[Reading | None], parts: Sequence[str]) -> Diary | None:
    """A diary of what the emotion model read.

    Args:
        text: the whole.
        readings: of the whole, then of each part.
        parts: see `diary_parts`.

    Returns:
        None where nothing can be read in the whole.
    """
    whole, *each = readings
    if whole is None:
        return None
    read = [
        DiaryPart(part, reading.embedding)
        for part, reading in zip(parts, each, strict=True)
        if reading is not None
    ]
    return Diary(text, whole.embedding, tuple(read))
