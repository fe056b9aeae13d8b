"""Lets simulated people use the bot for weeks, by its use cases, and compares it with other ways.

    python -m scripts.simulate_users [--people 1000] [--weeks 10] [--taste 1.3] [--picture FILE]

Prints the like rate by week, by votes given and by group of people for the whole recommender,
mood only, popularity and random, and draws it. `scripts.simulation.people` says what is assumed
of the people.
"""

import argparse
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.config import limit_threads
from scripts.requires import require_all

# ruff: noqa: E402 - what to install is said before the imports that need it
require_all()
limit_threads()

import numpy as np
from tqdm import tqdm

from core.recommend.catalogue import Catalogue
from core.recommend.fitting import FitConfig
from core.recommend.personal import PersonalConfig
from scripts.simulation.people import World, WorldConfig
from scripts.simulation.picture import draw
from scripts.simulation.policies import Policy, Popular, Random
from scripts.simulation.run import (
    Course,
    group_rates,
    relative_gain,
    run,
    vote_bands,
    worst_group,
)
from scripts.simulation.served import Served

__all__ = ["main", "simulate"]

_EVERY: Final = timedelta(days=3)
_VOTES: Final = 30


def main() -> None:
    """Print the tables and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--taste", type=float, default=WorldConfig.taste, help="its weight")
    parser.add_argument("--catalogue", type=Path, default=Path("data/songs"))
    parser.add_argument("--picture", type=Path, help="where to draw, such as docs/images/x.png")
    options = parser.parse_args()
    config = WorldConfig(options.people, options.weeks, taste=options.taste, seed=options.seed)
    catalogue = Catalogue.load(options.catalogue)
    world = World(catalogue, config)
    courses = simulate(world, catalogue, options.seed)
    _print(world, courses)
    if options.picture:
        draw(options.picture, courses)


def simulate(world: World, catalogue: Catalogue, seed: int) -> dict[str, Course]:
    """The course of each policy, by its name."""
    fitting = FitConfig(threads=1)
    with (
        Served(catalogue, world, PersonalConfig(), fitting, _EVERY) as full,
        Served.by_mood_alone(catalogue, world) as mood,
    ):
        policies: dict[str, Policy] = {
            "full": full,
            "mood only": mood,
            "popularity": Popular(catalogue),
            "random": Random(catalogue),
        }
        courses = {}
        for name, policy in policies.items():
            with tqdm(total=len(world.visits), desc=name, unit=" visits", mininterval=1) as bar:
                courses[name] = run(world, policy, seed, bar.update)
        return courses


def _print(world: World, courses: Mapping[str, Course]) -> None:
    full, mood = courses["full"], courses["mood only"]
    print(f"{len(world.people)} people, {len(world.visits)} visits\n")
    _print_table("week", {name: _by_week(course) for name, course in courses.items()})
    _print_table("votes before", {name: vote_bands(course) for name, course in courses.items()})
    rates = group_rates(world, courses)
    _print_table(
        "group", {name: {group: rates[group][name] for group in rates} for name in courses}
    )
    for name, course in courses.items():
        print(f"{name}: {course.liked.mean():.1%} liked, {course.shown} different songs shown")
    gain, (group, least) = relative_gain(full, mood, _VOTES), worst_group(world, full, mood)
    print(f"\nafter {_VOTES} votes: full is liked {gain:+.1%} relative to mood only")
    print(f"the group that gains least: {group}, {100 * least:+.1f} points in the like rate")


def _by_week(course: Course) -> dict[str, float]:
    weeks = course.weeks.astype(int)
    return {str(week + 1): float(course.liked[weeks == week].mean()) for week in np.unique(weeks)}


def _print_table(head: str, columns: Mapping[str, Mapping[str, float]]) -> None:
    print(f"| {head} | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    for row in rows:
        cells = (f"{column[row]:.1%}" if row in column else "" for column in columns.values())
        print(f"| {row} | " + " | ".join(cells) + " |")
    print()


if __name__ == "__main__":
    main()
