"""Tests of scripts.training.calibration (test_calibration.py is the catalogue's)."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import softmax

from core.emotion.readout import calibrated
from scripts.training.calibration import fit_calibration
from scripts.training.metrics import reliability_bins

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]


def drawn(count: int, seed: int = 0, classes: int = 4) -> tuple[Floats, Ints]:
    """True distributions, and a class drawn from each."""
    generator = np.random.default_rng(seed)
    true = softmax(generator.normal(size=(count, classes)) * 1.5, axis=1)
    gold = np.array([generator.choice(classes, p=row) for row in true])
    return true.astype(np.float32), gold


def cross_entropy(probabilities: npt.NDArray[np.floating], gold: Ints) -> float:
    return float(-np.log(probabilities[np.arange(len(gold)), gold]).mean())


def ece(probabilities: npt.NDArray[np.floating], gold: Ints) -> float:
    top = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1).astype(np.float32)
    return reliability_bins(confidence, top == gold).error


def test_an_overconfident_model_is_calibrated_on_rows_it_was_not_fitted_on() -> None:
    true, gold = drawn(8000)
    loud = true**3 / (true**3).sum(axis=1, keepdims=True)
    weights, bias = fit_calibration(loud[:4000], gold[:4000])
    after = calibrated(loud[4000:], weights, bias)
    assert ece(loud[4000:], gold[4000:]) > 0.1
    assert ece(after, gold[4000:]) < 0.03
    np.testing.assert_allclose(np.diag(weights), 1 / 3, atol=0.06)


def test_a_model_that_takes_one_class_for_another_is_set_right() -> None:
    true, gold = drawn(6000)
    swapped = true[:, [1, 0, 2, 3]]
    weights, bias = fit_calibration(swapped[:3000], gold[:3000])
    after = calibrated(swapped[3000:], weights, bias)
    assert cross_entropy(after, gold[3000:]) < cross_entropy(true[3000:], gold[3000:]) + 0.02


def test_what_is_calibrated_already_stays_about_as_it_is() -> None:
    true, gold = drawn(4000)
    weights, bias = fit_calibration(true, gold)
    assert np.abs(calibrated(true, weights, bias) - true).mean() < 0.02


def test_few_rows_do_not_make_it_worse_than_it_was() -> None:
    true, gold = drawn(3000, seed=3)
    weights, bias = fit_calibration(true[:60], gold[:60])
    after = calibrated(true[60:], weights, bias)
    assert cross_entropy(after, gold[60:]) < cross_entropy(true[60:], gold[60:]) + 0.1


def test_a_strong_ridge_leaves_vector_scaling() -> None:
    true, gold = drawn(1000)
    weights, _ = fit_calibration(true, gold, ridge=1e6)
    assert np.abs(weights - np.diag(np.diag(weights))).max() < 1e-4


def test_separable_rows_and_a_class_without_rows_give_finite_numbers() -> None:
    probabilities = np.tile(np.array([[0.8, 0.15, 0.05], [0.1, 0.9, 0.0]], np.float32), (10, 1))
    weights, bias = fit_calibration(probabilities, np.tile([0, 1], 10))
    assert np.isfinite(weights).all()
    assert np.isfinite(bias).all()
    after = calibrated(probabilities, weights, bias)
    np.testing.assert_allclose(after.sum(axis=1), 1, atol=1e-6)
    assert list(after.argmax(axis=1)) == [0, 1] * 10


@pytest.mark.parametrize(
    ("probabilities", "gold", "message"),
    [
        (np.full((3, 2), 0.5, np.float32), np.array([0, 1]), "classes for probabilities"),
        (np.full((2, 2), 0.5, np.float32), np.array([0, 2]), "from 0 to 1"),
        (np.full((2, 2), np.nan, np.float32), np.array([0, 1]), "not finite"),
        (np.empty((0, 2), np.float32), np.empty(0, np.intp), "classes for probabilities"),
    ],
)
def test_what_does_not_fit_is_refused(probabilities: Floats, gold: Ints, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_calibration(probabilities, gold)
