"""The task of fine-tuning: labelled rows, in batches of like length."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.emotion.tokenizer import TextTokenizer
from scripts.training.hardware import autocast
from scripts.training.model import MoodEncoder

__all__ = ["LabelTask", "exclusive_loss", "head_logits", "independent_loss", "padded"]

_POOL = 16
"""Batches that are sorted by length together: little padding, and still well mixed."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LabelTask:
    """Rows of ids with the targets of some heads.

    Attributes:
        rows: ids of each text.
        targets: head name -> [shape=(len(rows), n_labels)], 0 to 1. NaN is unknown.
        pad_id: what fills up a batch.
        batch: rows a step.
        weight: of the loss.
        exclusive: the heads of which one label holds (softmax); of the others, several may.
        smoothing: share of a target that is given to all labels: evenly where one holds, by how
            common they are where several may.
        head_weights: of each head's loss; 1 where it is not named.
    """

    rows: Sequence[list[int]]
    targets: Mapping[str, Array]
    pad_id: int
    batch: int = 32
    weight: float = 1.0
    exclusive: frozenset[str] = field(default_factory=frozenset)
    smoothing: float = 0.0
    head_weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that everything belongs together.

        Raises:
            ValueError: there is nothing to train on, or a target has another number of rows.
        """
        if not self.rows or any(len(t) != len(self.rows) for t in self.targets.values()):
            raise ValueError(f"{len(self.rows)} rows do not fit their targets, or there are none")

    @property
    def batches_an_epoch(self) -> int:
        """How many batches hold all rows."""
        return -(-len(self.rows) // self.batch)

    def batches(self, generator: np.random.Generator) -> Iterator[npt.NDArray[np.intp]]:
        """Row numbers; every row once."""
        order = generator.permutation(len(self.rows))
        lengths = np.array([len(row) for row in self.rows])
        for start in range(0, len(order), _POOL * self.batch):
            pool = order[start : start + _POOL * self.batch]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            batches = [pool[i : i + self.batch] for i in range(0, len(pool), self.batch)]
            for number in generator.permutation(len(batches)):
                yield batches[number]

    def loss(self, model: MoodEncoder, batch: npt.NDArray[np.intp]) -> Tensor:
        """The weighted sum of the heads' losses."""
        device = model.decoder_bias.device
        ids, mask = padded([self.rows[i] for i in batch], self.pad_id, device)
        logits = model.logits(model.hidden(ids, mask), mask)
        losses = []
        for head, known in self.targets.items():
            target = torch.from_numpy(known[batch]).to(device)
            if head in self.exclusive:
                loss = exclusive_loss(logits[head], target, self.smoothing)
            else:
                loss = independent_loss(logits[head], self._smoothed(head, target))
            losses.append(self.head_weights.get(head, 1.0) * loss)
        return torch.stack(losses).sum()

    def _smoothed(self, head: str, target: Tensor) -> Tensor:
        if not self.smoothing:
            return target
        common = torch.from_numpy(self._common[head]).to(target.device)
        return (1 - self.smoothing) * target + self.smoothing * common

    @cached_property
    def _common(self) -> dict[str, Array]:
        return {head: np.nanmean(known, axis=0) for head, known in self.targets.items()}


def padded(
    rows: Sequence[list[int]], pad_id: int, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Ids and mask of rows filled up to the longest, (batch, length) each."""
    lengths = np.array([len(row) for row in rows])
    mask = np.arange(lengths.max()) < lengths[:, None]
    ids = np.full(mask.shape, pad_id, np.int64)
    ids[mask] = np.concatenate(rows)
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask.astype(np.int64)).to(device)


def independent_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean binary cross-entropy over the known targets; both (batch, n_labels)."""
    known = ~targets.isnan()
    if not known.any():
        return logits.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(logits[known], targets[known])


def exclusive_loss(logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean cross-entropy over the rows with known targets; both (batch, n_labels)."""
    known = ~targets.isnan().any(dim=1)
    if not known.any():
        return logits.sum() * 0
    return nn.functional.cross_entropy(logits[known], targets[known], label_smoothing=smoothing)


@torch.inference_mode()
def head_logits(
    model: MoodEncoder, tokenizer: TextTokenizer, texts: Sequence[str], batch: int = 64
) -> dict[str, Array]:
    """The heads' logits of many texts (of each its first window), one array a head."""
    device: Any = model.decoder_bias.device
    rows = [tokenizer.windows(text)[0] for text in texts]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    parts: dict[str, list[Array]] = {name: [] for name in model.heads}
    for start in range(0, len(order), batch):
        chosen = [rows[i] for i in order[start : start + batch]]
        ids, mask = padded(chosen, tokenizer.pad_id, device)
        with autocast(device):
            logits = model.logits(model.hidden(ids, mask), mask)
        for name, values in logits.items():
            parts[name].append(values.float().cpu().numpy())
    back = np.argsort(order)
    return {name: np.concatenate(values)[back] for name, values in parts.items()}
