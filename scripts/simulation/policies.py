"""Ways to choose songs, to compare in a simulated world."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import numpy as np

from core.emotion.labels import FINE
from core.models import EmotionScores, Mode
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import chart_popularity
from core.recommend.events import EventTable
from core.recommend.exploration import ExplorationConfig
from core.recommend.fitting import FitConfig, fit
from core.recommend.offline import LoggedPlace
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.records import Outcome, StandingVerdict, TasteEvent, Verdict
from scripts.simulation.people import Visit, World

__all__ = ["Learning", "MoodOnly", "Policy", "Popular", "Random"]

SHOWN_KEPT: Final = 50
"""As the service does: songs of this many last shown are not shown again."""
_COUNT: Final = 5

_NO_EXPLORATION: Final = ExplorationConfig(rate=0)


class Policy(Protocol):
    """Chooses songs and hears what people say of them."""

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        """The rows of the songs for this visit, in order."""
        ...

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """What came of them: True a like, False a dislike, None no vote."""
        ...


class _Shown:
    """The songs each person was shown last."""

    def __init__(self) -> None:
        self._of: dict[int, deque[int]] = defaultdict(lambda: deque(maxlen=SHOWN_KEPT))

    def __getitem__(self, person: int) -> list[int]:
        return list(self._of[person])

    def add(self, person: int, rows: Sequence[int]) -> None:
        self._of[person].extend(rows)


class Random:
    """Any songs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._count = len(catalogue.songs)

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:  # noqa: ARG002
        """Five at random."""
        return [int(row) for row in generator.choice(self._count, _COUNT, replace=False)]

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """Nothing is learned."""


class Popular:
    """The songs most in the charts, whoever asks."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._order = np.argsort(-chart_popularity(catalogue.songs), kind="stable").tolist()
        self._shown = _Shown()

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:  # noqa: ARG002
        """The five most popular that were not shown lately."""
        shown = set(self._shown[visit.person])
        fresh = (row for row in self._order if row not in shown)
        return [row for row, _ in zip(fresh, range(_COUNT), strict=False)]

    def hear(
        self,
        visit: Visit,
        rows: Sequence[int],
        votes: Sequence[bool | None],  # noqa: ARG002
    ) -> None:
        """Only what was shown is kept."""
        self._shown.add(visit.person, rows)


class MoodOnly:
    """The recommender without votes, charts and exploration."""

    def __init__(self, catalogue: Catalogue, config: PersonalConfig) -> None:
        config = replace(
            config, blend=replace(config.blend, popularity=0.0), exploration=_NO_EXPLORATION
        )
        self._catalogue = catalogue
        self._recommender = PersonalRecommender(catalogue, None, config)
        self._shown = _Shown()

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        """Those nearest to what was read of the mood."""
        shown = [self._catalogue.songs[row].id for row in self._shown[visit.person]]
        items = self._recommender.recommend(
            mood_of(visit), visit.mode, _COUNT, shown, (), generator
        )
        return [self._recommender.rows[item.recommendation.song.id] for item in items]

    def hear(
        self,
        visit: Visit,
        rows: Sequence[int],
        votes: Sequence[bool | None],  # noqa: ARG002
    ) -> None:
        """Only what was shown is kept."""
        self._shown.add(visit.person, rows)


class Learning:
    """The whole recommender: votes count at once, and a model is fitted every few days.

    Attributes:
        log: every place of every list, for offline evaluation.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        world: World,
        config: PersonalConfig,
        fit_config: FitConfig,
        every: timedelta,
    ) -> None:
        self._catalogue = catalogue
        self._agrees = [person.agrees for person in world.people]
        self._recommender = PersonalRecommender(catalogue, None, config)
        self._fit_config = fit_config
        self._every = every
        self._learned_at: datetime | None = None
        self._shown = _Shown()
        self._verdicts: dict[int, dict[tuple[str, Mode], StandingVerdict]] = defaultdict(dict)
        self.events: dict[tuple[int, str, Mode], TasteEvent] = {}
        self.log: list[LoggedPlace] = []
        self._items: list[PersonalItem] = []

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        """What mood and votes say, and a few that are tried."""
        self._learn(visit.at)
        shown = [self._catalogue.songs[row].id for row in self._shown[visit.person]]
        verdicts = list(self._verdicts[visit.person].values())
        self._items = self._recommender.recommend(
            mood_of(visit), visit.mode, _COUNT, shown, verdicts, generator
        )
        return [self._recommender.rows[item.recommendation.song.id] for item in self._items]

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """Keep the verdicts for the person, and the outcomes for learning."""
        self._shown.add(visit.person, rows)
        for rank, (item, vote) in enumerate(zip(self._items, votes, strict=True)):
            song = item.recommendation.song
            key = (song.id, visit.mode)
            if vote is not None:
                verdict = Verdict.UP if vote else Verdict.DOWN
                self._verdicts[visit.person][key] = StandingVerdict(
                    song.id, song.artist, visit.mode, verdict, visit.at
                )
            before = self.events.get((visit.person, *key))
            # What was once said stands until something else is said.
            if vote is not None or before is None or before.outcome is Outcome.SHOWN:
                self.events[visit.person, *key] = TasteEvent(
                    str(visit.person),
                    song.id,
                    visit.mode,
                    visit.read.astype(np.float32),
                    visit.at,
                    Outcome.SHOWN if vote is None else Outcome.UP if vote else Outcome.DOWN,
                )
            self.log.append(
                LoggedPlace(
                    person=str(visit.person),
                    at=visit.at,
                    mode=visit.mode,
                    mood=visit.read.astype(np.float32),
                    rank=rank,
                    song_id=song.id,
                    choices=item.choices,
                    propensity=item.propensity,
                    liked=vote is True,
                )
            )

    def table(self) -> EventTable:
        """What may be learned from: the events of those who agreed."""
        agreed = (event for (person, *_), event in self.events.items() if self._agrees[person])
        return EventTable.of(agreed, self._recommender.rows)

    def _learn(self, now: datetime) -> None:
        if self._learned_at is None:
            self._learned_at = now
        if now - self._learned_at < self._every:
            return
        self._learned_at = now
        learned = fit(self.table(), self._catalogue, self._fit_config)
        self._recommender = self._recommender.with_model(learned)


def mood_of(visit: Visit) -> EmotionScores:
    """What the service would know of the mood."""
    return EmotionScores(
        visit.read.astype(np.float32), np.zeros(len(FINE), np.float32), visit.valence, 0.0
    )
