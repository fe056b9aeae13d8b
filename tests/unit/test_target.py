from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.emotion.labels import COARSE, JOY, UNPLEASANT
from core.models import Mode
from core.recommend.target import joy_leads, opposite_target, similar_target, target_for
from tests.catalogues import distribution

Distribution = npt.NDArray[np.floating[Any]]

masses = arrays(np.float64, len(COARSE), elements=st.floats(0, 1)).filter(lambda m: m.sum() > 1e-3)
distributions = masses.map(lambda m: m / m.sum())


def others(p: Distribution) -> Distribution:
    return np.delete(p, JOY)


def rival(p: Distribution) -> float:
    """What joy has to be larger than."""
    return float(max(others(p).max(), p[list(UNPLEASANT)].sum()))


def with_joy(joy: float, rest: Distribution) -> Distribution:
    """`rest` [shape=(6,)] scaled to leave room for `joy`."""
    return np.insert((1 - joy) * rest / rest.sum(), JOY, joy)


def orbit(p: Distribution, steps: int) -> Distribution:
    """p and what repeated application makes of it, [shape=(steps + 1, 7)]."""
    points = [np.asarray(p, np.float64)]
    for _ in range(steps):
        points.append(opposite_target(points[-1]))
    return np.array(points)


@given(distributions)
def test_similar_is_the_mood(p: Distribution) -> None:
    assert np.array_equal(similar_target(p), p)


@given(distributions)
def test_opposite_stays_a_distribution(p: Distribution) -> None:
    q = opposite_target(p)
    assert q.shape == p.shape
    assert (q >= 0).all()
    assert q.sum() == pytest.approx(1, abs=1e-12)


@given(distributions.map(lambda p: p.astype(np.float32)))
def test_opposite_of_single_precision_stays_a_distribution(p: npt.NDArray[np.float32]) -> None:
    assert opposite_target(p).sum() == pytest.approx(1, abs=1e-6)


@given(distributions)
def test_joy_rises_half_way_to_one_when_it_did_not_lead(p: Distribution) -> None:
    assume(not joy_leads(p))
    q = opposite_target(p)
    assert q[JOY] > p[JOY]
    assert q[JOY] == pytest.approx((1 + p[JOY]) / 2)
    assert others(q) == pytest.approx(others(p) / 2)


@given(distributions.map(others), st.floats(1.001, 100))
def test_joy_is_halved_when_it_led(rest: Distribution, lead: float) -> None:
    masses = np.insert(rest, JOY, lead * rival(np.insert(rest, JOY, 0)) + 0.001)
    p = masses / masses.sum()
    assert joy_leads(p)
    q = opposite_target(p)
    assert q[JOY] == p[JOY] / 2 < p[JOY]
    assert (others(q) >= others(p)).all()


@given(distributions)
def test_the_others_keep_their_proportions(p: Distribution) -> None:
    rest = others(p)
    assume(rest.sum() > 1e-6)
    q = others(opposite_target(p))
    assert q / q.sum() == pytest.approx(rest / rest.sum(), abs=1e-9)


def test_joy_alone_is_spread_evenly() -> None:
    q = opposite_target(distribution(행복=1.0))
    assert q[JOY] == 0.5
    assert others(q) == pytest.approx(np.full(6, 1 / 12))


def test_who_is_afraid_and_sad_is_not_led_away_from_joy() -> None:
    p = distribution(행복=0.4, 공포=0.34, 슬픔=0.26)
    assert not joy_leads(p)
    assert opposite_target(p)[JOY] == pytest.approx(0.7)
    assert joy_leads(distribution(행복=0.4, 놀람=0.34, 슬픔=0.26))


def test_a_tie_does_not_count_as_joy_leading() -> None:
    q = opposite_target(distribution(행복=0.5, 슬픔=0.5))
    assert q[JOY] == pytest.approx(0.75)


def test_the_mood_is_left_as_it_is() -> None:
    p = distribution(슬픔=0.8)
    before = p.copy()
    opposite_target(p)[0] = 0
    assert np.array_equal(p, before)


@given(st.floats(0, 0.999), st.floats(0, 0.999), distributions.map(others))
def test_moods_that_differ_in_joy_alone_come_to_half_their_distance_on_either_side(
    joy: float, other_joy: float, rest: Distribution
) -> None:
    assume(rest.sum() > 1e-3)
    p, other = with_joy(joy, rest), with_joy(other_joy, rest)
    assume(joy_leads(p) == joy_leads(other))
    distance = np.abs(p - other).sum()
    assert np.abs(opposite_target(p) - opposite_target(other)).sum() == pytest.approx(
        distance / 2, abs=1e-12
    )


def threshold_of(p: Distribution) -> float:
    """Above this joy leads, while the others keep their proportions: 1/4 to 1/2."""
    largest = rival(p) / others(p).sum()
    return float(largest / (1 + largest))


@given(distributions)
def test_repeated_application_keeps_joy_away_from_both_ends(p: Distribution) -> None:
    points = orbit(p, 60)[10:]
    threshold = threshold_of(points[0])
    assert points[:, JOY].min() >= threshold / 2 - 1e-9
    assert points[:, JOY].max() <= (1 + threshold) / 2 + 1e-9


@given(distributions)
def test_repeated_application_approaches_a_cycle(p: Distribution) -> None:
    """There is no fixed point: joy jumps, and halves its distances on either side of a threshold.

    Points that come close to each other on one side stay together from then on, so that the
    orbit closes unless it comes ever closer to the threshold itself. A cycle of n points comes
    within about 2^-n of it.
    """
    points = orbit(p, 400)[-101:]
    assert np.abs(np.diff(points[:, JOY])).min() > 1 / 15
    assume(np.abs(points[:, JOY] - threshold_of(points[0])).min() > 1e-6)
    distances = [np.abs(points[:-period] - points[period:]).max() for period in range(2, 51)]
    assert min(distances) < 1e-9


@given(
    dominant=st.floats(0.5 + 1e-6, 1),
    place=st.integers(0, len(COARSE) - 2),
    rest=masses.map(lambda m: m[:-2] + 1e-3),
    joy=st.floats(0, 0.999),
)
def test_the_cycle_is_two_thirds_and_a_third_where_one_other_emotion_dominates(
    dominant: float, place: int, rest: Distribution, joy: float
) -> None:
    shares = np.insert((1 - dominant) * rest / rest.sum(), place, dominant)
    last = orbit(with_joy(joy, shares), 100)[-20:, JOY]
    for one, next_one in pairwise(last):
        assert sorted((one, next_one)) == pytest.approx([1 / 3, 2 / 3], abs=1e-9)


@pytest.mark.parametrize(("mode", "joy"), [(Mode.SIMILAR, 0.1), (Mode.OPPOSITE, 0.55)])
def test_the_mode_decides_how_much_joy_a_sad_mood_gets(mode: Mode, joy: float) -> None:
    target = target_for(mode, distribution(슬픔=0.5, 행복=0.1))
    assert target[JOY] == pytest.approx(joy)
    assert target.sum() == pytest.approx(1)
