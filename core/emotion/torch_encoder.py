"""Encoders in torch: a checkpoint as training writes it, or a transformers classifier.

They serve where nothing was exported to ONNX, and are what an export is held against. torch and
transformers are imported only when one is opened: the bot runs without them otherwise.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.encoders import by_length, unit_length
from core.emotion.folders import read_object
from core.emotion.label_sets import LABEL_SETS, canonical, unknown_labels
from core.emotion.labels import FINE
from core.emotion.tokenizer import detect_tokenizer, tokenizer_files
from core.emotion.weights import PACKED, read_weights

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["TorchEncoder", "TorchModel", "open_checkpoint", "open_transformers"]

Array = npt.NDArray[np.float32]

_FORMAT: Final = 1
_HEADS: Final = ("emotions", "classes")
_BATCH_TOKENS: Final = 1024
"""In one padded batch: what bounds its memory."""
_WINDOW: Final = 128
"""Ids in a window of a model that does not say for how many it was trained."""
_WEIGHTS: Final = ("*.safetensors", "pytorch_model*.bin")
"""Files of weights, of which a large model has many."""


class TorchEncoder:
    """Reads rows in padded batches, on one thread; implements `encoders.Encoder`."""

    def __init__(
        self, forward: Callable[["Tensor", "Tensor"], tuple["Tensor", "Tensor"]], pad_id: int
    ) -> None:
        """Wrap a model in evaluation mode.

        Args:
            forward: ids and mask [shape=(batch, length)] to logits [shape=(batch, outputs)] and
                sentence embeddings of any length [shape=(batch, d)].
            pad_id: fills short rows up.
        """
        self._forward = forward
        self._pad_id = pad_id

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
        """Logits and embeddings of each row; see `encoders.Encoder`."""
        import torch  # noqa: PLC0415 - see the head of this module

        order = by_length(rows)
        logits, embeddings = [], []
        with torch.inference_mode():
            for batch in _batches(order, rows):
                width = len(rows[batch[-1]])
                ids = torch.full((len(batch), width), self._pad_id)
                mask = torch.zeros((len(batch), width), dtype=torch.long)
                for line, i in enumerate(batch):
                    ids[line, : len(rows[i])] = torch.tensor(rows[i])
                    mask[line, : len(rows[i])] = 1
                found = self._forward(ids, mask)
                logits.append(found[0].float().numpy())
                embeddings.append(found[1].float().numpy())
        places = np.argsort(order)
        return np.concatenate(logits)[places], unit_length(np.concatenate(embeddings)[places])


@dataclass(frozen=True, eq=False)
class TorchModel:
    """A model as it was found.

    Attributes:
        encoder: its logits are the emotions, then the classes.
        version: a digest of its files.
        folder: with the tokenizer's files.
        tokenizer: its kind.
        max_length: the most ids in one row.
        emotions: `labels.FINE`, or none.
        classes: those of a label set, or none.
    """

    encoder: TorchEncoder
    version: str
    folder: Path
    tokenizer: str
    max_length: int
    emotions: tuple[str, ...]
    classes: tuple[str, ...]


def open_checkpoint(folder: Path) -> TorchModel:
    """Open a checkpoint folder as `scripts.train_emotion` writes it, with `maeum.json`.

    Of its heads `emotions` and `classes` are served.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: a value is not one of those there are, or a weight is missing.
        ModuleNotFoundError: torch or transformers is not installed.
    """
    meta = read_object(folder / "maeum.json")
    if meta.get("format") != _FORMAT:
        raise ValueError(f"its checkpoint has format {meta.get('format')}, not {_FORMAT}")
    import torch  # noqa: PLC0415 - see the head of this module
    from safetensors.torch import load_file  # noqa: PLC0415
    from transformers import AutoModel  # noqa: PLC0415

    heads: Mapping[str, Sequence[str]] = meta["heads"]
    names = [name for name in _HEADS if heads.get(name)]
    parts = load_file(folder / "heads.safetensors")
    wanted = [f"{name}.{part}" for part in ("weight", "bias") for name in names]
    if not names or not set(wanted) <= parts.keys():
        raise ValueError(f"its checkpoint has no head {' or '.join(names or _HEADS)}")
    model = _unpacked(folder) if (folder / PACKED).is_file() else _loaded(AutoModel, folder)
    weight = torch.cat([parts[f"{name}.weight"].float() for name in names])
    bias = torch.cat([parts[f"{name}.bias"].float() for name in names])
    projection = parts.get("embedding.weight")
    mean = meta["pooling"] == "mean"

    def forward(ids: "Tensor", mask: "Tensor") -> tuple["Tensor", "Tensor"]:
        states: Tensor = model(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = _mean(states, mask) if mean else states[:, 0]
        sentence = pooled if projection is None else pooled @ projection.float().T
        return pooled @ weight.T + bias, sentence

    return TorchModel(
        encoder=TorchEncoder(forward, int(model.config.pad_token_id or 0)),
        version=_version(folder, meta["tokenizer"], "maeum.json", "config.json"),
        folder=folder,
        tokenizer=meta["tokenizer"],
        max_length=int(meta["max_length"]),
        emotions=tuple(heads.get("emotions", ())),
        classes=tuple(heads.get("classes", ())),
    )


def open_transformers(folder: Path) -> TorchModel:
    """Open any transformers model for sequence classification whose labels are known.

    Its labels are the 44 emotions, or by `label_sets.canonical` those of a label set. The sentence
    embedding is the mean of its last states.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: other labels, or a weight is missing.
        ModuleNotFoundError: torch or transformers is not installed.
    """
    from transformers import AutoConfig, AutoModelForSequenceClassification  # noqa: PLC0415

    config: Any = AutoConfig.from_pretrained(folder)
    emotions, classes, columns = _outputs([config.id2label[i] for i in range(config.num_labels)])
    model = _loaded(AutoModelForSequenceClassification, folder)

    def forward(ids: "Tensor", mask: "Tensor") -> tuple["Tensor", "Tensor"]:
        found = model(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return found.logits[:, columns], _mean(found.hidden_states[-1], mask)

    kind = detect_tokenizer(folder)
    # RoBERTa numbers positions from pad_token_id + 1, so that two of them hold no piece.
    positions = getattr(config, "max_position_embeddings", _WINDOW + 2) - 2
    return TorchModel(
        encoder=TorchEncoder(forward, int(config.pad_token_id or 0)),
        version=_version(folder, kind, "config.json"),
        folder=folder,
        tokenizer=kind,
        max_length=min(_WINDOW, positions),
        emotions=emotions,
        classes=classes,
    )


def _loaded(kind: Any, folder: Path) -> Any:
    """The model in evaluation mode, fp32, all of its weights found."""
    import torch  # noqa: PLC0415 - see the head of this module

    # Of the process: a second thread waits for the first, and the event loop needs one.
    torch.set_num_threads(1)
    with _quiet():
        model, report = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    _refuse_random(report["missing_keys"])
    return model.eval()


def _unpacked(folder: Path) -> Any:
    """Likewise, of an encoder in int8; see `weights`."""
    import torch  # noqa: PLC0415 - see the head of this module
    from transformers import AutoConfig, AutoModel  # noqa: PLC0415

    torch.set_num_threads(1)
    model = AutoModel.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    found = model.load_state_dict(read_weights(folder / PACKED), strict=False)
    _refuse_random(found.missing_keys)
    return model.eval()


def _refuse_random(missing: Iterable[str]) -> None:
    lacking = sorted(key for key in missing if not key.startswith("pooler."))
    if lacking:
        raise ValueError(f"its weights lack {', '.join(lacking[:3])} and would be random")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers' progress bar and tables of weights out of what a person reads."""
    from transformers.utils import logging as console  # noqa: PLC0415 - see the head of this module

    level, bar = console.get_verbosity(), console.is_progress_bar_enabled()
    console.set_verbosity(logging.CRITICAL)
    console.disable_progress_bar()
    try:
        yield
    finally:
        console.set_verbosity(level)
        if bar:
            console.enable_progress_bar()


def _outputs(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], list[int]]:
    """Emotions, classes, and the columns of a model's logits that give them."""
    if set(names) == set(FINE):
        return FINE, (), [names.index(label) for label in FINE]
    for known in LABEL_SETS.values():
        labels = tuple(canonical(name, known) or "" for name in names)
        if len(labels) == len(known.labels) and set(labels) == set(known.labels):
            return (), labels, list(range(len(labels)))
    odd, shown = unknown_labels(names), ", ".join(names[:8])
    sets = "; ".join(", ".join(known.labels) for known in LABEL_SETS.values())
    raise ValueError(
        f"{odd}its {len(names)} labels ({shown}) are neither the {len(FINE)} emotions "
        f"nor one of {sets}"
    )


def _mean(states: "Tensor", mask: "Tensor") -> "Tensor":
    """The mean over the real tokens, (batch, length, width) -> (batch, width)."""
    weights = mask.unsqueeze(-1).to(states.dtype)  # (batch, length, 1)
    return (states * weights).sum(1) / weights.sum(1)


def _batches(order: Sequence[int], rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows of like length, at most `_BATCH_TOKENS` with padding; `order` has the shortest first."""
    batch: list[int] = []
    for i in order:
        if batch and len(rows[i]) * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    yield batch


def _version(folder: Path, tokenizer: str, *meta: str) -> str:
    """A digest of the weights, of the tokenizer, and of the files that say what they mean."""
    digest = hashlib.sha256()
    weights = sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern))
    named = (folder / name for name in (*meta, *tokenizer_files(folder, tokenizer)))
    for path in (*named, *weights):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
