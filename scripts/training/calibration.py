"""Dirichlet calibration of a class distribution (Kull et al. 2019, NeurIPS).

The calibrated distribution is p' = softmax(W ln p + b), see `core.emotion.readout.calibrated`.
W and b are those of the least cross-entropy on held-out rows, with ODIR (off-diagonal and
intercept regularisation): a ridge on the off-diagonal weights, which the few validation rows
would otherwise overfit, and one on b. In the limit of a strong ridge this is vector scaling (Guo
et al. 2017).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from core.emotion.readout import SMALLEST

__all__ = ["fit_calibration"]

_RIDGES: Final = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
_FOLDS: Final = 5
_DIAGONAL_RIDGE: Final = 1e-4
"""On (W_ii - 1)^2. ODIR has none; without it the loss of separable rows has no minimum."""

Floats = npt.NDArray[np.float64]


def fit_calibration(
    probabilities: npt.NDArray[np.floating],
    gold: npt.NDArray[np.integer],
    ridge: float | None = None,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """W [shape=(k, k)] and b [shape=(k,)] of the least regularised cross-entropy.

    Args:
        probabilities: of held-out rows, [shape=(n, k)], rows sum to 1.
        gold: the class of each, [shape=(n,)], 0 to k - 1.
        ridge: of the mean squared off-diagonal weight and of the mean squared bias. None: of 1e-3
            to 10 the one of the least cross-entropy in five-fold cross-validation; 1 where there
            are fewer than 50 rows.

    Raises:
        ValueError: shapes do not fit, a class is out of range, or a number is not finite.
    """
    if probabilities.ndim != 2 or gold.shape != probabilities.shape[:1] or not len(gold):
        raise ValueError(f"{gold.shape} classes for probabilities of {probabilities.shape}")
    if not np.isfinite(probabilities).all():
        raise ValueError("a probability is not finite")
    if gold.min() < 0 or gold.max() >= probabilities.shape[1]:
        raise ValueError(f"classes have to be from 0 to {probabilities.shape[1] - 1}")
    logs = _logs(probabilities)
    if ridge is None:
        ridge = _chosen_ridge(logs, gold) if len(gold) >= 10 * _FOLDS else 1.0
    weights, bias = _fit(logs, gold, ridge)
    return weights.astype(np.float32), bias.astype(np.float32)


def _logs(probabilities: npt.NDArray[np.floating]) -> Floats:
    return np.log(np.maximum(probabilities.astype(np.float64), SMALLEST))


def _log_calibrated(
    logs: Floats, weights: npt.NDArray[np.floating], bias: npt.NDArray[np.floating]
) -> Floats:
    return np.asarray(log_softmax(logs @ weights.T + bias, axis=1))


def _chosen_ridge(logs: Floats, gold: npt.NDArray[np.integer]) -> float:
    # Dealt out class by class, so that every fold has its share of each.
    fold = np.empty(len(gold), np.intp)
    fold[np.argsort(gold, kind="stable")] = np.arange(len(gold)) % _FOLDS
    losses = dict.fromkeys(_RIDGES, 0.0)
    for held in (fold == index for index in range(_FOLDS)):
        fitted = None
        for ridge in reversed(_RIDGES):  # the solution for one is near that for the next
            fitted = _fit(logs[~held], gold[~held], ridge, fitted)
            predicted = _log_calibrated(logs[held], *fitted)
            losses[ridge] -= float(predicted[np.arange(held.sum()), gold[held]].sum())
    return min(losses, key=lambda ridge: losses[ridge])


def _fit(
    logs: Floats,
    gold: npt.NDArray[np.integer],
    ridge: float,
    start: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats]:
    count, classes = logs.shape
    identity = np.eye(classes)
    target = identity[gold]  # (n, k)
    # Half a ridge times the mean square: over k (k - 1) off-diagonal weights and over k biases.
    penalty = np.where(identity > 0, _DIAGONAL_RIDGE / classes, ridge / (classes * (classes - 1)))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, bias = parameters[:-classes].reshape(classes, classes), parameters[-classes:]
        predicted = _log_calibrated(logs, weights, bias)
        away = weights - identity
        value = -(predicted * target).sum() / count
        value += 0.5 * (penalty * away**2).sum() + 0.5 * ridge / classes * (bias**2).sum()
        slope = (np.exp(predicted) - target) / count  # d cross-entropy / d logits
        by_weights = slope.T @ logs + penalty * away
        by_bias = slope.sum(axis=0) + ridge / classes * bias
        return float(value), np.concatenate([by_weights.ravel(), by_bias])

    weights, bias = start or (identity, np.zeros(classes))
    options = {"maxiter": 1000, "ftol": 1e-8}
    begin = np.concatenate([weights.ravel(), bias])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
    return found.x[:-classes].reshape(classes, classes), found.x[-classes:]
