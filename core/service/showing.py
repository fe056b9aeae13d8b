"""What is kept of a list of songs, and what is shown of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.emotion.labels import COARSE
from core.models import EmotionScores, Slate, Song, new_id
from core.recommend.asked import asked_for, kept_of
from core.recommend.items import PersonalItem
from core.recommend.query import SongQuery
from core.records import Impression

__all__ = ["Shown", "impressions_of", "slate_of"]

_UNKNOWN: Final = np.zeros(len(COARSE), np.float32)
"""The mood of who asked for songs before anything was known, or by a wish, which says nothing of
songs for the mood the person was in: learning leaves a row of zeros out."""


@dataclass(frozen=True, eq=False)
class Shown:
    """To whom a list was shown, and by what it was made.

    Attributes:
        person: the id of the person.
        mood: of the person; None where it is not known.
        model: the version of the learned model; empty where there is none.
        catalogue: the version of the songs.
        at: aware.
    """

    person: str
    mood: EmotionScores | None
    model: str
    catalogue: str
    at: datetime


def impressions_of(
    items: Sequence[PersonalItem], query: SongQuery, shown: Shown
) -> list[Impression]:
    """What is kept of each song of a list."""
    slate, asked = new_id(), kept_of(query)
    chosen_by_mood = shown.mood is not None and not (query.wish or query.aim)
    return [
        Impression(
            id=new_id(),
            person=shown.person,
            slate=slate,
            song_id=item.recommendation.song.id,
            artist=item.recommendation.song.artist,
            rank=rank,
            score=item.score,
            parts=item.parts,
            propensity=item.propensity,
            mood=shown.mood.coarse if shown.mood is not None and chosen_by_mood else _UNKNOWN,
            mode=query.mode,
            model_version=shown.model,
            catalogue_version=shown.catalogue,
            shown_at=shown.at,
            choices=item.choices,
            asked=asked,
        )
        for rank, item in enumerate(items)
    ]


def slate_of(
    query: SongQuery,
    items: Sequence[PersonalItem],
    impressions: Sequence[Impression],
    near: Song | None,
) -> Slate:
    """The list as it is shown; `near` is the song that it was asked for with."""
    shown = tuple(
        replace(item.recommendation, impression=impression.id)
        for item, impression in zip(items, impressions, strict=True)
    )
    return Slate(query.mode, shown, asked_for(query), near)
