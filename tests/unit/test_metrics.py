import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.metrics import f1_score

from core.emotion.labels import COARSE, FINE
from scripts.training.metrics import (
    best_single_threshold,
    best_thresholds,
    crossed_macro_f1,
    crosswise,
    label_f1,
    macro_f1,
    reliability_bins,
)
from scripts.training.tune import gold_classes

Any32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


def draw(seed: int, rows: int = 60, labels: int = 4) -> tuple[Bools, Any32]:
    generator = np.random.default_rng(seed)
    gold = generator.random((rows, labels)) < 0.3
    noise = generator.random((rows, labels))
    return gold, (0.5 * gold + 0.5 * noise).astype(np.float32)


def draw_rare(seed: int, rows: int = 500, labels: int = 30) -> tuple[Bools, Any32]:
    """Labels as KOTE has them: some common, most rare; scores that say something, noisily."""
    generator = np.random.default_rng(seed)
    prevalence = generator.uniform(0.02, 0.3, labels)
    gold = generator.random((rows, labels)) < prevalence
    evidence = logit(prevalence) + 1.5 * gold + generator.normal(0, 1, (rows, labels))
    return gold, expit(evidence).astype(np.float32)


def luckiest_thresholds(gold: Bools, scores: Any32) -> Any32:
    """Of each label the threshold that has the highest F1 on these very rows."""
    grid = np.linspace(0.01, 0.9, 90, dtype=np.float32)
    f1 = np.stack([label_f1(gold, scores > threshold) for threshold in grid])
    return np.asarray(grid[f1.argmax(axis=0)])


@given(st.integers(0, 1000))
def test_f1_is_scikit_learns(seed: int) -> None:
    gold, scores = draw(seed)
    expected = f1_score(gold, scores > 0.5, average=None, zero_division=0)
    np.testing.assert_allclose(label_f1(gold, scores > 0.5), expected)


def test_the_threshold_of_calibrated_scores_is_half_the_best_f1() -> None:
    # With p uniform F1(t) = (1 - t^2) / (1.5 - t), whose best t solves t^2 - 3t + 1 = 0.
    generator = np.random.default_rng(0)
    scores = generator.random((20_000, 1), dtype=np.float32)
    gold = generator.random((20_000, 1)) < scores
    best = (3 - np.sqrt(5)) / 2
    assert best_thresholds(gold, scores) == pytest.approx(best, abs=0.01)


@pytest.mark.parametrize("shift", [-1.5, 1.5])
def test_scores_that_are_too_high_or_too_low_move_the_threshold_along(shift: float) -> None:
    gold, scores = draw_rare(0, rows=3000, labels=5)
    shifted = expit(logit(scores) + shift).astype(np.float32)
    plain, moved = best_thresholds(gold, scores), best_thresholds(gold, shifted)
    np.testing.assert_allclose(logit(moved), logit(plain) + shift, atol=0.1)


def test_they_do_better_on_other_rows_than_the_luckiest_thresholds() -> None:
    gains = []
    for seed in range(5):
        (gold, scores), (other, theirs) = draw_rare(seed), draw_rare(seed)
        half = len(gold) // 2
        found, lucky = (
            label_f1(other[half:], theirs[half:] > choose(gold[:half], scores[:half])).mean()
            for choose in (best_thresholds, luckiest_thresholds)
        )
        gains.append(found - lucky)
    assert min(gains) > 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rows", [1, 2, 40])
def test_thresholds_are_such_as_a_model_may_have(seed: int, rows: int) -> None:
    gold, scores = draw(seed, rows=rows)
    gold[:, 0], gold[:, 1] = False, True
    scores[:, 2] = 0.0
    scores[:, 3] = 1 - scores[:, 3]  # speaks against its label
    thresholds = best_thresholds(gold, scores)
    assert thresholds.dtype == np.float32
    assert ((thresholds > 0) & (thresholds < 1)).all()


def test_there_are_no_thresholds_without_rows() -> None:
    with pytest.raises(ValueError, match="no rows"):
        best_thresholds(np.zeros((0, 3), bool), np.zeros((0, 3), np.float32))


@pytest.mark.parametrize("seed", range(10))
def test_no_other_single_threshold_has_a_higher_macro_f1(seed: int) -> None:
    gold, scores = draw(seed)
    single = label_f1(gold, scores > best_single_threshold(gold, scores)).mean()
    for threshold in np.linspace(0.03, 0.9, 88, dtype=np.float32):
        assert single >= label_f1(gold, scores > threshold).mean() - 1e-9


def test_each_half_is_judged_by_thresholds_of_the_other() -> None:
    # Each half is separable, but where one half says no the other says yes.
    gold = np.tile([[True], [True], [False], [False]], (50, 1))
    even = np.arange(len(gold))[:, None] % 2 == 0
    scores = np.where(even, np.where(gold, 0.9, 0.7), np.where(gold, 0.3, 0.1)).astype(np.float32)
    for half in (even[:, 0], ~even[:, 0]):
        own = best_thresholds(gold[half], scores[half])
        assert label_f1(gold[half], scores[half] > own).mean() == 1
    assert crossed_macro_f1(gold, scores) < 0.6


def test_bins_hold_what_falls_into_them() -> None:
    confidence = np.array([0.95] * 10 + [0.55] * 30, np.float32)
    correct = np.array([True] * 9 + [False] + [True] * 9 + [False] * 21)
    bins = reliability_bins(confidence, correct, bins=10)
    np.testing.assert_allclose(bins.confidence, [0.55, 0.95], atol=1e-6)
    np.testing.assert_allclose(bins.accuracy, [0.3, 0.9])
    np.testing.assert_allclose(bins.share, [0.75, 0.25])
    assert bins.error == pytest.approx(0.75 * 0.25 + 0.25 * 0.05, abs=1e-6)


def test_certain_and_right_is_no_error() -> None:
    assert reliability_bins(np.ones(5, np.float32), np.ones(5, bool)).error == 0


def labels_of(*rows: str) -> Any32:
    gold = np.zeros((len(rows), len(FINE)), np.float32)
    for row, names in enumerate(rows):
        gold[row, [FINE.index(name) for name in names.split(",")]] = 1
    return gold


def test_a_row_that_speaks_for_two_classes_alike_has_none() -> None:
    classes, clear = gold_classes(labels_of("슬픔", "슬픔,기쁨", "기쁨,행복,슬픔"))
    assert clear.tolist() == [True, False, True]
    assert [COARSE[c] for c in classes] == ["슬픔", "행복"]


def test_a_label_without_a_row_is_left_out_of_the_macro_f1() -> None:
    gold = np.array([[True, False, False], [False, True, False]])
    assert macro_f1(gold, gold) == 1
    decided = gold.copy()
    decided[0] = [False, False, True]  # a miss and a false alarm
    assert macro_f1(gold, decided) == 0.5
    assert macro_f1(np.zeros((2, 3), bool), decided) == 0


def test_each_half_is_read_with_what_is_known_of_the_other() -> None:
    values = np.arange(7)
    read = crosswise(7, lambda judged, known: values[judged] + 100 * values[known].sum())
    assert read.tolist() == [900, 1201, 902, 1203, 904, 1205, 906]
