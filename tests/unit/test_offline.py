from datetime import timedelta

import numpy as np
import pytest

from core.models import Mode
from core.recommend.collaborative import OwnVotes
from core.recommend.events import EventTable
from core.recommend.exploration import ExplorationConfig, explore
from core.recommend.offline import (
    LoggedPlace,
    judges,
    not_worse,
    person_auc,
    policy_value,
    rank_later_likes,
    split_by_time,
)
from core.recommend.target import Distribution
from core.records import Outcome
from tests.catalogues import catalogue, distribution
from tests.votes import NOW, SAD, event, table

SONGS = catalogue([distribution(슬픔=0.5)] * 8)


class Fixed:
    """Scores that do not depend on who asks."""

    def __init__(self, *scores: float) -> None:
        self.scores = np.array(scores)

    def __call__(self, mood: Distribution, mode: Mode, own: OwnVotes) -> np.ndarray:
        return self.scores


FALLING = Fixed(8, 7, 6, 5, 4, 3, 2, 1)


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


def later(*votes: tuple[str, int, Outcome]) -> tuple[EventTable, EventTable]:
    """Everybody liked song 8 before, and then this happened."""
    people = dict.fromkeys(person for person, _, _ in votes)
    events = [event(person, 8, minutes=-1) for person in people]
    events += [event(*vote, minutes=1 + n) for n, vote in enumerate(votes)]
    return split_by_time(table(events, SONGS), NOW.timestamp())


def test_events_are_split_by_time_and_later_ones_need_a_mood() -> None:
    events = [event("a", n, minutes=n - 3) for n in range(1, 7)]
    events.append(event("a", 7, mood=None, minutes=9))
    before, after = split_by_time(table(events, SONGS), NOW.timestamp())
    assert before.songs.tolist() == [0, 1, 2]
    assert after.songs.tolist() == [3, 4, 5]


def test_the_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    up, down = Outcome.UP, Outcome.DOWN
    before, after = later(
        ("a", 1, up), ("a", 4, up), ("a", 2, down), ("a", 3, Outcome.SHOWN), ("b", 5, down),
        ("b", 6, up), ("c", 7, up),
    )  # fmt: skip
    people = judges(after, 10, generator())
    assert [after.ids[person] for person in people] == ["a", "b"]
    assert person_auc(FALLING, before, after, people).tolist() == [0.5, 0.0]
    assert person_auc(Fixed(*[1] * 8), before, after, people).tolist() == [0.5, 0.5]


def test_no_more_people_judge_than_asked_for() -> None:
    votes = [
        (f"p{n}", song, o) for n in range(30) for song, o in ((1, Outcome.UP), (2, Outcome.DOWN))
    ]
    _, after = later(*votes)
    people = judges(after, 12, generator())
    assert len(set(people.tolist())) == 12


def test_later_likes_are_ranked_among_what_was_not_voted_on() -> None:
    before, after = later(("a", 1, Outcome.UP), ("a", 4, Outcome.UP), ("a", 2, Outcome.DOWN))
    ranking = rank_later_likes(Fixed(7, 6, 5, 4, 3, 2, 1, 9), before, after, 8, k=2)
    assert ranking.likes == 2
    assert ranking.hit_rate == 0.5
    assert ranking.ndcg == pytest.approx((1 / np.log2(2)) / 2)
    assert ranking.coverage == pytest.approx(2 / 8)


def test_what_was_shown_to_many_is_less_novel() -> None:
    events = [event(str(n), 1, minutes=-5) for n in range(7)] + [event("0", 3, minutes=1)]
    before, after = split_by_time(table(events, SONGS), NOW.timestamp())
    # Person 0 has voted on the first song; the second was shown to nobody.
    known, unknown = (
        rank_later_likes(scorer, before, after, 8, k=1).novelty
        for scorer in (Fixed(0, 0, 0, 0, 0, 0, 0, 1), Fixed(0, 1, 0, 0, 0, 0, 0, 0))
    )
    assert known == unknown == pytest.approx(3)


@pytest.mark.parametrize(
    ("shift", "margin", "accepted"),
    [(0.05, 0.01, True), (0.0, 0.01, True), (-0.05, 0.01, False), (-0.05, 0.2, True)],
)
def test_a_model_is_accepted_by_the_low_end_of_the_interval(
    shift: float, margin: float, accepted: bool
) -> None:
    current = generator().random(200)
    new = current + shift + generator().normal(0, 0.02, 200)
    verdict, interval = not_worse(new, current, margin, generator())
    assert verdict is accepted
    assert interval.low < interval.value < interval.high
    assert interval.value == pytest.approx(shift, abs=0.01)


def test_a_better_mean_is_not_enough_where_it_may_be_chance() -> None:
    difference = np.array([0.5, 0.4, -0.3, -0.4, 0.1])
    accepted, interval = not_worse(difference, np.zeros(5), 0.01, generator())
    assert not accepted
    assert interval.value > 0


RATES = {"e1": 0.5, "e2": 0.5, "e3": 0.5, "p0": 0.9, "p1": 0.3, "p2": 0.1}


def logged(people: int = 3000) -> list[LoggedPlace]:
    """Lists of three with a pool of three, and songs that everybody likes at their own rate."""
    names = list(RATES)
    draw, config = generator(), ExplorationConfig(rate=0.3)
    places = []
    for person in range(people):
        for rank, place in enumerate(explore([0, 1, 2], [3, 4, 5], config, draw)):
            places.append(
                LoggedPlace(
                    person=str(person),
                    at=NOW + timedelta(minutes=person),
                    mode=Mode.SIMILAR,
                    mood=SAD,
                    rank=rank,
                    song_id=names[place.row],
                    choices=tuple(names[row] for row in place.choices),
                    propensity=place.propensity,
                    liked=bool(draw.random() < RATES[names[place.row]]),
                )
            )
    return places


def best_of_pool(place: LoggedPlace) -> np.ndarray:
    chosen = max(place.choices, key=lambda name: RATES[name])
    return np.array([name == chosen for name in place.choices], float)


def ranked(place: LoggedPlace) -> np.ndarray:
    return np.array([index == 0 for index in range(len(place.choices))], float)


def test_the_value_of_another_policy_is_found_from_what_was_tried() -> None:
    """The best of the choices is liked by 0.9, unless it was tried at the place before."""
    places = logged()
    expected = np.mean([RATES[p.choices[int(best_of_pool(p).argmax())]] for p in places if p.rank])
    value = policy_value(places, best_of_pool, generator())
    assert value is not None
    assert value.places == 6000
    for interval in (value.ips, value.snips):
        assert interval.low < expected < interval.high
    # What was shown was liked far less, and a naive mean would say so.
    assert np.mean([p.liked for p in places if p.rank]) < 0.55 < value.snips.low


def test_a_policy_like_the_one_that_was_used_is_judged_by_most_places() -> None:
    value = policy_value(logged(), ranked, generator())
    assert value is not None
    assert value.snips.low < 0.5 < value.snips.high
    assert value.effective > 4000


def test_where_nothing_was_tried_no_other_policy_can_be_judged() -> None:
    places = [place for place in logged(20) if place.rank == 0]
    assert policy_value(places, ranked, generator()) is None
