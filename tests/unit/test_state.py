from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.labels import COARSE, JOY
from core.emotion.state import StateConfig, after_songs, gauge, message_weight, observe
from core.models import EmotionScores, MoodState
from tests.readings import reading, readings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONFIG = StateConfig(half_life_hours=12, neutral_weight=0.1, full_gauge=2.0)
SAD = COARSE.index("슬픔")


def feel(*texts: tuple[EmotionScores, float]) -> MoodState:
    """The state after readings that came the given hours after `NOW`."""
    state = None
    for scores, hours in texts:
        state = observe(state, scores, NOW + timedelta(hours=hours), CONFIG)
    assert state is not None
    return state


@given(readings())
def test_the_first_message_is_the_whole_mood(scores: EmotionScores) -> None:
    mood = feel((scores, 0)).mood
    np.testing.assert_allclose(mood.coarse, scores.coarse, atol=1e-6)
    np.testing.assert_allclose(mood.fine, scores.fine, atol=1e-6)
    assert (mood.valence, mood.arousal) == (scores.valence, scores.arousal)


@given(st.lists(st.tuples(readings(), st.floats(-100, 1000)), min_size=1, max_size=8))
def test_the_mood_stays_a_distribution_in_range(texts: list[tuple[EmotionScores, float]]) -> None:
    state = feel(*texts)
    assert state.mood.coarse.sum() == pytest.approx(1, abs=1e-5)
    assert (state.mood.coarse >= 0).all()
    assert ((state.mood.fine >= 0) & (state.mood.fine <= 1 + 1e-6)).all()
    assert -1 <= state.mood.valence <= 1
    assert state.evidence > 0
    assert 0 <= gauge(state, NOW, CONFIG) <= 100


def test_after_a_half_life_the_old_mood_counts_half() -> None:
    mood = feel((reading("슬픔"), 0), (reading("행복"), 12)).mood
    assert mood.coarse[JOY] == pytest.approx(2 / 3, abs=1e-6)
    assert mood.coarse[SAD] == pytest.approx(1 / 3, abs=1e-6)


def test_small_talk_hardly_moves_a_mood() -> None:
    mood = feel((reading("슬픔"), 0), (reading("중립"), 0), (reading("중립"), 0)).mood
    assert mood.coarse[SAD] > 0.8


def test_a_clock_set_back_counts_as_no_time_passed() -> None:
    late = feel((reading("슬픔"), 5), (reading("행복"), 0))
    assert late.mood.coarse[SAD] == pytest.approx(0.5, abs=1e-6)
    assert late.updated_at == NOW + timedelta(hours=5)


def test_the_order_of_messages_of_one_moment_does_not_matter() -> None:
    one = feel((reading("슬픔"), 0), (reading("행복"), 0), (reading("중립"), 0)).mood
    other = feel((reading("중립"), 0), (reading("행복"), 0), (reading("슬픔"), 0)).mood
    np.testing.assert_allclose(one.coarse, other.coarse, atol=1e-6)


@given(readings())
def test_a_message_weighs_between_small_talk_and_a_full_one(scores: EmotionScores) -> None:
    weight = message_weight(scores, CONFIG)
    assert CONFIG.neutral_weight - 1e-6 <= weight <= 1 + 1e-6
    assert message_weight(reading("중립"), CONFIG) == pytest.approx(CONFIG.neutral_weight)


def test_nothing_known_is_an_empty_gauge_and_no_state() -> None:
    assert gauge(None, NOW, CONFIG) == 0


def test_the_gauge_fills_with_evidence_and_songs_empty_it_but_keep_the_mood() -> None:
    once = feel((reading("슬픔"), 0))
    assert gauge(once, NOW, CONFIG) == 50
    full = feel((reading("슬픔"), 0), (reading("분노"), 0), (reading("분노"), 0))
    assert gauge(full, NOW, CONFIG) == 100
    emptied = after_songs(full)
    assert gauge(emptied, NOW, CONFIG) == 0
    assert emptied.mood is full.mood


def test_the_gauge_falls_with_time() -> None:
    state = feel((reading("슬픔"), 0), (reading("슬픔"), 0))
    assert gauge(state, NOW + timedelta(hours=12), CONFIG) == 50


def test_what_came_before_fades_in_the_gauge_too() -> None:
    state = feel((reading("슬픔"), 0), (reading("슬픔"), 12))
    assert gauge(state, NOW + timedelta(hours=12), CONFIG) == 75
    assert state.evidence == pytest.approx(1.5)


@pytest.mark.parametrize(
    "broken", [{"half_life_hours": 0}, {"neutral_weight": 0}, {"full_gauge": -1}]
)
def test_impossible_settings_are_refused(broken: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(broken))):
        StateConfig(**broken)


def test_a_mood_cannot_be_changed_behind_its_back() -> None:
    state = feel((reading("슬픔"), 0))
    with pytest.raises(ValueError, match="read-only"):
        state.mood.coarse[0] = 1


def test_the_gauge_counts_only_what_came_since_the_songs() -> None:
    state = after_songs(feel((reading("슬픔"), 0), (reading("슬픔"), 0)))
    state = observe(state, reading("행복"), NOW, CONFIG)
    assert gauge(state, NOW, CONFIG) == 50
    assert state.mood.coarse[SAD] == pytest.approx(2 / 3, abs=1e-6)
