"""Finds songs by title and artist, however they are typed, fast enough for autocomplete.

Names are compared without case, spaces, brackets and punctuation. The ways to match, best first:

    the title; "artist title" or "title artist"; how a title begins; the artist; a part of a
    title; how an artist begins; every word somewhere in title and artist; a part of an artist;
    the same in Latin letters; the same consonants, and letters in common beside;
    similar letters (typing errors)

Among equals the title nearest in length (where it was the title that matched), then the song more
in the charts comes first. A way is
tried only where the better ones have not found enough, and the last ones, which guess, only where
nothing was found. An artist is found under any name the catalogue has for it ("BIGBANG (빅뱅)") and
under a few well-known ones it has not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.models import Song
from core.recommend.artist_names import artist_names
from core.recommend.artists import letters
from core.recommend.index import chart_popularity
from core.recommend.romanise import jamo, romanise, skeleton

__all__ = ["SongMatch", "SongSearch", "Way"]

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SEPARATOR: Final = re.compile(r"\s+[-–—/|:]+\s+|\s*[–—/|]\s*")
_LONGEST: Final = 100
_SHORTEST_SKELETON: Final = 3
_AKIN: Final = 0.34
"""Share of the pairs of Latin letters typed that a name of the same consonants has at least:
"asdfqwer" is not "Step Back"."""
_ALIKE: Final = 0.45
_GRAM: Final = 3

Rows = npt.NDArray[np.intp]


class Way(IntEnum):
    """How a song matches what was typed, the best first; see the head of this module."""

    TITLE = 0
    TITLE_AND_ARTIST = 1
    TITLE_BEGINS = 2
    ARTIST = 3
    IN_TITLE = 4
    ARTIST_BEGINS = 5
    EVERY_WORD = 6
    IN_ARTIST = 7
    LATIN = 8
    IN_LATIN = 9
    CONSONANTS = 10
    CONSONANTS_BEGIN = 11
    SIMILAR = 12


_WHOLE: Final = frozenset({Way.TITLE, Way.TITLE_AND_ARTIST})
_BY_TITLE: Final = frozenset({Way.TITLE, Way.TITLE_AND_ARTIST, Way.TITLE_BEGINS, Way.IN_TITLE})


@dataclass(frozen=True)
class SongMatch:
    """A song that was found.

    Attributes:
        row: of the catalogue.
        way: in which it matches.
    """

    row: int
    song: Song
    way: Way

    @property
    def whole(self) -> bool:
        """Whether all of the title was typed, alone or with the artist."""
        return self.way in _WHOLE

    @property
    def guessed(self) -> bool:
        """Whether what was typed is in neither title nor artist, however it is spelt."""
        return self.way > Way.IN_LATIN


class SongSearch:
    """Searches the songs of one catalogue. Keeps nothing between calls; safe to share."""

    def __init__(self, songs: Sequence[Song]) -> None:
        self._songs = songs
        self._popularity = chart_popularity(songs)
        bare = [letters(_BRACKETS.sub(" ", song.title)) or letters(song.title) for song in songs]
        full = [letters(song.title) for song in songs]
        artists = artist_names(songs)
        self._lengths = [len(title) for title in bare]
        self._bare = _Column([[title] for title in bare])
        self._titles = _Column([[one, other] for one, other in zip(bare, full, strict=True)])
        self._artists = _Column(artists)
        self._pairs = _Column(
            [
                {pair for name in names for pair in (title + name, name + title)}
                for title, names in zip(bare, artists, strict=True)
            ]
        )
        both = [[*names, title] for title, names in zip(bare, artists, strict=True)]
        # Most artists have many songs: each name is spelt out once.
        in_latin, in_jamo, bones = (cache(spell) for spell in (romanise, jamo, skeleton))
        self._latin = _Column([map(in_latin, names) for names in both])
        self._names = both
        self._skeletons = _Column([map(bones, [*names, "".join(names)]) for names in both])
        self._grams = _Grams([map(in_jamo, names) for names in both])

    def find(self, text: str, limit: int = 10) -> list[SongMatch]:
        """The best matches, best first.

        Args:
            text: a title, an artist or both in either order, whole or in part.
            limit: the most matches.
        """
        typed = letters(text[:_LONGEST])
        if not typed or limit < 1:
            return []
        found: dict[int, Way] = {}
        for way, rows in self._ways(text[:_LONGEST], typed):
            for row in rows:
                found.setdefault(int(row), way)
            if (way is not Way.TITLE and len(found) >= limit) or (way >= Way.IN_ARTIST and found):
                break
        ranked = sorted(found, key=lambda row: (found[row], *self._rank(row, found[row], typed)))
        return [SongMatch(row, self._songs[row], found[row]) for row in ranked[:limit]]

    def _ways(self, text: str, typed: str) -> Iterable[tuple[Way, Rows | list[int]]]:
        """The rows that match, way by way; each is computed when it is needed."""
        yield Way.TITLE, self._bare.equal(typed)
        pairs = np.concatenate([self._pairs.equal(typed), self._both(text)])
        yield Way.TITLE_AND_ARTIST, pairs
        yield Way.TITLE_BEGINS, self._titles.beginning(typed)
        yield Way.ARTIST, self._artists.equal(typed)
        yield Way.IN_TITLE, self._titles.holding(typed)
        yield Way.ARTIST_BEGINS, self._artists.beginning(typed)
        yield Way.EVERY_WORD, self._every_word(text)
        yield Way.IN_ARTIST, self._artists.holding(typed)
        latin = romanise(typed)
        yield Way.LATIN, self._latin.equal(latin)
        yield Way.IN_LATIN, self._latin.holding(latin)
        bones = skeleton(typed)
        if len(bones) >= _SHORTEST_SKELETON:
            yield Way.CONSONANTS, self._akin(self._skeletons.equal(bones), latin)
            begin = self._akin(self._skeletons.beginning(bones), latin)
            yield Way.CONSONANTS_BEGIN, begin
        yield Way.SIMILAR, self._grams.alike(jamo(typed))

    def _both(self, text: str) -> Rows:
        """Where two parts are typed: songs with one in the title, the other in the artist."""
        parts = [key for part in _SEPARATOR.split(text, maxsplit=1) if (key := letters(part))]
        if len(parts) < 2:
            return np.array([], np.intp)
        one, other = parts
        orders = ((one, other), (other, one))
        return np.concatenate(
            [
                np.intersect1d(self._titles.holding(title), self._artists.holding(artist))
                for title, artist in orders
            ]
        )

    def _akin(self, rows: Rows, latin: str) -> list[int]:
        """The rows whose names have some of the typed letters side by side, too."""
        typed = _pairs(latin)
        return [
            row
            for row in rows.tolist()
            if len(typed & _pairs(romanise(" ".join(self._names[row])))) >= _AKIN * len(typed)
        ]

    def _every_word(self, text: str) -> Rows | list[int]:
        words = [word for part in text.split() if (word := letters(part))]
        if len(words) < 2:
            return []
        rows = [np.union1d(self._titles.holding(w), self._artists.holding(w)) for w in words]
        found = rows[0]
        for more in rows[1:]:
            found = np.intersect1d(found, more)
        return found

    def _rank(self, row: int, way: Way, typed: str) -> tuple[int, float]:
        longer = abs(self._lengths[row] - len(typed)) if way in _BY_TITLE else 0
        return longer, -float(self._popularity[row])


class _Column:
    """Names of songs in one string, a line each, so that searching runs at the speed of C."""

    def __init__(self, names: Sequence[Iterable[str]]) -> None:
        lines = [(name, row) for row, each in enumerate(names) for name in dict.fromkeys(each)]
        self._text = "".join(f"\n{name}" for name, _ in lines) + "\n"
        self._starts = np.cumsum([0, *(len(name) + 1 for name, _ in lines)])[:-1]
        self._rows = np.array([row for _, row in lines], np.intp)

    def equal(self, name: str) -> Rows:
        return self._holding(f"\n{name}\n")

    def beginning(self, name: str) -> Rows:
        return self._holding(f"\n{name}")

    def holding(self, name: str) -> Rows:
        return self._holding(name)

    def _holding(self, fragment: str) -> Rows:
        """The rows of the lines that hold the fragment, each once."""
        places = []
        place = self._text.find(fragment)
        while place >= 0:
            places.append(place)
            # On from the next line; its line feed belongs to it.
            place = self._text.find(fragment, self._text.find("\n", place + 1))
        lines = np.searchsorted(self._starts, places, side="right") - 1
        return np.unique(self._rows[lines])


class _Grams:
    """Runs of three letters, to find what was typed with a mistake."""

    def __init__(self, names: Sequence[Iterable[str]]) -> None:
        rows_of: dict[str, list[int]] = defaultdict(list)
        for row, each in enumerate(names):
            for name in dict.fromkeys(each):
                rows_of[name].append(row)
        held: dict[str, list[int]] = defaultdict(list)
        for line, name in enumerate(rows_of):
            for gram in _runs(name):
                held[gram].append(line)
        self._held = {gram: np.array(lines, np.int32) for gram, lines in held.items()}
        self._sizes = np.array([len(_runs(name)) for name in rows_of])
        self._rows = list(rows_of.values())

    def alike(self, name: str) -> list[int]:
        """The rows of the names most alike, by Dice's coefficient, most alike first."""
        grams = _runs(name)
        held = [self._held[gram] for gram in grams if gram in self._held]
        if not held:
            return []
        common = np.bincount(np.concatenate(held), minlength=len(self._sizes))
        dice = 2 * common / (self._sizes + len(grams))
        lines = np.flatnonzero(dice >= _ALIKE)
        lines = lines[np.argsort(-dice[lines], kind="stable")]
        return list(dict.fromkeys(row for line in lines for row in self._rows[line]))


def _pairs(name: str) -> set[str]:
    return {name[place : place + 2] for place in range(len(name) - 1)}


def _runs(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[place : place + _GRAM] for place in range(len(padded) - _GRAM + 1)}
