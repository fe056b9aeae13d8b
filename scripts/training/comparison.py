"""Models on the same folds: how well they read, and what they cost."""

import hashlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.bundle import read_config
from core.emotion.classifier import Classifier
from core.emotion.readout import Readout
from scripts.training.datasets import Dataset, DatasetError
from scripts.training.encoders import Start, load_start
from scripts.training.metrics import best_thresholds
from scripts.training.pipeline import (
    Settings,
    default_epochs,
    default_learning_rate,
    finetune_model,
)
from scripts.training.rivals import FittedModel, Rival, fit_gru, fit_lightgbm, fit_tfidf
from scripts.training.run import TrainConfig
from scripts.training.scoring import summary
from scripts.training.serving import write_model
from scripts.training.tfidf import TFIDF

__all__ = ["Contender", "compare", "contenders", "folds_of", "markdown_table"]

_TIMED: Final = 100
"""Messages that are classified one at a time to see how long one takes."""
_STOPPED_BY: Final = 10
"""One training row in so many is kept back for early stopping and the choices of an encoder."""

Array = npt.NDArray[np.float32]
Figures = dict[str, Any]
"""Plain numbers by name; None where there is none."""


@dataclass(frozen=True)
class Contender:
    """A model to be compared, by the name it has in the table."""

    name: str
    fit: Rival


@dataclass(frozen=True, eq=False)
class _Served:
    """An encoder as it is served."""

    classifier: Classifier
    readout: Readout
    megabytes: float

    def probabilities(self, texts: Sequence[str]) -> Array:
        """See `FittedModel`."""
        mixed = self.readout.mixed(*self.classifier.parts(texts))
        return mixed if self.readout.emotions else self.readout.distribution(mixed)


def contenders(
    models: Sequence[str], encoders: Sequence[str], bundled: str, epochs: int | None = None
) -> list[Contender]:
    """The models asked for, in the order of the table.

    Args:
        models: of tfidf, lightgbm, gru and bundled.
        encoders: folders or hub ids.
        bundled: the folder of the bundled model; its vocabulary is also the GRU's.
        epochs: of encoders; None takes `pipeline.default_epochs`.

    Raises:
        ModelError: an encoder cannot be used.
    """
    chosen = []
    if "tfidf" in models:
        chosen.append(Contender(TFIDF, fit_tfidf))
    if "lightgbm" in models:
        chosen.append(Contender("LightGBM over morphemes", fit_lightgbm))
    if "gru" in models:
        tokenizer = load_start(bundled).tokenizer
        chosen.append(Contender("GRU", partial(fit_gru, tokenizer)))
    names = [*(["bundled"] if "bundled" in models else []), *encoders]
    for name in names:
        start = load_start(bundled if name == "bundled" else name)
        shown = name if name == "bundled" or not Path(name).is_dir() else Path(name).name
        chosen.append(Contender(shown, partial(_fit_encoder, start, epochs)))
    return chosen


def compare(
    rows: Dataset, chosen: Sequence[Contender], folds: int, seed: int
) -> dict[str, Figures]:
    """What each model scores and costs.

    Args:
        rows: each text once.
        chosen: the models.
        folds: how many.
        seed: of everything that is random.

    Returns:
        By the model's name: macro-F1 (and its standard deviation over the folds), micro-F1,
        precision and recall (macro), size in MB (None where there is no file of it), seconds to
        train on a fold's rows, milliseconds to classify one message.

    Raises:
        DatasetError: a fold has no rows.
    """
    fold = folds_of(rows.texts, folds)
    if folds < 2 or len(np.unique(fold)) < folds:
        raise DatasetError(f"{len(rows.texts)} rows cannot be dealt out to {folds} folds")
    return {model.name: _judge(rows, model.fit, fold, seed) for model in chosen}


def folds_of(texts: Sequence[str], folds: int, salt: str = "fold") -> npt.NDArray[np.intp]:
    """The fold of each normalised text, 0 to folds - 1: a fixed property of the text.

    Folds by another `salt` have nothing to do with these.
    """
    digests = [hashlib.sha256(f"{salt} {text}".encode()).digest() for text in texts]
    return np.array([int.from_bytes(digest[:8], "big") % folds for digest in digests])


def markdown_table(results: Mapping[str, Figures]) -> str:
    """The results as a table, the best macro-F1 last; n/a for what there is none of."""
    lines = [
        "| model | macro-F1 | micro-F1 | precision | recall | MB | training (s) | ms a message |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in sorted(results.items(), key=lambda item: item[1]["macro-F1"]):
        lines.append(
            f"| {name} | {row['macro-F1']:.3f} ± {row['macro-F1 deviation']:.3f} "
            f"| {row['micro-F1']:.3f} | {row['macro precision']:.3f} | {row['macro recall']:.3f} "
            f"| {_size(row['MB'])} | {row['training s']:.0f} | {row['ms a message']:.2f} |"
        )
    return "\n".join(lines)


def _size(megabytes: float | None) -> str:
    return "n/a" if megabytes is None else f"{megabytes:.1f}"


def _judge(rows: Dataset, fit: Rival, fold: npt.NDArray[np.intp], seed: int) -> Figures:
    scores = np.empty(rows.labels.shape, np.float32)
    costs = []
    for number in np.unique(fold):
        held = fold == number
        texts = rows.where(held).texts
        begin = time.perf_counter()
        model = fit(rows.where(~held), seed)
        seconds = time.perf_counter() - begin
        scores[held] = model.probabilities(texts)
        costs.append((model.megabytes, seconds, _milliseconds(model, texts[:_TIMED])))
    decided = _decisions(rows, scores, fold)
    gold = rows.labels > 0
    of_folds = [
        summary(gold[fold == number], decided[fold == number], rows.several)["macro-F1"]
        for number in np.unique(fold)
    ]
    figures = summary(gold, decided, rows.several)
    sizes = [megabytes for megabytes, _, _ in costs if megabytes is not None]
    return figures | {
        "macro-F1 deviation": float(np.std(of_folds)),
        "MB": float(np.mean(sizes)) if sizes else None,
        "training s": float(np.mean([seconds for _, seconds, _ in costs])),
        "ms a message": float(np.mean([milliseconds for _, _, milliseconds in costs])),
    }


def _decisions(rows: Dataset, scores: Array, fold: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    if not rows.several:
        return np.asarray(np.eye(len(rows.names), dtype=np.bool_)[scores.argmax(axis=1)])
    decided = np.empty(scores.shape, np.bool_)
    for number in np.unique(fold):
        held = fold == number
        decided[held] = scores[held] > best_thresholds(rows.labels[~held] > 0, scores[~held])
    return decided


def _milliseconds(model: FittedModel, texts: Sequence[str]) -> float:
    model.probabilities(texts[:1])  # what is made on first use does not count
    times = []
    for text in texts:
        begin = time.perf_counter()
        model.probabilities([text])
        times.append(time.perf_counter() - begin)
    return 1000 * float(np.median(times))


def _fit_encoder(start: Start, epochs: int | None, rows: Dataset, seed: int) -> FittedModel:
    kept = folds_of(rows.texts, _STOPPED_BY, "kept back") == 0
    rate = default_learning_rate(start.model.config.hidden_size)
    epochs = epochs or default_epochs(int((~kept).sum()))
    settings = Settings(TrainConfig(epochs=epochs, learning_rate=rate, seed=seed))
    tuned = finetune_model(start, rows.where(~kept), rows.where(kept), settings)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "model"
        write_model(tuned, rows.where(~kept), rows.where(kept), out)
        megabytes = sum(file.stat().st_size for file in out.iterdir() if file.is_file()) / 1e6
        return _Served(Classifier.load(out), read_config(out).readout, megabytes)
