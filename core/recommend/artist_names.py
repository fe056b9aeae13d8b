"""Under which names artists go, and which artist a name means that somebody typed."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from core.models import Song
from core.recommend.artists import artist_keys, letters
from core.recommend.romanise import romanise, skeleton

__all__ = ["ArtistNames", "artist_names"]

_NAME_AND_NAME: Final = re.compile(r"([^(),&]+?) ?\(([^(),&]+)\)")
_FULL_NAMES: Final = {
    "iu": "아이유",
    "bts": "방탄소년단",
    "방탄": "방탄소년단",
    "snsd": "소녀시대",
    "tvxq": "동방신기",
    "브아걸": "브라운아이드걸스",
    "버버": "버스커버스커",
    "빅마마": "bigmama",
    "다듀": "다이나믹듀오",
    "에픽": "에픽하이",
    # In Korean, those whom the catalogue knows in Latin letters only.
    "뉴진스": "newjeans",
    "에스파": "aespa",
    "블랙핑크": "blackpink",
    "블핑": "blackpink",
    "엑소": "exo",
    "위너": "winner",
    "아이콘": "ikon",
    "지드래곤": "gdragon",
    "지디": "gdragon",
    "자이언티": "ziont",
    "크러쉬": "crush",
    "투애니원": "2ne1",
    "투피엠": "2pm",
    "투에이엠": "2am",
    "십센치": "10cm",
    "지오디": "god",
    "포미닛": "4minute",
    "에프엑스": "fx",
    "에이오에이": "aoa",
    "이엑스아이디": "exid",
    "세븐": "se7en",
    "에이치오티": "hot",
    "에스이에스": "ses",
    "타블로": "tablo",
    "엔시티드림": "nctdream",
    "첸백시": "exocbx",
}
"""By what people type; the full names are keys as `artists.letters` makes them."""
_SHORTEST_GUESS: Final = 5
_ALIKE: Final = 0.5
"""Least likeness of two spellings in Latin letters, as `difflib` measures it."""


class ArtistNames:
    """Finds the artist that is meant. Keeps nothing between calls; safe to share."""

    def __init__(self, songs: Sequence[Song]) -> None:
        self._shown: dict[str, Counter[str]] = defaultdict(Counter)
        keys = [artist_keys(song.artist) for song in songs]
        for song, own, all_names in zip(songs, keys, artist_names(songs), strict=True):
            for name in all_names:
                # A song by this artist alone shows best what the artist is called.
                alone = len(own) == 1 or _NAME_AND_NAME.fullmatch(song.artist) is not None
                self._shown[name][song.artist if alone else ""] += 1
        self._latin: dict[str, str] = {}
        self._bones: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._shown, key=lambda each: self._shown[each].total()):
            self._latin[romanise(name)] = name
            self._bones[skeleton(name)].append(name)

    def find(self, typed: str) -> str | None:
        """What the artist is called in the catalogue; None where no artist has such a name.

        Args:
            typed: under any of the names, in Korean or Latin letters.
        """
        key = letters(typed)
        name = key if key in self._shown else self._latin.get(key) or self._guess(key)
        if not key or name is None:
            return None
        shown = self._shown[name]
        best = max(shown, key=lambda each: (bool(each), shown[each]))
        return best or name

    def _guess(self, key: str) -> str | None:
        """Of a Korean name in Latin letters there are many spellings: Kim Bumsoo, Gim Beom-su."""
        if len(key) < _SHORTEST_GUESS or not key.isascii():
            return None
        names = self._bones.get(skeleton(key), [])
        likeness = {
            name: difflib.SequenceMatcher(None, key, romanise(name)).ratio() for name in names
        }
        best = max(likeness, key=lambda name: likeness[name], default=None)
        return best if best is not None and likeness[best] >= _ALIKE else None


def artist_names(songs: Sequence[Song]) -> list[list[str]]:
    """The keys of each song's artists, under all their names."""
    names: dict[str, set[str]] = defaultdict(set)
    for short, full in _FULL_NAMES.items():
        names[full].add(short)
    for artist in {song.artist for song in songs}:
        if match := _NAME_AND_NAME.fullmatch(artist):
            one, other = map(letters, match.groups())
            if one and other:
                names[one].add(other)
                names[other].add(one)
    keys = [artist_keys(song.artist) for song in songs]
    return [
        list(dict.fromkeys([*each, *(n for k in each for n in sorted(names[k]))])) for each in keys
    ]
