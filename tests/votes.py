"""Votes and learned models for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from core.models import Mode, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.events import EventTable
from core.recommend.factors import ItemFactors
from core.recommend.learned import LearnedModel
from core.recommend.neighbours import FEATURES, MoodNeighbours
from core.records import Outcome, StandingVerdict, TasteEvent, Verdict
from tests.catalogues import distribution

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SAD = distribution(슬픔=0.8)


def event(
    person: str,
    song: int,
    outcome: Outcome = Outcome.UP,
    mode: Mode = Mode.SIMILAR,
    mood: Vector | None = SAD,
    minutes: float = 0,
) -> TasteEvent:
    at = NOW + timedelta(minutes=minutes)
    return TasteEvent(person, f"melon:{song}", mode, mood, at, outcome)


def verdict(song: int, liked: bool = True, mode: Mode = Mode.SIMILAR) -> StandingVerdict:
    said = Verdict.UP if liked else Verdict.DOWN
    return StandingVerdict(f"melon:{song}", f"가수 {song}", mode, said, NOW)


def table(events: Sequence[TasteEvent], songs: Catalogue) -> EventTable:
    return EventTable.of(events, {song.id: row for row, song in enumerate(songs.songs)})


def learned(songs: Catalogue, items: Vector | None = None, rate: float = 0.5) -> LearnedModel:
    """A model that knows factors at most: no neighbours voted."""
    count = len(songs.songs)
    nobody = [np.zeros((count, FEATURES), np.float32) for _ in range(4)]
    return LearnedModel(
        ItemFactors(np.zeros((count, 2), np.float32) if items is None else items, rate),
        (MoodNeighbours(*nobody[:2]), MoodNeighbours(*nobody[2:])),
        catalogue_version=songs.version,
        fitted_until=NOW.timestamp(),
        votes=1,
    )
