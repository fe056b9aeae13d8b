"""Draws how the moods of a catalogue are distributed before and after calibration."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from core.emotion.labels import COARSE
from core.files import replacing

__all__ = ["draw"]

# English, because a machine without a Korean font draws boxes.
_NAMES: Final = dict(
    zip(COARSE, "joy sadness anger fear disgust surprise neutral".split(), strict=True)
)
_RAW: Final = "#b8bfc8"
_CALIBRATED: Final = "#2f6f9f"

Array = npt.NDArray[Any]


def draw(
    path: Path,
    coarse: tuple[Array, Array],
    valence: tuple[Array, Array],
    arousal: tuple[Array, Array],
) -> None:
    """Write a PNG; the same values give the same bytes.

    Args:
        path: to write.
        coarse: raw and calibrated distributions, [shape=(n, 7)] each.
        valence: raw and calibrated, [shape=(n,)] each.
        arousal: raw and calibrated, [shape=(n,)] each.
    """
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10}):
        figure = Figure(figsize=(11, 9), dpi=90, layout="constrained")
        figure.suptitle(f"Moods of {len(coarse[0]):,} songs, before and after calibration")
        axes = figure.subplots(2, 2)
        _leading(axes[0, 0], coarse)
        _spread(axes[0, 1], coarse)
        _histogram(axes[1, 0], valence, "valence: unpleasant (-1) to pleasant (1)")
        _histogram(axes[1, 1], arousal, "arousal: calm (-1) to excited (1)")
        with replacing(path) as file:
            # Without the name and version of matplotlib, which say nothing about the songs.
            figure.savefig(file, format="png", metadata={"Software": None})


def _leading(axes: Any, coarse: tuple[Array, Array]) -> None:
    raw, calibrated = (
        100 * np.bincount(values.argmax(axis=1), minlength=len(COARSE)) / len(values)
        for values in coarse
    )
    places = np.arange(len(COARSE))
    for offset, shares, colour, name in (
        (-0.2, raw, _RAW, "raw"),
        (0.2, calibrated, _CALIBRATED, "calibrated"),
    ):
        bars = axes.bar(places + offset, shares, 0.4, color=colour, label=name)
        axes.bar_label(bars, fmt="%.0f", fontsize=8, padding=1)
    axes.set_title("Songs in which the class leads, percent")
    axes.set_xticks(places, list(_NAMES.values()), rotation=30)
    axes.legend()


def _spread(axes: Any, coarse: tuple[Array, Array]) -> None:
    places = np.arange(len(COARSE))
    for offset, values, colour in (
        (-0.2, coarse[0], _RAW),
        (0.2, coarse[1], _CALIBRATED),
    ):
        axes.boxplot(
            values,
            positions=places + offset,
            widths=0.34,
            whis=(5, 95),
            showfliers=False,
            patch_artist=True,
            boxprops={"facecolor": colour},
            medianprops={"color": "black"},
            manage_ticks=False,
        )
    axes.set_title("Its share in a song (box: half of the songs, whiskers: 90 %)")
    axes.set_xticks(places, list(_NAMES.values()), rotation=30)
    axes.set_ylim(0, None)


def _histogram(axes: Any, values: tuple[Array, Array], name: str) -> None:
    edges = np.linspace(-1, 1, 61)
    axes.hist(np.clip(values[0], -1, 1), edges, color=_RAW, label="raw")
    axes.hist(values[1], edges, color=_CALIBRATED, alpha=0.7, label="calibrated")
    axes.set_title(f"Songs by {name}", fontsize=11)
    axes.legend()
