"""From a question, a mood and a person's votes to a list of songs, with all that is kept of it.

One way for all modes: what fits (`fit`) among what may come (`candidates`), votes added
(`collaborative`), ranked with variety (`ranking`), some places tried (`exploration`), explained
(`explain`). A path is ranked by steps (`path`), and a surprise is drawn.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from core.errors import InvalidCountError, UnknownMoodError, UnknownSongError
from core.models import EmotionScores, Mode, Reason, Recommendation
from core.recommend.candidates import CandidateConfig, Candidates
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes, Scores
from core.recommend.explain import Explainer, Found
from core.recommend.exploration import ExplorationConfig, Placement, draw, explore
from core.recommend.fit import Fit, FitScorer, LikenessConfig
from core.recommend.index import Mask, SongIndex
from core.recommend.learned import LearnedModel
from core.recommend.path import PathConfig, PathFinder
from core.recommend.plane import Plane, PlaneConfig
from core.recommend.query import SongQuery
from core.recommend.ranking import Diversity, jitter, pick_best
from core.recommend.recommender import RecommenderConfig
from core.records import StandingVerdict

__all__ = ["PersonalConfig", "PersonalItem", "PersonalRecommender"]

_DIARY_COUNT: Final = 3
_NOISE_SHARE: Final = 1 / 4
_LEAST_WIDTH: Final = 0.01
"""Where all that fits fits the same, songs have to differ all the more."""


@dataclass(frozen=True)
class PersonalConfig:
    """How lists are made.

    Attributes:
        lists: their length, and the noise that varies them; never more than a quarter of the
            blend's half width, so that noise says less than mood and votes.
        blend: of mood and votes.
        exploration: what is tried.
        candidates: what may come.
        likeness: how texts and songs are compared.
        plane: where opposites lie.
        path: where paths lead.
        diversity: the penalty for a song that is the same as a listed one, in half widths of
            the blend; 0 for none.
        surprises: songs a surprise is drawn from.
        classic: the mood's cosine and the noise alone decide, and nothing else is done: no votes,
            charts, variety or trying. The noise is `lists.noise`, whatever the mood.
    """

    lists: RecommenderConfig = field(default_factory=RecommenderConfig)
    blend: BlendConfig = field(default_factory=BlendConfig)
    exploration: ExplorationConfig = field(default_factory=ExplorationConfig)
    candidates: CandidateConfig = field(default_factory=CandidateConfig)
    likeness: LikenessConfig = field(default_factory=LikenessConfig)
    plane: PlaneConfig = field(default_factory=PlaneConfig)
    path: PathConfig = field(default_factory=PathConfig)
    diversity: float = 0.5
    surprises: int = 50
    classic: bool = False


@dataclass(frozen=True)
class PersonalItem:
    """One song of a list.

    Attributes:
        recommendation: the song, its fit and the reason.
        score: by which the list is ordered, before noise.
        parts: what the score is made of: mood, taste, lift, popularity (see
            `core.recommend.collaborative`), in some modes apart, topic, lyrics, genre and near
            (see `core.recommend.fit`), and explored, which is 1 where the song was tried.
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
        self,
        catalogue: Catalogue,
        learned: LearnedModel | None,
        config: PersonalConfig,
        index: SongIndex | None = None,
    ) -> None:
        """Prepare the catalogue.

        Args:
            catalogue: of the songs.
            learned: of this catalogue; None where nothing was learned yet.
            config: see there.
            index: of this catalogue, where it was made already.
        """
        self._catalogue = catalogue
        self._learned = learned
        self._config = config
        self._index = SongIndex.of(catalogue) if index is None else index
        self._candidates = Candidates(catalogue, self._index, config.candidates)
        plane = Plane(catalogue, config.plane)
        likeness = replace(config.likeness, plane=0.0) if config.classic else config.likeness
        self._fits = FitScorer(catalogue, self._index, plane, likeness)
        self._blender = Blender(catalogue, learned, config.blend, self._index)
        self._paths = PathFinder(self._index, plane, config.path)
        self._explainer = Explainer(catalogue, self._blender, self._fits, likeness)

    def with_model(self, learned: LearnedModel | None) -> "PersonalRecommender":
        """The same recommender with another model; this one stays as it is."""
        return PersonalRecommender(self._catalogue, learned, self._config, self._index)

    @property
    def model_version(self) -> str:
        """Of the learned model; empty where there is none."""
        return "" if self._learned is None else self._learned.version

    @property
    def rows(self) -> Mapping[str, int]:
        """The catalogue's rows by song id."""
        return self._index.rows

    @property
    def genres(self) -> tuple[str, ...]:
        """The catalogue's genres, those of most songs first."""
        sizes = {name: int(mask.sum()) for name, mask in self._index.genres.items()}
        return tuple(sorted(sizes, key=lambda name: (-sizes[name], name)))

    def recommend(
        self,
        mood: EmotionScores,
        mode: Mode,
        count: int | None,
        shown: Collection[str],
        verdicts: Sequence[StandingVerdict],
        generator: np.random.Generator,
    ) -> list[PersonalItem]:
        """`answer` to a question of nothing but a mode and a number."""
        return self.answer(mood, SongQuery(mode, count), shown, verdicts, generator)

    def answer(
        self,
        mood: EmotionScores | None,
        query: SongQuery,
        shown: Collection[str],
        verdicts: Sequence[StandingVerdict],
        generator: np.random.Generator,
    ) -> list[PersonalItem]:
        """The songs for a person in a mood, best first but for those that are tried.

        A path is in the order of its steps.

        Args:
            mood: what the person feels; may be None for songs like one and for surprises.
            query: what is asked for.
            shown: ids of songs to leave out; unknown ones are ignored.
            verdicts: what the person said of songs. What was said never to come is left out.
            generator: of the noise and of what is tried; the same state gives the same list.

        Raises:
            InvalidCountError: the count is below 1 or above the configured most.
            UnknownMoodError: nothing is known of the mood, and the mode goes by it.
            UnknownSongError: the catalogue does not have the song that was named.
        """
        count = self._count(query)
        low = query.low or (
            mood is not None and mood.valence < self._config.exploration.low_valence
        )
        allowed = self._candidates.mask(query, low, shown, verdicts)
        seed = self._seed(query)
        if query.mode is Mode.PATH:
            return self._path(_known(mood), query, count, allowed, verdicts, generator)
        fit = self._fit(mood, query, seed, count, allowed)
        scores = self._scores(mood, query, fit, verdicts)
        found = Found(query, None if mood is None else mood.coarse, fit, scores, verdicts, seed)
        places = self._places(found, count, low, generator)
        return self._items(places, found, self._reasons(places, found))

    def _count(self, query: SongQuery) -> int:
        usual = _DIARY_COUNT if query.mode is Mode.DIARY else self._config.lists.count
        count = usual if query.count is None else query.count
        if not 1 <= count <= self._config.lists.most:
            raise InvalidCountError(self._config.lists.most)
        return count

    def _seed(self, query: SongQuery) -> int | None:
        if query.seed_song is None:
            return None
        if query.seed_song not in self._index.rows:
            raise UnknownSongError("the catalogue does not have the song that was named")
        return self._index.rows[query.seed_song]

    def _fit(
        self,
        mood: EmotionScores | None,
        query: SongQuery,
        seed: int | None,
        count: int,
        allowed: Mask,
    ) -> Fit:
        if seed is not None:
            return self._fits.like(seed, count, allowed)
        if query.mode is Mode.SURPRISE and mood is None:
            # Nothing is known: every song fits as well as any other.
            return self._fits.emotions(self._catalogue.coarse.mean(axis=0), allowed)
        if query.diary is not None:
            return self._fits.diary(_known(mood), query.diary, allowed)
        return self._fits.mood(_known(mood), query.mode, allowed)

    def _scores(
        self,
        mood: EmotionScores | None,
        query: SongQuery,
        fit: Fit,
        verdicts: Sequence[StandingVerdict],
    ) -> Scores:
        if self._config.classic:
            nothing = np.zeros_like(fit.total)
            return Scores(fit.total, nothing, nothing, nothing, fit.total, 0.0)
        own = OwnVotes.of(verdicts, self._index.rows)
        feeling = None if mood is None else mood.coarse
        familiarity = query.filters.familiarity
        return self._blender.blend(fit.total, fit.allowed, feeling, query.mode, own, familiarity)

    def _places(
        self, found: Found, count: int, low: bool, generator: np.random.Generator
    ) -> list[Placement]:
        scores, allowed = found.scores, found.fit.allowed
        if found.query.mode is Mode.SURPRISE:
            return draw(self._surprises(found, generator), count, generator)
        noise = self._config.lists.noise
        diversity = None
        if not self._config.classic:
            noise = min(noise, scores.half_width * _NOISE_SHARE)
            diversity = Diversity(
                self._index.unit_coarse,
                self._catalogue.meaning,
                self._config.diversity * max(scores.half_width, _LEAST_WIDTH),
            )
        noisy = jitter(scores.total, noise, generator)
        ranked = pick_best(noisy, allowed, self._index.artists, count, diversity)
        ranked.sort(key=lambda row: -scores.total[row])
        pool = [] if low or self._config.classic else self._pool(found, ranked)
        return explore(ranked, pool, self._config.exploration, generator)

    def _pool(self, found: Found, ranked: Sequence[int]) -> list[int]:
        """What may be tried: what fits best, of no artist of the list."""
        config = self._config.exploration
        if config.rate == 0 or not config.pool:
            return []
        free = found.fit.allowed.copy()
        free[self._index.rows_beside(ranked, self._catalogue.songs)] = False
        return pick_best(found.fit.total, free, self._index.artists, config.pool)

    def _surprises(self, found: Found, generator: np.random.Generator) -> list[int]:
        """Songs of different artists, drawn evenly from the candidates that fit well enough."""
        scores, fit = found.scores, found.fit
        floor = float(fit.total[fit.allowed].max(initial=-np.inf)) - 2 * scores.half_width
        fitting = np.flatnonzero(fit.allowed & (fit.total >= floor))
        chances = generator.permutation(fitting)
        listed: set[int] = set()
        rows: list[int] = []
        for row in chances.tolist():
            if len(rows) < self._config.surprises and listed.isdisjoint(self._index.artists[row]):
                rows.append(row)
                listed |= self._index.artists[row]
        return rows

    def _path(
        self,
        mood: EmotionScores,
        query: SongQuery,
        count: int,
        allowed: Mask,
        verdicts: Sequence[StandingVerdict],
        generator: np.random.Generator,
    ) -> list[PersonalItem]:
        fit = self._fits.mood(mood, Mode.PATH, allowed)
        scores = self._scores(mood, query, fit, verdicts)
        steps = list(self._paths.fits(mood, count))
        bonus = scores.total - scores.fit
        rows = self._paths.find(steps, bonus, allowed, self._index.artists, generator)
        found = Found(query, mood.coarse, fit, scores, verdicts)
        reasons = self._explainer.steps(rows, found, self._paths.stays(mood))
        items = self._items([Placement(row, 1.0, (row,)) for row in rows], found, reasons)
        fits = [float(step[row]) for step, row in zip(steps, rows, strict=False)]
        return [
            replace(
                item,
                recommendation=replace(item.recommendation, score=fitting),
                score=fitting + float(bonus[row]),
            )
            for item, fitting, row in zip(items, fits, rows, strict=True)
        ]

    def _reasons(self, places: Sequence[Placement], found: Found) -> list[Reason]:
        reasons = self._explainer.reasons([place.row for place in places], found)
        return [
            self._explainer.by_chance(place.row, found) if place.explored else reason
            for place, reason in zip(places, reasons, strict=True)
        ]

    def _items(
        self, places: Sequence[Placement], found: Found, reasons: Sequence[Reason]
    ) -> list[PersonalItem]:
        songs, fit, scores = self._catalogue.songs, found.fit, found.scores
        return [
            PersonalItem(
                Recommendation(songs[place.row], float(fit.total[place.row]), reason),
                score=float(scores.total[place.row]),
                parts={
                    "mood": float(fit.mood[place.row]),
                    **{name: float(part[place.row]) for name, part in fit.parts.items()},
                    "taste": float(scores.taste[place.row]),
                    "lift": float(scores.lift[place.row]),
                    "popularity": float(scores.popularity[place.row]),
                    "explored": float(place.explored),
                },
                propensity=place.propensity,
                choices=tuple(songs[choice].id for choice in place.choices),
            )
            for place, reason in zip(places, reasons, strict=True)
        ]


def _known(mood: EmotionScores | None) -> EmotionScores:
    if mood is None:
        raise UnknownMoodError("nothing is known of the mood yet")
    return mood
