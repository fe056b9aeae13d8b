"""How long learning takes, against `implicit` called plainly on the same matrix, in one run.

    python -m scripts.bench.learning [--people 10000] [--events 1000000] [--rounds 3]
                                     [--database postgresql://...]

People and events are drawn at random, songs by a Zipf law; the catalogue is the shipped one. Both
fits run on all cores and in turn; the median of the rounds is printed. "Factors" is all that
`fit_factors` does with ready events (building the matrix of songs and traits, fitting, making song
vectors); "whole fit" adds the mood neighbours, which implicit has not. A vote is written through
the use case, one after the other, each until it is durable: on SQLite in a temporary folder, and on
the databases named (empty ones).
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.config import limit_threads
from scripts.requires import require_all

require_all()  # before the imports that need them
limit_threads()

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares  # type: ignore[import-untyped]

from core.emotion.labels import COARSE
from core.models import Mode, UserKey
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes
from core.recommend.events import DOWN, SHOWN, UP, EventTable
from core.recommend.factors import FoldInConfig, fold_in
from core.recommend.fitting import FitConfig, confidence_matrix, fit, fit_factors
from core.records import Verdict
from core.service.transactions import Transactions
from core.service.votes import Votes
from core.store.address import sqlite_address
from core.store.cipher import new_key
from core.store.unit_of_work import open_store
from scripts.kill_test import SONGS, show

_START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
_VOTES = 50
_WRITTEN = 500


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--factors", type=int, default=FitConfig().factors)
    parser.add_argument("--catalogue", type=Path, default=Path("data/songs"))
    parser.add_argument("--database", action="append", default=[], help="may be repeated")
    options = parser.parse_args()
    catalogue = Catalogue.load(options.catalogue)
    generator = np.random.default_rng(0)
    events = random_events(options.people, len(catalogue.songs), options.events, generator)
    config = FitConfig(factors=options.factors)
    matrix = confidence_matrix(events, catalogue.songs, config)
    print(f"{options.people} people, {len(catalogue.songs)} songs, {len(events)} events;")
    print(f"matrix {matrix.shape[0]} x {matrix.shape[1]}, {matrix.nnz} entries\n")

    def plain() -> None:
        model = AlternatingLeastSquares(
            factors=config.factors,
            regularization=config.regularisation,
            iterations=config.iterations,
            random_state=config.seed,
        )
        model.fit(matrix, show_progress=False)

    times = _medians(
        {
            "implicit, plainly": plain,
            "factors": lambda: fit_factors(events, catalogue.songs, config),
            "whole fit": lambda: fit(events, catalogue, config),
        },
        options.rounds,
    )
    for name, seconds in times.items():
        print(f"{name}: {seconds:.2f} s ({seconds / times['implicit, plainly']:.2f}x)")
    _request(catalogue, events, config, generator)
    with tempfile.TemporaryDirectory() as folder:
        addresses = [sqlite_address(Path(folder) / "maeum.db"), *options.database]
        for address in addresses:
            asyncio.run(_write_votes(address))


def random_events(
    people: int, songs: int, count: int, generator: np.random.Generator
) -> EventTable:
    """Events without repetition of a person's song and mode, in order of time."""
    popularity = 1 / np.arange(1, songs + 1)
    song = generator.permutation(songs)[
        generator.choice(songs, 2 * count, p=popularity / popularity.sum())
    ]
    triples = np.column_stack(
        [generator.integers(people, size=2 * count), song, generator.integers(2, size=2 * count)]
    )
    unique = np.unique(triples, axis=0)
    chosen = unique[np.sort(generator.permutation(len(unique))[:count])]
    chosen = generator.permutation(chosen)
    return EventTable(
        people=chosen[:, 0].astype(np.int32),
        songs=chosen[:, 1].astype(np.int32),
        modes=chosen[:, 2].astype(np.int8),
        moods=generator.dirichlet(np.full(len(COARSE), 0.5), len(chosen)).astype(np.float32),
        times=_START + np.arange(len(chosen), dtype=np.float64),
        outcomes=generator.choice(np.array([UP, DOWN, SHOWN], np.int8), len(chosen)),
        ids=tuple(map(str, range(people))),
    )


def _medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def _request(
    catalogue: Catalogue, events: EventTable, config: FitConfig, generator: np.random.Generator
) -> None:
    """What a request costs once a model is there."""
    model = fit(events, catalogue, config)
    blender = Blender(catalogue, model, BlendConfig())
    songs = generator.choice(len(catalogue.songs), _VOTES, replace=False)
    own = OwnVotes(songs, np.zeros(_VOTES, np.int8), generator.random(_VOTES) < 0.5)
    mood = events.moods[0]
    same, folding = np.ones(_VOTES, np.bool_), FoldInConfig()
    times = _medians(
        {
            f"fold-in of {_VOTES} votes": lambda: fold_in(
                model.factors, own.songs, own.liked, same, folding
            ),
            "scores of all songs": lambda: blender.scores(mood, Mode.SIMILAR, own),
        },
        200,
    )
    for name, seconds in times.items():
        print(f"{name}: {1000 * seconds:.2f} ms")


async def _write_votes(address: str) -> None:
    """Prints what one vote costs on a database."""
    async with open_store(address, data_key=new_key()) as store:
        await show(store.unit_of_work)
        votes = Votes(Transactions(store.unit_of_work), {})
        user, times = UserKey("test", "0"), []
        for number in range(_WRITTEN):
            impression = f"{0:016d}{number % SONGS:016d}"
            at = datetime.fromtimestamp(_START + number, UTC)
            start = time.perf_counter()
            await votes.vote(user, impression, Verdict.UP, key=str(number), now=at)
            times.append(time.perf_counter() - start)
    median, high = np.percentile(times, (50, 99)) * 1000
    print(f"one vote on {address.partition(':')[0]}: p50 {median:.1f} ms, p99 {high:.1f} ms")


if __name__ == "__main__":
    main()
