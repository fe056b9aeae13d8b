"""What a reason may name: fine emotions that are kind to hear, what was asked for or liked."""

from collections.abc import Sequence
from typing import Final

from core.emotion.labels import COARSE, FINE, FINE_TO_COARSE
from core.models import Song
from core.recommend.query import SongFilters
from core.recommend.taste import Leaning
from core.recommend.traits import song_traits

__all__ = ["SAID", "asked_of", "liked_trait"]

# What can be said of a song to somebody who feels so. "Full of despair" helps nobody, and what
# has the same name as the class says nothing more.
_KIND: Final = frozenset(
    "서러움 힘듦/지침 안타까움/실망 불쌍함/연민 불안/걱정 화남/분노 불평/불만 비장함 신기함/관심 "
    "깨달음 기쁨 즐거움/신남 고마움 기대감 감동/감탄 편안/쾌적 안심/신뢰 아껴주는 뿌듯함 존경 "
    "흐뭇함(귀여움/예쁨) 환영/호의".split()
)
SAID: Final = tuple(
    frozenset(
        place
        for place, (label, shares) in enumerate(zip(FINE, FINE_TO_COARSE, strict=True))
        if label in _KIND and shares.argmax() == emotion
    )
    for emotion in range(len(COARSE))
)
"""The places in `FINE` of those that may be named of each class."""


def asked_of(song: Song, filters: SongFilters) -> str | None:
    """The artist, or else the genre, of a song that was asked for by it."""
    if filters.artists:
        return song.artist
    return next((genre for genre in filters.genres if genre in song.genres), None)


def liked_trait(song: Song, liked: Sequence[Leaning]) -> str | None:
    """The trait of the song that the person likes most clearly; years are no name."""
    traits = set(song_traits(song))
    for leaning in liked:
        if leaning.kind == "genre" and ("genre", leaning.name) in traits:
            return leaning.name
        if leaning.kind == "artist" and leaning.name == song.artist:
            return leaning.name
    return None
