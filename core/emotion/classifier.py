"""The emotion model at run time: texts to readings, on one inference thread.

Two readings of a text are mixed: an encoder over its pieces (deep) and a linear model over its
character n-grams (wide). A text longer than the encoder's window is read in windows, and the
windows are averaged by their length.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from core.emotion.batching import Batcher, Passage
from core.emotion.bundle import ModelBundle, load_bundle
from core.emotion.encoders import unit_length
from core.emotion.normalise import has_words, normalise
from core.models import EmotionScores, Reading

__all__ = ["Classifier"]

Array = npt.NDArray[np.float32]


class Classifier:
    """Reads texts; implements `core.ports.EmotionClassifier`."""

    def __init__(self, bundle: ModelBundle) -> None:
        """Serve a loaded bundle; `load` reads one from a folder."""
        self._bundle = bundle
        self._reader = _BundleReader(bundle)
        self._batcher = Batcher(self._reader)

    @classmethod
    def load(cls, source: Path | str) -> Self:
        """Load a model from a folder, or as a string from the hub; see `bundle.load_bundle`.

        Raises:
            ModelError: a file is missing, damaged, or does not fit the others; or the hub cannot
                be reached.
        """
        return cls(load_bundle(source))

    def close(self) -> None:
        """Fail who waits with a RuntimeError, finish what is being read, and end the thread."""
        self._batcher.close()

    @property
    def version(self) -> str:
        """The model's version, which changes with its weights."""
        return self._bundle.config.version

    @property
    def thresholds(self) -> Array:
        """Above which a fine emotion counts as present, [shape=(44,)]; empty without emotions."""
        return self._bundle.config.readout.thresholds

    async def classify(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        """The scores of each text, None where nothing can be read; off the event loop.

        Raises:
            BusyError: too many texts wait already; see `batching.Batcher.read`.
            RuntimeError: the model is closed, or failed on these texts.
        """
        return _scores(await self.read(texts))

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """Scores and sentence embedding of each text, None where nothing can be read; off the
        event loop, batched with what other callers ask.

        A score may differ by rounding with the texts read beside it: by 0.001 at most among 400
        everyday sentences read at once and alone.

        Raises:
            BusyError: too many texts wait already; see `batching.Batcher.read`.
            RuntimeError: the model is closed, or failed on these texts.
        """
        return await self._batcher.read(texts)

    def read_now(self, texts: Sequence[str]) -> list[Reading | None]:
        """As `read`, in the calling thread, any number of texts."""
        passages = [self._reader.prepare(text) for text in texts]
        readable = [passage for passage in passages if passage.rows]
        if not readable:
            return [None] * len(passages)
        self._reader.fill(readable)
        readings = iter(self._reader.readings(readable))
        return [next(readings) if passage.rows else None for passage in passages]

    def scores(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        """As `classify`, in the calling thread, any number of texts."""
        return _scores(self.read_now(texts))

    def parts(self, texts: Sequence[str]) -> tuple[Array, Array | None]:
        """What the readout mixes; in the calling thread.

        Args:
            texts: each has something to read.

        Returns:
            The probabilities that the encoder gives, and those of the n-gram part or None where
            the model has none, [shape=(n, outputs)] each: emotions, then classes.
        """
        passages = [self._reader.prepare(text) for text in texts]
        self._reader.fill(passages)
        return self._reader.deep(passages), self._reader.wide(passages)


class _BundleReader:
    """What a bundle makes of passages; implements `batching.Reader`."""

    def __init__(self, bundle: ModelBundle) -> None:
        self._tokenizer = bundle.tokenizer
        self._ngrams = bundle.ngrams
        self._readout = bundle.config.readout
        self.encode = bundle.encoder.encode

    def prepare(self, text: str) -> Passage:
        clean = normalise(text)
        return Passage(clean, self._tokenizer.windows(clean) if has_words(clean) else [])

    def fill(self, passages: Sequence[Passage]) -> None:
        """Encode all windows of the passages."""
        places = [(passage, i) for passage in passages for i in range(len(passage.rows))]
        logits, embeddings = self.encode([passage.rows[i] for passage, i in places])
        for (passage, i), *outputs in zip(places, logits, embeddings, strict=True):
            passage.outputs[i] = (outputs[0], outputs[1])

    def readings(self, passages: Sequence[Passage]) -> list[Reading]:
        probabilities = self._readout.mixed(self.deep(passages), self.wide(passages))
        embeddings = _by_passage(passages, _stacked(passages, 1))
        if any(len(passage.rows) > 1 for passage in passages):
            embeddings = unit_length(embeddings)
        scores = self._readout.scores(probabilities)
        return [Reading(*pair) for pair in zip(scores, embeddings, strict=True)]

    def deep(self, passages: Sequence[Passage]) -> Array:
        """Probabilities by the encoder, [shape=(n, outputs)]."""
        return _by_passage(passages, self._readout.activated(_stacked(passages, 0)))

    def wide(self, passages: Sequence[Passage]) -> Array | None:
        """Probabilities by the n-gram part, [shape=(n, outputs)]; None where there is none."""
        if self._ngrams is None:
            return None
        return self._readout.activated(self._ngrams.logits_of([p.text for p in passages]))


def _stacked(passages: Sequence[Passage], part: int) -> Array:
    """One of the outputs of all windows, in their order, [shape=(windows, k)]."""
    return np.stack([p.outputs[i][part] for p in passages for i in range(len(p.rows))])


def _by_passage(passages: Sequence[Passage], values: Array) -> Array:
    """The mean of each passage's windows by their length, (windows, k) -> (passages, k)."""
    counts = [len(passage.rows) for passage in passages]
    if len(values) == len(counts):
        return values
    weights = np.array([len(row) for p in passages for row in p.rows], np.float32)[:, None]
    starts = np.cumsum([0, *counts[:-1]])
    sums = np.add.reduceat(values * weights, starts, axis=0)
    return np.asarray(sums / np.add.reduceat(weights, starts, axis=0), np.float32)


def _scores(readings: Sequence[Reading | None]) -> list[EmotionScores | None]:
    return [reading.scores if reading else None for reading in readings]
