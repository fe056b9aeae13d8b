"""Pre-training: what informal Korean looks like, and how it feels.

Masked-language modelling together with other tasks on the same rows where a target is known: a
film review's rating, the 28 GoEmotions labels and the seven classes they fall into, and the 44
KOTE emotions as a teacher scores them (`scripts.training.prepare` gathers the rows).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.emotion.tokenizer import SPECIAL_PIECES
from core.files import replacing
from scripts.training.masking import masked_pieces
from scripts.training.model import PAD_ID, MoodEncoder
from scripts.training.tasks import exclusive_loss, independent_loss, padded
from scripts.training.trainer import TrainConfig

__all__ = ["MaskedTask", "PretrainRows", "pretrain_config"]

MASK_ID: Final = SPECIAL_PIECES.index("[MASK]")
_EXCLUSIVE: Final = frozenset({"classes"})


def pretrain_config(steps: int, learning_rate: float, seed: int) -> TrainConfig:
    """How pre-training is run: over so much text that no average of weights is needed."""
    return TrainConfig(
        steps=steps,
        learning_rate=learning_rate,
        warmup=0.03,
        average=0.0,
        weight_decay=0.01,
        betas=(0.9, 0.98),
        save_every=500,
        seed=seed,
    )


@dataclass(frozen=True, eq=False)
class PretrainRows:
    """Texts as ids, with the targets that are known.

    Attributes:
        ids: all rows one after another.
        offsets: bounds of each row in `ids`, [shape=(n + 1,)].
        targets: head name -> [shape=(n, n_labels)], in [0, 1]; a row is all NaN where unknown.
        pairs: name -> row numbers of texts that say the same, [shape=(m, 2)].
    """

    ids: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]
    targets: Mapping[str, npt.NDArray[np.float16]]
    pairs: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    def row(self, number: int) -> list[int]:
        """The ids of one row."""
        ids: list[int] = self.ids[self.offsets[number] : self.offsets[number + 1]].tolist()
        return ids

    def save(self, path: Path) -> None:
        """Write the rows to `path`, whole or not at all."""
        named: dict[str, npt.NDArray[Any]] = {}
        named |= {f"target_{name}": values for name, values in self.targets.items()}
        named |= {f"pair_{name}": values for name, values in self.pairs.items()}
        with replacing(path) as file:
            np.savez(file, allow_pickle=False, ids=self.ids, offsets=self.offsets, **named)

    @classmethod
    def load(cls, path: Path) -> "PretrainRows":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            groups: dict[str, dict[str, npt.NDArray[Any]]] = {"target": {}, "pair": {}}
            for key in saved.files:
                group, _, name = key.partition("_")
                if group in groups:
                    groups[group][name] = saved[key]
            return cls(saved["ids"], saved["offsets"], groups["target"], groups["pair"])


@dataclass(frozen=True, eq=False)
class MaskedTask:
    """Masked-language modelling and the tasks on the same rows; a `trainer.Task`.

    Attributes:
        rows: the texts.
        weights: of each head's loss, masked language counting 1.
        batch_tokens: padded tokens a step; small steps make more of few tokens.
        masked: share of pieces that are predicted; 80 % of them are replaced by [MASK].
    """

    rows: PretrainRows
    weights: Mapping[str, float]
    batch_tokens: int = 4096
    masked: float = 0.15
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        """How many batches hold all rows."""
        return len(self._bounds) - 1

    def batches(self, generator: np.random.Generator) -> Iterator[npt.NDArray[np.intp]]:
        """Row numbers of one epoch: rows of about equal length together, batches shuffled."""
        lengths = np.diff(self.rows.offsets)
        order = np.lexsort((generator.random(len(lengths)), lengths))
        for number in generator.permutation(self.batches_an_epoch):
            yield order[self._bounds[number] : self._bounds[number + 1]]

    def loss(self, model: MoodEncoder, batch: npt.NDArray[np.intp]) -> Tensor:
        """Masked language and the weighted losses of the heads."""
        device = model.decoder_bias.device
        ids, mask = padded([self.rows.row(number) for number in batch], PAD_ID, device)
        special = range(len(SPECIAL_PIECES))
        shown, chosen = masked_pieces(ids, list(special), MASK_ID, self.masked)
        hidden = model.hidden(shown, mask)
        logits = model.logits(hidden, mask)
        losses = [nn.functional.cross_entropy(model.pieces(hidden[chosen]).float(), ids[chosen])]
        for name, weight in self.weights.items():
            values = self.rows.targets[name][batch].astype(np.float32)
            target = torch.from_numpy(values).to(device)
            judge = exclusive_loss if name in _EXCLUSIVE else independent_loss
            # The share of the known rows keeps a row's weight the same in every batch.
            known = (~target[:, 0].isnan()).float().mean()
            losses.append(weight * known * judge(logits[name], target))
        return torch.stack(losses).sum()

    @cached_property
    def _bounds(self) -> list[int]:
        """Where batches end among the rows sorted by length."""
        lengths = np.sort(np.diff(self.rows.offsets))
        bounds = [0]
        while bounds[-1] < len(lengths):
            size = max(1, self.batch_tokens // int(lengths[bounds[-1]] + 2))
            bounds.append(min(bounds[-1] + size, len(lengths)))
        return bounds
