from dataclasses import replace

import numpy as np

from core.models import Mode
from core.recommend.plane import Plane, PlaneConfig
from tests.catalogues import catalogue, distribution, mood

SONGS = catalogue(
    [distribution(행복=0.9)] * 20 + [distribution(슬픔=0.9)] * 20,
    valence=[*np.linspace(0.3, 0.7, 20), *np.linspace(-0.7, -0.3, 20)],
    arousal=[0.4] * 20 + [-0.5] * 20,
)
PLANE = Plane(SONGS, PlaneConfig())
SAD = replace(mood(슬픔=0.98), valence=-0.68, arousal=-0.15)


def test_a_mood_lies_where_the_songs_of_its_emotion_do() -> None:
    valence, arousal = PLANE.point(SAD)
    assert -0.6 < valence < -0.4
    assert -0.6 < arousal < -0.4


def test_what_a_message_says_beyond_its_class_moves_the_point() -> None:
    assert PLANE.point(replace(SAD, arousal=0.5))[1] > PLANE.point(SAD)[1] + 0.2


def test_a_point_stays_among_the_songs() -> None:
    for valence in (-50.0, 50.0):
        point = PLANE.point(replace(SAD, valence=valence, arousal=valence))
        assert np.abs(point).max() <= 0.7


def test_songs_around_the_point_are_equally_near() -> None:
    apart = PLANE.apart(Mode.SIMILAR, SAD)
    assert (apart[20:] == 0).all()
    assert (apart[:20] > 0.5).all()


def test_bright_songs_are_opposite_to_grief_and_dim_ones_to_joy() -> None:
    assert (PLANE.apart(Mode.OPPOSITE, SAD)[:20] == 0).all()
    assert (PLANE.apart(Mode.OPPOSITE, SAD)[20:] > 1).all()
    happy = replace(mood(행복=0.9), valence=0.8)
    assert (PLANE.apart(Mode.OPPOSITE, happy)[20:] == 0).all()
