"""The reliability diagram: how often a stated confidence is right (Guo et al. 2017, figure 4)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure

from scripts.training.metrics import ReliabilityBins

__all__ = ["draw_reliability"]

_INK: Final = "#33383d"
_FAINT: Final = "#c9ced3"
_FILL: Final = "#4878a8"
_WIDTH: Final = 3.6  # inches a panel


def draw_reliability(path: Path, panels: Mapping[str, ReliabilityBins], rows: int) -> None:
    """Draw one diagram a panel, side by side, and write them as PNG.

    A point is the accuracy of a bin of confidence over its mean confidence; on the diagonal the
    two are equal. Below stands the share of the rows in each bin.

    Args:
        path: of the picture; its folder is made.
        panels: title -> bins.
        rows: how many rows the bins are made of.
    """
    size = (_WIDTH * len(panels) + 0.4, 4.4)
    figure = Figure(figsize=size, dpi=150, facecolor="white", layout="constrained")
    grid = figure.subplots(
        2, len(panels), squeeze=False, sharex=True, height_ratios=[4, 1], sharey="row"
    )
    for column, (title, bins) in enumerate(panels.items()):
        _draw_accuracy(grid[0][column], title, bins)
        _draw_shares(grid[1][column], bins)
    grid[0][0].set_ylabel("Accuracy", color=_INK, size=9)
    grid[1][0].set_ylabel("Share of rows", color=_INK, size=9)
    figure.supxlabel(f"Confidence (largest class probability), n = {rows:,}", color=_INK, size=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="png", metadata={"Software": None})


def _draw_accuracy(axes: Any, title: str, bins: ReliabilityBins) -> None:
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    axes.vlines(
        bins.confidence, bins.confidence, bins.accuracy, color=_FILL, linewidth=1.2, alpha=0.5
    )
    axes.plot(
        bins.confidence,
        bins.accuracy,
        color=_FILL,
        linewidth=1.2,
        marker="o",
        markersize=4,
        zorder=3,
    )
    axes.set_title(f"{title}\nECE {bins.error:.3f}", color=_INK, size=10)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    _tidy(axes)


def _draw_shares(axes: Any, bins: ReliabilityBins) -> None:
    axes.bar(bins.confidence, bins.share, width=0.045, color=_FILL, alpha=0.75)
    axes.set_ylim(0, None)
    _tidy(axes)


def _tidy(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_FAINT)
    axes.tick_params(colors=_INK, labelsize=8)
    axes.grid(color=_FAINT, linewidth=0.4)
    axes.set_axisbelow(True)
