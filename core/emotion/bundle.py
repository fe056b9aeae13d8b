"""The emotion model's folder, read and checked: format 2.

config.json     what the numbers mean (see `ModelConfig` and `readout.Readout`), and digests
encoder.onnx    graph for packed rows: ids, positions, segments -> logits, embedding
ngrams.npz      the n-gram part; a model may be without
                and the tokenizer's files (see `tokenizer.tokenizer_files`)
checkpoint/     the torch checkpoint; serves only where there is no encoder.onnx

A torch checkpoint, or a transformers model for sequence classification, in a folder or on the
hub, makes a bundle too: one without n-gram part, thresholds and calibration of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.encoders import Encoder, OnnxEncoder
from core.emotion.folders import local_folder, read_object, require_config
from core.emotion.hub import fetch
from core.emotion.ngrams import NgramModel
from core.emotion.readout import Readout
from core.emotion.tokenizer import TextTokenizer, load_tokenizer, tokenizer_files
from core.emotion.torch_encoder import TorchModel, open_checkpoint, open_transformers
from core.errors import ModelError

__all__ = [
    "FORMAT",
    "ModelBundle",
    "ModelConfig",
    "config_version",
    "file_digests",
    "load_bundle",
    "read_config",
]

FORMAT: Final = 2
"""Of the folder; a bundle of another format is refused."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ModelConfig:
    """What stands in `config.json`.

    Attributes:
        version: changes with anything that changes a score.
        tokenizer: its kind, "pieces", "kobert" or "hf".
        max_length: the most ids in one window, with [CLS] and [SEP].
        readout: what the outputs mean.
    """

    version: str
    tokenizer: str
    max_length: int
    readout: Readout


@dataclass(frozen=True, eq=False)
class ModelBundle:
    """A model ready to serve; `ngrams` is None where it has no n-gram part."""

    config: ModelConfig
    tokenizer: TextTokenizer
    encoder: Encoder
    ngrams: NgramModel | None


def load_bundle(source: Path | str) -> ModelBundle:
    """Read and check a model.

    Args:
        source: the folder of a bundle, of a torch checkpoint or of a transformers model; as a
            string also the id of a model on the hub, "owner/name".

    Raises:
        ModelError: a file is missing, damaged, or does not fit the others; or the hub cannot be
            reached. The message is one sentence.
    """
    folder = local_folder(source) or fetch(str(source))
    require_config(folder)
    try:
        bundle = _open(folder)
        _probe(bundle)
    except ModelError:
        raise
    except FileNotFoundError as error:
        raise ModelError(f"the emotion model is not whole: {error}") from error
    except ModuleNotFoundError as error:
        raise ModelError(
            f"the emotion model in {folder} needs {error.name}, which is not installed: "
            "pip install -r requirements.txt"
        ) from error
    except Exception as error:  # files may be damaged in any way, and every library has its own
        reason = " ".join(str(error).split())
        raise ModelError(f"the emotion model in {folder} cannot be read: {reason}") from error
    return bundle


def read_config(folder: Path) -> ModelConfig:
    """What stands in the `config.json` of a bundle, with the digests of its files checked.

    Raises:
        ModelError: a file is missing, or the files do not belong together.
        ValueError: a value is missing, or not one of those there are.
    """
    raw = read_object(folder / "config.json")
    if raw.get("format") != FORMAT:
        raise ModelError(f"{folder} has format {raw.get('format')}, this version reads {FORMAT}")
    files = raw.get("files", {})
    if not isinstance(files, dict):
        raise ValueError("config.json has no digests under files")
    for name in files:
        if not (folder / name).is_file():
            raise ModelError(f"the emotion model in {folder} has no {name}")
    kind = str(_value(raw, "tokenizer"))
    found = file_digests(folder, kind)
    if files != found or raw.get("version") != config_version(raw):
        raise ModelError(f"the emotion model in {folder} is damaged, or mixed from two models")
    return ModelConfig(raw["version"], kind, int(_value(raw, "max_length")), _readout(raw))


def file_digests(folder: Path, tokenizer: str) -> dict[str, str]:
    """The SHA-256 of each file in `folder` that serving reads, by its name.

    Args:
        folder: of a bundle.
        tokenizer: its kind.

    Raises:
        OSError: a file of the tokenizer is missing, or one cannot be read.
    """
    parts = [name for name in ("encoder.onnx", "ngrams.npz") if (folder / name).is_file()]
    digests = {}
    for name in (*parts, *tokenizer_files(folder, tokenizer)):
        with (folder / name).open("rb") as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def config_version(raw: Mapping[str, Any]) -> str:
    """The version of a model: a digest of its configuration, which holds those of its files."""
    content = {name: value for name, value in raw.items() if name != "version"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _open(folder: Path) -> ModelBundle:
    if (folder / "maeum.json").is_file():
        return _from_torch(open_checkpoint(folder))
    raw = read_object(folder / "config.json")
    if "format" not in raw and "model_type" in raw:
        return _from_torch(open_transformers(folder))
    config = read_config(folder)
    tokenizer = load_tokenizer(folder, config.tokenizer, config.max_length)
    ngrams = _ngrams(folder, config)
    if (folder / "encoder.onnx").is_file():
        return ModelBundle(config, tokenizer, OnnxEncoder(folder / "encoder.onnx"), ngrams)
    model = _checkpoint(folder, config)
    # The configuration has no digest of the checkpoint, which seldom serves.
    version = config_version({"config": config.version, "checkpoint": model.version})
    return ModelBundle(replace(config, version=version), tokenizer, model.encoder, ngrams)


def _from_torch(model: TorchModel) -> ModelBundle:
    readout = Readout.plain(model.emotions, model.classes)
    config = ModelConfig(model.version, model.tokenizer, model.max_length, readout)
    tokenizer = load_tokenizer(model.folder, model.tokenizer, model.max_length)
    return ModelBundle(config, tokenizer, model.encoder, None)


def _checkpoint(folder: Path, config: ModelConfig) -> TorchModel:
    model = open_checkpoint(folder / "checkpoint")
    readout = config.readout
    if (model.emotions, model.classes) != (readout.emotions, readout.classes):
        raise ValueError("its checkpoint has other labels than its config.json")
    return model


def _ngrams(folder: Path, config: ModelConfig) -> NgramModel | None:
    readout = config.readout
    if not (folder / "ngrams.npz").is_file():
        if readout.wide_share:
            raise ValueError(f"wide_share is {readout.wide_share}, and there is no ngrams.npz")
        return None
    with np.load(folder / "ngrams.npz", allow_pickle=False) as arrays:
        model = NgramModel(
            keys=arrays["keys"],
            idf=arrays["idf"].astype(np.float32),
            weights=arrays["weights"],
            bias=arrays["bias"].astype(np.float32),
            scale=arrays["scale"].astype(np.float32),
        )
    if len(model.bias) != readout.outputs:
        raise ValueError(_misfit("ngrams.npz", len(model.bias), readout.outputs))
    return model


def _probe(bundle: ModelBundle) -> None:
    """Read a window of full length once, to find now what would fail with the first message.

    Raises:
        ValueError: the encoder does not read such a window, or gives other outputs.
    """
    tokenizer = bundle.tokenizer
    row = [tokenizer.cls_id, *[tokenizer.size - 1] * (tokenizer.max_length - 2), tokenizer.sep_id]
    try:
        logits, embeddings = bundle.encoder.encode([row])
    except Exception as error:  # of ONNX Runtime or torch, whose types are not public
        raise ValueError(
            f"the encoder does not read {len(row)} ids of a vocabulary of {tokenizer.size}: {error}"
        ) from error
    outputs = bundle.config.readout.outputs
    if logits.shape != (1, outputs):
        raise ValueError(_misfit("the encoder", logits.shape[-1], outputs))
    if not (np.isfinite(logits).all() and abs(float(np.linalg.norm(embeddings)) - 1) < 1e-2):
        raise ValueError("the encoder gives numbers that are no scores")


def _misfit(part: str, found: int, named: int) -> str:
    return f"{part} gives {found} scores, and the configuration names {named} labels"


def _readout(raw: Mapping[str, Any]) -> Readout:
    emotions, classes = tuple(_value(raw, "emotions")), tuple(_value(raw, "classes"))
    calibration = _value(raw, "calibration")
    return Readout(
        emotions=emotions,
        classes=classes,
        # Without emotions there is nothing to threshold.
        thresholds=_numbers(raw, "thresholds") if emotions else np.zeros(0, np.float32),
        neutral_threshold=float(_numbers(raw, "neutral_threshold")) if emotions else 1.0,
        wide_share=float(_numbers(raw, "wide_share")),
        weights=_numbers(calibration, "weights"),
        bias=_numbers(calibration, "bias"),
        ambiguous_below=float(_numbers(raw, "ambiguous_below")),
    )


def _value(raw: Mapping[str, Any], key: str) -> Any:
    try:
        return raw[key]
    except KeyError:
        raise ValueError(f"config.json has no {key}") from None


def _numbers(raw: Mapping[str, Any], key: str) -> Array:
    value = _value(raw, key)
    try:
        return np.array(value, np.float32)
    except (ValueError, TypeError):
        raise ValueError(f"{key} in config.json is made of more than numbers") from None
