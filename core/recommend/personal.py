"""From a question, a mood and a person's votes to a list of songs, with all that is kept of it.

One way for all modes: what fits (`fit`) among what may come (`candidates`), votes added
(`collaborative`), ranked with variety and some places tried (`placing`), explained (`explain`). A
path is ranked by steps (`path`), and a surprise is drawn.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.errors import InvalidCountError, UnknownMoodError, UnknownSongError
from core.models import EmotionScores, Mode, Recommendation, Song
from core.recommend.candidates import Candidates
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import Blender, OwnVotes, Scores
from core.recommend.contributions import Found
from core.recommend.explain import Explainer
from core.recommend.exploration import Placement
from core.recommend.fit import Fit, FitScorer
from core.recommend.index import Mask, SongIndex
from core.recommend.items import PersonalItem, items_of
from core.recommend.learned import LearnedModel
from core.recommend.path import PathFinder
from core.recommend.placing import Placer
from core.recommend.plane import Plane
from core.recommend.query import Refinement, SongQuery
from core.recommend.settings import PersonalConfig
from core.recommend.wishes import livelier, wish_scores
from core.records import Impression, StandingVerdict

__all__ = ["PersonalConfig", "PersonalItem", "PersonalRecommender"]

_DIARY_COUNT: Final = 3
_WELL_KNOWN: Final = 0.5


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
        self._placer = Placer(catalogue, self._index, config)
        self._paths = PathFinder(self._index, plane, config.path)
        self._explainer = Explainer(
            catalogue, self._index.popularity, self._blender, self._fits, likeness
        )

    def with_model(self, learned: LearnedModel | None) -> "PersonalRecommender":
        """The same recommender with another model; this one stays as it is."""
        return PersonalRecommender(self._catalogue, learned, self._config, self._index)

    @property
    def model_version(self) -> str:
        """Of the learned model; empty where there is none."""
        return "" if self._learned is None else self._learned.version

    @property
    def usual_count(self) -> int:
        """Songs in a list where nobody said how many."""
        return self._config.lists.count

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

        A path is in the order of its steps. Where a tap asks for more than is left by an artist,
        others go on in its direction.

        Args:
            mood: what the person feels; may be None for songs like one, for surprises, and where
                something is named that the songs are to have or to be like.
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
        items = self._songs(mood, replace(query, count=count), shown, verdicts, generator)
        if len(items) < count and query.refinements and query.filters.artists:
            others = replace(
                query, count=count - len(items), filters=replace(query.filters, artists=())
            )
            shown = [*shown, *(item.recommendation.song.id for item in items)]
            items += self._songs(mood, others, shown, verdicts, generator)
        return items

    def _songs(
        self,
        mood: EmotionScores | None,
        query: SongQuery,
        shown: Collection[str],
        verdicts: Sequence[StandingVerdict],
        generator: np.random.Generator,
    ) -> list[PersonalItem]:
        count = self._count(query)
        target = query.aim or (wish_scores(query.wish) if query.wish else mood)
        low = query.gentle or any(
            each is not None and each.valence < self._config.exploration.low_valence
            for each in (mood, target)
        )
        if target is not None and _livelier(query):
            # Among livelier songs those nearest to a sad mood are the gloomy ones.
            target = livelier(target)
            query = replace(query, aim=target, wish=None)
        mood = target
        if mood is None and query.filters.named:
            # Where nothing is known of the mood, the well-known songs are what was asked for.
            query = replace(query, filters=replace(query.filters, familiarity=_WELL_KNOWN))
        allowed = self._candidates.mask(query, low, shown, verdicts)
        seed = self._seed(query)
        if query.mode is Mode.PATH:
            return self._path(_known(mood), query, count, allowed, verdicts, generator)
        fit = self._fit(mood, query, seed, count, allowed)
        scores = self._scores(mood, query, fit, verdicts)
        found = Found(query, None if mood is None else mood.coarse, fit, scores, verdicts, seed)
        places = self._placer.places(found, count, low, generator)
        return items_of(self._catalogue.songs, places, found, self._explainer.places(places, found))

    def explain(self, shown: Impression, *, gently: bool = False) -> Recommendation:
        """A song that was shown, with the reason for it then, as far as it was kept.

        What a reason quoted (a diary, a named song) was not, nor that a song was chosen because it
        is gentle. `gently` says so of those that are.

        Raises:
            UnknownSongError: the catalogue has the song no more.
        """
        row = self.rows.get(shown.song_id)
        if row is None:
            raise UnknownSongError("the catalogue has the song no more")
        fit = shown.parts.get("fit", shown.parts["mood"])
        gentle = gently and self._candidates.is_gentle(row)
        reason = self._explainer.gentle(row) if gentle else self._explainer.again(row, shown)
        return Recommendation(self._catalogue.songs[row], fit, reason, shown.id)

    def near(self, query: SongQuery) -> Song | None:
        """The song that others are to be like; None where none was named.

        Raises:
            UnknownSongError: the catalogue does not have it.
        """
        seed = self._seed(query)
        return None if seed is None else self._catalogue.songs[seed]

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
        if mood is None and (query.mode is Mode.SURPRISE or _by_name(query)):
            # Nothing is known: the nearer to the average, the less can be wrong with it.
            return self._fits.emotions(self._catalogue.coarse.mean(axis=0), allowed)
        if query.diary is not None:
            return self._fits.diary(_known(mood), query.diary, allowed)
        if query.wish is not None or _livelier(query):
            return self._fits.wish(_known(mood), allowed)
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
        explained = self._explainer.steps(rows, found, self._paths.stays(mood))
        items = items_of(
            self._catalogue.songs,
            [Placement(row, 1.0, (row,)) for row in rows],
            found,
            explained,
        )
        fits = [float(step[row]) for step, row in zip(steps, rows, strict=False)]
        return [
            replace(
                item,
                recommendation=replace(item.recommendation, score=fitting),
                score=fitting + float(bonus[row]),
                parts={**item.parts, "fit": fitting},
            )
            for item, fitting, row in zip(items, fits, rows, strict=True)
        ]


def _by_name(query: SongQuery) -> bool:
    """Whether songs are asked for that have something, rather than for a mood."""
    return query.mode is Mode.SIMILAR and query.filters.named


def _livelier(query: SongQuery) -> bool:
    return query.mode is Mode.SIMILAR and Refinement.LIVELIER in query.refinements


def _known(mood: EmotionScores | None) -> EmotionScores:
    if mood is None:
        raise UnknownMoodError("nothing is known of the mood yet")
    return mood
