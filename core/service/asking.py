"""What somebody means who asks for songs in plain words: names are looked up here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.models import Mode, Song
from core.recommend.absent_artists import is_known_elsewhere
from core.recommend.artist_names import ArtistNames
from core.recommend.artists import artist_keys, letters
from core.recommend.candidates import match_genres
from core.recommend.query import SongFilters, SongQuery
from core.recommend.requests import SongRequest
from core.recommend.search import SongSearch, Way

__all__ = ["Asking", "Meant"]

_AND: Final = re.compile(r"(?:이?랑|하고|과|와| and|,|&|그리고) +")
_NAME_WORDS: Final = 2
_DESCRIBES: Final = re.compile(
    r"(?:[은는인한운던할을된진린간난친적쁜픈]|스러운|때|날|길|밤|용|에서?|하며|면서|게|고|도|로"
    r"|처럼|같은|데|지만|니까|(?:아|어|해)서|ing|ful|ic)$"
)
"""How words end that say what songs are like, or what they are to be heard for."""
_OFFERED: Final = 8
_FEWEST_ALIKE: Final = 2


@dataclass(frozen=True)
class Meant:
    """What is meant.

    Attributes:
        query: to be answered.
        words: of which an aim is to be read, for nothing better is known of them; None where all
            words were understood.
        among: songs one of which is meant by the one that others are to be like; the first where
            `query` has a seed already.
        unknown: an artist of whom there are no songs, as typed; the songs are the nearest thing.
    """

    query: SongQuery
    words: str | None = None
    among: tuple[Song, ...] = ()
    unknown: str | None = None


_NAMES_ONE: Final = frozenset({Way.TITLE, Way.TITLE_AND_ARTIST, Way.TITLE_BEGINS, Way.LATIN})
"""Ways in which a song is named by who asks for none in so many words."""


class Asking:
    """Looks up the names in what is asked for. Keeps nothing between calls; safe to share."""

    def __init__(
        self, songs: Sequence[Song], search: SongSearch, genres: Sequence[str] = ()
    ) -> None:
        self._names = ArtistNames(songs)
        self._search = search
        self._genres = genres
        self._years = {song.year for song in songs}

    def resolve(self, request: SongRequest) -> Meant | None:
        """What is meant; None where a name is unknown and nothing was asked in so many words."""
        filters = self._filters(request)
        if request.without is not None:
            barred = self._artists(request.without)
            if not barred and not request.asked:
                return None
            filters = replace(filters, without_artists=barred)
        plain = SongQuery(mode=request.mode or Mode.SIMILAR, count=request.count, filters=filters)
        if request.wish is not None:
            # What is to be like a word is not to be like the mood, or unlike it.
            plain = replace(plain, mode=Mode.SIMILAR, wish=request.wish)
        if request.like is not None:
            return self._like(request, plain)
        if request.name is None:
            return Meant(plain)
        return self._named(request, plain)

    def _filters(self, request: SongRequest) -> SongFilters:
        genres = self._known_genres(request.genres)
        # Of a year without songs the decade is the nearest thing, and is named as such.
        decades = (year - year % 10 for year in request.years if year not in self._years)
        return SongFilters(
            # A genre the catalogue does not have lets no song pass.
            genres=genres or request.genres,
            decades=tuple(dict.fromkeys((*request.decades, *decades))),
            years=tuple(year for year in request.years if year in self._years),
            language=request.language,
            subjects=(request.subject,) if request.subject else (),
            without_genres=self._known_genres(request.without_genres),
        )

    def _known_genres(self, said: Sequence[str]) -> tuple[str, ...]:
        known = (name for genre in said for name in match_genres(genre, self._genres))
        return tuple(dict.fromkeys(known))

    def _named(self, request: SongRequest, plain: SongQuery) -> Meant | None:
        name = request.name or ""
        # "방탄소년단 봄날": the title may hold words that mean something else as well.
        if request.play and (song := self._song(request.told)):
            return _just(song)
        if artists := self._artists(name):
            return Meant(replace(plain, filters=replace(plain.filters, artists=artists)))
        if (request.asked or request.play) and (song := self._song(name)):
            return _just(song)
        if not request.asked:
            return None
        if plain.wish is not None:
            return Meant(plain)
        words = request.told or name
        unknown = name if self._sounds_like_artist(request, words) else None
        return Meant(replace(plain, mode=Mode.SIMILAR), words, unknown=unknown)

    def _sounds_like_artist(self, request: SongRequest, words: str) -> bool:
        """Whether a name that is not known is that of an artist, not a theme of songs.

        "콜드플레이 노래 틀어줘" names somebody. A theme ("바다") is in some title, and what
        describes songs ("몽환적인") ends as adjectives do before a noun.
        """
        name = request.name or ""
        own = name.split()
        if name not in words or is_known_elsewhere(name):
            return True  # "songs by coldplay": the name stands apart
        if name.isascii():
            return False  # "dreamy songs": nothing tells an English adjective from a name
        alone = len(own) <= _NAME_WORDS and words.split()[: len(own)] == own
        found = self._search.find(name, 1)
        in_titles = bool(found) and found[0].way <= Way.IN_ARTIST
        return alone and not in_titles and not _DESCRIBES.search(name)

    def _artists(self, name: str) -> tuple[str, ...]:
        if one := self._artist(name):
            return (one,)
        several = [self._artist(part) for part in _AND.split(name)]
        return tuple(each for each in several if each) if all(several) else ()

    def _artist(self, name: str) -> str | None:
        found = self._names.find(name)
        # "Adele" is not whoever of the catalogue is spelt most like it.
        guessed = found and is_known_elsewhere(name) and letters(name) not in artist_keys(found)
        return None if guessed else found

    def _song(self, name: str) -> Song | None:
        found = self._search.find(name, 1)
        return found[0].song if found and found[0].whole else None

    def _like(self, request: SongRequest, plain: SongQuery) -> Meant | None:
        found = self._search.find(request.like or "", _OFFERED)
        if not found or not (request.asked or found[0].way in _NAMES_ONE):
            return None
        among = tuple(match.song for match in found)
        if len(found) < _FEWEST_ALIKE or found[0].way < found[1].way:
            return Meant(
                replace(plain, mode=Mode.LIKE_SONG, seed_song=among[0].id, wish=None), among=among
            )
        return Meant(plain, among=among)


def _just(song: Song) -> Meant:
    return Meant(SongQuery(count=1, filters=SongFilters(songs=(song.id,))))
