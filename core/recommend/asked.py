"""What of a question is kept with its songs, so that a tap under them goes on from it.

In types of JSON, and empty for a question of nothing but a mode and a number. A diary is never
kept, and words of which an aim was read are not either: the aim is.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np

from core.emotion.labels import FINE
from core.models import AskedFor, EmotionScores, Mode, Subject, Wish
from core.recommend.query import SongFilters, SongLanguage, SongQuery

__all__ = ["asked_again", "asked_for", "kept_of"]

_WISH: Final = "wish"
_AIM: Final = "aim"
_SEED: Final = "seed_song"
_ONCE: Final = "songs"
"""Songs that were named have been shown; nothing goes on from them."""
_DIGITS: Final = 4
_PLANE: Final = 2
"""Valence and arousal, the last two numbers of an aim."""


def kept_of(query: SongQuery) -> dict[str, Any]:
    """What is kept of a question."""
    usual = SongFilters()
    kept: dict[str, Any] = {
        each.name: list(value) if isinstance(value, tuple) else value
        for each in fields(SongFilters)
        if each.name != _ONCE
        and (value := getattr(query.filters, each.name)) != getattr(usual, each.name)
    }
    kept = {
        name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
    }
    if query.wish is not None:
        kept[_WISH] = query.wish.value
    if query.aim is not None:
        numbers = [*query.aim.coarse.tolist(), query.aim.valence, query.aim.arousal]
        kept[_AIM] = [round(number, _DIGITS) for number in numbers]
    if query.seed_song is not None:
        kept[_SEED] = query.seed_song
    return kept


def asked_for(query: SongQuery) -> AskedFor | None:
    """What is said of a question above its songs; None where it goes by the mood alone."""
    filters = query.filters
    if not (filters.named or query.wish or query.aim):
        return None
    return AskedFor(
        wish=query.wish,
        artists=filters.artists,
        genres=filters.genres,
        decades=filters.decades,
        years=filters.years,
        language=filters.language,
        subjects=filters.subjects,
        read=query.aim is not None,
    )


def asked_again(kept: Mapping[str, Any], mode: Mode, count: int | None) -> SongQuery:
    """The question again, in a mode of its own.

    Songs like one stay so only where it is kept which; else they are for the mood, as those for a
    diary are. Only in `Mode.SIMILAR` is there room for a wish.
    """
    filters = _filters(kept)
    seed = kept.get(_SEED)
    if mode is Mode.LIKE_SONG and seed is not None:
        return SongQuery(mode, count, filters, seed_song=seed)
    if mode in {Mode.LIKE_SONG, Mode.DIARY}:
        mode = Mode.SIMILAR
    if mode is not Mode.SIMILAR:
        return SongQuery(mode, count, filters)
    wish = Wish(kept[_WISH]) if _WISH in kept else None
    return SongQuery(mode, count, filters, wish=wish, aim=_aim(kept.get(_AIM)))


def _filters(kept: Mapping[str, Any]) -> SongFilters:
    values: dict[str, Any] = {}
    for each in fields(SongFilters):
        if each.name in kept:
            value = kept[each.name]
            values[each.name] = tuple(value) if isinstance(value, list) else value
    if "language" in values:
        values["language"] = SongLanguage(values["language"])
    if "subjects" in values:
        values["subjects"] = tuple(map(Subject, values["subjects"]))
    return SongFilters(**values)


def _aim(numbers: list[float] | None) -> EmotionScores | None:
    if numbers is None:
        return None
    coarse = np.array(numbers[:-_PLANE], np.float32)
    valence, arousal = numbers[-_PLANE:]
    return EmotionScores(
        coarse=coarse / coarse.sum(),
        fine=np.zeros(len(FINE), np.float32),
        valence=valence,
        arousal=arousal,
    )
