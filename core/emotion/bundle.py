"""The files of a bundled emotion model, read and checked against each other.

config.json     what the numbers mean (see `ModelConfig`)
pieces.model    SentencePiece vocabulary
encoder.onnx    int8 encoder for packed rows: ids, positions, segments -> logits
ngrams.npz      int8 weights of the n-gram part
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import onnxruntime

from core.emotion.labels import FINE
from core.emotion.mapping import Scale
from core.emotion.ngrams import NgramModel
from core.emotion.tokenizer import Tokenizer
from core.errors import ModelError

__all__ = [
    "FORMAT",
    "ModelBundle",
    "ModelConfig",
    "config_version",
    "file_digests",
    "load_bundle",
]

FORMAT: Final = 1
"""Of the folder; a model of another format is refused."""

FILES: Final = ("pieces.model", "encoder.onnx", "ngrams.npz")


@dataclass(frozen=True)
class ModelConfig:
    """What stands in `config.json`.

    Attributes:
        version: changes with anything that changes a score.
        max_length: the most ids in one window, with [CLS] and [SEP].
        wide_share: the n-gram part's share of a fine score, 0 to 1.
        scale: of the scores.
    """

    version: str
    max_length: int
    wide_share: float
    scale: Scale

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a number is out of its range.
        """
        if not 0 <= self.wide_share <= 1:
            raise ValueError(f"the n-gram share is {self.wide_share}, not from 0 to 1")
        if not self.max_length >= 3:
            raise ValueError(f"windows of {self.max_length} ids hold no text")

    @property
    def outputs(self) -> int:
        """The encoder's logits: the fine emotions, and no emotion."""
        return len(FINE) + 1


@dataclass(frozen=True, eq=False)
class ModelBundle:
    """A model ready to serve."""

    config: ModelConfig
    tokenizer: Tokenizer
    session: onnxruntime.InferenceSession
    ngrams: NgramModel


def load_bundle(folder: Path) -> ModelBundle:
    """Read and check the files in `folder`.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the others.
    """
    for name in ("config.json", *FILES):
        if not (folder / name).is_file():
            raise ModelError(f"the emotion model in {folder} has no {name}")
    try:
        config = _read_config(folder)
        tokenizer = Tokenizer(folder / "pieces.model", config.max_length)
        session = _open_session(folder / "encoder.onnx")
        ngrams = _read_ngrams(folder / "ngrams.npz")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, BadZipFile) as error:
        raise ModelError(f"the emotion model in {folder} cannot be read: {error}") from error
    found = [session.get_outputs()[0].shape[-1] - 1, len(ngrams.bias), len(config.scale.thresholds)]
    if found != [len(FINE)] * 3:
        raise ModelError(f"the emotion model in {folder} has {found} labels, not {len(FINE)}")
    return ModelBundle(config, tokenizer, session, ngrams)


def file_digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that the configuration belongs to."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def config_version(raw: Mapping[str, Any]) -> str:
    """The version of a model: a digest of its configuration, which holds those of its files."""
    content = {name: value for name, value in raw.items() if name != "version"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read_config(folder: Path) -> ModelConfig:
    raw: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if raw["format"] != FORMAT:
        raise ModelError(f"{folder} has format {raw['format']}, this version reads {FORMAT}")
    if tuple(raw["labels"]) != FINE:
        raise ModelError(f"{folder} names other labels than this version knows")
    if raw["files"] != file_digests(folder) or raw["version"] != config_version(raw):
        raise ModelError(f"the emotion model in {folder} is damaged, or mixed from two models")
    return ModelConfig(
        version=raw["version"],
        max_length=int(raw["max_length"]),
        wide_share=float(raw["wide_share"]),
        scale=Scale(
            thresholds=np.array(raw["thresholds"], np.float32),
            neutral=float(raw["neutral_threshold"]),
            sharpness=float(raw["sharpness"]),
            bias=np.array(raw["bias"], np.float32),
        ),
    )


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread a session: two slow each other down on a busy host, and the event loop needs one.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exception types are not public
        raise ModelError(f"{path} is no model that ONNX Runtime can open: {error}") from error


def _read_ngrams(path: Path) -> NgramModel:
    with np.load(path, allow_pickle=False) as arrays:
        return NgramModel(
            keys=arrays["keys"],
            idf=arrays["idf"].astype(np.float32),
            weights=arrays["weights"],
            bias=arrays["bias"].astype(np.float32),
            scale=arrays["scale"].astype(np.float32),
        )
