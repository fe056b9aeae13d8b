"""How a fine-tuned model does on validation rows, as plain numbers for a report."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)

from scripts.training.choice import Choice, Gold, Parts, crossed, mean_average_precision
from scripts.training.metrics import ReliabilityBins, reliability_bins

__all__ = ["Figures", "figures_of", "label_table", "scored", "summary"]

Bools = npt.NDArray[np.bool_]
Figures = dict[str, Any]


def figures_of(
    parts: Parts, gold: Gold, names: tuple[str, ...], several: bool
) -> tuple[Figures, dict[str, ReliabilityBins]]:
    """All figures of a model on validation rows.

    What is chosen on validation rows (thresholds, calibration, the n-gram part's share) is chosen
    on one half of them for the other, so that the figures do not flatter.

    Args:
        parts: of the rows.
        gold: 0 or 1, [shape=(n, k)].
        names: of the labels.
        several: whether several labels may hold.

    Returns:
        The figures, and where one label holds the bins of its reliability diagram before and
        after calibration.
    """
    halves = crossed(parts, gold, several)
    figures = scored(gold > 0, halves.read(Choice.decisions), names, several)
    figures["encoder alone"] = _alone(Parts(parts.deep, None), gold, several)
    if parts.wide is not None:
        figures["n-gram part alone"] = _alone(Parts(parts.wide, None), gold, several)
    if several:
        scores = halves.read(Choice.probabilities)
        figures["mean average precision"] = mean_average_precision(gold, scores)
        return figures, {}
    classes = gold.argmax(axis=1)
    before = halves.read(lambda choice, rows: rows.mixed(choice.wide_share))
    after = halves.read(Choice.probabilities)
    bins = {
        "Before calibration": _bins(before, classes),
        "After calibration": _bins(after, classes),
    }
    figures["ECE before calibration"], figures["ECE after calibration"] = (
        panel.error for panel in bins.values()
    )
    return figures, bins


def scored(gold: Bools, decided: Bools, names: tuple[str, ...], several: bool) -> Figures:
    """Figures of decisions, [shape=(n, k)] as `gold`; macro averages are over those with rows."""
    figures = summary(gold, decided, several)
    figures["labels"] = label_table(gold, decided, names)
    if not several:
        matrix = confusion_matrix(
            gold.argmax(axis=1), decided.argmax(axis=1), labels=range(len(names))
        )
        figures["confusion"] = {"rows": "gold", "columns": "read", "counts": matrix.tolist()}
    return figures


def summary(gold: Bools, decided: Bools, several: bool) -> Figures:
    """Macro and micro averages; micro-F1 is the accuracy where one label holds.

    Macro averages are over the labels that occur; how many do not is said, if any.
    """
    present = gold.any(axis=0)
    precision, recall, macro, _ = precision_recall_fscore_support(
        gold[:, present], decided[:, present], average="macro", zero_division=0
    )
    absent = int((~present).sum())
    figures = {
        "rows": len(gold),
        **({"labels without a row, left out of macro averages": absent} if absent else {}),
        "macro-F1": float(macro),
        "micro-F1": float(f1_score(gold, decided, average="micro", zero_division=0)),
        "macro precision": float(precision),
        "macro recall": float(recall),
    }
    if not several:
        figures["accuracy"] = float(accuracy_score(gold, decided))
    return figures


def label_table(gold: Bools, decided: Bools, names: tuple[str, ...]) -> dict[str, Figures]:
    """Precision, recall, F1 and support of each label."""
    columns = precision_recall_fscore_support(gold, decided, average=None, zero_division=0)
    heads = ("precision", "recall", "F1", "support")
    return {
        name: dict(zip(heads, (float(p), float(r), float(f), int(n)), strict=True))
        for name, p, r, f, n in zip(names, *columns, strict=True)
    }


def _alone(parts: Parts, gold: Gold, several: bool) -> Figures:
    return summary(gold > 0, crossed(parts, gold, several).read(Choice.decisions), several)


def _bins(probabilities: npt.NDArray[np.float32], classes: npt.NDArray[np.intp]) -> ReliabilityBins:
    correct = probabilities.argmax(axis=1) == classes
    return reliability_bins(probabilities.max(axis=1), correct)
