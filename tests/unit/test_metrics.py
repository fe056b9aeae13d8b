import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from core.emotion.labels import COARSE, FINE
from core.emotion.mapping import coarse_distribution
from scripts.training.metrics import (
    best_single_threshold,
    best_thresholds,
    crossed_macro_f1,
    expected_calibration_error,
    label_f1,
)
from scripts.training.tune import Parts, gold_classes, tune

Any32 = npt.NDArray[np.float32]


def draw(seed: int, rows: int = 60, labels: int = 4) -> tuple[npt.NDArray[np.bool_], Any32]:
    generator = np.random.default_rng(seed)
    gold = generator.random((rows, labels)) < 0.3
    noise = generator.random((rows, labels))
    return gold, (0.5 * gold + 0.5 * noise).astype(np.float32)


@given(st.integers(0, 1000))
def test_f1_is_scikit_learns(seed: int) -> None:
    gold, scores = draw(seed)
    expected = f1_score(gold, scores > 0.5, average=None, zero_division=0)
    np.testing.assert_allclose(label_f1(gold, scores > 0.5), expected)


@given(st.integers(0, 1000))
def test_no_other_threshold_of_a_label_is_better(seed: int) -> None:
    gold, scores = draw(seed)
    best = label_f1(gold, scores > best_thresholds(gold, scores))
    for threshold in np.linspace(0.03, 0.9, 88, dtype=np.float32):
        assert (best >= label_f1(gold, scores > threshold) - 1e-9).all()
    single = best_single_threshold(gold, scores)
    assert label_f1(gold, scores > single).mean() <= best.mean() + 1e-9


def test_thresholds_chosen_on_the_judged_rows_flatter() -> None:
    generator = np.random.default_rng(0)
    gold = generator.random((200, 30)) < 0.1
    scores = generator.random((200, 30), dtype=np.float32)  # says nothing of the labels
    same = label_f1(gold, scores > best_thresholds(gold, scores)).mean()
    assert crossed_macro_f1(gold, scores) < same


def test_calibration_error_of_a_known_case() -> None:
    confidence = np.array([0.95] * 10 + [0.55] * 10, np.float32)
    correct = np.array([True] * 9 + [False] + [True] * 3 + [False] * 7)
    assert expected_calibration_error(confidence, correct) == pytest.approx(
        0.5 * (0.95 - 0.9) + 0.5 * (0.55 - 0.3), abs=1e-6
    )


def test_certain_and_right_is_no_error() -> None:
    assert expected_calibration_error(np.ones(5, np.float32), np.ones(5, bool)) == 0


def labels_of(*rows: str) -> Any32:
    gold = np.zeros((len(rows), len(FINE)), np.float32)
    for row, names in enumerate(rows):
        gold[row, [FINE.index(name) for name in names.split(",")]] = 1
    return gold


def test_a_row_that_speaks_for_two_classes_alike_has_none() -> None:
    classes, clear = gold_classes(labels_of("슬픔", "슬픔,기쁨", "기쁨,행복,슬픔"))
    assert clear.tolist() == [True, False, True]
    assert [COARSE[c] for c in classes] == ["슬픔", "행복"]


def test_tuning_finds_the_thresholds_and_tells_the_classes_apart() -> None:
    gold = labels_of(*["슬픔", "기쁨"] * 20)
    scores = np.where(gold > 0, 0.4, 0.2).astype(np.float32)
    nothing = np.full(len(gold), 0.05, np.float32)
    told = Parts(scores[:2], scores[:2], nothing[:2])
    classes = np.array([COARSE.index("슬픔"), COARSE.index("행복")])
    tuning = tune(Parts(scores, scores, nothing), gold, told, classes)
    for label in ("슬픔", "기쁨"):
        assert 0.2 <= tuning.scale.thresholds[FINE.index(label)] < 0.4
    found = coarse_distribution(scores[:2], nothing[:2], tuning.scale)
    assert found.argmax(axis=1).tolist() == classes.tolist()
