"""From a mood and a person's votes to a list of songs, with all that has to be kept of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import InvalidCountError, UnknownSongError
from core.models import EmotionScores, Mode, Recommendation, Vector
from core.recommend.artists import artist_keys
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes, Scores
from core.recommend.exploration import ExplorationConfig, Placement, explore, may_explore
from core.recommend.learned import LearnedModel
from core.recommend.ranking import jitter, pick
from core.recommend.recommender import RecommenderConfig
from core.recommend.scoring import reason_for
from core.recommend.target import Distribution, target_for
from core.records import Impression, StandingVerdict, Verdict

__all__ = ["PersonalConfig", "PersonalItem", "PersonalRecommender"]

Rows = npt.NDArray[np.intp]

_SORTED_LEAST: Final = 100
_SORTED_EACH: Final = 10
_NONE: Final = np.array([], np.intp)


@dataclass(frozen=True)
class PersonalConfig:
    """How lists are made.

    Attributes:
        lists: their length, and the noise that varies them; never more than a quarter of the
            blend's half width, so that noise says less than mood and votes.
        blend: of mood and votes.
        exploration: what is tried.
    """

    lists: RecommenderConfig = field(default_factory=RecommenderConfig)
    blend: BlendConfig = field(default_factory=BlendConfig)
    exploration: ExplorationConfig = field(default_factory=ExplorationConfig)


@dataclass(frozen=True)
class PersonalItem:
    """One song of a list.

    Attributes:
        recommendation: the song, its mood score and the reason.
        score: by which the list is ordered, before noise.
        parts: what the score is made of: mood, taste, lift, popularity (see
            `core.recommend.collaborative`), and explored, which is 1 where the song was tried.
        propensity: see `core.recommend.exploration`.
        choices: ids of the songs that could have stood here, the ranked one first.
    """

    recommendation: Recommendation
    score: float
    parts: Mapping[str, float]
    propensity: float
    choices: tuple[str, ...]


class PersonalRecommender:
    """Picks songs of a catalogue. Keeps nothing between calls; safe to share."""

    def __init__(
        self, catalogue: Catalogue, learned: LearnedModel | None, config: PersonalConfig
    ) -> None:
        """Prepare the catalogue.

        Args:
            catalogue: of the songs.
            learned: of this catalogue; None where nothing was learned yet.
            config: see there.
        """
        self._catalogue = catalogue
        self._learned = learned
        self._config = config
        self._blender = Blender(catalogue, learned, config.blend)
        self.rows = {song.id: row for row, song in enumerate(catalogue.songs)}
        self._numbers: dict[str, int] = {}
        self._artists = [
            frozenset(
                self._numbers.setdefault(key, len(self._numbers))
                for key in artist_keys(song.artist)
            )
            for song in catalogue.songs
        ]
        self._rows_of: list[list[int]] = [[] for _ in self._numbers]
        for row, artists in enumerate(self._artists):
            for artist in artists:
                self._rows_of[artist].append(row)

    def with_model(self, learned: LearnedModel | None) -> "PersonalRecommender":
        """The same recommender with another model; this one stays as it is."""
        return PersonalRecommender(self._catalogue, learned, self._config)

    @property
    def model_version(self) -> str:
        """Of the learned model; empty where there is none."""
        return "" if self._learned is None else self._learned.version

    def recommend(
        self,
        mood: EmotionScores,
        mode: Mode,
        count: int | None,
        shown: Collection[str],
        verdicts: Sequence[StandingVerdict],
        generator: np.random.Generator,
    ) -> list[PersonalItem]:
        """The songs for a person in a mood, best first but for those that are tried.

        Args:
            mood: what the person feels.
            mode: how the songs should relate to it.
            count: how many songs; None for the configured number. A smaller catalogue gives fewer.
            shown: ids of songs to leave out; unknown ones are ignored.
            verdicts: what the person said of songs. What was said never to come is left out.
            generator: of the noise and of what is tried; the same state gives the same list.

        Raises:
            InvalidCountError: `count` is below 1 or above the configured most.
        """
        wanted = self._config.lists.count if count is None else count
        if not 1 <= wanted <= self._config.lists.most:
            raise InvalidCountError(self._config.lists.most)
        scores = self._blender.scores(mood.coarse, mode, OwnVotes.of(verdicts, self.rows))
        excluded = self._excluded(shown, verdicts)
        ranked = self._rank(scores, excluded, wanted, generator)
        pool = self._pool(scores, excluded, ranked, mood.valence)
        places = explore(ranked, pool, self._config.exploration, generator)
        target = target_for(mode, mood.coarse)
        return [self._item(place, mode, mood.coarse, target, scores) for place in places]

    def explain(self, shown: Impression) -> Recommendation:
        """A song that was shown, with the reason for it then.

        Raises:
            UnknownSongError: the catalogue has the song no more.
        """
        row = self.rows.get(shown.song_id)
        if row is None:
            raise UnknownSongError("the catalogue has the song no more")
        target = target_for(shown.mode, shown.mood)
        reason = reason_for(shown.mode, shown.mood, target, self._catalogue.coarse[row])
        return Recommendation(self._catalogue.songs[row], shown.parts["mood"], reason, shown.id)

    def _rank(
        self, scores: Scores, excluded: Rows, wanted: int, generator: np.random.Generator
    ) -> list[int]:
        noise = min(self._config.lists.noise, scores.half_width / 4)
        ranked = self._pick(jitter(scores.total, noise, generator), excluded, wanted)
        return sorted(ranked, key=lambda row: -scores.total[row])

    def _pool(
        self, scores: Scores, excluded: Rows, ranked: Sequence[int], valence: float
    ) -> list[int]:
        config = self._config.exploration
        if not may_explore(valence, config):
            return []
        # No artist of the list: what is tried may stand beside any of it.
        listed = frozenset[int]().union(*(self._artists[row] for row in ranked))
        theirs = [self._rows_of[artist] for artist in listed]
        return self._pick(scores.mood, np.concatenate([excluded, *theirs]), config.pool)

    def _pick(self, scores: Vector, excluded: Rows, count: int) -> list[int]:
        """As `pick` does, but sorts only the best, where artists enough are among them."""
        allowed = scores.copy()
        allowed[excluded] = -np.inf
        few = _SORTED_LEAST + _SORTED_EACH * count
        if few < len(allowed) - len(excluded):
            rows = np.sort(np.argpartition(-allowed, few)[:few])
            artists = [self._artists[row] for row in rows]
            best = [int(rows[place]) for place in pick(allowed[rows], _NONE, artists, count)]
            if _all_different([self._artists[row] for row in best]):
                return best
        return pick(scores, excluded, self._artists, count)

    def _excluded(self, shown: Collection[str], verdicts: Sequence[StandingVerdict]) -> Rows:
        rows = [self.rows[id_] for id_ in shown if id_ in self.rows]
        for verdict in verdicts:
            if verdict.verdict is Verdict.NEVER_SONG and verdict.song_id in self.rows:
                rows.append(self.rows[verdict.song_id])
            elif verdict.verdict is Verdict.NEVER_ARTIST:
                for key in artist_keys(verdict.artist):
                    rows.extend(self._rows_of[self._numbers[key]] if key in self._numbers else ())
        return np.array(rows, np.intp)

    def _item(
        self,
        place: Placement,
        mode: Mode,
        mood: Distribution,
        target: Distribution,
        scores: Scores,
    ) -> PersonalItem:
        row, songs = place.row, self._catalogue.songs
        reason = reason_for(mode, mood, target, self._catalogue.coarse[row])
        return PersonalItem(
            Recommendation(songs[row], float(scores.mood[row]), reason),
            score=float(scores.total[row]),
            parts={
                "mood": float(scores.mood[row]),
                "taste": float(scores.taste[row]),
                "lift": float(scores.lift[row]),
                "popularity": float(scores.popularity[row]),
                "explored": float(place.explored),
            },
            propensity=place.propensity,
            choices=tuple(songs[choice].id for choice in place.choices),
        )


def _all_different(artists: Sequence[frozenset[int]]) -> bool:
    return len(frozenset[int]().union(*artists)) == sum(map(len, artists))
