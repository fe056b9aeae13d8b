"""Judges the recommender by what was logged, beside popularity, mood only and random.

    python -m scripts.evaluate_recommender --simulated PEOPLE [--weeks 8] [--k 20] [--likes 1000]

Learns from all but the latest fifth of the events and ranks the later likes: hit rate and nDCG of
the first k, coverage of the catalogue, novelty, and how often a later like of a person is ordered
above a later dislike (AUC). Then it estimates by inverse propensity scoring what the like rate of
each would have been at the places where songs were tried. `core.recommend.offline` has the
formulas and what they can tell.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.config import limit_threads
from scripts.requires import require_all

# ruff: noqa: E402 - what to install is said before the imports that need it
require_all()
limit_threads()

import numpy as np
import numpy.typing as npt

from core.models import Mode
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes, chart_popularity
from core.recommend.events import UP, EventTable
from core.recommend.fitting import FitConfig, fit
from core.recommend.learning import blend_scorer
from core.recommend.offline import (
    Interval,
    LoggedPlace,
    PolicyValue,
    Ranking,
    Scorer,
    judges,
    own_votes,
    person_auc,
    policy_value,
    rank_later_likes,
    split_by_time,
)
from core.recommend.personal import PersonalConfig
from core.recommend.target import Distribution
from scripts.simulation.people import World, WorldConfig
from scripts.simulation.run import run
from scripts.simulation.served import Served

__all__ = ["Judgement", "Log", "evaluate", "main"]

Array = npt.NDArray[Any]
_HOLD_OUT: Final = 0.2
_MOST_PEOPLE: Final = 300


@dataclass(frozen=True, eq=False)
class Log:
    """What happened.

    Attributes:
        events: of the people who agreed to be learned from.
        places: of all lists shown to them, in order of time.
    """

    events: EventTable
    places: Sequence[LoggedPlace]


@dataclass(frozen=True)
class Judgement:
    """What is known of one way to choose songs."""

    ranking: Ranking
    auc: float
    value: PolicyValue | None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--simulated", type=int, required=True, metavar="PEOPLE")
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--likes", type=int, default=1000, help="the most later likes to rank")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--catalogue", type=Path, default=Path("data/songs"))
    options = parser.parse_args()
    catalogue = Catalogue.load(options.catalogue)
    log = simulated_log(catalogue, WorldConfig(options.simulated, options.weeks, seed=options.seed))
    generator = np.random.default_rng(options.seed)
    _print(evaluate(log, catalogue, generator, options.k, options.likes))


def simulated_log(catalogue: Catalogue, config: WorldConfig) -> Log:
    """What simulated people did with the whole recommender."""
    world = World(catalogue, config)
    fitting = FitConfig(threads=1)
    with Served(catalogue, world, PersonalConfig(), fitting, timedelta(days=7)) as bot:
        run(world, bot, config.seed)
        events = bot.table()
        agreed = set(events.ids)
        return Log(events, [place for place in bot.log if place.person in agreed])


def evaluate(
    log: Log, catalogue: Catalogue, generator: np.random.Generator, k: int, most_likes: int
) -> dict[str, Judgement]:
    """Judge the full recommender and its rivals on what came last.

    Args:
        log: what happened.
        catalogue: of the songs.
        generator: of samples, intervals and the random rival.
        k: length of the ranked lists.
        most_likes: how many later likes are ranked.
    """
    cut = float(np.quantile(log.events.times, 1 - _HOLD_OUT))
    before, after = split_by_time(log.events, cut)
    people = judges(after, _MOST_PEOPLE, generator)
    sample = np.sort(generator.permutation(len(after))[: 2 * most_likes])
    likes = after.take(sample[after.outcomes[sample] == UP][:most_likes])
    later = [place for place in log.places if place.at.timestamp() > cut]
    found = {}
    for name, scorer in _scorers(before, catalogue, generator).items():
        target = _Greedy(scorer, catalogue, before)
        found[name] = Judgement(
            rank_later_likes(scorer, before, likes, len(catalogue.songs), k),
            float(person_auc(scorer, before, after, people).mean()),
            policy_value(later, uniform if name == "random" else target, generator),
        )
    return found


def uniform(place: LoggedPlace) -> Array:
    """The random rival: any choice alike."""
    return np.full(len(place.choices), 1 / len(place.choices))


def _scorers(
    before: EventTable, catalogue: Catalogue, generator: np.random.Generator
) -> dict[str, Scorer]:
    blend = BlendConfig()
    popularity = chart_popularity(catalogue.songs)

    def popular(mood: Distribution, mode: Mode, own: OwnVotes) -> Array:  # noqa: ARG001
        return popularity

    def chance(mood: Distribution, mode: Mode, own: OwnVotes) -> Array:  # noqa: ARG001
        return generator.random(len(popularity))

    return {
        "full": blend_scorer(Blender(catalogue, fit(before, catalogue, FitConfig()), blend)),
        "mood only": blend_scorer(Blender(catalogue, None, replace(blend, popularity=0.0))),
        "popularity": popular,
        "random": chance,
    }


class _Greedy:
    """The policy that takes the best of the choices; implements `Target`."""

    def __init__(self, scorer: Scorer, catalogue: Catalogue, before: EventTable) -> None:
        self._scorer = scorer
        self._rows = {song.id: row for row, song in enumerate(catalogue.songs)}
        self._before = before
        self._numbers = {id_: number for number, id_ in enumerate(before.ids)}

    def __call__(self, place: LoggedPlace) -> Array:
        own = own_votes(self._before, self._numbers[place.person])
        scores = self._scorer(place.mood, place.mode, own)
        best = np.argmax(scores[[self._rows[choice] for choice in place.choices]])
        return np.asarray(np.arange(len(place.choices)) == best, np.float64)


def _print(judgements: Mapping[str, Judgement]) -> None:
    print("| | hit rate | nDCG | coverage | novelty | AUC | IPS like rate | SNIPS | effective |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, judgement in judgements.items():
        ranking, value = judgement.ranking, judgement.value
        cells = [
            f"{ranking.hit_rate:.1%}",
            f"{ranking.ndcg:.4f}",
            f"{ranking.coverage:.1%}",
            f"{ranking.novelty:.2f} bits",
            f"{judgement.auc:.3f}",
            *((_percent(value.ips), _percent(value.snips)) if value else ("", "")),
            f"{value.effective:.0f} of {value.places}" if value else "",
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _percent(interval: Interval) -> str:
    return f"{interval.value:.1%} [{interval.low:.1%}, {interval.high:.1%}]"


if __name__ == "__main__":
    main()
