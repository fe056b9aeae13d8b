"""Tasks on pairs of texts: they teach the encoder's sentence embedding what says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from scripts.training.model import MoodEncoder
from scripts.training.tasks import padded

__all__ = ["InTurn", "MatchTask", "ScoredPairTask", "contrastive_loss", "rank_loss"]

_SHARPNESS: Final = 20.0
"""What cosines are multiplied by, as in CoSENT and SimCSE (a temperature of 0.05)."""

Batch = npt.NDArray[np.intp]


def rank_loss(cosines: Tensor, scores: Tensor) -> Tensor:
    """CoSENT (Su 2022): ln(1 + sum of exp(20 (cos_i - cos_j)) over pairs with score_i < score_j).

    Args:
        cosines: of n pairs of texts, (n,).
        scores: how near their meanings are, on any scale, (n,).
    """
    scaled = _SHARPNESS * cosines
    wrong = (scaled[:, None] - scaled[None, :])[scores[:, None] < scores[None, :]]
    return torch.logsumexp(torch.cat([wrong.new_zeros(1), wrong]), dim=0)


def contrastive_loss(left: Tensor, right: Tensor) -> Tensor:
    """InfoNCE in both directions: each text has to find its partner among the batch's.

    Args:
        left: embeddings of unit length, (n, d).
        right: likewise; row i belongs to row i of `left`.
    """
    similarity = _SHARPNESS * left @ right.T
    own = torch.arange(len(left), device=left.device)
    losses = [nn.functional.cross_entropy(s, own) for s in (similarity, similarity.T)]
    return torch.stack(losses).mean()


@dataclass(frozen=True, eq=False)
class MatchTask:
    """Pairs of texts that say the same: a translation, or another way of writing it.

    Attributes:
        left, right: ids of each pair's texts.
    """

    left: Sequence[list[int]]
    right: Sequence[list[int]]
    pad_id: int
    batch: int = 64
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        """How many full batches there are; a smaller one would be easier."""
        return len(self.left) // self.batch

    def batches(self, generator: np.random.Generator) -> Iterator[Batch]:
        """Numbers of pairs."""
        yield from _batches(len(self.left), self.batch, generator)

    def loss(self, model: MoodEncoder, batch: Batch) -> Tensor:
        """The contrastive loss of the batch's pairs."""
        return contrastive_loss(*_embed(model, self.left, self.right, batch, self.pad_id))


@dataclass(frozen=True, eq=False)
class ScoredPairTask:
    """Pairs of texts with people's judgement of how near they are in meaning.

    Attributes:
        left, right: ids of each pair's texts.
        scores: [shape=(n,)], on any scale.
    """

    left: Sequence[list[int]]
    right: Sequence[list[int]]
    scores: npt.NDArray[np.float32]
    pad_id: int
    batch: int = 48
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        """How many full batches there are."""
        return len(self.left) // self.batch

    def batches(self, generator: np.random.Generator) -> Iterator[Batch]:
        """Numbers of pairs."""
        yield from _batches(len(self.left), self.batch, generator)

    def loss(self, model: MoodEncoder, batch: Batch) -> Tensor:
        """The rank loss of the batch's pairs."""
        left, right = _embed(model, self.left, self.right, batch, self.pad_id)
        scores = torch.from_numpy(self.scores[batch]).to(left.device)
        return rank_loss((left * right).sum(dim=1), scores)


@dataclass(frozen=True, eq=False)
class InTurn:
    """Several tasks of which one at a time has a batch, and that not in every step.

    Attributes:
        tasks: take turns.
        every: steps from one turn to the next, 1 or more.
    """

    tasks: Sequence[MatchTask | ScoredPairTask]
    every: int
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        """Steps until the shortest task begins anew."""
        shortest = min(task.batches_an_epoch for task in self.tasks)
        return shortest * len(self.tasks) * self.every

    def batches(self, generator: np.random.Generator) -> Iterator[tuple[int, Batch] | None]:
        """The number of the task and its batch; None in the steps between."""
        streams = [task.batches(generator) for task in self.tasks]
        for step in range(self.batches_an_epoch):
            turn, between = divmod(step, self.every)
            number = turn % len(self.tasks)
            yield None if between else (number, next(streams[number]))

    def loss(self, model: MoodEncoder, batch: tuple[int, Batch] | None) -> Tensor:
        """The loss of the task whose turn it is; 0 between."""
        if batch is None:
            return model.decoder_bias.sum() * 0
        task = self.tasks[batch[0]]
        return task.weight * task.loss(model, batch[1])


def _batches(count: int, size: int, generator: np.random.Generator) -> Iterator[Batch]:
    order = generator.permutation(count)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


def _embed(
    model: MoodEncoder,
    left: Sequence[list[int]],
    right: Sequence[list[int]],
    batch: Batch,
    pad_id: int,
) -> tuple[Tensor, Tensor]:
    rows = [left[i] for i in batch] + [right[i] for i in batch]
    ids, mask = padded(rows, pad_id, model.decoder_bias.device)
    embeddings = model.embed(model.hidden(ids, mask), mask)
    return embeddings[: len(batch)], embeddings[len(batch) :]
