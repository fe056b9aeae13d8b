"""What fine-tuning starts from: any encoder, with its own tokenizer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, PreTrainedConfig
from transformers.utils import logging as console

from core.emotion.folders import local_folder, read_object, require_config
from core.emotion.hub import fetch
from core.emotion.tokenizer import (
    TextTokenizer,
    detect_tokenizer,
    load_tokenizer,
    tokenizer_files,
)
from core.errors import ModelError
from scripts.training.checkpoint import MODEL_TYPES, find_checkpoint, load_checkpoint
from scripts.training.model import MoodEncoder, position_offset

__all__ = ["Start", "load_start", "with_heads"]

_HEADS: Final = ("cls.", "lm_head.")
"""Masked-language heads, by transformers' names."""
_LENGTH: Final = 128
"""95 of 100 comments fit, the others are read in windows."""
_FRESH: Final = ("transform.", "decoder_bias")
"""The masked-language head, random where an encoder is published without."""


@dataclass(frozen=True, eq=False)
class Start:
    """An encoder as it was found.

    Attributes:
        name: what it was asked for by.
        model: its heads are those of the checkpoint; there are none where it is no checkpoint.
        heads: head name -> the names of its labels.
        tokenizer: of the encoder.
        tokenizer_kind: "pieces", "kobert" or "hf".
        files: the tokenizer's.
        digest: SHA-256 of the encoder's and the heads' weights.
    """

    name: str
    model: MoodEncoder
    heads: Mapping[str, tuple[str, ...]]
    tokenizer: TextTokenizer
    tokenizer_kind: str
    files: Sequence[Path]
    digest: str


def load_start(name: str, max_length: int | None = None, pooling: str | None = None) -> Start:
    """Load an encoder.

    Args:
        name: the folder of a bundled model (its `checkpoint` is taken), of a checkpoint, or of a
            transformers model; or the id of one on the Hugging Face hub ("owner/name").
        max_length: the most ids in one row, with [CLS] and [SEP]; None takes the checkpoint's, and
            128 for any other encoder, or as many as it has places for.
        pooling: "mean" or "cls"; None takes the checkpoint's, and "cls" for any other encoder.

    Raises:
        ModelError: there is no such encoder, the hub cannot be reached, or its files are damaged
            or of a kind that is not understood. The message is one sentence.
    """
    folder = local_folder(name) or fetch(name)
    if not (folder / "checkpoint").is_dir():
        require_config(folder)
    try:
        if any((f / "maeum.json").is_file() for f in (folder, folder / "checkpoint")):
            folder = find_checkpoint(folder)
            model, meta = load_checkpoint(folder)
            heads, kind, length = dict(meta.heads), meta.tokenizer, meta.max_length
            model.pooling = pooling or model.pooling
        else:
            model, heads = _from_transformers(folder, pooling or "cls"), {}
            kind, length = detect_tokenizer(folder), _LENGTH
        places = model.config.max_position_embeddings - position_offset(model.config)
        if max_length is not None and max_length > places:
            raise ValueError(f"it has places for {places} pieces, not for {max_length}")
        tokenizer = load_tokenizer(folder, kind, max_length or min(length, places))
        if tokenizer.size > model.config.vocab_size:
            raise ValueError(
                f"its tokenizer has {tokenizer.size} pieces, its embeddings are of "
                f"{model.config.vocab_size}"
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"the encoder {name} cannot be used: {reason}") from error
    files = [folder / file for file in tokenizer_files(folder, kind)]
    return Start(name, model, heads, tokenizer, kind, files, _digest(model))


def with_heads(
    start: Start, heads: Mapping[str, tuple[str, ...]], dropout: float = 0.1
) -> MoodEncoder:
    """A copy of `start` with exactly these heads, ready to be trained.

    A head whose labels the start has, in any order, begins with its weights; other heads begin
    with random ones, of torch's global generator.

    Args:
        start: left as it is.
        heads: head name -> the names of its labels.
        dropout: of the hidden states, the attention and the pooled vector.
    """
    config = type(start.model.config).from_dict(start.model.config.to_dict())
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    projection = start.model.embedding
    model = MoodEncoder(
        config,
        {head: len(labels) for head, labels in heads.items()},
        start.model.pooling,
        None if projection is None else projection.out_features,
    )
    state = model.state_dict()
    known = start.model.state_dict()
    state |= {name: value for name, value in known.items() if not name.startswith("heads.")}
    for head, labels in heads.items():
        rows = _rows(start.heads.get(head, ()), labels)
        if rows is not None:
            for part in ("weight", "bias"):
                state[f"heads.{head}.{part}"] = known[f"heads.{head}.{part}"][rows]
    model.load_state_dict(state)
    return model


def _rows(known: Sequence[str], wanted: Sequence[str]) -> list[int] | None:
    if set(wanted) != set(known):
        return None
    return [known.index(label) for label in wanted]


def _from_transformers(folder: Path, pooling: str) -> MoodEncoder:
    read_object(folder / "config.json")  # transformers says less clearly what is wrong with it
    config: PreTrainedConfig = AutoConfig.from_pretrained(folder)
    if config.model_type not in MODEL_TYPES:
        known = ", ".join(MODEL_TYPES)
        raise ValueError(f"it is a {config.model_type}, and not one of {known}")
    if config.model_type == "electra":  # what is published is the discriminator
        model = MoodEncoder(config, {}, pooling, encoder=_loaded(AutoModel, folder))
    else:
        whole = _loaded(AutoModelForMaskedLM, folder)
        model = MoodEncoder(config, {}, pooling, encoder=whole.base_model)
        head = whole.cls.predictions if config.model_type == "bert" else whole.lm_head
        _take_masked_language_head(model, head)
    return model.eval()


def _loaded(kind: Any, folder: Path) -> Any:
    """A transformers model of which nothing is random but a masked-language head."""
    console.set_verbosity_error()  # tables of the weights that are not wanted
    model, report = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    missing = sorted(key for key in report["missing_keys"] if not key.startswith(_HEADS))
    if missing:
        raise ValueError(f"its weights lack {', '.join(missing[:3])} and would be random")
    return model


def _take_masked_language_head(model: MoodEncoder, head: Any) -> None:
    """The head the encoder was pre-trained with, which adapting goes on with."""
    transform = getattr(head, "transform", head)
    norm = transform.LayerNorm if hasattr(transform, "LayerNorm") else transform.layer_norm
    for own, found in ((model.transform[0], transform.dense), (model.transform[2], norm)):
        own.load_state_dict(found.state_dict())
    model.decoder_bias.data.copy_(head.bias.data)


def _digest(model: nn.Module) -> str:
    digest = hashlib.sha256()
    tensors: Mapping[str, Tensor] = model.state_dict()
    for name, value in sorted(tensors.items()):
        if not name.startswith(_FRESH):
            digest.update(name.encode())
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
