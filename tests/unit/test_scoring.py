import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.emotion.labels import COARSE
from core.models import Mode, Reason, ReasonKind
from core.recommend.scoring import cosine_scores, reason_for, unit_rows
from core.recommend.target import Distribution, target_for
from tests.catalogues import distribution

masses = arrays(np.float32, len(COARSE), elements=st.floats(0, 1, width=32))
distributions = masses.filter(lambda m: m.sum() > 1e-2).map(lambda m: m / m.sum())


def reason(mode: Mode, mood: Distribution, song: Distribution) -> Reason:
    return reason_for(mode, mood, target_for(mode, mood), song)


@given(distributions, distributions)
def test_scores_are_cosines(target: Distribution, song: Distribution) -> None:
    (score,) = cosine_scores(target, unit_rows(np.array([song], np.float32)))
    expected = float(target @ song / np.linalg.norm(target) / np.linalg.norm(song))
    assert 0 <= score <= 1
    assert score == pytest.approx(expected, abs=1e-5)


def test_a_row_of_zeros_scores_nothing_and_warns_of_nothing() -> None:
    rows = unit_rows(np.zeros((1, len(COARSE)), np.float32))
    assert cosine_scores(distribution(슬픔=1), rows)[0] == 0


@given(distributions, distributions)
def test_a_similar_song_shares_what_contributes_most(
    mood: Distribution, song: Distribution
) -> None:
    found = reason(Mode.SIMILAR, mood, song)
    place = COARSE.index(found.emotion)
    assert found.kind is ReasonKind.SHARED
    assert found.share == pytest.approx(song[place])
    assert mood[place] * song[place] == pytest.approx((mood * song).max())


@given(distributions, distributions)
def test_the_reason_for_an_opposite_song_is_true(mood: Distribution, song: Distribution) -> None:
    target = target_for(Mode.OPPOSITE, mood)
    found = reason(Mode.OPPOSITE, mood, song)
    place = COARSE.index(found.emotion)
    contributes_most = target[place] * song[place] == pytest.approx((target * song).max())
    assert found.share == pytest.approx(song[place])
    if found.kind is ReasonKind.LIFT:
        assert contributes_most
        assert target[place] > mood[place]
    elif found.kind is ReasonKind.CALM:
        assert mood[place] == mood.max()
        assert song[place] < mood[place]
    else:
        assert contributes_most
        assert target[place] <= mood[place]


def test_joy_lifts_a_sad_mood() -> None:
    found = reason(Mode.OPPOSITE, distribution(슬픔=0.8), distribution(행복=0.6))
    assert (found.kind, found.emotion) == (ReasonKind.LIFT, "행복")
    assert found.share == pytest.approx(0.6)


def test_a_song_without_the_anger_of_an_angry_mood_calms() -> None:
    mood = distribution(분노=0.5, 중립=0.45)
    found = reason(Mode.OPPOSITE, mood, distribution(중립=0.9, 분노=0.02))
    assert (found.kind, found.emotion) == (ReasonKind.CALM, "분노")
    assert found.share == pytest.approx(0.02)


def test_an_opposite_song_as_sad_as_the_mood_is_not_called_calm() -> None:
    found = reason(Mode.OPPOSITE, distribution(슬픔=0.6), distribution(슬픔=0.9))
    assert (found.kind, found.emotion) == (ReasonKind.SHARED, "슬픔")
    assert found.share == pytest.approx(0.9)


def test_a_song_with_half_of_a_joyful_moods_joy_calms() -> None:
    found = reason(Mode.OPPOSITE, distribution(행복=0.9), distribution(행복=0.45))
    assert (found.kind, found.emotion) == (ReasonKind.CALM, "행복")
    assert found.share == pytest.approx(0.45)
