"""The scripts around learning, on what simulated people did."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.emotion.labels import COARSE
from core.recommend.fitting import FitConfig
from core.recommend.learning import LearnConfig
from scripts.bench.learning import random_events
from scripts.evaluate_recommender import Log, evaluate, simulated_log
from scripts.simulation.people import WorldConfig
from tests.catalogues import catalogue, song

SONGS = catalogue(
    np.random.default_rng(2).dirichlet(np.full(len(COARSE), 0.6), 400),
    [song(n, f"가수 {n % 60}", genres=(f"장르 {n % 60 % 6}",)) for n in range(400)],
)
CONFIG = LearnConfig(fit=FitConfig(threads=1))


@pytest.fixture(scope="module")
def log() -> Log:
    with threadpool_limits(1, "blas"):
        return simulated_log(SONGS, WorldConfig(people=80, weeks=3, visits=5, seed=2))


def test_every_way_to_choose_songs_is_judged(log: Log) -> None:
    judged = evaluate(log, SONGS, np.random.default_rng(0), k=20, most_likes=200)
    assert list(judged) == ["full", "mood only", "popularity", "random"]
    hits = {name: judgement.ranking.hit_rate for name, judgement in judged.items()}
    assert min(hits["full"], hits["mood only"]) > hits["random"] + 0.2
    for judgement in judged.values():
        assert judgement.value is not None
        assert 0 <= judgement.value.snips.low <= judgement.value.snips.high <= 1
        assert judgement.value.places > 100
        assert judgement.ranking.novelty > 0
    assert judged["random"].ranking.coverage > judged["popularity"].ranking.coverage


def test_only_people_who_agreed_are_in_the_log(log: Log) -> None:
    assert 0 < log.events.person_count < 80
    assert {place.person for place in log.places} == set(log.events.ids)


def test_events_for_the_bench_are_what_they_should_be() -> None:
    events = random_events(50, 40, 1000, np.random.default_rng(0))
    triples = np.column_stack([events.people, events.songs, events.modes])
    assert len(events) == len(np.unique(triples, axis=0)) == 1000
    assert np.all(np.diff(events.times) > 0)
