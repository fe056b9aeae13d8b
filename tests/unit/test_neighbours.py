import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.labels import COARSE
from core.models import Mode, Vector
from core.recommend.events import MODES
from core.recommend.fitting import fit_neighbours
from core.recommend.neighbours import PRIOR_VOTES, MoodNeighbours, mood_features
from core.records import Outcome, TasteEvent
from tests.catalogues import catalogue, distribution
from tests.votes import event, table

SONGS = catalogue([distribution(슬픔=0.5)] * 4)
SAD, HAPPY = distribution(슬픔=0.8), distribution(행복=0.8)


def neighbours(events: list[TasteEvent], mode: Mode = Mode.SIMILAR) -> MoodNeighbours:
    columns = table(events, SONGS)
    votes = (columns.outcomes != 0) & (columns.modes == MODES.index(mode))
    return fit_neighbours(columns.take(votes), len(SONGS.songs))


def likes(
    song: int, people: int, outcome: Outcome = Outcome.UP, mood: Vector = SAD
) -> list[TasteEvent]:
    return [
        event(f"{song}-{mood[0]}-{person}", song, outcome, mood=mood) for person in range(people)
    ]


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_inner_products_of_features_are_the_cosines_to_the_power_of_four(seed: int) -> None:
    moods = np.random.default_rng(seed).dirichlet(np.full(len(COARSE), 0.5), 2)
    first, second = moods / np.linalg.norm(moods, axis=1, keepdims=True)
    features = mood_features(moods)
    assert features[:, 0] @ features[:, 1] == pytest.approx((first @ second) ** 4, abs=1e-5)


def test_the_lift_is_the_shrunk_rate_less_that_of_all_songs_as_summed_vote_by_vote() -> None:
    generator = np.random.default_rng(3)
    outcomes = [Outcome.UP, Outcome.DOWN]
    events = [
        event(
            str(person),
            1 + person % 4,
            outcomes[int(generator.integers(2))],
            mood=generator.dirichlet(np.ones(7)).astype(np.float32),
        )
        for person in range(60)
    ]
    now = HAPPY / np.linalg.norm(HAPPY)
    up, votes = np.zeros(4), np.zeros(4)
    for each in events:
        assert each.mood is not None
        weight = float(now @ each.mood / np.linalg.norm(each.mood)) ** 4
        row = int(each.song_id.removeprefix("melon:")) - 1
        votes[row] += weight
        up[row] += weight * (each.outcome is Outcome.UP)
    rate = up.sum() / votes.sum()
    expected = (PRIOR_VOTES * rate + up) / (PRIOR_VOTES + votes) - rate
    assert neighbours(events).lift(HAPPY) == pytest.approx(expected, abs=1e-5)


def test_what_people_in_such_a_mood_liked_is_lifted_for_that_mood_only() -> None:
    events = [
        *likes(1, 20),
        *likes(2, 20, Outcome.DOWN),
        *likes(1, 20, Outcome.DOWN, HAPPY),
        *likes(2, 20, mood=HAPPY),
    ]
    sad, happy = (neighbours(events).lift(mood) for mood in (SAD, HAPPY))
    assert sad[0] > 0.2 > -0.2 > sad[1]
    assert happy[1] > 0.2 > -0.2 > happy[0]


def test_two_votes_prove_little() -> None:
    events = [*likes(1, 2), *likes(2, 30), *likes(3, 30, Outcome.DOWN)]
    lift = neighbours(events).lift(SAD)
    assert 0 < lift[0] < 0.1
    assert lift[1] > 0.3


def test_a_like_of_an_opposite_song_says_nothing_of_similar_ones() -> None:
    events = [event(str(person), 1, mode=Mode.OPPOSITE) for person in range(9)]
    events += [event(str(person), 2, Outcome.DOWN, Mode.OPPOSITE) for person in range(9)]
    assert not neighbours(events).lift(SAD).any()
    assert neighbours(events, Mode.OPPOSITE).lift(SAD)[0] > 0.1


def test_songs_without_votes_are_not_lifted() -> None:
    lift = neighbours([*likes(1, 5), *likes(2, 5, Outcome.DOWN)]).lift(SAD)
    assert lift[2] == lift[3] == 0


def test_votes_in_an_unknown_mood_add_nothing() -> None:
    unknown = [event(str(person), 1, mood=None) for person in range(9)]
    assert not neighbours(unknown).lift(SAD).any()
