"""The emotion model at run time: ONNX Runtime, no torch, one inference thread.

Two readings of a text are averaged: a compact BERT over its pieces (deep) and a linear model over
its character n-grams (wide). A text longer than the encoder's window is read in windows, and the
windows are averaged by their length.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import onnxruntime

from core.emotion.bundle import ModelBundle, load_bundle
from core.emotion.mapping import sigmoid, to_scores
from core.emotion.normalise import has_words, normalise
from core.models import EmotionScores

__all__ = ["OnnxClassifier"]

# Tokens in one packed run: attention is quadratic in them, and beyond about this many a longer
# row costs more than a second run.
_RUN_TOKENS: Final = 192


class OnnxClassifier:
    """Reads the emotion of texts; implements `core.ports.EmotionClassifier`."""

    def __init__(self, bundle: ModelBundle) -> None:
        """Serve a loaded bundle; `load` reads one from a folder."""
        self._bundle = bundle
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="emotion")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load the model in `folder`.

        Raises:
            ModelError: a file is missing, damaged, or does not fit the others.
        """
        return cls(load_bundle(folder))

    def close(self) -> None:
        """Drop what is queued, wait for the reading under way, and end the thread."""
        self._thread.shutdown(cancel_futures=True)

    @property
    def version(self) -> str:
        """The model's version, which changes with its weights."""
        return self._bundle.config.version

    @property
    def thresholds(self) -> npt.NDArray[np.float32]:
        """Above which a fine emotion counts as present, [shape=(44,)]."""
        return self._bundle.config.scale.thresholds

    async def classify(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        """The scores of each text, None where nothing can be read; off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.scores, list(texts))

    def scores(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        """As `classify`, in the calling thread."""
        clean = [normalise(text) for text in texts]
        readable = [i for i, text in enumerate(clean) if has_words(text)]
        results: list[EmotionScores | None] = [None] * len(clean)
        if readable:
            fine, neutral = self.fine_scores([clean[i] for i in readable])
            for i, scores in zip(
                readable, to_scores(fine, neutral, self._bundle.config.scale), strict=True
            ):
                results[i] = scores
        return results

    def fine_scores(
        self, texts: Sequence[str]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """What the coarse distribution is made of; in the calling thread.

        Activations are quantised by the run, so a score depends a little on the texts read with
        it: by up to 0.04 among 583 texts read at once and alone.

        Args:
            texts: normalised, none empty.

        Returns:
            Scores over `labels.FINE` [shape=(n, 44)], and the probability of no emotion
            [shape=(n,)].
        """
        config = self._bundle.config
        windows = [self._bundle.tokenizer.windows(text) for text in texts]
        owner = np.repeat(np.arange(len(texts)), [len(w) for w in windows])
        rows = [row for w in windows for row in w]
        deep = sigmoid(self._encode(rows))  # (windows, 45)
        weights = np.array([len(row) for row in rows], np.float32)
        sums = np.zeros((len(texts), deep.shape[1]), np.float32)
        np.add.at(sums, owner, deep * weights[:, None])
        lengths = np.bincount(owner, weights=weights).astype(np.float32)
        deep = sums / lengths[:, None]
        wide = sigmoid(np.stack([self._bundle.ngrams.logits(text) for text in texts]))
        fine = (1 - config.wide_share) * deep[:, :-1] + config.wide_share * wide
        return fine, deep[:, -1]

    def _encode(self, rows: Sequence[list[int]]) -> npt.NDArray[np.float32]:
        """Logits of each row of ids, (n, 45), in packed runs of rows of similar length."""
        logits = np.empty((len(rows), self._bundle.config.outputs), np.float32)
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        for run in _packed(order, [len(row) for row in rows]):
            logits[run] = _run(self._bundle.session, [rows[i] for i in run])
        return logits


def _packed(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    room = 0
    for i in order:
        if not runs or lengths[i] > room:
            runs.append([])
            room = _RUN_TOKENS
        runs[-1].append(i)
        room -= lengths[i]
    return runs


def _run(
    session: onnxruntime.InferenceSession, rows: Sequence[list[int]]
) -> npt.NDArray[np.float32]:
    lengths = [len(row) for row in rows]
    feeds = {
        "ids": np.concatenate(rows).astype(np.int64),
        "positions": np.concatenate([np.arange(n, dtype=np.int64) for n in lengths]),
        "segments": np.repeat(np.arange(len(rows), dtype=np.int64), lengths),
    }
    logits: npt.NDArray[np.float32] = session.run(["logits"], feeds)[0]
    return logits
