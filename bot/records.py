"""Results as objects for programs, in types of JSON. Numbers have four decimals."""

from typing import Any

from bot.readable import visible
from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores, Recommendation
from core.recommend.links import song_url

__all__ = ["reading_record", "rounded", "scores_record", "song_record"]


def scores_record(scores: EmotionScores | None) -> dict[str, Any]:
    """Scores by label; every value None where there are none."""
    if scores is None:
        return dict.fromkeys(("emotion", "fine", "valence", "arousal"))
    return {
        "emotion": _labelled(COARSE, scores.coarse.tolist()),
        "fine": _labelled(FINE, scores.fine.tolist()),
        "valence": rounded(scores.valence),
        "arousal": rounded(scores.arousal),
    }


def reading_record(scores: EmotionScores) -> dict[str, Any]:
    """The scores of one text, and whether no class is sure enough to be named alone."""
    return {**scores_record(scores), "ambiguous": scores.ambiguous}


def song_record(item: Recommendation, why: str) -> dict[str, Any]:
    """A song of a slate, and the sentence that says why it was chosen."""
    song = item.song
    return {
        "id": song.id,
        "title": visible(song.title),
        "artist": visible(song.artist),
        "year": song.year,
        "genre": visible(", ".join(song.genres)) or None,
        "url": song_url(song),
        "score": rounded(item.score),
        "why": why,
    }


def _labelled(labels: tuple[str, ...], values: list[float]) -> dict[str, float]:
    return {label: rounded(value) for label, value in zip(labels, values, strict=True)}


def rounded(value: float) -> float:
    """With four decimals."""
    return round(value, 4) + 0.0  # no "-0.0"
