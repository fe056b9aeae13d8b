"""A model judged on a file of labelled texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.emotion.label_sets import LABEL_SETS, LabelSet, canonical, label_set_of
from core.emotion.labels import COARSE, FINE
from core.errors import ModelError
from scripts.training.datasets import Dataset, DatasetError, read_dataset
from scripts.training.figures import (
    Section,
    class_bins,
    class_section,
    coverage,
    fine_section,
    onto,
)
from scripts.training.metrics import ReliabilityBins
from scripts.training.readings import Judged, Readings
from scripts.training.tune import gold_classes

__all__ = ["Judgement", "judge", "read_gold"]

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Judgement:
    """What came of it.

    Attributes:
        section: the figures.
        panels: of the reliability diagram, title -> bins; empty for independent labels.
    """

    section: Section
    panels: Mapping[str, ReliabilityBins]


def read_gold(path: Path, choice: str | None) -> Dataset:
    """The texts of a file with the labels to judge by.

    Args:
        path: see `datasets.read_dataset`.
        choice: a key of `LABEL_CHOICES`. With "ekman7", and with another label set that the
            file's labels do not fit, KOTE's labels count as the class most of them speak for. None
            takes what the file has.

    Raises:
        DatasetError: the file cannot be read, or its labels are not those asked for.
    """
    if choice is None:
        found = read_dataset(path)
        if found.names != FINE:
            try:
                label_set_of(found.names)
            except ValueError as error:
                raise DatasetError(f"{path}: {error}; name one (--labels)") from error
        return found
    if choice == "kote44":
        return read_dataset(path, labels=choice)
    target = LABEL_SETS["seven" if choice == "ekman7" else choice]
    if choice == "ekman7" and (kote := _read_kote(path)):
        return _by_class(kote, target)
    try:
        return read_dataset(path, labels=target)
    except DatasetError:
        if kote := _read_kote(path):
            return _by_class(kote, target)
        raise


def judge(model: Judged, gold: Dataset, threshold: float | None = None) -> Judgement:
    """The figures of `model` on labelled texts.

    Args:
        model: to be judged.
        gold: its labels are the 44 of `labels.FINE`, or those of a label set.
        threshold: of all 44 labels; None for those that are stored with the model.

    Raises:
        ModelError: the model does not give what it would have to be judged by.
        DatasetError: no row has one class.
    """
    left_out = Counter(gold.dropped)
    if gold.names == FINE:
        judgement = Judgement(_judge_fine(model, gold, threshold), {})
    else:
        single = gold.labels.sum(axis=1) == 1
        left_out["several classes"] = int((~single).sum())
        if not single.any():
            raise DatasetError("no row has one class")
        judgement = _judge_classes(model, gold.where(single))
    section = judgement.section
    counts = {f"left out: {reason}": count for reason, count in left_out.items() if count}
    return replace(judgement, section=replace(section, figures={**section.figures, **counts}))


def _judge_fine(model: Judged, gold: Dataset, threshold: float | None) -> Section:
    if not model.readout.emotions:
        raise ModelError("the model does not give KOTE's 44 labels: name a label set (--labels)")
    thresholds = model.readout.thresholds
    if threshold is not None:
        thresholds = np.full_like(thresholds, threshold)
    truth, scores = gold.labels > 0, model.read(gold.texts).fine
    section = fine_section(truth, scores, thresholds, FINE)
    if (truth.sum(axis=1) == 1).all():
        accuracy = float((scores.argmax(axis=1) == truth.argmax(axis=1)).mean())
        section = replace(section, figures={**section.figures, "accuracy": accuracy})
    return section


def _judge_classes(model: Judged, gold: Dataset) -> Judgement:
    readings, classes = model.read(gold.texts), gold.labels.argmax(axis=1)
    raw, distribution = _distributions(model, readings, label_set_of(gold.names))
    section = class_section(classes, distribution, gold.names, raw)
    right = distribution.argmax(axis=1) == classes
    figures = {**section.figures, **coverage(right, readings.ambiguous)}
    panels = {
        "Before calibration": class_bins(classes, raw),
        "After calibration": class_bins(classes, distribution),
    }
    return Judgement(replace(section, figures=figures), panels)


def _distributions(model: Judged, readings: Readings, target: LabelSet) -> tuple[Array, Array]:
    """Those over the labels of `target`, before and after calibration."""
    own = model.readout.label_set
    if own.name == target.name:
        columns = [own.labels.index(label) for label in target.labels]
        return readings.raw[:, columns], readings.classes[:, columns]
    return onto(readings.coarse_raw, target), onto(readings.coarse, target)


def _read_kote(path: Path) -> Dataset | None:
    """The file with KOTE's labels, if it is one of KOTE."""
    try:
        found = read_dataset(path)
    except DatasetError:
        return None
    return found if found.names == FINE else None


def _by_class(kote: Dataset, target: LabelSet) -> Dataset:
    """The rows of KOTE of which most labels speak for one class of `target`."""
    classes, clear = gold_classes(kote.labels)
    places = [canonical(COARSE[index], target) for index in classes]
    kept = np.array([place is not None for place in places], np.bool_)
    rows = kote.where(clear).where(kept)
    labels = np.array([[p == label for label in target.labels] for p in places if p], np.float32)
    dropped = Counter(kote.dropped)
    dropped["two classes with as many labels"] += int((~clear).sum())
    dropped["no place in the label set"] += int((~kept).sum())
    return replace(rows, labels=labels, names=target.labels, several=False, dropped=dict(dropped))
