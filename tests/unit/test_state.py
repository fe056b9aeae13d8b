from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.labels import COARSE, JOY
from core.emotion.state import (
    LEAST_LEFT,
    RECENT,
    StateConfig,
    after_offer,
    after_songs,
    gauge,
    message_weight,
    moods_from,
    observe,
    read_as,
)
from core.models import EmotionScores, MoodState
from tests.readings import reading, readings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONFIG = StateConfig(half_life_hours=12, neutral_weight=0.1, full_gauge=2.0)
SAD = COARSE.index("슬픔")


Messages = list[tuple[EmotionScores, float]]


def named(*texts: tuple[EmotionScores, float]) -> list[MoodState]:
    """The states after readings "0", "1", ... that came the given hours after `NOW`."""
    states: list[MoodState] = []
    for number, (scores, hours) in enumerate(texts):
        at, last = NOW + timedelta(hours=hours), states[-1] if states else None
        states.append(observe(last, scores, at, CONFIG, str(number), "m1"))
    return states


def same(one: MoodState, other: MoodState, digits: float = 1e-5) -> None:
    np.testing.assert_allclose(one.mood.coarse, other.mood.coarse, atol=digits)
    np.testing.assert_allclose(one.mood.fine, other.mood.fine, atol=digits)
    assert one.mood.valence == pytest.approx(other.mood.valence, abs=digits)
    assert one.mood.arousal == pytest.approx(other.mood.arousal, abs=digits)
    assert one.evidence == pytest.approx(other.evidence)
    assert one.since_songs == pytest.approx(other.since_songs)
    assert one.updated_at == other.updated_at


some_messages = st.lists(st.tuples(readings(), st.floats(0, 3)), min_size=1, max_size=6)


def apart(texts: Messages) -> Messages:
    """The messages one after the other, each the given hours after the one before."""
    hours = np.cumsum([hours for _, hours in texts]).tolist()
    return [(scores, at) for (scores, _), at in zip(texts, hours, strict=True)]


@given(some_messages, readings(), st.integers(1, RECENT))
def test_what_is_read_otherwise_counts_as_if_it_had_been_read_so_at_once(
    gaps: Messages, scores: EmotionScores, back: int
) -> None:
    texts = apart(gaps)
    place = max(0, len(texts) - back)
    corrected = read_as(named(*texts)[-1], str(place), scores, CONFIG)
    assert corrected is not None
    right = [*texts[:place], (scores, texts[place][1]), *texts[place + 1 :]]
    same(corrected, named(*right)[-1])
    for (contribution, mood), state in zip(
        moods_from(corrected, str(place)), named(*right)[place:], strict=True
    ):
        np.testing.assert_allclose(mood.coarse, state.mood.coarse, atol=1e-4)
        assert mood.valence == pytest.approx(state.mood.valence, abs=1e-4)
        assert contribution.at == state.updated_at


@given(some_messages, readings())
def test_what_is_read_otherwise_twice_counts_once_and_can_be_taken_back(
    gaps: Messages, scores: EmotionScores
) -> None:
    texts = apart(gaps)
    state, last = named(*texts)[-1], str(len(texts) - 1)
    once = read_as(state, last, scores, CONFIG)
    assert once is not None
    twice = read_as(once, last, scores, CONFIG)
    assert twice is not None
    same(twice, once)
    back = read_as(twice, last, texts[-1][0], CONFIG)
    assert back is not None
    same(back, state)


def test_the_model_is_remembered_as_it_read_whatever_the_person_says() -> None:
    (state,) = named((reading("슬픔"), 0))
    corrected = read_as(state, "0", reading("분노"), CONFIG)
    assert corrected is not None
    (told,) = corrected.recent
    assert (told.read[SAD], told.scores.coarse[SAD], told.model) == (1, 0, "m1")
    edited = read_as(corrected, "0", reading("행복"), CONFIG, "m2")
    assert edited is not None
    assert (edited.recent[0].read[JOY], edited.recent[0].model) == (1, "m2")


def test_the_gauge_follows_what_is_read_otherwise_unless_songs_came_since() -> None:
    (state,) = named((reading("슬픔"), 0))
    calm = read_as(state, "0", reading("중립"), CONFIG)
    assert calm is not None
    assert gauge(calm, NOW, CONFIG) == 5
    shown = read_as(after_songs(state), "0", reading("중립"), CONFIG)
    assert shown is not None
    assert gauge(shown, NOW, CONFIG) == 0
    assert shown.evidence == pytest.approx(0.1)


def test_only_the_last_messages_that_still_weigh_can_be_read_otherwise() -> None:
    states = named(*[(reading("슬픔"), hours) for hours in range(RECENT + 1)])
    assert read_as(states[-1], "0", reading("분노"), CONFIG) is None
    assert read_as(states[-1], "1", reading("분노"), CONFIG) is not None
    assert read_as(states[-1], "", reading("분노"), CONFIG) is None
    assert moods_from(states[-1], "0") == []
    long_ago = CONFIG.half_life_hours * (np.log2(1 / LEAST_LEFT) + 0.1)
    state = named((reading("슬픔"), 0), (reading("슬픔"), long_ago))[-1]
    assert [each.reading for each in state.recent] == ["1"]


def test_the_memory_of_another_length_does_not_change_what_a_message_brought() -> None:
    short, long = StateConfig(half_life_hours=6), StateConfig(half_life_hours=96)

    def mood(first: str) -> MoodState:
        state = observe(None, reading(first), NOW, short, "a")
        state = observe(state, reading("행복"), NOW + timedelta(hours=6), short, "b")
        return observe(state, reading("행복"), NOW + timedelta(hours=12), long, "c")

    corrected = read_as(mood("슬픔"), "a", reading("분노"), long)
    assert corrected is not None
    same(corrected, mood("분노"))


def test_who_was_offered_songs_is_left_alone_for_five_messages() -> None:
    state = after_offer(feel((reading("슬픔"), 0)))
    for left in (4, 3, 2, 1, 0, 0):
        state = observe(state, reading("슬픔"), NOW, CONFIG)
        assert state.quiet == left
    assert after_songs(after_offer(state)).quiet == 0


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
