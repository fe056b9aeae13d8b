import numpy as np
import numpy.typing as npt
import pytest

from scripts.training.choice import (
    Choice,
    Parts,
    choose,
    crossed,
    mean_average_precision,
    to_probabilities,
)
from scripts.training.metrics import label_f1

Array = npt.NDArray[np.float32]
ROWS, LABELS = 400, 4


def noisy(gold: Array, noise: float, seed: int) -> Array:
    generator = np.random.default_rng(seed)
    return (3 * gold - 1 + generator.normal(0, noise, gold.shape)).astype(np.float32)


@pytest.fixture(scope="module")
def classes() -> Array:
    return np.eye(LABELS, dtype=np.float32)[np.random.default_rng(0).integers(LABELS, size=ROWS)]


@pytest.fixture(scope="module")
def labels() -> Array:
    rates = np.linspace(0.05, 0.5, LABELS)
    return (np.random.default_rng(0).random((ROWS, LABELS)) < rates).astype(np.float32)


def parts(gold: Array, deep: float, wide: float, several: bool) -> Parts:
    deep_logits, wide_logits = noisy(gold, deep, 1), noisy(gold, wide, 2)
    return Parts(to_probabilities(deep_logits, several), to_probabilities(wide_logits, several))


@pytest.mark.parametrize("several", [False, True])
def test_the_better_part_gets_the_larger_share(
    several: bool, classes: Array, labels: Array
) -> None:
    gold = labels if several else classes
    poor = choose(parts(gold, 1.5, 20.0, several), gold, several).wide_share
    equal = choose(parts(gold, 2.0, 2.0, several), gold, several).wide_share
    good = choose(parts(gold, 20.0, 1.5, several), gold, several).wide_share
    assert poor < equal < good
    assert poor <= 0.1
    assert good == 0.7  # the most there is


@pytest.mark.parametrize("several", [False, True])
def test_without_an_ngram_part_there_is_no_share(
    several: bool, classes: Array, labels: Array
) -> None:
    gold = labels if several else classes
    deep = Parts(parts(gold, 1.5, 1.5, several).deep, None)
    choice = choose(deep, gold, several)
    assert choice.wide_share == 0
    assert np.array_equal(deep.mixed(0.5), deep.deep)
    assert (choice.thresholds is None) != several
    assert (choice.weights is None) == several


def test_decisions_are_one_class_or_all_labels_above_their_thresholds(
    classes: Array, labels: Array
) -> None:
    one = choose(parts(classes, 2.0, 2.0, False), classes, False)
    decided = one.decisions(parts(classes, 2.0, 2.0, False))
    assert (decided.sum(axis=1) == 1).all()
    assert (decided & (classes > 0)).sum() / ROWS > 0.6
    many = choose(parts(labels, 1.0, 1.0, True), labels, True)
    decided = many.decisions(parts(labels, 1.0, 1.0, True))
    assert label_f1(labels > 0, decided).mean() > 0.7
    assert set(decided.sum(axis=1)) >= {0, 1, 2}


def test_probabilities_are_calibrated_where_one_class_holds(classes: Array) -> None:
    loud = Parts(to_probabilities(4 * noisy(classes, 2.0, 1), False), None)
    after = choose(loud, classes, False).probabilities(loud)
    right = after.argmax(axis=1) == classes.argmax(axis=1)
    assert abs(loud.deep.max(axis=1).mean() - right.mean()) > 0.1
    assert abs(after.max(axis=1).mean() - right.mean()) < 0.04


def test_each_half_is_read_with_what_was_chosen_on_the_other(classes: Array) -> None:
    model = parts(classes, 2.0, 2.0, False)
    seen: list[float] = []

    def read(choice: Choice, rows: Parts) -> npt.NDArray[np.float32]:
        assert choice.bias is not None
        seen.append(float(choice.bias[0]))
        return choice.probabilities(rows)

    both = crossed(model, classes, False).read(read)
    even = np.arange(ROWS) % 2 == 0
    for half in (even, ~even):
        choice = choose(model.where(~half), classes[~half], False)
        np.testing.assert_array_equal(both[half], choice.probabilities(model.where(half)))
    assert seen[0] != seen[1]


def test_average_precision_is_over_the_labels_that_occur() -> None:
    gold = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]], np.float32)
    scores = np.array([[0.9, 0.2, 0.9], [0.1, 0.8, 0.1], [0.8, 0.1, 0.9]], np.float32)
    assert mean_average_precision(gold, scores) == 1.0
    assert mean_average_precision(gold, -scores) < 0.7
