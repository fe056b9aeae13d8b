"""What a served model says of many texts, as arrays to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.bundle import ModelBundle, load_bundle
from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, NEUTRAL
from core.emotion.normalise import has_words, normalise
from core.emotion.readout import Readout
from core.emotion.torch_encoder import open_checkpoint

__all__ = ["Judged", "Readings"]

Array = npt.NDArray[np.float32]

_AT_ONCE: Final = 256  # texts


@dataclass(frozen=True, eq=False)
class Readings:
    """Of n texts; k is the number of the model's classes.

    Attributes:
        fine: scores over `labels.FINE`, [shape=(n, 44)]; zeros where the model has none.
        raw: the distribution over the model's classes before calibration, [shape=(n, k)].
        classes: after it, [shape=(n, k)].
        coarse: the distribution over `labels.COARSE`, [shape=(n, 7)].
        coarse_raw: likewise, before calibration.
        valence: -1 to 1, [shape=(n,)].
        ambiguous: whether no class is sure enough, [shape=(n,)].
    """

    fine: Array
    raw: Array
    classes: Array
    coarse: Array
    coarse_raw: Array
    valence: Array
    ambiguous: npt.NDArray[np.bool_]


class Judged:
    """A model that is judged by what it serves.

    Attributes:
        readout: what its outputs mean.
    """

    def __init__(self, bundle: ModelBundle) -> None:
        """Judge a loaded bundle; `load` reads one."""
        self._bundle = bundle
        self._classifier = Classifier(bundle)
        self.readout: Readout = bundle.config.readout

    @classmethod
    def load(cls, source: Path | str) -> "Judged":
        """Load a model; see `bundle.load_bundle`.

        Raises:
            ModelError: there is none, or it cannot be read.
        """
        return cls(load_bundle(source))

    def in_float(self, checkpoint: Path) -> "Judged":
        """The same model with its encoder in torch, in fp32.

        Args:
            checkpoint: the folder of what it was exported from.

        Raises:
            OSError: a file is missing or cannot be read.
            ValueError: it has other labels, or cannot be read.
        """
        model = open_checkpoint(checkpoint)
        if (model.emotions, model.classes) != (self.readout.emotions, self.readout.classes):
            raise ValueError(f"{checkpoint} has other labels than the model")
        return Judged(replace(self._bundle, encoder=model.encoder))

    def read(self, texts: Sequence[str]) -> Readings:
        """What the model says of each text; where there is nothing to read, no emotion."""
        readable = [i for i, text in enumerate(texts) if has_words(normalise(text))]
        probabilities = np.tile(self._nothing(), (len(texts), 1))
        for start in range(0, len(readable), _AT_ONCE):
            chunk = readable[start : start + _AT_ONCE]
            parts = self._classifier.parts([texts[i] for i in chunk])
            probabilities[chunk] = self.readout.mixed(*parts)
        return self._readings(probabilities)

    def embeddings(self, texts: Sequence[str]) -> Array:
        """Sentence embeddings of texts in which there is something to read, [shape=(n, d)]."""
        vectors = []
        for start in range(0, len(texts), _AT_ONCE):
            for reading in self._classifier.read_now(texts[start : start + _AT_ONCE]):
                if reading is None:
                    raise ValueError("a text without a word has no embedding")
                vectors.append(reading.embedding)
        return np.stack(vectors)

    def _nothing(self) -> Array:
        """The probabilities of no emotion, [shape=(outputs,)]."""
        probabilities = np.zeros(self.readout.outputs, np.float32)
        k = len(self.readout.classes)
        if k:
            neutral = [label == COARSE[NEUTRAL] for label in self.readout.classes]
            probabilities[-k:] = neutral if any(neutral) else 1 / k
        return probabilities

    def _readings(self, probabilities: Array) -> Readings:
        readout = self.readout
        k = len(readout.label_set.labels)
        plain = replace(readout, weights=np.eye(k, dtype=np.float32), bias=np.zeros(k, np.float32))
        raw, classes = plain.distribution(probabilities), readout.distribution(probabilities)
        scores = readout.scores(probabilities)
        return Readings(
            fine=np.stack([s.fine for s in scores]),
            raw=raw,
            classes=classes,
            coarse=classes @ readout.label_set.to_coarse,
            coarse_raw=raw @ readout.label_set.to_coarse,
            valence=np.array([s.valence for s in scores], np.float32),
            ambiguous=np.array([s.ambiguous for s in scores], np.bool_),
        )
