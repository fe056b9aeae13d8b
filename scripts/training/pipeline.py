"""From an encoder and labelled rows to a fine-tuned model: training, n-gram part, choices."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from core.emotion.ngrams import NgramModel
from core.emotion.tokenizer import TextTokenizer
from scripts.training.choice import Parts, mean_average_precision, to_probabilities
from scripts.training.datasets import Dataset, DatasetError
from scripts.training.encoders import Start, with_heads
from scripts.training.hardware import best_device
from scripts.training.metrics import macro_f1
from scripts.training.model import MoodEncoder
from scripts.training.run import SavedRun, TrainConfig, TrainResult
from scripts.training.tasks import LabelTask, head_logits
from scripts.training.trainer import train
from scripts.training.wide import fit_wide, wide_logits

__all__ = ["Finetuned", "Settings", "default_epochs", "default_learning_rate", "finetune_model"]


@dataclass(frozen=True)
class Settings:
    """How a model is fine-tuned.

    Attributes:
        train: the loop's; see `TrainConfig`.
        batch: rows a step.
        dropout: of the hidden states, the attention and the pooled vector.
        smoothing: see `LabelTask`.
        ngrams: whether an n-gram part is fitted beside the encoder.
    """

    train: TrainConfig
    batch: int = 32
    dropout: float = 0.1
    smoothing: float = 0.0
    ngrams: bool = True

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a setting is out of its range.
        """
        if self.batch < 1 or not 0 <= self.dropout < 1 or not 0 <= self.smoothing < 1:
            raise ValueError(
                f"a batch of {self.batch}, a dropout of {self.dropout} or a smoothing of "
                f"{self.smoothing} is out of range"
            )


@dataclass(frozen=True, eq=False)
class Finetuned:
    """A model that was fine-tuned, in float and with nothing chosen yet.

    Attributes:
        model: with one head.
        head: "emotions", where several labels may hold, or "classes".
        names: of the labels.
        wide: the n-gram part; None where none was asked for.
        start: what it began as; its tokenizer is the model's.
        training: what came of the loop.
    """

    model: MoodEncoder
    head: str
    names: tuple[str, ...]
    wide: NgramModel | None
    start: Start
    training: TrainResult

    @property
    def several(self) -> bool:
        """Whether several labels may hold."""
        return self.head == "emotions"

    def parts(self, texts: Sequence[str]) -> Parts:
        """What the parts say of normalised texts, by torch."""
        model = self.model.to(best_device())
        logits = head_logits(model, self.start.tokenizer, texts)[self.head]
        model.cpu()
        wide = None if self.wide is None else wide_logits(self.wide, texts)
        return Parts(
            to_probabilities(logits, self.several),
            None if wide is None else to_probabilities(wide, self.several),
        )


def default_learning_rate(width: int) -> float:
    """The peak by the width of the encoder: wide ones are longer pre-trained and break sooner.

    2e-4 up to 384, 5e-5 up to 768 (BERT-base; Devlin et al. 2019), else 2e-5.
    """
    return 2e-4 if width <= 384 else 5e-5 if width <= 768 else 2e-5


def default_epochs(rows: int) -> int:
    """Epochs over so many training rows, 2 to 8: about 600 / sqrt(rows).

    With the bundled encoder 5,300 rows gained 1.5 points of macro-F1 from 8 epochs in place of 4,
    9,300 rows nothing to speak of, and of 4 epochs over 30,000 rows the first was the best.
    """
    return min(8, max(2, round(600 / math.sqrt(rows))))


def finetune_model(
    start: Start,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    saved: SavedRun | None = None,
) -> Finetuned:
    """Fine-tune an encoder and fit the n-gram part beside it.

    Args:
        start: left as it is.
        training: what both are fitted to; not empty.
        validation: rows of the same labels, for early stopping; not empty.
        settings: how.
        saved: where the loop's checkpoints are kept; what shapes the run is added to its
            fingerprint.

    Raises:
        DatasetError: all rows have the same labels.
        ModelError: the checkpoint is damaged, or of another run.
    """
    head = "emotions" if training.several else "classes"
    task = LabelTask(
        [start.tokenizer.windows(text)[0] for text in training.texts],
        {head: training.labels},
        start.tokenizer.pad_id,
        settings.batch,
        exclusive=frozenset({"classes"}),
        smoothing=settings.smoothing,
    )
    if saved is not None:
        shape = _fingerprint(start, training, validation, settings)
        saved = replace(saved, fingerprint=f"{saved.fingerprint} {shape}")
    result = train(
        with_heads(start, {head: training.names}, settings.dropout),
        [task],
        settings.train,
        score=_Score(start.tokenizer, head, validation),
        saved=saved,
        name="fine-tuning",
    )
    wide = _fit_wide(training) if settings.ngrams else None
    return Finetuned(result.model, head, training.names, wide, start, result)


@dataclass(frozen=True, eq=False)
class _Score:
    """Mean average precision where several labels may hold, else the macro-F1."""

    tokenizer: TextTokenizer
    head: str
    rows: Dataset

    def __call__(self, model: MoodEncoder) -> float:
        logits = head_logits(model, self.tokenizer, self.rows.texts)[self.head]
        if self.rows.several:
            return mean_average_precision(self.rows.labels, to_probabilities(logits, several=True))
        decided = logits.argmax(axis=1)[:, None] == np.arange(logits.shape[1])
        return macro_f1(self.rows.labels > 0, decided)


def _fit_wide(rows: Dataset) -> NgramModel:
    if not (rows.labels != rows.labels[0]).any():
        raise DatasetError("all rows have the same labels: there is nothing to tell apart")
    return fit_wide(rows.texts, rows.labels)


def _fingerprint(start: Start, *parts: Any) -> str:
    digest = hashlib.sha256(f"{start.digest} {start.model.pooling}".encode())
    for part in parts:
        if isinstance(part, Dataset):
            digest.update("\n".join([*part.names, *part.texts]).encode())
            digest.update(part.labels.tobytes())
        else:
            digest.update(json.dumps(asdict(part), sort_keys=True).encode())
    digest.update(str(start.tokenizer.max_length).encode())
    return digest.hexdigest()
