"""Why a song is in a list: the largest of what speaks for it.

What speaks for a song is measured in `contributions`. What was drawn by chance says so, and a
step of a path says what the step is. A song is called like the mood only where it is: by its match,
and by how much of the emotion it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.emotion.labels import COARSE, FINE, JOY, UNPLEASANT
from core.models import Contrast, Mode, Reason, ReasonKind, Vector, Wish
from core.recommend.asked import asked_again
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import Blender
from core.recommend.contributions import Contributions, Found
from core.recommend.exploration import Placement
from core.recommend.fit import FitScorer, LikenessConfig
from core.recommend.naming import SAID, asked_of, liked_trait
from core.recommend.query import SongFilters
from core.recommend.scoring import reason_for
from core.recommend.sound import sound_of
from core.recommend.target import target_for
from core.recommend.taste import Leaning, describe_taste
from core.recommend.wishes import wish_scores
from core.records import Impression

__all__ = ["Explained", "Explainer"]

_KINDS: Final = {
    "topic": ReasonKind.TOPIC,
    "lyrics": ReasonKind.WORDS,
    "genre": ReasonKind.STYLE,
    "taste": ReasonKind.TASTE,
    "lift": ReasonKind.CROWD,
    "popularity": ReasonKind.POPULAR,
}
_BY: Final = "by_"
_LEAST: Final = 0.005
"""Where nothing adds this much, the song is there because it matches as well as others do."""
_ALIKE: Final = 0.5
"""The match from which a song may be called like the mood."""
_LIKE_WISH: Final = 0.4
"""What a song and a wish share of the seven emotions, from which it may be said to grant it."""
_ENOUGH: Final = 0.2
"""The share of an emotion from which a song may be said to hold it."""
_OF_MOOD: Final = frozenset({ReasonKind.SHARED, ReasonKind.LIFT})
_CLEAR_WORDS: Final = 0.35
_CLEAR_STYLE: Final = 0.2


@dataclass(frozen=True)
class Explained:
    """A reason, and what it was taken from.

    Attributes:
        kept: the contributions as "by_" and their name; of a step of a path, 1 for its kind.
    """

    reason: Reason
    kept: Mapping[str, float]


@dataclass(frozen=True)
class _Said:
    """What is known of the person's taste, and what the list's reasons have named so far."""

    liked: Sequence[Leaning]
    named: Sequence[str]


class Explainer:
    """Gives the reasons. Keeps nothing between calls; safe to share."""

    def __init__(
        self,
        catalogue: Catalogue,
        popularity: Vector,
        blender: Blender,
        fits: FitScorer,
        likeness: LikenessConfig,
    ) -> None:
        self._catalogue = catalogue
        self._sounds = sound_of(catalogue, "valence")
        self._fits = fits
        self._contributions = Contributions(blender, likeness)
        self._plane = likeness.plane
        self._popularity = popularity
        self._songs = {song.id: song for song in catalogue.songs}

    def places(self, places: Sequence[Placement], found: Found) -> list[Explained]:
        """The reason of each place."""
        levels = self._contributions.levels(found)
        liked = describe_taste(found.verdicts, self._songs, most=20).liked
        explained: list[Explained] = []
        for place in places:
            parts = self._contributions.of(place.row, found, levels)
            named = [each.reason.about for each in explained if each.reason.about is not None]
            if found.query.gentle:
                reason = self.gentle(place.row)
            elif place.explored:
                reason = self._about(ReasonKind.NEW, place.row, found)
            else:
                reason = self._reason(place.row, found, parts, _Said(liked, named))
            kept = {_BY + name: value for name, value in parts.items()}
            explained.append(Explained(reason, kept))
        return explained

    def steps(self, rows: Sequence[int], found: Found, stays: bool) -> list[Explained]:
        """The reasons of a path's songs, in its order."""
        valence, arousal = self._catalogue.valence, self._catalogue.arousal
        explained = []
        for step, row in enumerate(rows):
            brighter = float(valence[row] - valence[rows[0]])
            calmer = float(arousal[rows[0]] - arousal[row])
            if stays:
                kind = ReasonKind.STAY
            elif step == 0 or max(brighter, calmer) <= 0:
                kind = ReasonKind.START
            else:
                kind = ReasonKind.SETTLE if calmer > brighter else ReasonKind.BRIGHTEN
            explained.append(Explained(self._about(kind, row, found), {_BY + kind: 1.0}))
        return explained

    def gentle(self, row: int) -> Reason:
        """The reason for a song that is quiet and mild; nothing in it is set against another."""
        emotion = int(np.argmax(self._catalogue.coarse[row]))
        return replace(self._named(ReasonKind.GENTLE, emotion, row, None), contrast=None)

    def again(self, row: int, shown: Impression) -> Reason:
        """The reason for a song then, without what it quoted.

        Args:
            row: of the song.
            shown: whose parts are those kept then; older ones lack some.
        """
        kept = shown.parts
        parts = {name.removeprefix(_BY): kept[name] for name in kept if name.startswith(_BY)}
        part = max(parts, key=lambda name: parts[name], default="match")
        asked = asked_again(shown.asked, shown.mode, None)
        aim = asked.aim or (wish_scores(asked.wish) if asked.wish else None)
        target = target_for(shown.mode, shown.mood if aim is None else aim.coarse)
        emotion = int(np.argmax(target * self._catalogue.coarse[row]))
        kind = None
        if kept.get("explored"):
            kind = ReasonKind.NEW
        elif shown.mode is Mode.PATH and part in set(ReasonKind):
            kind = ReasonKind(part)
        elif part in _KINDS and parts[part] >= _LEAST:
            kind = self._kind(part, row)
        elif shown.mode is Mode.LIKE_SONG:
            kind = ReasonKind.ECHO
        elif aim is not None or not shown.mood.any():
            kind = ReasonKind.ASKED
        if kind is None:
            match = kept.get("mood", 0.0) - self._plane * kept.get("apart", 0.0)
            reason = reason_for(shown.mode, shown.mood, target, self._catalogue.coarse[row])
            return self._true(reason, row, match, asked.filters)
        reason = self._named(kind, emotion, row, None)
        wished = kind is ReasonKind.ASKED
        return replace(reason, wish=self._granted(asked.wish, row)) if wished else reason

    def _reason(self, row: int, found: Found, parts: Mapping[str, float], said: _Said) -> Reason:
        part = max(parts, key=lambda name: parts[name])
        if part == "match" or parts[part] < _LEAST:
            return self._match(row, found)
        return self._about(self._kind(part, row), row, found, self._name(part, row, found, said))

    def _kind(self, part: str, row: int) -> ReasonKind:
        if part == "popularity" and self._popularity[row] < 0:
            return ReasonKind.HIDDEN
        return _KINDS[part]

    def _name(self, part: str, row: int, found: Found, said: _Said) -> str | None:
        """What a part of the score speaks of."""
        if part == "topic" and found.query.diary is not None:
            return self._fits.nearest_part(row, found.query.diary, said.named)
        if part == "lyrics":
            return self._seed_title(found)
        if part == "genre" and found.seed is not None:
            return self._fits.common_genre(row, found.seed)
        if part == "taste":
            return liked_trait(self._catalogue.songs[row], said.liked)
        return None

    def _match(self, row: int, found: Found) -> Reason:
        if found.query.mode is Mode.LIKE_SONG:
            return self._about(ReasonKind.ECHO, row, found, self._seed_title(found))
        if found.mood is None or found.query.wish or found.query.aim:
            reason = self._about(ReasonKind.ASKED, row, found)
            return replace(reason, wish=self._granted(found.query.wish, row))
        song = self._catalogue.coarse[row]
        reason = reason_for(found.query.mode, found.mood, found.fit.target, song)
        return self._true(reason, row, float(found.fit.match[row]), found.query.filters)

    def _true(self, reason: Reason, row: int, match: float, filters: SongFilters) -> Reason:
        """The reason where it is true, else what the song is: filters may leave none like it."""
        alike = match >= _ALIKE or reason.kind is not ReasonKind.SHARED
        if reason.kind not in _OF_MOOD or (alike and reason.share >= _ENOUGH):
            return self._named(reason.kind, COARSE.index(reason.emotion), row, None)
        about = asked_of(self._catalogue.songs[row], filters)
        return self._named(ReasonKind.PLAIN, self._leading(row), row, about)

    def _granted(self, wish: Wish | None, row: int) -> Wish | None:
        """The wish where the song is like it; refining may have led away from it."""
        if wish is None:
            return None
        common = np.minimum(wish_scores(wish).coarse, self._catalogue.coarse[row]).sum()
        return wish if common >= _LIKE_WISH else None

    def _leading(self, row: int) -> int:
        """What the song is most."""
        return int(np.argmax(self._catalogue.coarse[row]))

    def _about(self, kind: ReasonKind, row: int, found: Found, about: str | None = None) -> Reason:
        emotion = int(np.argmax(found.fit.target * self._catalogue.coarse[row]))
        return self._named(kind, emotion, row, about)

    def _named(self, kind: ReasonKind, emotion: int, row: int, about: str | None) -> Reason:
        if kind is ReasonKind.ASKED and self._catalogue.coarse[row, emotion] < _ENOUGH:
            emotion = self._leading(row)
        top = self._catalogue.top_fine[row]
        fine = next((FINE[place] for place in top if place in SAID[emotion]), None)
        return Reason(
            kind=kind,
            emotion=COARSE[emotion],
            share=float(self._catalogue.coarse[row, emotion]),
            fine=fine,
            about=about,
            contrast=self._contrast(row, emotion),
        )

    def _contrast(self, row: int, emotion: int) -> Contrast | None:
        """What words and style say apart, where it does not deny the emotion that is named."""
        words = float(self._catalogue.lyric_valence[row])
        style = float(self._sounds[row])
        if words >= _CLEAR_WORDS and style <= -_CLEAR_STYLE and emotion not in UNPLEASANT:
            return Contrast.BRIGHT_WORDS
        if words <= -_CLEAR_WORDS and style >= _CLEAR_STYLE and emotion != JOY:
            return Contrast.DARK_WORDS
        return None

    def _seed_title(self, found: Found) -> str | None:
        return None if found.seed is None else self._catalogue.songs[found.seed].title
