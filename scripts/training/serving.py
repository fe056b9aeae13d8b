"""From a fine-tuned model to a folder: the bundle that is served, or the torch checkpoint alone."""

from pathlib import Path

import numpy as np

from core.emotion.classifier import Classifier
from core.emotion.label_sets import LABEL_SETS, label_set_of
from core.emotion.labels import FINE
from core.emotion.mapping import Scale, coarse_distribution
from core.emotion.readout import Readout
from scripts.training.calibration import fit_calibration
from scripts.training.checkpoint import save_checkpoint
from scripts.training.choice import AMBIGUOUS_BELOW, Choice, Gold, Parts, choose
from scripts.training.datasets import Dataset, DatasetError
from scripts.training.export import write_bundle, write_config
from scripts.training.pipeline import Finetuned
from scripts.training.tune import gold_classes

__all__ = ["check_labels", "readout_of", "save_model", "write_model"]

_NEUTRAL_THRESHOLD = 0.5
"""See `Readout`: more likely than not."""


def check_labels(rows: Dataset) -> None:
    """Refuse rows whose labels a bot could not serve.

    Raises:
        DatasetError: several labels a row that are not the 44 emotions, or classes that are no
            label set.
    """
    if rows.several and rows.names != FINE:
        raise DatasetError(
            f"several labels a row are served as the {len(FINE)} emotions only, and these are "
            f"{', '.join(rows.names)}: choose --labels, or --no-export"
        )
    if not rows.several:
        try:
            label_set_of(rows.names)
        except ValueError as error:
            raise DatasetError(f"{error}: choose --labels, or --no-export") from error


def save_model(tuned: Finetuned, training: Dataset, validation: Dataset, out: Path) -> Parts:
    """Write the torch checkpoint alone, to `out / "checkpoint"`.

    Returns:
        What the model, in float, says of the validation rows.
    """
    del training
    _save(tuned, out / "checkpoint")
    return tuned.parts(validation.texts)


def write_model(tuned: Finetuned, training: Dataset, validation: Dataset, out: Path) -> Parts:
    """Write the bundle, with all that is chosen on the validation rows chosen for what is served.

    An n-gram part whose share is chosen to be 0 is left out.

    Args:
        tuned: the model.
        training: rows on whose texts the export is fitted and checked.
        validation: rows that the model was not trained on.
        out: the folder.

    Returns:
        What the served model says of the validation rows.

    Raises:
        ModelError: the export does not agree with torch.
    """
    checkpoint = out / "checkpoint"
    _save(tuned, checkpoint)
    write_bundle(out, checkpoint, wide=tuned.wide, texts=training.texts)
    served = Classifier.load(out)
    parts = Parts(*served.parts(validation.texts))
    served.close()
    choice = choose(parts, validation.labels, tuned.several)
    if not choice.wide_share:
        (out / "ngrams.npz").unlink(missing_ok=True)
    write_config(out, checkpoint, readout_of(choice, tuned.names, parts, validation.labels))
    return parts


def readout_of(choice: Choice, names: tuple[str, ...], parts: Parts, gold: Gold) -> Readout:
    """What was chosen, as it is served.

    A model of emotions has no classes of its own. Those that follow from its emotions are
    calibrated on the rows whose labels speak for one class more than for any other.

    Args:
        choice: of thresholds, or of a calibration.
        names: of the labels.
        parts: of the validation rows.
        gold: their labels, [shape=(n, len(names))].
    """
    if choice.weights is not None and choice.bias is not None:
        return Readout(
            emotions=(),
            classes=names,
            thresholds=np.zeros(0, np.float32),
            neutral_threshold=1.0,
            wide_share=choice.wide_share,
            weights=choice.weights,
            bias=choice.bias,
            ambiguous_below=AMBIGUOUS_BELOW,
        )
    if choice.thresholds is None:
        raise ValueError("neither thresholds nor a calibration were chosen")
    scale = Scale(choice.thresholds, _NEUTRAL_THRESHOLD)
    classes, clear = gold_classes(gold)
    distribution = coarse_distribution(parts.mixed(choice.wide_share)[clear], scale)
    size = len(LABEL_SETS["seven"].labels)
    weights, bias = np.eye(size, dtype=np.float32), np.zeros(size, np.float32)
    if len(classes):
        weights, bias = fit_calibration(distribution, classes)
    return Readout(
        emotions=names,
        classes=(),
        thresholds=choice.thresholds,
        neutral_threshold=_NEUTRAL_THRESHOLD,
        wide_share=choice.wide_share,
        weights=weights,
        bias=bias,
        ambiguous_below=AMBIGUOUS_BELOW,
    )


def _save(tuned: Finetuned, folder: Path) -> None:
    start = tuned.start
    kind, length = start.tokenizer_kind, start.tokenizer.max_length
    save_checkpoint(folder, tuned.model, start.files, kind, length, {tuned.head: tuned.names})
