"""Lets people use the recommender for weeks of simulated time, and counts what they like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.simulation.people import START, World
from scripts.simulation.policies import Policy

__all__ = [
    "Course",
    "group_rates",
    "groups",
    "relative_gain",
    "run",
    "vote_bands",
    "worst_group",
]

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Course:
    """What happened, visit by visit, in the order of `World.visits`; each [shape=(visits,)].

    Attributes:
        people: numbers of the persons.
        weeks: since the start, with fractions.
        votes: how many the person had given before.
        liked: the like rate: the mean probability that the person likes a song shown, so that
            no luck of single songs blurs it.
        shown: how many different songs were shown in all.
    """

    people: Array
    weeks: Array
    votes: Array
    liked: Array
    shown: int


def run(
    world: World, policy: Policy, seed: int, progress: Callable[[int], object] = lambda _: None
) -> Course:
    """Let everybody make all visits.

    Args:
        world: the people.
        policy: chooses the songs.
        seed: of the votes and of the policy's own choices.
        progress: called with 1 after each visit.
    """
    choices, reactions = np.random.default_rng(seed).spawn(2)
    given = np.zeros(len(world.people), int)
    votes_before, liked, songs = [], [], set()
    for visit in world.visits:
        rows = policy.songs(visit, choices)
        votes = world.react(visit, rows, reactions)
        policy.hear(visit, rows, votes)
        votes_before.append(given[visit.person])
        liked.append(world.like_probability(visit, rows).mean())
        given[visit.person] += sum(vote is not None for vote in votes)
        songs.update(rows)
        progress(1)
    return Course(
        people=np.array([visit.person for visit in world.visits]),
        weeks=np.array([(visit.at - START).total_seconds() / 604_800 for visit in world.visits]),
        votes=np.array(votes_before),
        liked=np.array(liked),
        shown=len(songs),
    )


def relative_gain(full: Course, other: Course, votes: int) -> float:
    """By what share `full` is liked more, on the visits of people with that many votes in both."""
    late = (full.votes >= votes) & (other.votes >= votes)
    return float(full.liked[late].mean() / other.liked[late].mean() - 1)


def vote_bands(course: Course) -> dict[str, float]:
    """The like rate by how many votes the person had given before, by the band's name."""
    edges = [0, 1, 10, 20, 30, 50, 1_000_000]
    rates = {}
    for low, high in pairwise(edges):
        within = (course.votes >= low) & (course.votes < high)
        if within.any():
            name = "0" if high == 1 else f"{low}+" if high == edges[-1] else f"{low}-{high - 1}"
            rates[name] = float(course.liked[within].mean())
    return rates


def groups(world: World) -> dict[str, Array]:
    """Who belongs to which group of people, by its name, [shape=(people,)] each."""
    people = world.people
    found: dict[str, Array] = {}
    for scene in sorted({person.scene for person in people}):
        found[f"scene {scene + 1}"] = np.array([person.scene == scene for person in people])
    for temper in sorted({person.temper for person in people}):
        found[f"temper {temper}"] = np.array([person.temper == temper for person in people])
    often = np.array([person.often for person in people])
    agrees = np.array([person.agrees for person in people])
    found |= {"comes often": often, "comes rarely": ~often}
    return found | {"shares votes": agrees, "does not share votes": ~agrees}


def group_rates(world: World, courses: Mapping[str, Course]) -> dict[str, dict[str, float]]:
    """The like rate of each group under each policy, over all visits."""
    return {
        name: {
            policy: float(course.liked[members[course.people]].mean())
            for policy, course in courses.items()
        }
        for name, members in groups(world).items()
    }


def worst_group(world: World, full: Course, other: Course) -> tuple[str, float]:
    """The group that gains least from `full`, and how much: like rate less the other's."""
    rates = group_rates(world, {"full": full, "other": other})
    gains = {name: rate["full"] - rate["other"] for name, rate in rates.items()}
    name = min(gains, key=lambda group: gains[group])
    return name, gains[name]
