"""Writes a trained model as the folder that `core.emotion.bundle` reads."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.emotion.bundle import FORMAT, config_version, file_digests
from core.emotion.labels import FINE
from core.emotion.mapping import Scale
from core.emotion.ngrams import NgramModel
from scripts.training.graph import export_int8
from scripts.training.model import MoodEncoder

__all__ = ["Tuning", "quantised", "write_bundle", "write_config"]


@dataclass(frozen=True)
class Tuning:
    """What is chosen on the validation rows; see `core.emotion.bundle.ModelConfig`."""

    wide_share: float
    scale: Scale


def write_bundle(
    folder: Path, model: MoodEncoder, vocabulary: Path, wide: NgramModel, tuning: Tuning
) -> None:
    """Write all files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(vocabulary, folder / "pieces.model")
    export_int8(model, folder / "encoder.onnx")
    small = quantised(wide)
    np.savez_compressed(
        folder / "ngrams.npz",
        keys=small.keys,
        idf=small.idf.astype(np.float16),
        weights=small.weights,
        bias=small.bias,
        scale=small.scale,
    )
    write_config(folder, model.config.max_position_embeddings, tuning)


def write_config(folder: Path, max_length: int, tuning: Tuning) -> None:
    """Write `config.json` for the other files in `folder`."""
    config: dict[str, Any] = {
        "format": FORMAT,
        "max_length": max_length,
        "wide_share": round(tuning.wide_share, 3),
        "sharpness": round(tuning.scale.sharpness, 3),
        "bias": [round(float(value), 3) for value in tuning.scale.bias],
        "neutral_threshold": round(tuning.scale.neutral, 3),
        "labels": list(FINE),
        "thresholds": [round(float(value), 3) for value in tuning.scale.thresholds],
        "files": file_digests(folder),
    }
    config = {"version": config_version(config), **config}
    text = json.dumps(config, ensure_ascii=False, indent=2)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def quantised(wide: NgramModel) -> NgramModel:
    """The same model with int8 weights and one scale a label."""
    weights = wide.weights.astype(np.float32)
    scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-8).astype(np.float32)
    return NgramModel(
        keys=wide.keys,
        idf=wide.idf.astype(np.float16).astype(np.float32),
        weights=np.round(weights / scale).astype(np.int8),
        bias=wide.bias,
        scale=scale,
    )
