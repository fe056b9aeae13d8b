"""Simulated people use the recommender: does it help, and everybody?"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bot.config import DATA
from core.recommend.catalogue import Catalogue
from core.recommend.fitting import FitConfig
from core.recommend.offline import LoggedPlace
from core.recommend.personal import PersonalConfig
from scripts.simulation.people import Temper, World, WorldConfig
from scripts.simulation.picture import draw
from scripts.simulation.policies import Policy, Popular, Random
from scripts.simulation.run import Course, group_rates, relative_gain, run, worst_group
from scripts.simulation.served import Served

SEED = 2


def part_of_the_shipped_catalogue(songs: int = 1500) -> Catalogue:
    whole = Catalogue.load(DATA / "songs")
    rows = np.sort(np.random.default_rng(SEED).permutation(len(whole.songs))[:songs])
    return whole.take(rows)


SONGS = part_of_the_shipped_catalogue()
CONFIG = WorldConfig(people=150, weeks=8, visits=6, seed=SEED)


@dataclass(frozen=True)
class Played:
    """What came of the simulation.

    Attributes:
        courses: by the name of the policy.
        places: of all that the full bot showed.
    """

    courses: dict[str, Course]
    places: list[LoggedPlace]


def play() -> Played:
    """Let the same people meet every policy."""
    world, fitting = World(SONGS, CONFIG), FitConfig(threads=1)
    with (
        # The matrices are small: on a busy machine several threads only wait for each other.
        threadpool_limits(1, "blas"),
        Served(SONGS, world, PersonalConfig(), fitting, timedelta(days=7)) as bot,
        Served.by_mood_alone(SONGS, world) as mood,
    ):
        policies: dict[str, Policy] = {
            "full": bot,
            "mood only": mood,
            "popularity": Popular(SONGS),
            "random": Random(SONGS),
        }
        courses = {name: run(world, policy, SEED) for name, policy in policies.items()}
        return Played(courses, bot.log)


@pytest.fixture(scope="module")
def world() -> World:
    return World(SONGS, CONFIG)


@pytest.fixture(scope="module")
def played() -> Played:
    # In a process of its own, where no coverage is measured: that takes as long again.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(play).result()


@pytest.fixture(scope="module")
def courses(played: Played) -> dict[str, Course]:
    return played.courses


def test_after_thirty_votes_it_is_liked_more_than_mood_alone_by_a_fifth(
    courses: dict[str, Course],
) -> None:
    # A thousand people teach it more, and let more models through: a third (docs/learning.md).
    assert relative_gain(courses["full"], courses["mood only"], 30) >= 0.2


def test_no_group_of_people_is_worse_off(world: World, courses: dict[str, Course]) -> None:
    group, gain = worst_group(world, courses["full"], courses["mood only"])
    assert gain > 0, group


def test_mood_alone_is_liked_more_than_popularity_and_chance(courses: dict[str, Course]) -> None:
    mean = {name: course.liked.mean() for name, course in courses.items()}
    assert mean["full"] > mean["mood only"] > mean["popularity"] > mean["random"]


def test_it_learns_as_time_goes_by(courses: dict[str, Course]) -> None:
    full = courses["full"]
    first, last = (full.liked[full.weeks.astype(int) == week].mean() for week in (0, 7))
    assert last > first + 0.05


def test_the_first_list_is_about_as_good_as_mood_alone(courses: dict[str, Course]) -> None:
    full, mood = (courses[name] for name in ("full", "mood only"))
    unknown = (full.votes == 0) & (full.weeks < 1)
    assert full.liked[unknown].mean() > mood.liked[unknown].mean() - 0.02


def test_nothing_was_tried_at_the_first_place_nor_on_who_was_low(played: Played) -> None:
    tried = [place for place in played.places if place.song_id != place.choices[0]]
    assert len(tried) > 100
    assert all(place.rank > 0 for place in tried)


def test_a_world_is_the_same_for_the_same_seed_and_has_all_sorts_of_people(world: World) -> None:
    again = World(SONGS, CONFIG)
    assert [visit.at for visit in again.visits] == [visit.at for visit in world.visits]
    visit = world.visits[0]
    assert np.array_equal(
        again.like_probability(visit, range(9)), world.like_probability(visit, range(9))
    )
    assert {person.temper for person in world.people} == set(Temper)
    rates = group_rates(world, {"random": run(world, Random(SONGS), SEED)})
    assert len(rates) == 6 + 3 + 2 + 2
    assert all(0.15 < rate["random"] < 0.35 for rate in rates.values())


def test_the_picture_is_drawn(tmp_path: Path, courses: dict[str, Course]) -> None:
    draw(tmp_path / "deep" / "picture.png", courses)
    assert (tmp_path / "deep" / "picture.png").read_bytes().startswith(b"\x89PNG")
