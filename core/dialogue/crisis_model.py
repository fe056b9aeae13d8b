"""The statistical part of the crisis check: what oblique sentences have in common.

A softmax regression over hashed character n-grams (`core.emotion.ngrams`), with one output for
each of `CLASSES`. It reads sentences in which the floor's idioms are masked, as in training, and
rests on no other model. `scripts/train_crisis.py` writes its file.
"""

import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np

from core.emotion.ngrams import NgramModel
from core.errors import DialogueError
from core.files import replacing
from core.models import CrisisKind, CrisisLevel

__all__ = ["CLASSES", "CrisisModel", "Judgement", "Thresholds"]

_KINDS: Final = (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE, CrisisKind.THIRD_PERSON)
CLASSES: Final = (*(kind.value for kind in _KINDS), "low", "none")
"""The classes in the order of the outputs: the kinds of danger, low mood, anything else."""

_LOW: Final = CLASSES.index("low")


@dataclass(frozen=True)
class Judgement:
    """What the model makes of a message.

    Attributes:
        level: of the sentence that worries most.
        kind: of danger; None unless the level is CRISIS.
        suspected: the kind of danger that is worth asking about; None where the level is CRISIS,
            or danger is unlikely.
        danger: the probability of any danger, 0 to 1.
        low: the probability of low mood or of danger, 0 to 1.
    """

    level: CrisisLevel
    kind: CrisisKind | None
    suspected: CrisisKind | None
    danger: float
    low: float


class Thresholds(NamedTuple):
    """From which probability on the model speaks up.

    Attributes:
        danger: of danger, for the level CRISIS.
        ask: of danger, for it to be asked about; the level is LOW then.
        low: of low mood or danger, for the level LOW.
    """

    danger: float
    ask: float
    low: float

    def checked(self) -> Self:
        """These.

        Raises:
            ValueError: they are no probabilities above 0, or what is a crisis is not asked about.
        """
        if not (all(0 < value <= 1 for value in self) and self.ask <= self.danger):
            raise ValueError(f"the thresholds {tuple(self)} do not fit")
        return self


class CrisisModel:
    """Judges sentences by their character n-grams."""

    def __init__(self, ngrams: NgramModel, thresholds: Thresholds) -> None:
        """Args:
        ngrams: with one output for each of `CLASSES`.
        thresholds: what its probabilities are measured by.

        Raises:
            ValueError: the outputs are not those of `CLASSES`, or the thresholds do not fit.
        """
        if len(ngrams.bias) != len(CLASSES):
            raise ValueError(f"{len(ngrams.bias)} outputs for {len(CLASSES)} classes")
        self._ngrams = ngrams
        self._thresholds = thresholds.checked()

    @classmethod
    def load(cls, path: Path) -> Self:
        """The model in a file of `save`.

        Raises:
            DialogueError: the file is missing, damaged or does not fit.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as entries:
                ngrams = NgramModel(
                    keys=entries["keys"],
                    idf=entries["idf"].astype(np.float32),
                    weights=entries["weights"],
                    bias=entries["bias"],
                    scale=entries["scale"],
                )
                return cls(ngrams, Thresholds(*map(float, entries["thresholds"])))
        except OSError as error:
            raise DialogueError(f"{path} cannot be read: {error.strerror or error}") from error
        except (EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:
            raise DialogueError(f"{path} is no crisis model that fits: {error}") from error

    def save(self, path: Path, trained_on: str) -> None:
        """Write the file; `trained_on` is kept in it as it is."""
        with replacing(path) as file:
            np.savez_compressed(
                file,
                keys=self._ngrams.keys,
                idf=self._ngrams.idf.astype(np.float16),
                weights=self._ngrams.weights,
                bias=self._ngrams.bias,
                scale=self._ngrams.scale,
                thresholds=np.array(self._thresholds),
                trained_on=np.array(trained_on),
            )

    def judge(self, sentences: Sequence[str]) -> Judgement:
        """The most worrying of `sentences`, one or more, with the idioms masked."""
        found = [self._judge_one(row) for row in self._ngrams.logits_of(sentences).tolist()]
        danger, kind = max(found, key=lambda one: one[0])[:2]
        low = max(one[2] for one in found)
        if danger >= self._thresholds.danger:
            return Judgement(CrisisLevel.CRISIS, kind, None, danger, low)
        if danger >= self._thresholds.ask:
            return Judgement(CrisisLevel.LOW, None, kind, danger, low)
        level = CrisisLevel.LOW if low >= self._thresholds.low else CrisisLevel.NONE
        return Judgement(level, None, None, danger, low)

    @staticmethod
    def _judge_one(logits: Sequence[float]) -> tuple[float, CrisisKind, float]:
        """The probability of danger, its likeliest kind, and the probability of danger or low."""
        highest = max(logits)
        powers = [math.exp(logit - highest) for logit in logits]  # five numbers: no array pays
        total = sum(powers)
        danger = sum(powers[: len(_KINDS)])
        kind = max(zip(powers, _KINDS, strict=False))[1]
        return danger / total, kind, (danger + powers[_LOW]) / total
