import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.path import PathConfig, waypoints

CONFIG = PathConfig()


@given(st.floats(-0.6, 0.29), st.floats(-0.6, 0.7), st.integers(3, 20))
def test_a_path_leads_from_the_mood_over_calm_to_bright(
    valence: float, arousal: float, count: int
) -> None:
    ways = waypoints((valence, arousal), count, CONFIG)
    assert ways[0] == pytest.approx([valence, arousal])
    assert ways[-1] == pytest.approx(CONFIG.bright)
    assert (np.diff(ways[:, 0]) > -1e-9).all()
    if count % 2:
        assert ways[count // 2][1] == pytest.approx(min(CONFIG.calm, arousal))


@given(st.floats(-0.6, 0.29), st.floats(-0.6, 0.7))
def test_its_steps_are_about_as_long_as_each_other(valence: float, arousal: float) -> None:
    steps = np.linalg.norm(np.diff(waypoints((valence, arousal), 9, CONFIG), axis=0), axis=1)
    assert steps.max() < 0.6


def test_a_bright_mood_is_stayed_with() -> None:
    assert (waypoints((0.5, 0.4), 5, CONFIG) == [0.5, 0.4]).all()


def test_a_path_of_one_song_begins() -> None:
    assert waypoints((-0.5, 0.1), 1, CONFIG) == pytest.approx(np.array([[-0.5, 0.1]]))
