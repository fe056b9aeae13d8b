"""Encoders at run time: rows of ids to logits and sentence embeddings.

`OnnxEncoder` runs a graph for packed rows: several texts stand in one row of tokens behind a
block-diagonal mask, so that there is no padding. Its one thread is the caller's.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime

__all__ = ["RUN_TOKENS", "Encoder", "OnnxEncoder", "by_length", "unit_length"]

Array = npt.NDArray[np.float32]

RUN_TOKENS: Final = 128
"""In one packed run: attention is quadratic in them, and beyond about this many a longer row
costs more than a second run."""


class Encoder(Protocol):
    """Reads rows of ids."""

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
        """What the model makes of each row.

        Args:
            rows: `[CLS] ... [SEP]`, at least one, none empty.

        Returns:
            Logits [shape=(n, outputs)], and sentence embeddings of unit length [shape=(n, d)].
        """
        ...


class OnnxEncoder:
    """A packed graph in ONNX Runtime; implements `Encoder`."""

    def __init__(self, path: Path) -> None:
        """Open the graph.

        Raises:
            ValueError: ONNX Runtime cannot open it.
        """
        options = onnxruntime.SessionOptions()
        # One thread a session: two slow each other down on a busy host, and the event loop needs
        # one.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=providers)
        except Exception as error:  # its exception types are not public
            raise ValueError(f"ONNX Runtime cannot open {path.name}: {error}") from error

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
        """Logits and embeddings of each row, in packed runs; see `Encoder`."""
        if len(rows) == 1:
            return self._run(rows)
        order = by_length(rows)
        parts = [self._run([rows[i] for i in run]) for run in _packed(order, rows)]
        places = np.argsort(order)
        logits = np.concatenate([part[0] for part in parts])[places]
        return logits, np.concatenate([part[1] for part in parts])[places]

    def _run(self, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
        lengths = [len(row) for row in rows]
        feeds = {
            "ids": np.concatenate(rows).astype(np.int64),
            "positions": np.concatenate([np.arange(n, dtype=np.int64) for n in lengths]),
            "segments": np.repeat(np.arange(len(rows), dtype=np.int64), lengths),
        }
        logits, embeddings = self._session.run(["logits", "embedding"], feeds)
        return logits, embeddings


def by_length(rows: Sequence[Sequence[int]]) -> list[int]:
    """The indices of the rows, the shortest first."""
    return sorted(range(len(rows)), key=lambda i: len(rows[i]))


def unit_length(vectors: Array) -> Array:
    """Rows scaled to unit length, [shape=(n, d)]; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _packed(order: Sequence[int], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Runs of at most `RUN_TOKENS`, of rows of like length: long ones with long ones."""
    runs: list[list[int]] = []
    room = 0
    for i in order:
        if not runs or len(rows[i]) > room:
            runs.append([])
            room = RUN_TOKENS
        runs[-1].append(i)
        room -= len(rows[i])
    return runs
