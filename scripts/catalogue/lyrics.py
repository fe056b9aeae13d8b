"""Cuts lyrics into windows and takes the mean emotion over the windows of a song."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from core.emotion.normalise import has_words, normalise
from core.models import EmotionScores, Reading

__all__ = ["WINDOW_LINES", "Progress", "Scorer", "lyric_windows", "score_songs"]

WINDOW_LINES: Final = 4
"""Lines read at once: about a sentence or two, as long as the messages the model learned from."""

_FEWEST_LETTERS: Final = 40
"""A shorter text is a placeholder ("no lyrics yet") or says too little."""

_SONGS_AT_ONCE: Final = 32

Scorer = Callable[[Sequence[str]], Sequence[Reading | None]]
"""What is read in each text; None for one in which nothing can be read."""

Progress = Callable[[int], object]


def _silent(_: int) -> None:
    pass


def lyric_windows(lyrics: str, lines: int = WINDOW_LINES) -> list[str]:
    """Normalised lyrics in windows of at most `lines` lines; no window where they say too little.

    A line that comes again (a refrain) is read once. The windows do not overlap. Their lengths
    differ by at most one line, so that no single last line weighs as much as a whole window.
    """
    unique = [line for line in dict.fromkeys(map(normalise, lyrics.splitlines())) if line]
    unique = [line for line in unique if has_words(line)]
    if sum(char.isalpha() for line in unique for char in line) < _FEWEST_LETTERS:
        return []
    count = -(-len(unique) // lines)
    edges = [len(unique) * edge // count for edge in range(count + 1)]
    return [" ".join(unique[start:end]) for start, end in pairwise(edges)]


def score_songs(
    songs: Sequence[Sequence[str]], scorer: Scorer, progress: Progress = _silent
) -> list[Reading | None]:
    """The mean reading of each song over its windows; None where nothing can be read in any.

    Args:
        songs: the windows of each song.
        scorer: called with the windows of a few songs at once.
        progress: called with the number of songs read since the last time.
    """
    means: list[Reading | None] = []
    for start in range(0, len(songs), _SONGS_AT_ONCE):
        batch = songs[start : start + _SONGS_AT_ONCE]
        scores = iter(scorer([window for windows in batch for window in windows]))
        means.extend(_mean([next(scores) for _ in windows]) for windows in batch)
        progress(len(batch))
    return means


def _mean(windows: Sequence[Reading | None]) -> Reading | None:
    read = [reading for reading in windows if reading is not None]
    if not read:
        return None
    scores = [reading.scores for reading in read]
    embedding = np.mean([reading.embedding for reading in read], axis=0)
    return Reading(
        EmotionScores(
            coarse=np.mean([each.coarse for each in scores], axis=0),
            fine=np.mean([each.fine for each in scores], axis=0),
            valence=float(np.mean([each.valence for each in scores])),
            arousal=float(np.mean([each.arousal for each in scores])),
        ),
        embedding / max(float(np.linalg.norm(embedding)), 1e-12),
    )
