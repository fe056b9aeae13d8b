"""The figures that judge a model, and how they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.label_sets import LabelSet, canonical
from core.emotion.labels import COARSE
from scripts.training.metrics import (
    ReliabilityBins,
    best_single_threshold,
    best_thresholds,
    crossed_macro_f1,
    macro_f1,
    reliability_bins,
)
from scripts.training.scoring import label_table, summary

__all__ = [
    "Report",
    "Section",
    "as_json",
    "as_text",
    "class_bins",
    "class_section",
    "coverage",
    "fine_section",
    "onto",
    "threshold_figures",
]

Array = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

_NAME_WIDTH: Final = 46


@dataclass(frozen=True)
class Section:
    """Figures that belong together.

    Attributes:
        figures: by name; counts are int, the rest float.
        table: row -> column -> figure; all rows have the same columns.
    """

    figures: Mapping[str, float]
    table: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        """One of the figures."""
        return self.figures[name]


Report = dict[str, Section]
"""Sections by title, in the order in which they are printed."""


def fine_section(gold: Bools, scores: Array, thresholds: Array, names: Sequence[str]) -> Section:
    """Figures of independent labels.

    Args:
        gold: which hold, [shape=(n, k)].
        scores: 0 to 1, likewise.
        thresholds: above which a score says that its label holds, [shape=(k,)].
        names: of the labels.
    """
    decided = scores > thresholds
    figures = summary(gold, decided, several=True)
    figures["ECE"] = reliability_bins(scores.ravel(), gold.ravel()).error
    return Section(figures, label_table(gold, decided, tuple(names)))


def threshold_figures(gold: Bools, scores: Array) -> dict[str, float]:
    """Macro-F1 where thresholds are not given but chosen: one, or one a label.

    Args:
        gold: which labels hold, [shape=(n, k)].
        scores: 0 to 1, likewise.
    """
    single, chosen = best_single_threshold(gold, scores), best_thresholds(gold, scores)
    return {
        "macro-F1, one threshold": macro_f1(gold, scores > single),
        "macro-F1, threshold a label, crossed halves": crossed_macro_f1(gold, scores),
        "macro-F1, threshold a label, same rows": macro_f1(gold, scores > chosen),
    }


def class_section(
    gold: npt.NDArray[np.intp],
    distribution: Array,
    names: Sequence[str],
    raw: Array | None = None,
) -> Section:
    """Figures of classes of which one holds.

    Args:
        gold: the class of each row, [shape=(n,)].
        distribution: [shape=(n, k)], rows sum to 1.
        names: of the classes.
        raw: the distribution before calibration; its calibration error is given, too.
    """
    classes = np.arange(len(names))
    truth, decided = gold[:, None] == classes, distribution.argmax(axis=1)[:, None] == classes
    figures = summary(truth, decided, several=False)
    figures["ECE"] = class_bins(gold, distribution).error
    if raw is not None:
        figures["ECE before calibration"] = class_bins(gold, raw).error
    return Section(figures, label_table(truth, decided, tuple(names)))


def class_bins(gold: npt.NDArray[np.intp], distribution: Array) -> ReliabilityBins:
    """How often the largest share was right; arguments as of `class_section`."""
    return reliability_bins(distribution.max(axis=1), distribution.argmax(axis=1) == gold)


def coverage(correct: Bools, ambiguous: Bools) -> dict[str, float]:
    """What is gained by saying of some texts that they are ambiguous.

    Args:
        correct: whether the leading class is right, [shape=(n,)].
        ambiguous: whether the model says so, likewise.
    """
    figures = {"share called ambiguous": float(ambiguous.mean())}
    for name, rows in (("the others", ~ambiguous), ("the ambiguous", ambiguous)):
        if rows.any():
            figures[f"accuracy of {name}"] = float(correct[rows].mean())
    return figures


def onto(distribution: Array, target: LabelSet) -> Array:
    """A distribution over `COARSE`, [shape=(n, 7)], as one over `target`, [shape=(n, k)].

    A class that has no place in `target` (see `label_sets.canonical`) is left out, and the rest
    sums to 1; a label that no class stands for, as 상처, gets nothing.
    """
    places = [canonical(name, target) for name in COARSE]
    member = np.array([[place == label for label in target.labels] for place in places], np.float32)
    mass = distribution @ member + 1e-9
    return np.asarray(mass / mass.sum(axis=1, keepdims=True), np.float32)


def as_text(report: Report) -> str:
    """The report as lines of text."""
    lines = []
    for title, section in report.items():
        lines.append(title)
        lines += [
            f"    {name:{_NAME_WIDTH}} {_number(value)}" for name, value in section.figures.items()
        ]
        if section.table:
            lines += _table(section.table)
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain mappings: title -> figures, and the table under "table"."""
    return {
        title: {**section.figures, **({"table": section.table} if section.table else {})}
        for title, section in report.items()
    }


def _table(table: Mapping[str, Mapping[str, float]]) -> list[str]:
    columns = list(next(iter(table.values())))
    widths = [max(9, len(column)) for column in columns]
    # Hangul is twice as wide as Latin in a terminal.
    name_width = max(len(name.encode("euc-kr", "replace")) for name in table)
    head = "  ".join(f"{column:>{width}}" for column, width in zip(columns, widths, strict=True))
    lines = [f"    {'':{name_width}}  {head}"]
    for name, row in table.items():
        padding = " " * (name_width - len(name.encode("euc-kr", "replace")))
        cells = (f"{_number(row[c]):>{w}}" for c, w in zip(columns, widths, strict=True))
        lines.append(f"    {name}{padding}  {'  '.join(cells)}")
    return lines


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"
