import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.emotion.labels import (
    AROUSAL,
    COARSE,
    FINE,
    FINE_TO_COARSE,
    VALENCE,
)
from core.emotion.mapping import Scale, coarse_distribution, plane, sigmoid

SCALE = Scale(np.full(len(FINE), 0.4, np.float32), neutral=0.4)
probabilities = st.floats(0, 1, width=32)
fine_scores = arrays(np.float32, (3, len(FINE)), elements=probabilities)
neutral_scores = arrays(np.float32, (3,), elements=probabilities)


def one(label: str, score: float = 0.9) -> npt.NDArray[np.float32]:
    fine = np.zeros((1, len(FINE)), np.float32)
    fine[0, FINE.index(label)] = score
    return fine


def test_every_fine_emotion_is_shared_out_whole() -> None:
    np.testing.assert_allclose(FINE_TO_COARSE.sum(axis=1), 1, atol=1e-6)
    assert (FINE_TO_COARSE >= 0).all()
    assert ((np.abs(VALENCE) <= 1) & (np.abs(AROUSAL) <= 1)).all()


@given(fine_scores)
def test_always_a_distribution(fine: npt.NDArray[np.float32]) -> None:
    coarse = coarse_distribution(fine, SCALE)
    np.testing.assert_allclose(coarse.sum(axis=1), 1, atol=1e-5)
    assert (coarse > 0).all()


@given(fine_scores, neutral_scores)
def test_the_plane_is_bounded(
    fine: npt.NDArray[np.float32], neutral: npt.NDArray[np.float32]
) -> None:
    for axis in plane(fine, neutral, SCALE):
        assert (np.abs(axis) <= 1).all()


@pytest.mark.parametrize(
    ("label", "emotion"),
    [
        ("기쁨", "행복"),
        ("서러움", "슬픔"),
        ("화남/분노", "분노"),
        ("공포/무서움", "공포"),
        ("역겨움/징그러움", "혐오"),
        ("놀람", "놀람"),
        ("없음", "중립"),
    ],
)
def test_a_fine_emotion_alone_leads_its_class(label: str, emotion: str) -> None:
    coarse = coarse_distribution(one(label), SCALE)
    assert COARSE[int(coarse.argmax())] == emotion


def test_nothing_found_says_nothing_of_the_class_and_lies_in_the_middle_of_the_plane() -> None:
    nothing = np.zeros((1, len(FINE)), np.float32)
    np.testing.assert_allclose(coarse_distribution(nothing, SCALE), 1 / len(COARSE), atol=1e-6)
    valence, arousal = plane(nothing, np.ones(1, np.float32), SCALE)
    assert (float(valence[0]), float(arousal[0])) == pytest.approx((0, 0))


def test_a_neutral_text_is_nearer_to_the_middle_of_the_plane() -> None:
    moved, calm = (plane(one("기쁨"), np.full(1, n, np.float32), SCALE) for n in (0.1, 0.9))
    assert 0 < float(calm[0][0]) < float(moved[0][0])
    assert 0 < float(calm[1][0]) < float(moved[1][0])


def test_a_rare_emotion_counts_by_its_own_threshold() -> None:
    """A score of 0.3 is much for fear, which is rare, and little for a common emotion."""
    thresholds = SCALE.thresholds.copy()
    thresholds[FINE.index("공포/무서움")] = 0.1
    both = one("공포/무서움", 0.3) + one("화남/분노", 0.3)
    coarse = coarse_distribution(both, Scale(thresholds, 0.4))
    assert COARSE[int(coarse.argmax())] == "공포"


def test_the_formula_by_hand() -> None:
    """기쁨 at twice its threshold, 슬픔 at its threshold, neutral at a half of its own."""
    fine = one("기쁨", 0.8) + one("슬픔", 0.4)
    neutral = np.full(1, 0.2, np.float32)
    joys, griefs = FINE_TO_COARSE.sum(axis=0)[:2]
    expected = np.full(len(COARSE), 1e-3)
    expected[COARSE.index("행복")] += 4 / np.sqrt(joys)
    expected[COARSE.index("슬픔")] += 1 / np.sqrt(griefs)
    coarse = coarse_distribution(fine, SCALE)[0]
    np.testing.assert_allclose(coarse, expected / expected.sum(), atol=1e-5)
    valence, arousal = plane(fine, neutral, SCALE)
    assert float(valence[0]) == pytest.approx((4 * 0.9 - 0.8) / 5.251, abs=1e-4)
    assert float(arousal[0]) == pytest.approx((4 * 0.6 - 0.3) / 5.251, abs=1e-4)


def test_one_sure_score_does_not_drown_the_others() -> None:
    low = Scale(np.full(len(FINE), 0.1, np.float32), 0.4)
    np.testing.assert_allclose(
        coarse_distribution(one("기쁨", 0.3), low),
        coarse_distribution(one("기쁨", 0.9), low),
        atol=1e-6,
    )


@pytest.mark.parametrize("number", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Scale(SCALE.thresholds, number)
    with pytest.raises(ValueError, match="above 0"):
        Scale(np.array([0.4, number], np.float32), 0.4)


def test_sigmoid_does_not_overflow() -> None:
    logits = np.array([-1e9, 0, 1e9], np.float32)
    np.testing.assert_allclose(sigmoid(logits), [0, 0.5, 1], atol=1e-9)
