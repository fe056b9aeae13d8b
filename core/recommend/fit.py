"""How well each song fits what a mode asks for, in parts; votes come later.

Moods (similar, opposite, surprise), with t the target distribution (`core.recommend.target`):

    match = cos(t, song) - 0.35 apart,    fit = match

apart says how far the song is on the plane of valence and arousal (`core.recommend.plane`). For a
wish (`core.recommend.wishes`) it weighs three times as much, and what sounds the other way (see
`Plane.clash`) is taken off three times: loud songs with quiet words are not what "calm" asks for.

The classic way leaves the plane out. A diary: emotion first, then meaning. Among the candidates,
the best tenth by match is kept, and with v the text's vector (`core.recommend.spaces`)

    fit = match + 1.0 cos(v, lyrics)

Songs like one (the weights 0.3 and 1.0 are settings): among the candidates, the five times as many
as are asked for with the largest

    near = 0.3 genre + 1.0 cos(v_seed, lyrics),    genre = |A & B| / |A | B| (Jaccard 1912)

are kept, and of these the ones closest to the seed in emotion come: fit = cos(seed, song).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.models import EmotionScores, Mode, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.index import Mask, SongIndex
from core.recommend.plane import Plane
from core.recommend.query import Diary
from core.recommend.scoring import cosine_scores
from core.recommend.spaces import FULL, similarities
from core.recommend.target import Distribution, target_for

__all__ = ["Fit", "FitScorer", "LikenessConfig"]

_FEWEST: Final = 50
_ABOUT_AS_NEAR: Final = 0.1
_NONE: Final = -np.inf


@dataclass(frozen=True)
class LikenessConfig:
    """How texts and songs are compared.

    Attributes:
        plane: weight of valence and arousal beside the emotions.
        clash: weight of a sound that is the other way than a wish.
        insist: how much more the plane weighs for a wish: what is calm is no emotion.
        by_words: compare lyrics by TF-IDF (the classic way) and not by meaning.
        topic: weight of the diary's meaning beside its emotion.
        emotion_reach: share of the candidates, the best by emotion, among which the meaning of a
            diary decides, 0 to 1.
        genre: weight of common genres in `near`.
        lyrics: weight of the lyrics in `near`.
        near: songs that are near, for each song that is asked for.
    """

    plane: float = 0.35
    insist: float = 3.0
    clash: float = 3.0
    by_words: bool = False
    topic: float = 1.0
    emotion_reach: float = 0.1
    genre: float = 0.3
    lyrics: float = 1.0
    near: int = 5


@dataclass(frozen=True, eq=False)
class Fit:
    """The fit of all songs.

    Attributes:
        target: the distribution the songs should come close to, [shape=(7,)].
        mood: cosine to it, 0 to 1, [shape=(n,)].
        match: see the head of this module, [shape=(n,)].
        total: what songs are ranked by before votes, [shape=(n,)].
        allowed: the candidates left, [shape=(n,)].
        parts: by name, what else is in the total or chose the candidates, [shape=(n,)] each.
    """

    target: Distribution
    mood: Vector
    match: Vector
    total: Vector
    allowed: Mask
    parts: dict[str, Vector]


class FitScorer:
    """Scores the songs of one catalogue. Keeps nothing between calls; safe to share."""

    def __init__(
        self, catalogue: Catalogue, index: SongIndex, plane: Plane, config: LikenessConfig
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._plane = plane
        self._config = config

    def wish(self, wish: EmotionScores, allowed: Mask) -> Fit:
        """For what songs are asked for to be like."""
        fit = self.mood(wish, Mode.SIMILAR, allowed, self._config.insist)
        if not self._config.plane:
            return fit
        clash = self._plane.clash(wish)
        match = fit.match - np.float32(self._config.clash) * clash
        return replace(fit, match=match, total=match, parts={**fit.parts, "clash": clash})

    def mood(self, mood: EmotionScores, mode: Mode, allowed: Mask, insist: float = 1.0) -> Fit:
        """For the modes that go by the mood alone."""
        fit = self.emotions(target_for(mode, mood.coarse), allowed)
        if not self._config.plane:
            return fit
        apart = self._plane.apart(mode, mood)
        match = fit.mood - np.float32(insist * self._config.plane) * apart
        return replace(fit, match=match, total=match, parts={"apart": apart})

    def emotions(self, target: Distribution, allowed: Mask) -> Fit:
        """By the emotions alone."""
        mood = cosine_scores(target, self._index.unit_coarse)
        return Fit(target, mood, mood, mood, allowed, {})

    def diary(self, mood: EmotionScores, diary: Diary, allowed: Mask) -> Fit:
        """For `Mode.DIARY`."""
        fit = self.mood(mood, Mode.DIARY, allowed)
        few = max(_FEWEST, int(self._config.emotion_reach * allowed.sum()))
        topic = similarities(self._lyrics, self._text_vector(diary.text, diary.embedding))
        return replace(
            fit,
            total=fit.match + np.float32(self._config.topic) * topic,
            allowed=_best(fit.match, allowed, few),
            parts={**fit.parts, "topic": topic},
        )

    def like(self, seed: int, count: int, allowed: Mask) -> Fit:
        """For `Mode.LIKE_SONG`.

        Args:
            seed: the row of the song; has to be left out of `allowed`.
            count: the songs asked for.
            allowed: see `Fit`.
        """
        config = self._config
        fit = self.emotions(np.asarray(self._catalogue.coarse[seed], np.float64), allowed)
        lyrics = similarities(self._lyrics, self._lyrics[seed].astype(np.float32) / FULL)
        genre = self._genre_overlap(seed)
        near = np.float32(config.genre) * genre + np.float32(config.lyrics) * lyrics
        parts = {"lyrics": lyrics, "genre": genre, "near": near}
        return replace(fit, allowed=_best(near, allowed, config.near * count), parts=parts)

    def nearest_part(self, row: int, diary: Diary, named: Collection[str] = ()) -> str | None:
        """The part of the diary that the song's lyrics are nearest to; None without parts.

        Args:
            row: of the song.
            diary: with its parts.
            named: parts that others of the list are near to already. One that is about as near
                and was not named goes first.
        """
        if not diary.parts:
            return None
        song = self._lyrics[row].astype(np.float32) / FULL
        near = [float(song @ self._text_vector(p.text, p.embedding)) for p in diary.parts]
        order: list[int] = np.argsort(np.negative(near), kind="stable").tolist()
        close = [place for place in order if near[place] >= near[order[0]] - _ABOUT_AS_NEAR]
        fresh = (place for place in close if diary.parts[place].text not in named)
        return diary.parts[next(fresh, close[0])].text

    def common_genre(self, row: int, seed: int) -> str | None:
        """The first genre that both songs have; None where they have none in common."""
        songs = self._catalogue.songs
        return next((genre for genre in songs[seed].genres if genre in songs[row].genres), None)

    @property
    def _lyrics(self) -> npt.NDArray[np.int8]:
        return self._catalogue.words if self._config.by_words else self._catalogue.meaning

    def _text_vector(self, text: str, embedding: Vector) -> Vector:
        spaces = self._catalogue.spaces
        if self._config.by_words:
            return np.asarray(spaces.words.vectors([text])[0], np.float32)
        return np.asarray(spaces.meaning.vectors(embedding)[0], np.float32)

    def _genre_overlap(self, seed: int) -> Vector:
        """Jaccard's similarity of the genres, 0 where none is known, [shape=(n,)]."""
        genres = self._catalogue.songs[seed].genres
        both = np.zeros(len(self._index.years), np.float32)
        for genre in genres:
            both += self._index.genres[genre]
        union = len(genres) + self._index.genre_counts - both
        return np.asarray(both / np.maximum(union, 1), np.float32)


def _best(scores: Vector, allowed: Mask, count: int) -> Mask:
    """The `count` best of the candidates, and those equal to the last of them."""
    if count >= allowed.sum():
        return allowed
    barred = np.where(allowed, scores, _NONE)
    threshold = np.partition(barred, len(barred) - count)[len(barred) - count]
    return np.asarray(allowed & (scores >= threshold), np.bool_)
