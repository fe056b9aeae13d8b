"""Chooses, on held-out rows, what the weights of the bundled model leave open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE, FINE_TO_COARSE
from core.emotion.readout import Readout
from scripts.training.calibration import fit_calibration
from scripts.training.choice import AMBIGUOUS_BELOW
from scripts.training.metrics import best_thresholds

__all__ = ["UNTUNED", "gold_classes", "tuned"]

SHARE: Final = 0.5
"""Of the n-gram part."""
_NEUTRAL: Final = 0.5

UNTUNED: Final = replace(Readout.plain(FINE, COARSE), wide_share=SHARE)

Array = npt.NDArray[np.float32]


def tuned(
    model: Classifier,
    kote: Sequence[str],
    gold: Array,
    everyday: Sequence[str],
    classes: npt.NDArray[np.intp],
) -> Readout:
    """The thresholds of the 44 emotions, and the calibration of the seven classes.

    The calibration is that of the everyday rows: they are what people say to the bot, and their
    classes were chosen as such, while KOTE's follow from its labels.

    Args:
        model: as it is served.
        kote: KOTE's validation rows, normalised.
        gold: their labels, 0 or 1, [shape=(n, 44)].
        everyday: our everyday validation rows, normalised.
        classes: indices into `COARSE`, [shape=(m,)].
    """
    fine = UNTUNED.mixed(*model.parts(kote))[:, : len(FINE)]
    p = UNTUNED.mixed(*model.parts(everyday))[:, len(FINE) :]
    weights, bias = fit_calibration(p, classes)
    return replace(
        UNTUNED,
        thresholds=best_thresholds(gold > 0, fine),
        neutral_threshold=_NEUTRAL,
        weights=weights,
        bias=bias,
        ambiguous_below=AMBIGUOUS_BELOW,
    )


def gold_classes(gold: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The class that most of a row's fine labels speak for, of the rows that have one.

    Returns:
        The classes [shape=(m,)], and which rows have one [shape=(n,)]. Rows with a tie between
        classes are left out.
    """
    shares = gold @ FINE_TO_COARSE
    ordered = np.sort(shares, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > 1e-6
    return shares[clear].argmax(axis=1), clear
