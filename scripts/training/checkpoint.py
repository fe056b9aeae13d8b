"""The torch checkpoint folder: what training writes, and what fine-tuning and export start from.

config.json          transformers configuration of the encoder
model.safetensors    the encoder's weights; `AutoModel.from_pretrained(folder)` loads them too;
                     or model.int8.safetensors, see `core.emotion.weights`
heads.safetensors    "<head>.weight" and "<head>.bias", "embedding.weight" where there is a
                     projection, and the masked-language head ("transform.*", "decoder_bias")
maeum.json           the rest (see `CheckpointMeta`)
                     and the tokenizer's files
"""

import copy
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoConfig, PreTrainedConfig

from core.emotion.folders import read_object
from core.emotion.weights import PACKED, PLAIN, packed, read_weights, weights_file
from core.errors import ModelError
from scripts.training.model import POOLINGS, MoodEncoder, position_offset

__all__ = [
    "CheckpointMeta",
    "find_checkpoint",
    "load_checkpoint",
    "read_meta",
    "save_checkpoint",
]

FORMAT: Final = 1
MODEL_TYPES: Final = ("bert", "roberta", "electra")
Precision = Literal["fp32", "fp16", "int8"]
TOKENIZERS: Final = ("pieces", "kobert", "hf")
_NEEDED: Final = ("config.json", "heads.safetensors")
_META: Final = "maeum.json"
_OTHER_PARTS: Final = ("embedding", "transform", "decoder_bias")
"""Beside the heads in heads.safetensors, by the first part of a name."""


@dataclass(frozen=True)
class CheckpointMeta:
    """What stands in `maeum.json`.

    Attributes:
        tokenizer: its kind, "pieces", "kobert" or "hf"; see `core.emotion.tokenizer`.
        pooling: "mean" or "cls".
        max_length: the most ids in one row.
        heads: name -> the names of its labels.
    """

    tokenizer: str
    pooling: str
    max_length: int
    heads: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ValueError: a value is not one of those there are.
        """
        if self.tokenizer not in TOKENIZERS:
            raise ValueError(f"the tokenizer is {self.tokenizer!r}, not one of {TOKENIZERS}")
        if self.pooling not in POOLINGS:
            raise ValueError(f"the pooling is {self.pooling!r}, not one of {POOLINGS}")
        if self.max_length < 3:
            raise ValueError(f"rows of {self.max_length} ids hold no text")
        for name, labels in self.heads.items():
            if name in _OTHER_PARTS:
                raise ValueError(f"no head can be called {name!r}")
            if not labels or len(set(labels)) != len(labels):
                raise ValueError(f"the head {name!r} has no labels, or one of them twice")


def save_checkpoint(  # noqa: PLR0913 - the parts of one folder
    folder: Path,
    model: MoodEncoder,
    tokenizer_files: Iterable[Path],
    tokenizer_kind: str,
    max_length: int,
    head_labels: Mapping[str, Sequence[str]],
    *,
    precision: Precision = "fp16",
) -> None:
    """Write `model` to `folder`, which appears whole or not at all.

    Args:
        folder: the checkpoint; an older checkpoint there is replaced, with all that is in it.
        model: its heads named in `head_labels` are written; the others are left out.
        tokenizer_files: copied by their names.
        tokenizer_kind: "pieces", "kobert" or "hf".
        max_length: the most ids in one row.
        head_labels: head -> the names of its labels.
        precision: of the encoder's weights; fp16 is half the size of fp32, int8 a quarter.

    Raises:
        ModelError: the model has other heads or fewer positions, or `folder` holds something else.
        ValueError: a value is not one of those there are.
    """
    labels = {name: tuple(names) for name, names in head_labels.items()}
    meta = CheckpointMeta(tokenizer_kind, model.pooling, max_length, labels)
    _check_fit(model, meta)
    if folder.exists() and any(folder.iterdir()) and not (folder / _META).is_file():
        raise ModelError(f"{folder} exists and is no checkpoint: it is not overwritten")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        new = Path(temporary) / "new"
        new.mkdir()
        _write_weights(new, model, meta, precision)
        for file in tokenizer_files:
            shutil.copyfile(file, new / file.name)
        text = json.dumps({"format": FORMAT, **asdict(meta)}, ensure_ascii=False, indent=2)
        (new / _META).write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        new.rename(folder)


def find_checkpoint(folder: Path) -> Path:
    """The checkpoint folder: `folder` itself, or the `checkpoint` of the bundle that it is.

    Raises:
        ModelError: neither is one, or a file of it is missing.
    """
    found = next((f for f in (folder, folder / "checkpoint") if (f / _META).is_file()), None)
    if found is None:
        if not folder.is_dir():
            raise ModelError(f"there is no folder {folder}")
        if _is_transformers(folder):
            raise ModelError(
                f"{folder} is a transformers model, which is served as it is but not exported: "
                "scripts.train_emotion makes of it one that is"
            )
        raise ModelError(f"{folder} is no checkpoint: it has no {_META}")
    missing = [name for name in _NEEDED if not (found / name).is_file()]
    if weights_file(found) is None:
        missing.append(PLAIN)
    if missing:
        raise ModelError(f"the checkpoint {found} has no {missing[0]}")
    return found


def _is_transformers(folder: Path) -> bool:
    if (folder / "heads.safetensors").exists():
        return False
    try:
        return "model_type" in read_object(folder / "config.json")
    except (OSError, ValueError):
        return False


def read_meta(folder: Path) -> CheckpointMeta:
    """What stands in the `maeum.json` of a checkpoint (see `find_checkpoint`).

    Raises:
        ModelError: a file is missing, or a value is not one of those there are.
    """
    path = find_checkpoint(folder) / _META
    try:
        raw = read_object(path)
        if raw.get("format") != FORMAT:
            raise ValueError(f"its format is {raw.get('format')}, this version reads {FORMAT}")
        heads: Mapping[str, Sequence[str]] = raw["heads"]
        return CheckpointMeta(
            tokenizer=raw["tokenizer"],
            pooling=raw["pooling"],
            max_length=int(raw["max_length"]),
            heads={name: tuple(labels) for name, labels in heads.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"the checkpoint {path.parent} cannot be read: {error}") from error


def load_checkpoint(folder: Path) -> tuple[MoodEncoder, CheckpointMeta]:
    """Read a checkpoint, or the one inside a bundle; the model is in fp32 and evaluation mode.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the others.
    """
    found, meta = find_checkpoint(folder), read_meta(folder)
    try:
        read_object(found / "config.json")  # transformers says less clearly what is wrong with it
        config: PreTrainedConfig = AutoConfig.from_pretrained(found)
        if config.model_type not in MODEL_TYPES:
            raise ValueError(f"the encoder is a {config.model_type!r}, not one of {MODEL_TYPES}")
        weights = read_weights(weights_file(found) or found / PLAIN)
        parts = load_file(found / "heads.safetensors")
        projection = parts.get("embedding.weight")
        heads = {name: len(labels) for name, labels in meta.heads.items()}
        width = None if projection is None else len(projection)
        model = MoodEncoder(config, heads, meta.pooling, width)
        _fill(model, weights, parts)
        _check_fit(model, meta)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"the checkpoint {found} cannot be read: {reason}") from error
    return model.eval(), meta


def _check_fit(model: MoodEncoder, meta: CheckpointMeta) -> None:
    found = {name: int(head.out_features) for name, head in _heads(model).items()}
    for name, labels in meta.heads.items():
        if found.get(name) != len(labels):
            raise ModelError(f"the head {name!r} has {len(labels)} labels, the model has {found}")
    if meta.pooling != model.pooling:
        raise ModelError(f"the model pools by {model.pooling!r}, not by {meta.pooling!r}")
    places = model.config.max_position_embeddings - position_offset(model.config)
    if meta.max_length > places:
        raise ModelError(f"the encoder has {places} positions, not {meta.max_length}")


def _write_weights(
    folder: Path, model: MoodEncoder, meta: CheckpointMeta, precision: Precision
) -> None:
    dtype = torch.float16 if precision == "fp16" else torch.float32
    config = copy.deepcopy(model.config)
    config.architectures, config.dtype = [type(model.encoder).__name__], dtype
    config.save_pretrained(folder)
    weights = {name: _stored(value) for name, value in model.encoder.state_dict().items()}
    if precision == "int8":
        save_file(packed(weights), folder / PACKED)
    else:
        kept = {name: value.to(dtype) for name, value in weights.items()}
        save_file(kept, folder / PLAIN, metadata={"format": "pt"})
    save_file(_parts(model, meta.heads), folder / "heads.safetensors")


def _heads(model: MoodEncoder) -> dict[str, Any]:
    return dict(model.heads.items())


def _stored(value: Tensor) -> Tensor:
    return value.detach().cpu().contiguous()


def _parts(model: MoodEncoder, heads: Iterable[str]) -> dict[str, Tensor]:
    """All weights but the encoder's, by their names in heads.safetensors."""
    kept = (*(f"heads.{name}." for name in heads), *_OTHER_PARTS)
    return {
        name.removeprefix("heads."): _stored(value).float()
        for name, value in model.state_dict().items()
        if name.startswith(kept)
    }


def _fill(model: MoodEncoder, weights: Mapping[str, Tensor], parts: Mapping[str, Tensor]) -> None:
    state = {f"encoder.{name}": value for name, value in weights.items()}
    for name, value in parts.items():
        other = name.split(".")[0] in _OTHER_PARTS
        state[name if other else f"heads.{name}"] = value
    needed = {name for name in model.state_dict() if not name.startswith(_OTHER_PARTS[1:])}
    missing = sorted(needed - state.keys())
    if missing:
        raise ValueError(f"the weights {', '.join(missing)} are missing")
    # strict: anything else is a mistake, too, but a checkpoint may lack a masked-language head.
    rest = {name: value for name, value in model.state_dict().items() if name not in state}
    model.load_state_dict({**rest, **state})
